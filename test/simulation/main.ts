/** `npm run simulate`: worlds by the thousand; a failure prints the one command that repeats it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readArguments, refuse, wholeNumber } from '../../bench/arguments.ts';
import { describeFaults, FAULTS, type FaultName } from './faults.ts';
import { shrink } from './shrink.ts';
import { drawWorld, type Outcome, type World } from './simulate.ts';
import { describeStep } from './story.ts';
import { playInOrder, threadsFor } from './workers.ts';
import { playWorld } from './world-player.ts';

const HELP = `npm run simulate -- [--seeds N] [--from S] [--faults all|none|name,…] [--full] [--no-throttling] [--verbose]
                        [--workers N]

  --seeds N        how many worlds, 100 unless told
  --from S         the first seed, 1 unless told
  --faults LIST    which faults may strike: all, none, or some of
                   ${FAULTS.join(', ')}
  --full           the real SDK clients and DynamoDB (dynalite) in place of the thin ports
  --no-throttling  AWS answers any number of calls; unless given, its published buckets count
  --histories DIR  writes the history of each target there, for \`slipway replay\`
  --verbose        the whole log of each world
  --until-broken   stops at the first world that breaks a rule, and does not shrink it
  --workers N      in so many threads; unless told one a core, if that gives each twenty worlds`;

interface Options {
  readonly from: number;
  readonly count: number;
  readonly faults: string;
  readonly allowed: readonly FaultName[];
  readonly verbose: boolean;
  readonly untilBroken: boolean;
  readonly full: boolean;
  readonly throttling: boolean;
  readonly histories: string | undefined;
  readonly workers: number | undefined;
}

function options(): Options {
  const values = readArguments(HELP, {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    faults: { type: 'string', default: 'all' },
    verbose: { type: 'boolean', default: false },
    'until-broken': { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    'no-throttling': { type: 'boolean', default: false },
    histories: { type: 'string' },
    workers: { type: 'string' },
  });
  return {
    from: wholeNumber(HELP, 'from', values.from, 0),
    count: wholeNumber(HELP, 'seeds', values.seeds, 0),
    faults: values.faults,
    allowed: faultNames(values.faults),
    verbose: values.verbose,
    untilBroken: values['until-broken'],
    full: values.full,
    throttling: !values['no-throttling'],
    histories: values.histories,
    workers:
      values.workers === undefined ? undefined : wholeNumber(HELP, 'workers', values.workers, 1),
  };
}

function faultNames(text: string): readonly FaultName[] {
  if (text === 'all') return FAULTS;
  if (text === 'none') return [];
  const names = text.split(',');
  const unknown = names.find((name) => !(FAULTS as readonly string[]).includes(name));
  if (unknown !== undefined) {
    return refuse(HELP, `--faults: "${unknown}" is none of all, none, ${FAULTS.join(', ')}`);
  }
  return names as FaultName[];
}

async function tellBroken(world: World, outcome: Outcome, options: Options) {
  const { faults, full, throttling, untilBroken } = options;
  console.log(`\nseed ${world.seed} broke:`);
  for (const line of outcome.broken.slice(0, 3)) console.log(`  ${line}`);
  console.log(`faults: ${describeFaults(world.faults)}`);
  if (!untilBroken && !full) {
    const small = await shrink(world, outcome);
    console.log(`shrunk: faults ${describeFaults(small.world.faults)}; the story:`);
    for (const step of small.world.story) console.log(`  ${describeStep(step)}`);
    console.log(`  ${small.outcome.broken[0]}`);
  }
  console.log(
    `repeat: npm run simulate -- --from ${world.seed} --seeds 1 --faults ${faults}` +
      `${full ? ' --full' : ''}${throttling ? '' : ' --no-throttling'} --verbose`,
  );
}

async function writeHistories(folder: string, seed: number, { histories }: Outcome) {
  await mkdir(folder, { recursive: true });
  for (const [key, history] of histories) {
    const file = join(folder, `${seed}-${key.replaceAll('/', '-')}.json`);
    await writeFile(file, `${JSON.stringify({ key, history })}\n`);
  }
}

const chosen = options();
const { from, count, allowed, verbose: withLog, full, throttling } = chosen;
const tasks = Array.from({ length: count }, (_, index) => {
  return { seed: from + index, allowed, withLog, full, throttling };
});
const threads = chosen.workers ?? threadsFor(count);
const player = { module: new URL('world-player.ts', import.meta.url), play: playWorld };
const began = performance.now();
const sums = { worlds: 0, steps: 0, events: 0, handlings: 0, calls: 0, checked: 0, broken: 0 };
const struck: Record<string, number> = {};
for await (const [{ seed }, outcome] of playInOrder(player, tasks, threads)) {
  sums.worlds++;
  sums.steps += outcome.steps;
  sums.events += outcome.events;
  sums.handlings += outcome.handlings;
  sums.calls += outcome.calls;
  sums.checked += outcome.checked;
  for (const [name, times] of Object.entries(outcome.faults)) {
    struck[name] = (struck[name] ?? 0) + times;
  }
  for (const line of outcome.log) console.log(line);
  if (chosen.histories !== undefined) await writeHistories(chosen.histories, seed, outcome);
  if (outcome.broken.length === 0) continue;
  sums.broken++;
  await tellBroken(drawWorld(seed, allowed), outcome, chosen);
  if (chosen.untilBroken) break;
}
const seconds = (performance.now() - began) / 1000;
console.log(
  `${sums.worlds} worlds, ${sums.broken} broken; ${sums.steps} things happened: ` +
    `${sums.events} events of AWS, ${sums.handlings} handlings, ${sums.calls} outside calls; ` +
    `${sums.checked} checks; ${seconds.toFixed(1)} s, ${Math.round(sums.steps / seconds)} a second`,
);
console.log(`faults: ${describeFaults(struck)}`);
process.exitCode = sums.broken === 0 ? 0 : 1;
