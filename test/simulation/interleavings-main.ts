/** `npm run simulate:orders`: handlers of one target at once, in orders that chance draws. */
import { readArguments, wholeNumber } from '../../bench/arguments.ts';
import { INTERLEAVED, playInAnyOrder } from './interleavings.ts';

const HELP = `npm run simulate:orders -- [--runs N] [--seed N]

  --runs N  orders of each scene, 300 unless told
  --seed N  which ones are drawn, 1 unless told`;

const values = readArguments(HELP, {
  runs: { type: 'string', default: '300' },
  seed: { type: 'string', default: '1' },
});

const drawn = {
  runs: wholeNumber(HELP, 'runs', values.runs, 1),
  seed: wholeNumber(HELP, 'seed', values.seed, 0),
};
let broken = 0;
for (const scene of INTERLEAVED) {
  try {
    await playInAnyOrder(scene, drawn);
  } catch (error) {
    broken++;
    console.log(`${scene.name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
console.log(`${INTERLEAVED.length} scenes, ${values.runs} orders of each, ${broken} broken`);
process.exitCode = broken === 0 ? 0 : 1;
