/** `npm run simulate`: worlds by the thousand; a failure prints the one command that repeats it. */
import { parseArgs } from 'node:util';
import { describeFaults, FAULTS, type FaultName } from './faults.ts';
import { drawWorld, simulate } from './simulate.ts';
import { describeStep } from './story.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    faults: { type: 'string', default: 'all' },
    verbose: { type: 'boolean', default: false },
  },
});

function allowed(): readonly FaultName[] {
  if (values.faults === 'all') return FAULTS;
  if (values.faults === 'none') return [];
  const names = values.faults.split(',');
  const unknown = names.find((name) => !FAULTS.includes(name as FaultName));
  if (unknown !== undefined) {
    console.error(`--faults: "${unknown}" is none of ${FAULTS.join(', ')}, all, none`);
    process.exit(2);
  }
  return names as FaultName[];
}

const from = Number(values.from);
const count = Number(values.seeds);
const began = performance.now();
const sums = { events: 0, handlings: 0, calls: 0, checked: 0 };
let failed = 0;
for (let seed = from; seed < from + count; seed++) {
  const world = drawWorld(seed, allowed());
  const outcome = await simulate(world, { withLog: values.verbose });
  sums.events += outcome.events;
  sums.handlings += outcome.handlings;
  sums.calls += outcome.calls;
  sums.checked += outcome.checked;
  for (const line of outcome.log) console.log(line);
  if (outcome.broken.length === 0) continue;
  failed++;
  console.log(`\nseed ${seed} broke:`);
  for (const line of outcome.broken.slice(0, 3)) console.log(`  ${line}`);
  console.log(`faults: ${describeFaults(world.faults)}`);
  if (count === 1 && !values.verbose)
    for (const step of world.story) console.log(describeStep(step));
  console.log(
    `repeat: npm run simulate -- --from ${seed} --seeds 1 --faults ${values.faults} --verbose`,
  );
}
const seconds = (performance.now() - began) / 1000;
console.log(
  `${count} worlds, ${failed} broken, ${sums.events} events, ${sums.handlings} handlings, ${sums.calls} calls, ${sums.checked} checks, ${seconds.toFixed(1)} s`,
);
process.exitCode = failed === 0 ? 0 : 1;
