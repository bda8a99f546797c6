/** `npm run simulate:stages`: every phase × event × fault, or some of them. */
import { readArguments, refuse, wholeNumber } from '../../bench/arguments.ts';
import { isKnown, unknownOf } from './oracle/known.ts';
import { playScene } from './scene-player.ts';
import { EACH, KINDS } from './stages/each.ts';
import { parseScene } from './stages/parse-scene.ts';
import { describeScene, type Played, play, type Scene } from './stages/play.ts';
import { sampleOf, sampleOfJudged, sampleOfShifts } from './stages/sample.ts';
import { ALL_EVENTS, ALL_PHASES } from './stages/tables.ts';
import { ILLS } from './stages/troubles.ts';
import { playInOrder, threadsFor } from './workers.ts';

const HELP = `npm run simulate:stages -- [--faults none|all|NAME] [--phase NAME] [--event NAME]
                            [--each healthy|pair|scene] [--of plain|shifts|judged]
                            [--from N] [--every N]
                            [--sample N] [--shifts N] [--judged N]
                            [--scene 'PHASE / EVENT / FAULT'] [--until-broken] [--workers N]

  --faults NAME    under which fault: none unless told; all takes hours
  --phase NAME     in this phase only
  --event NAME     this event only
  --each WHAT      healthy: every phase with every event; pair: the same, each scene under one fault, so
                   that every fault meets every phase and every event; scene: with every fault and none
  --of KIND        of which: plain (unless told), shifts of traffic, judged releases
  --sample N       every N-th scene of all of them, faults included
  --shifts N       every N-th scene in which traffic is shifted
  --judged N       every N-th scene in which a release is compared with the one before it
  --from N         begins with the N-th of those that are asked for
  --every N        plays each N-th of them
  --scene S        this one scene, with its whole log
  --known          counts what is known to be broken too
  --until-broken   stops at the first scene that breaks a rule
  --workers N      in so many threads; unless told one a core, if that gives each twenty scenes

phases: ${Object.keys(ALL_PHASES).join('; ')}
events: ${Object.keys(ALL_EVENTS).join('; ')}
faults: ${Object.keys(ILLS).join('; ')}`;

const values = readArguments(HELP, {
  faults: { type: 'string', default: 'none' },
  phase: { type: 'string' },
  event: { type: 'string' },
  each: { type: 'string' },
  of: { type: 'string' },
  from: { type: 'string', default: '1' },
  every: { type: 'string', default: '1' },
  sample: { type: 'string' },
  shifts: { type: 'string' },
  judged: { type: 'string' },
  scene: { type: 'string' },
  known: { type: 'boolean', default: false },
  'until-broken': { type: 'boolean', default: false },
  workers: { type: 'string' },
});

function sceneOf(text: string): Scene {
  try {
    return parseScene(text);
  } catch (error) {
    return refuse(HELP, error instanceof Error ? error.message : String(error));
  }
}

function everyNth(option: string, text: string): number {
  return wholeNumber(HELP, option, text, 1);
}

function oneOf<T extends string>(
  table: Readonly<Record<T, unknown>>,
  option: string,
  text: string,
): T {
  if (Object.hasOwn(table, text)) return text as T;
  return refuse(HELP, `--${option} takes ${Object.keys(table).join(', ')}, and not "${text}"`);
}

function chosen(): readonly Scene[] {
  if (values.each !== undefined)
    return EACH[oneOf(EACH, 'each', values.each)](KINDS[oneOf(KINDS, 'of', values.of ?? 'plain')]);
  if (values.of !== undefined) return refuse(HELP, '--of goes with --each');
  if (values.scene !== undefined) return [sceneOf(values.scene)];
  if (values.sample !== undefined) return sampleOf(everyNth('sample', values.sample));
  if (values.shifts !== undefined) return sampleOfShifts(everyNth('shifts', values.shifts));
  if (values.judged !== undefined) return sampleOfJudged(everyNth('judged', values.judged));
  const phases = values.phase ?? Object.keys(ALL_PHASES).join('; ');
  const events = values.event ?? Object.keys(ALL_EVENTS).join('; ');
  const ills = values.faults === 'all' ? Object.keys(ILLS).join('; ') : values.faults;
  return phases
    .split('; ')
    .flatMap((phase) =>
      events
        .split('; ')
        .flatMap((event) => ills.split('; ').map((ill) => sceneOf(`${phase} / ${event} / ${ill}`))),
    );
}

/** So that a part of them can be played, and what was interrupted goes on. */
function partOf(scenes: readonly Scene[]): readonly Scene[] {
  const from = everyNth('from', values.from);
  const every = everyNth('every', values.every);
  if (from > scenes.length) {
    return refuse(HELP, `--from takes at most ${scenes.length} there, and not "${from}"`);
  }
  return scenes.slice(from - 1).filter((_, at) => at % every === 0);
}

/** The same without the fault, or without the event, where that breaks the same rule. */
async function shrunk(scene: Scene, { broken }: Played): Promise<Scene> {
  const rule = broken[0]?.split(':')[0] ?? '';
  let best = scene;
  for (const smaller of [
    { ...best, ill: 'none' as const },
    { ...best, event: 'nothing' as const },
    { ...best, event: 'nothing' as const, ill: 'none' as const },
  ]) {
    const played = await play(smaller);
    if (played.broken.some((line) => line.startsWith(rule))) best = smaller;
  }
  return best;
}

/** So that who stops it knows where `--from` goes on. */
function sayProgress(): void {
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.error(`${scenes} of ${all.length} scenes, ${brokenScenes} broken; ${seconds} s`);
}

const PROGRESS_EVERY = 100;
const began = performance.now();
let scenes = 0;
let brokenScenes = 0;
let knownScenes = 0;
let unreached = 0;
const workers =
  values.workers === undefined ? undefined : wholeNumber(HELP, 'workers', values.workers, 1);
const all = partOf(chosen());
const withLog = values.scene !== undefined;
const tasks = all.map((scene) => ({ scene, withLog }));
const threads = workers ?? threadsFor(all.length);
const player = { module: new URL('scene-player.ts', import.meta.url), play: playScene };
for await (const [{ scene }, played] of playInOrder(player, tasks, threads)) {
  for (const line of played.log) console.log(line);
  scenes++;
  if (!played.reached) unreached++;
  if (scenes % PROGRESS_EVERY === 0) sayProgress();
  const where = describeScene(scene);
  const broken = values.known ? played.broken : unknownOf(played.broken, where);
  if (played.broken.some((line) => isKnown(line, where))) knownScenes++;
  if (broken.length === 0) continue;
  brokenScenes++;
  console.log(`\nscene '${where}' broke:`);
  for (const line of broken.slice(0, 4)) console.log(`  ${line}`);
  if (!values['until-broken'] && values.scene === undefined) {
    console.log(`shrunk: '${describeScene(await shrunk(scene, { ...played, broken }))}'`);
  }
  console.log(`repeat: npm run simulate:stages -- --scene '${where}'`);
  if (values['until-broken']) break;
}
const seconds = (performance.now() - began) / 1000;
console.log(
  `${scenes} scenes, ${brokenScenes} broken, ${knownScenes} with a known fault, ` +
    `${unreached} not reached; ${seconds.toFixed(1)} s`,
);
process.exitCode = brokenScenes === 0 ? 0 : 1;
