/** `npm run simulate:crashes`: kills a handler, of a target or of a source, at every gate of every scenario. */
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readArguments, wholeNumber } from '../../bench/arguments.ts';
import { readScenario } from '../../local/stories/scenario.ts';
import pipeline from '../../pipeline.config.ts';
import { NOT_YET } from '../scenarios/not-yet.ts';
import { isPlayable, playWithCrash, shiftsTraffic } from './crashes.ts';
import { SHORT_REST_MINUTES } from './simulate.ts';

const HELP = `npm run simulate:crashes -- [--scenario TEXT] [--every N] [--offset N] [--once] [--shifts N] [--part N/M] [--gate N]

  --scenario TEXT  stories whose file's name has this text
  --every N        at every N-th gate, 1 unless told
  --offset N       beginning with this one
  --once           at one gate of each story, in each at another part of its way, and each ends after twenty minutes of rest
  --shifts N       of the stories that shift traffic, which take longest, every N-th
  --part N/M       the N-th of M parts of the stories, for a process a core
  --gate N         at this gate only, with the whole log`;

const values = readArguments(HELP, {
  scenario: { type: 'string', default: '' },
  every: { type: 'string', default: '1' },
  offset: { type: 'string', default: '1' },
  once: { type: 'boolean', default: false },
  shifts: { type: 'string', default: '1' },
  part: { type: 'string', default: '1/1' },
  gate: { type: 'string' },
});
const folder = fileURLToPath(new URL('../../local/scenarios/', import.meta.url));
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.json') && name.includes(values.scenario))
  .sort();
const every = wholeNumber(HELP, 'every', values.every, 1);
const offset = wholeNumber(HELP, 'offset', values.offset, 1);
const everyShift = wholeNumber(HELP, 'shifts', values.shifts, 1);
const [part = 1, parts = 1] = values.part
  .split('/')
  .map((text) => wholeNumber(HELP, 'part', text, 1));
const restMinutes = values.once ? SHORT_REST_MINUTES : undefined;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
let playable = 0;
let shifting = 0;
let played = 0;
let crashes = 0;
let broken = 0;
const began = performance.now();
for (const file of files) {
  const scenario = await readScenario(`${folder}${file}`, pipeline);
  const name = basename(file, '.json');
  if (NOT_YET[name] !== undefined || !isPlayable(scenario)) continue;
  if (shiftsTraffic(scenario) && shifting++ % everyShift !== 0) continue;
  const at = playable++;
  if (at % parts !== part - 1) continue;
  played++;
  const whole = await playWithCrash(scenario, pipeline, { restMinutes });
  if (whole.broken.length > 0) tell(file, 0, whole.broken, whole.end, whole.end);
  const gates = gatesOf(whole.gates, at);
  for (const gate of gates) {
    const onLog = values.gate === undefined ? undefined : console.log;
    const run = await playWithCrash(scenario, pipeline, { killAtGate: gate, onLog, restMinutes });
    crashes++;
    if (run.broken.length > 0 || run.end !== whole.end) {
      tell(file, gate, run.broken, run.end, whole.end);
    }
  }
  console.log(
    `${file}: ${whole.calls} outside calls, ${gates.length} of ${whole.gates} crash points`,
  );
}
const seconds = ((performance.now() - began) / 1000).toFixed(1);
console.log(`${played} scenarios, ${crashes} crashes, ${broken} broken, ${seconds} s`);
process.exitCode = broken === 0 ? 0 : 1;

/** Of the `at`-th story. */
function gatesOf(gates: number, at: number): readonly number[] {
  if (values.gate !== undefined) return [wholeNumber(HELP, 'gate', values.gate, 0)];
  // However many stories there are, the golden section never comes twice to nearly the same part.
  if (values.once) return [1 + Math.floor(((at * GOLDEN) % 1) * gates)];
  const all: number[] = [];
  for (let gate = offset; gate <= gates; gate += every) all.push(gate);
  return all;
}

function tell(file: string, gate: number, rules: readonly string[], end: string, whole: string) {
  broken++;
  const repeat = `npm run simulate:crashes -- --scenario ${file} --gate ${gate}`;
  console.log(`${file}, gate ${gate}: ${rules[0]?.slice(0, 300) ?? 'it ends otherwise'}`);
  if (end !== whole) console.log(`  ends:     ${end}\n  expected: ${whole}`);
  console.log(`  repeat: ${repeat}`);
}
