/** One world from one seed: a safety phase with faults, then quiet, then every target must have settled. */

import { containersFor } from '../../shared/targets.ts';
import { SWEEP_SOURCE } from '../../shared/translate.ts';
import { chanceOf } from './chance.ts';
import { Deeds } from './deeds.ts';
import { Engine } from './engine.ts';
import { drawFaults, FAULTS, type FaultName, type Faults } from './faults.ts';
import { Invariants } from './invariants.ts';
import { BEGIN, drawSettings, pipelineOf, REGISTRY, type Settings, setStage } from './stage.ts';
import { drawStory, type Step } from './story.ts';

const MINUTE = 60_000;
/** After the faults have stopped, everything is at rest within this time. */
export const SETTLES_WITHIN_MINUTES = 300;
const SWEEP_EVERY_MINUTES = 15;

export interface World {
  readonly seed: number;
  readonly minutes: number;
  readonly settings: Settings;
  readonly faults: Faults;
  readonly story: readonly Step[];
}

export interface Outcome {
  readonly broken: readonly string[];
  readonly checked: number;
  /** Everything that happened: timers of the model, events, messages, calls. */
  readonly steps: number;
  readonly events: number;
  readonly handlings: number;
  readonly calls: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly log: readonly string[];
}

export function drawWorld(seed: number, allowed: readonly FaultName[] = FAULTS): World {
  const chance = chanceOf(seed);
  const minutes = chance.pick([60, 120, 240]);
  return {
    seed,
    minutes,
    settings: drawSettings(chance),
    faults: drawFaults(chance, allowed),
    story: drawStory(chance, minutes),
  };
}

export async function simulate(
  { seed, minutes, settings, faults, story }: World,
  { withLog = false } = {},
): Promise<Outcome> {
  const pipeline = pipelineOf(settings);
  const world = setStage(seed, settings, pipeline);
  const invariants = new Invariants();
  const log: string[] = [];
  const engine = new Engine({
    world,
    pipeline,
    chance: chanceOf(seed ^ 0x5eed),
    faults,
    watcher: invariants,
    ...(withLog ? { onLog: (line: string) => log.push(line) } : {}),
  });
  if (faults['stale-reads'] !== undefined) world.readLagMs = 5_000;
  const deeds = new Deeds(engine, settings);
  for (const step of story) engine.agenda.plan(BEGIN + step.at, () => deeds.perform(step));
  planTicks(engine, BEGIN + (minutes + SETTLES_WITHIN_MINUTES) * MINUTE);
  introduce(engine);

  await engine.run(BEGIN + minutes * MINUTE);
  engine.faults = {};
  world.readLagMs = 0;
  engine.log(() => 'the faults stop');
  await untilQuiet(engine, BEGIN + (minutes + SETTLES_WITHIN_MINUTES) * MINUTE);
  invariants.settledWorld(engine, story, deeds.pushed);
  const { steps, events, handlings, calls, faults: struck } = engine.counts;
  return {
    broken: invariants.broken,
    checked: invariants.checked,
    steps,
    events,
    handlings,
    calls,
    faults: struck,
    log,
  };
}

/** To the end, or until everything has been at rest for longer than any sweep takes to disturb it. */
async function untilQuiet(engine: Engine, end: number): Promise<void> {
  let quietSince: number | undefined;
  while (engine.world.now < end) {
    await engine.run(Math.min(end, engine.world.now + 5 * MINUTE));
    const quiet = [...engine.records.values()].every(({ record }) => record.lookAt === undefined);
    quietSince = quiet ? (quietSince ?? engine.world.now) : undefined;
    if (quietSince !== undefined && engine.world.now - quietSince > 65 * MINUTE) return;
  }
}

function introduce(engine: Engine): void {
  for (const { key } of Object.values(engine.pipeline.targets)) {
    hint(engine, key, 'introduced');
  }
}

function hint(engine: Engine, key: string, cause: string): void {
  engine.send(
    key,
    { type: 'Hinted', cause },
    { id: `${cause}-${engine.world.now}`, source: 'slipway.tick', detailType: cause },
  );
}

/** `tick`: due looks each minute, the newest images each quarter of an hour, drift each hour. */
function planTicks(engine: Engine, until: number): void {
  for (let at = BEGIN, minute = 0; at < until; at += MINUTE, minute++) {
    engine.agenda.plan(at, () => {
      for (const [key, { record }] of engine.records) {
        if (record.lookAt !== undefined && record.lookAt <= at) hint(engine, key, 'tick');
        else if (minute % 60 === 59) hint(engine, key, 'sweep');
      }
      if (minute % SWEEP_EVERY_MINUTES === 7) sweepImages(engine, minute % 60 === 7);
    });
  }
}

function sweepImages(engine: Engine, hourly: boolean): void {
  for (const target of Object.values(engine.pipeline.targets)) {
    for (const { repository } of Object.values(target.rules.containers)) {
      const images = Object.values(engine.world.ecr.repositories[repository]?.images ?? {});
      const eligible = images
        .filter((image) => containersFor(target, repository, image.tags).length > 0)
        .sort((a, b) => b.pushedAt - a.pushedAt || (a.digest < b.digest ? 1 : -1));
      const [newest] = eligible;
      if (newest === undefined) continue;
      const recent = engine.world.now - newest.pushedAt < 2 * 60 * MINUTE;
      if (!recent && !hourly) continue;
      engine.send(
        target.key,
        {
          type: 'ImageHeard',
          registry: REGISTRY,
          repository,
          digest: newest.digest as never,
          tag: newest.tags[0] ?? '',
          at: newest.pushedAt,
        },
        { id: `sweep-${engine.world.now}`, source: SWEEP_SOURCE, detailType: 'sweep' },
      );
    }
  }
}
