/**
 * The crash sweep: a scenario is played again and again, each time with one handler killed at another
 * gate, before or after an outside call, until every gate had its turn. It must end as it ends
 * without a crash.
 */

import { drainDeliveries, putRule } from '@slipway/local-cloud/eventbridge/state.ts';
import { addToken } from '@slipway/local-cloud/github/setup.ts';
import { TOKEN } from '../../local/slipway/git-setup.ts';
import { ImageNames, noteImage } from '../../local/stories/image-names.ts';
import { playOn } from '../../local/stories/scenario.ts';
import type { Scenario } from '../../local/stories/scenario-format.ts';
import { pipelineOf } from '../../local/stories/scenario-pipeline.ts';
import { BEGIN, worldOf } from '../../local/stories/setup/scenario-world.ts';
import type { Stage } from '../../local/stories/stage.ts';
import type { Pipeline, Target } from '../../shared/config/config.ts';
import { standingOf } from '../../shared/core/model/standing.ts';
import { wouldLeave } from '../../shared/core/model/would-leave.ts';
import { routes } from '../../shared/runtime/routing.ts';
import { chanceOf } from './chance.ts';
import { Engine } from './engine.ts';
import { installHook } from './hook.ts';
import { Invariants } from './invariants.ts';
import { untilQuiet } from './simulate.ts';
import { planTicks } from './ticks.ts';

const MINUTE = 60_000;
/** After its end a scenario has this long to come to rest. */
const SETTLES_WITHIN_MINUTES = 240;
const SEED = 1;

export interface Run {
  readonly gates: number;
  readonly calls: number;
  readonly broken: readonly string[];
  /** Of each target: its phase, what runs, what is proven, what is quarantined. */
  readonly end: string;
}

/**
 * The engine kills handlings of targets and of sources alike; it knows no stop switch, no throttling
 * that lasts, no word that comes late and no rollback to a named release.
 */
export function isPlayable({ steps }: Scenario): boolean {
  return !steps.some(
    ({ throttle, holdAll, resumeAll, operator }) =>
      (throttle ?? holdAll ?? resumeAll ?? operator?.minutesLate) !== undefined ||
      (operator?.ask.do === 'rollback' && operator.ask.to !== undefined),
  );
}

/** Longer than others, since ECS asks and our looks hear the load balancer all the while. */
export function shiftsTraffic({ targets = {} }: Scenario): boolean {
  return Object.values(targets).some(({ config = {} }) => 'strategy' in config);
}

interface Crash {
  /** None: nothing is killed. */
  readonly killAtGate?: number | undefined;
  readonly onLog?: ((line: string) => void) | undefined;
  /** How long nothing may be left to do until it has ended; an hour and more unless told. */
  readonly restMinutes?: number | undefined;
}

export async function playWithCrash(
  scenario: Scenario,
  base: Pipeline,
  { killAtGate, onLog, restMinutes }: Crash = {},
): Promise<Run> {
  const pipeline = pipelineOf(scenario, base);
  const world = worldOf(pipeline, scenario, SEED);
  for (const { name, pattern } of routes(pipeline)) {
    putRule(world, { name, pattern, target: 'engine' });
  }
  if (Object.keys(pipeline.sources).length > 0) addToken(world, TOKEN, { login: 'slipway-bot' });
  if (shiftsTraffic(scenario)) installHook(world);
  drainDeliveries(world);
  const invariants = new Invariants();
  for (const { event } of scenario.steps) {
    const { alarmName } = (event?.detail ?? {}) as { alarmName?: string };
    if (alarmName !== undefined) invariants.toldByHand.add(alarmName);
  }
  const engine = new Engine({
    world,
    pipeline,
    chance: chanceOf(SEED),
    faults: {},
    watcher: invariants,
    ...(killAtGate === undefined ? {} : { killAtGate }),
    ...(onLog === undefined ? {} : { onLog }),
  });
  const until = BEGIN + scenario.until + SETTLES_WITHIN_MINUTES * MINUTE;
  planTicks(engine, BEGIN, until);
  const stage = new EngineStage(engine);
  await playOn(stage, scenario);
  await untilQuiet(engine, until, restMinutes);
  invariants.settledWorld(engine, [], []);
  const { gates } = engine;
  return {
    gates,
    calls: engine.counts.calls,
    broken: invariants.broken,
    end: endOf(engine),
  };
}

/** The scenario's steps, carried out in the engine instead of the local cloud. */
class EngineStage implements Stage {
  readonly labels: ImageNames;
  readonly #engine: Engine;
  readonly #lost: { readonly detailType: string; left: number }[] = [];
  #words = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.labels = new ImageNames(engine.world);
    // Each event passes here once: of a build's image, a story knows by it.
    engine.loses = (event) => {
      noteImage(engine.world, this.labels, event);
      const lost = this.#lost.find(
        (loss) => loss.left > 0 && loss.detailType === event['detail-type'],
      );
      if (lost !== undefined) lost.left--;
      return lost !== undefined;
    };
  }

  get world() {
    return this.#engine.world;
  }

  get pipeline() {
    return this.#engine.pipeline;
  }

  runUntil(until: number): Promise<void> {
    return this.#engine.run(until);
  }

  lose(detailType: string, count: number): void {
    this.#lost.push({ detailType, left: count });
  }

  deliver(event: unknown): void {
    this.#engine.receive(event);
  }

  ask(target: Target, word: object): void {
    const id = `word-${++this.#words}`;
    const cause = { id, source: 'slipway.operator', detailType: 'word of a person' };
    this.#engine.send(target.key, word as never, cause);
  }

  releaseNamed(): undefined {
    throw new Error('the engine has no rollback to a named release: see isPlayable');
  }

  async wouldLeave({ key }: Target): Promise<string | undefined> {
    const record = this.#engine.records.get(key)?.record;
    return record && wouldLeave(record);
  }

  stopAll(): Promise<void> {
    throw new Error('the engine has no stop switch: see isPlayable');
  }

  throttle(operation: string): void {
    throw new Error(`the engine does not throttle ${operation}: see isPlayable`);
  }

  tell(): void {}
}

/**
 * A crash costs the time until its message comes back, so that another image may be first, or be overtaken.
 * But in the end it rests as it did without: nothing waits, and the newest image runs or is quarantined.
 */
function endOf(engine: Engine): string {
  const ends = Object.values(engine.pipeline.targets).map(({ id, key }) => {
    const record = engine.records.get(key)?.record;
    if (record === undefined) return `${id} is unknown`;
    const open = Object.entries(record.newest).filter(
      ([name, { digest }]) =>
        record.runs?.images[name]?.digest !== digest &&
        !record.quarantine.some((one) => one.digest === digest),
    );
    return `${id} ${standingOf(record)}, ${Object.keys(record.waiting).length} wait, ${open.length} open`;
  });
  return ends.join('; ');
}
