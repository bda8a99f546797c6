/** `npm run simulate:orders`: handlers of one target at once, in orders that chance draws. */
import { parseArgs } from 'node:util';
import { INTERLEAVED, playInAnyOrder } from './interleavings.ts';

const HELP = `npm run simulate:orders -- [--runs N] [--seed N]

  --runs N  orders of each scene, 300 unless told
  --seed N  which ones are drawn, 1 unless told`;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const drawn = { runs: Number(values.runs), seed: Number(values.seed) };
if (!(drawn.runs >= 1) || !Number.isInteger(drawn.seed)) {
  console.error(`--runs takes a number from 1 on, and --seed a whole number\n\n${HELP}`);
  process.exit(2);
}
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
