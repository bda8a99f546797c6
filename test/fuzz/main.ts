/** `npm run fuzz`: every handler and parser, fed with what nobody should send. */
import { parseArgs } from 'node:util';
import { describeFailure, fuzz, targets } from './run.ts';
import { startWatchdog } from './watchdog.ts';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string' },
    path: { type: 'string' },
  },
});

function whole(name: 'inputs' | 'seed', least: number): number {
  const number = Number(values[name]);
  if (Number.isSafeInteger(number) && number >= least) return number;
  return wrong(`--${name}: "${values[name]}" is no whole number from ${least} on`);
}

function wrong(why: string): never {
  console.error(why);
  process.exit(2);
}

const inputs = whole('inputs', 1);
const seed = whole('seed', 0);
const { target, path } = values;
const names = targets.map(({ name }) => name);
if (target !== undefined && !names.includes(target)) {
  wrong(`--target: "${target}" is none of ${names.join(', ')}`);
}
if (path !== undefined && (target === undefined || !/^\d+(:\d+)*$/.test(path))) {
  wrong('--path is what a failure printed, and needs the --target that it printed');
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
