/** `npm run fuzz`: every handler and parser, fed with what nobody should send. */
import { readArguments, refuse, wholeNumber } from '../../bench/arguments.ts';
import { describeFailure, fuzz, targets } from './run.ts';
import { startWatchdog } from './watchdog.ts';

const HELP = `npm run fuzz -- [--inputs N] [--seed N] [--target NAME [--path N:N:…]]

  --inputs N     to each of them, 100000 unless told
  --seed N       which ones are drawn, 1 unless told
  --target NAME  this handler or parser only: ${targets.map(({ name }) => name).join(', ')}
  --path N:N:…   this input of it only, as a failure printed it`;

const values = readArguments(HELP, {
  inputs: { type: 'string', default: '100000' },
  seed: { type: 'string', default: '1' },
  target: { type: 'string' },
  path: { type: 'string' },
});

const inputs = wholeNumber(HELP, 'inputs', values.inputs, 1);
const seed = wholeNumber(HELP, 'seed', values.seed, 0);
const { target, path } = values;
const names = targets.map(({ name }) => name);
if (target !== undefined && !names.includes(target)) {
  refuse(HELP, `--target: "${target}" is none of ${names.join(', ')}`);
}
if (path !== undefined && (target === undefined || !/^\d+(:\d+)*$/.test(path))) {
  refuse(HELP, '--path is what a failure printed, and needs the --target that it printed');
}

const dog = startWatchdog();
const began = performance.now();
const all: Record<string, number> = {};
let fed = 0;
let broken = 0;
const settings = {
  inputs,
  seed,
  ...(target === undefined ? {} : { target }),
  ...(path === undefined ? {} : { path }),
};
const watched = fuzz({
  ...settings,
  onInput: (command, number) => dog.working(`${command} --path ${path ?? number - 1}`),
});
for await (const report of watched) {
  const { kinds, failure, seconds, slowest, places } = report;
  const how = Object.entries(kinds).sort(([, a], [, b]) => b - a);
  console.log(
    `${report.target}: ${report.inputs} inputs in ${seconds.toFixed(1)} s, the slowest ${Math.round(slowest.ms)} ms (--path ${slowest.path})` +
      `${places === undefined ? '' : `, places changed: ${places}`}`,
  );
  console.log(`  ${how.map(([kind, count]) => `${kind} ${count}`).join(', ')}`);
  fed += report.inputs;
  for (const [kind, count] of how) all[kind] = (all[kind] ?? 0) + count;
  if (failure === undefined) continue;
  broken++;
  console.log(describeFailure(report.target, failure));
}
const errors = Object.entries(all).filter(([kind]) => /Error$|Event$|Ill$/.test(kind));
console.log(
  `${fed} inputs to ${target === undefined ? targets.length : 1} targets, ${broken} broken; errors: ` +
    `${errors.map(([kind, count]) => `${kind} ${count}`).join(', ') || 'none'}; ` +
    `${((performance.now() - began) / 1_000).toFixed(1)} s, seed ${seed}`,
);
await dog.stop();
process.exitCode = broken === 0 ? 0 : 1;
