/** `npm run simulate:stages`: every phase × event × fault, or some of them. */
import { readArguments, refuse, wholeNumber } from '../../bench/arguments.ts';
import { isKnown, unknownOf } from './oracle/known.ts';
import { parseScene } from './stages/parse-scene.ts';
import { describeScene, type Played, play, type Scene } from './stages/play.ts';
import { sampleOf, sampleOfJudged, sampleOfShifts } from './stages/sample.ts';
import { ALL_EVENTS, ALL_PHASES } from './stages/tables.ts';
import { ILLS } from './stages/troubles.ts';

const HELP = `npm run simulate:stages -- [--faults none|all|NAME] [--phase NAME] [--event NAME]
                            [--sample N] [--shifts N] [--judged N]
                            [--scene 'PHASE / EVENT / FAULT'] [--until-broken]

  --faults NAME    under which fault: none unless told; all takes hours
  --phase NAME     in this phase only
  --event NAME     this event only
  --sample N       every N-th scene of all of them, faults included
  --shifts N       every N-th scene in which traffic is shifted
  --judged N       every N-th scene in which a release is compared with the one before it
  --scene S        this one scene, with its whole log
  --known          counts what is known to be broken too
  --until-broken   stops at the first scene that breaks a rule

phases: ${Object.keys(ALL_PHASES).join('; ')}
events: ${Object.keys(ALL_EVENTS).join('; ')}
faults: ${Object.keys(ILLS).join('; ')}`;

const values = readArguments(HELP, {
  faults: { type: 'string', default: 'none' },
  phase: { type: 'string' },
  event: { type: 'string' },
  sample: { type: 'string' },
  shifts: { type: 'string' },
  judged: { type: 'string' },
  scene: { type: 'string' },
  known: { type: 'boolean', default: false },
  'until-broken': { type: 'boolean', default: false },
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

function chosen(): readonly Scene[] {
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

const began = performance.now();
let scenes = 0;
let brokenScenes = 0;
let knownScenes = 0;
let unreached = 0;
for (const scene of chosen()) {
  const played = await play(scene, { withLog: values.scene !== undefined });
  for (const line of played.log) console.log(line);
  scenes++;
  if (!played.reached) unreached++;
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
