/**
 * The property that every drawn world must have, checked by fast-check: `handle` against the model
 * under duplicated, lost, late and reordered events, stale reads, lost answers, crashes. A program
 * of its own, since it runs three times as fast outside of the test runner.
 */
import fc from 'fast-check';
import { drawWorld, simulate } from './simulate.ts';

const [seed = '1', numRuns = '100'] = process.argv.slice(2);

const anyWorld = fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), async (world) => {
  const { broken } = await simulate(drawWorld(world));
  if (broken.length === 0) return;
  throw new Error(`${broken[0]}\nrepeat: npm run simulate -- --from ${world} --seeds 1`);
});

await fc.assert(anyWorld, { seed: Number(seed), numRuns: Number(numRuns), endOnFailure: true });
console.log(`${numRuns} worlds hold`);
