/** One world from one seed: a safety phase with faults, then quiet, then every target must have settled. */

import { defined } from '../../shared/core/model/defined.ts';
import { chanceOf } from './chance.ts';
import { Deeds } from './deeds.ts';
import { Engine } from './engine.ts';
import { drawExtras, drawGate, NO_EXTRAS } from './extras.ts';
import { drawFaults, FAULTS, type FaultName, type Faults } from './faults.ts';
import { drawFreeze } from './freeze-story.ts';
import { drawGit } from './git-story.ts';
import { type Histories, historiesOf } from './histories.ts';
import { Invariants } from './invariants.ts';
import { meantToRun } from './oracle/commits.ts';
import { describeFinding } from './oracle/finding.ts';
import { isKnown, unknownOf } from './oracle/known.ts';
import { Oracle } from './oracle/oracle.ts';
import { drawOverlaps } from './overlaps.ts';
import { drawPromotion, NO_PROMOTION } from './promotion-story.ts';
import { drawShift, NO_SHIFT } from './shift-story.ts';
import { BEGIN, drawSettings, pipelineOf, type Settings, setStage } from './stage.ts';
import { drawStory, type Step } from './story.ts';
import { planTicks } from './ticks.ts';

const MINUTE = 60_000;
/** After the faults have stopped, everything is at rest within this time. */
const SETTLES_WITHIN_MINUTES = 300;

export interface World {
  readonly seed: number;
  readonly minutes: number;
  readonly settings: Settings;
  readonly faults: Faults;
  readonly story: readonly Step[];
}

export interface Outcome {
  readonly broken: readonly string[];
  /** What is broken and stands among the known faults. */
  readonly known: readonly string[];
  readonly checked: number;
  /** Everything that happened: timers of the model, events, messages, calls. */
  readonly steps: number;
  readonly events: number;
  readonly handlings: number;
  readonly calls: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly log: readonly string[];
  readonly histories: Histories;
}

export function drawWorld(
  seed: number,
  allowed: readonly FaultName[] = FAULTS,
  { plain = false } = {},
): World {
  const chance = chanceOf(seed);
  const minutes = chance.pick([60, 120, 240]);
  const settings = drawSettings(chance);
  const faults = drawFaults(chance, allowed);
  const extras = plain ? NO_EXTRAS : drawExtras(seed, minutes);
  const drawn = drawStory(chance, minutes);
  const { gate, story: gated } = plain ? { story: drawn } : drawGate(seed, drawn);
  const { settings: git, story } = plain
    ? { settings: {}, story: gated }
    : drawGit(seed, gated, minutes);
  const { order, overlapMinutes } = extras;
  const { shift, ...shifts } = plain || git.git ? NO_SHIFT : drawShift(seed, minutes);
  // What is built comes by its branch; what its staging must prove comes by push.
  const { promotion, steps: promoted } =
    plain || git.git || gate === 'signature' ? NO_PROMOTION : drawPromotion(seed, minutes);
  const others = { ...extras.faults, ...shifts.faults };
  const overlaps = plain ? [] : drawOverlaps(seed, minutes);
  return {
    seed,
    minutes,
    settings: defined({
      ...settings,
      ...git,
      ...(plain ? {} : drawFreeze(seed, minutes)),
      order,
      gate,
      overlapMinutes,
      shift,
      promotion,
    }),
    faults: allowed.length === 0 ? faults : { ...faults, ...others },
    story: [...story, ...extras.steps, ...shifts.steps, ...promoted, ...overlaps].sort(
      (a, b) => a.at - b.at,
    ),
  };
}

export async function simulate(
  { seed, minutes, settings, faults, story }: World,
  { withLog = false, full = false, throttling = true } = {},
): Promise<Outcome> {
  const pipeline = pipelineOf(settings);
  const world = setStage(seed, settings, pipeline);
  const invariants = new Invariants();
  const log: string[] = [];
  const wire = full ? await startWire(world, pipeline) : undefined;
  const engine = new Engine({
    world,
    pipeline,
    chance: chanceOf(seed ^ 0x5eed),
    faults,
    throttling,
    watcher: {
      called(call, on) {
        invariants.called(call, on);
        oracle.called(call);
      },
      refused: (call) => oracle.refused(call),
      saved: (record, before, on) => invariants.saved(record, before, on),
      failed: (error, envelope) => invariants.failed(error, envelope),
      settled: (envelope, decisions) => invariants.settled(envelope, decisions),
      announced(announcement, on) {
        invariants.announced(announcement, on);
        oracle.announced(announcement);
      },
      quarantined: (key, change) => oracle.quarantined(key, change),
      asked: (asked) => oracle.asked(asked),
      announcedOfSource: (announcement) => oracle.announcedOfSource(announcement),
    },
    ...(withLog ? { onLog: (line: string) => log.push(line) } : {}),
    ...(wire === undefined ? {} : { makePorts: wire.makePorts }),
  });
  const oracle = new Oracle(engine, BEGIN);
  wire?.attach(engine);
  if (faults['stale-reads'] !== undefined) world.readLagMs = 5_000;
  if (
    story.some(
      ({ do: what }) =>
        what === 'trouble' || what === 'hook-ill' || what === 'withhold' || what === 'halve',
    )
  )
    oracle.truth.faulty = true;
  const deeds = new Deeds(engine, settings, oracle.truth.trail);
  for (const step of story) engine.agenda.plan(BEGIN + step.at, () => deeds.perform(step));
  const end = BEGIN + (minutes + SETTLES_WITHIN_MINUTES) * MINUTE;
  planTicks(engine, BEGIN, end);
  oracle.watch(BEGIN, end);

  await engine.run(BEGIN + minutes * MINUTE);
  engine.faults = {};
  oracle.truth.quietFrom = Math.max(world.now, engine.troubles.endAt());
  world.readLagMs = 0;
  engine.log(() => 'the faults stop');
  await untilQuiet(engine, end);
  invariants.settledWorld(engine, story, meantToRun(oracle.truth, settings, deeds.pushed));
  oracle.atRest();
  const { steps, events, handlings, calls, faults: struck } = engine.counts;
  const broken = [...invariants.broken, ...oracle.findings.map(describeFinding)];
  const where = JSON.stringify({ settings, faults, story });
  return {
    broken: unknownOf(broken, where),
    known: broken.filter((line) => isKnown(line, where)),
    checked: invariants.checked + oracle.checked,
    steps,
    events,
    handlings,
    calls,
    faults: struck,
    log,
    histories: historiesOf(engine),
  };
}

/** Loaded only here: the clients and dynalite are a fifth of all that a world loads. */
async function startWire(...of: Parameters<typeof import('./full-ports.ts').startFull>) {
  const { startFull } = await import('./full-ports.ts');
  return await startFull(...of);
}

/** Longer than any sweep takes to disturb what is at rest. */
const REST_MINUTES = 65;
/** Longer than the sweep of images takes, but not the look at a target at rest, once in an hour. */
export const SHORT_REST_MINUTES = 20;

/** To the end, or until everything has been at rest for so long. */
export async function untilQuiet(
  engine: Engine,
  end: number,
  restMinutes = REST_MINUTES,
): Promise<void> {
  let quietSince: number | undefined;
  while (engine.world.now < end) {
    await engine.run(Math.min(end, engine.world.now + 5 * MINUTE));
    const all = [...engine.records.values(), ...engine.sources.records.values()];
    const quiet = all.every(({ record }) => record.observeAt === undefined);
    quietSince = quiet ? (quietSince ?? engine.world.now) : undefined;
    if (quietSince !== undefined && engine.world.now - quietSince > restMinutes * MINUTE) return;
  }
}
