/**
 * Two and three handlers of one target at once, in every order that fast-check's scheduler draws:
 * at each outside call another one may go first. Then time goes on, and everything must hold.
 */

import { pushImage } from '@slipway/local-cloud/ecr/images.ts';
import fc from 'fast-check';
import type { Envelope, Message } from '../../shared/edge/message.ts';
import { TransientError } from '../../shared/ports.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { translate } from '../../shared/reconcile/translate.ts';
import { chanceOf } from './chance.ts';
import { Engine, type Outside } from './engine.ts';
import { Invariants } from './invariants.ts';
import { untilQuiet } from './simulate.ts';
import { BEGIN, pipelineOf, REGISTRY, type Settings, setStage } from './stage.ts';
import { thinPorts } from './thin-ports.ts';
import { planTicks } from './ticks.ts';

const MINUTE = 60_000;
const SETTINGS: Settings = {
  bakeMinutes: 3,
  maxTaskFailures: 3,
  whileAlarmRed: 'hold',
  afterHold: 'ask',
  breaker: true,
  desired: 2,
};

export interface Interleaved {
  readonly name: string;
  /** Minutes from the push of `first` to the moment when all handlers run at once. */
  readonly afterMinutes: number;
  readonly messages: (engine: Engine) => readonly Message[];
  /** The release that runs in the end, by tag. */
  readonly ends: string;
}

const heard = (engine: Engine, tag: string): Message => {
  const repository = engine.world.ecr.repositories['shop/web'];
  const digest = repository?.tags[tag] ?? pushImage(engine.world, { repository: 'shop/web', tag });
  return {
    type: 'ImagePushed',
    registry: REGISTRY,
    repository: 'shop/web',
    digest: digest as never,
    tag,
    at: engine.world.now,
  };
};
const hint: Message = { type: 'Hinted', cause: 'a hint' };
/** It rises in CloudWatch, too, which evaluates it again a minute later. */
const rose = (engine: Engine): Message => {
  const input = { AlarmName: 'web-5xx', StateValue: 'ALARM', StateReason: 'too many errors' };
  engine.asSomebody('monitoring', 'SetAlarmState', input);
  return {
    type: 'AlarmChanged',
    alarm: 'web-5xx',
    from: 'OK',
    to: 'ALARM',
    changedAt: engine.world.now,
    muted: false,
    reason: 'too many errors',
  };
};
const rollback: Message = {
  type: 'CommandReceived',
  by: 'ana',
  because: 'it looks wrong',
  command: { do: 'rollback' },
};

export const INTERLEAVED: readonly Interleaved[] = [
  {
    name: 'one push heard twice',
    afterMinutes: -1,
    messages: (engine) => [heard(engine, 'main-1'), heard(engine, 'main-1')],
    ends: 'main-1',
  },
  {
    name: 'a push and two hints',
    afterMinutes: -1,
    messages: (engine) => [heard(engine, 'main-1'), hint, hint],
    ends: 'main-1',
  },
  {
    name: 'an alarm and a look, in flight',
    afterMinutes: 1,
    messages: (engine) => [rose(engine), hint],
    ends: 'main-0',
  },
  {
    name: 'an alarm, a look and a newer push, in flight',
    afterMinutes: 1,
    messages: (engine) => [rose(engine), hint, heard(engine, 'main-2')],
    ends: 'main-2',
  },
  {
    name: 'an alarm, a look and a person, in the bake',
    afterMinutes: 4,
    messages: (engine) => [rose(engine), hint, rollback],
    ends: 'main-0',
  },
];

interface Drawn {
  readonly seed: number;
  readonly runs: number;
  /** How long nothing may be left to do until it has ended; an hour and more unless told. */
  readonly restMinutes?: number;
}

/** Throws with the order in which something broke, or in which another release ran in the end. */
export async function playInAnyOrder(
  scene: Interleaved,
  { seed, runs, restMinutes }: Drawn,
): Promise<void> {
  const anyOrder = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
    const { engine, invariants } = await setScene(scene, seed);
    const messages = scene.messages(engine);
    const handled = messages.map((message, number) => run(engine, scheduler, message, number));
    await scheduler.waitFor(Promise.all(handled));
    await untilQuiet(engine, BEGIN + 300 * MINUTE, restMinutes);
    invariants.settledWorld(engine, [], []);
    const digest = engine.records.get('ecs/production/web')?.record.runs?.images.app?.digest;
    const ends = tagOf(engine, digest);
    const wrong = ends === scene.ends ? [] : [`${ends} runs in the end, not ${scene.ends}`];
    const broken = [...invariants.broken, ...wrong];
    if (broken.length > 0) throw new Error(broken.join('\n'));
  });
  await fc.assert(anyOrder, { seed, numRuns: runs });
}

async function setScene({ afterMinutes }: Interleaved, seed: number) {
  const pipeline = pipelineOf(SETTINGS);
  const world = setStage(seed, SETTINGS, pipeline);
  const invariants = new Invariants();
  const chance = chanceOf(seed);
  const engine = new Engine({ world, pipeline, chance, faults: {}, watcher: invariants });
  planTicks(engine, BEGIN, BEGIN + 300 * MINUTE);
  await engine.run(BEGIN + 2 * MINUTE);
  if (afterMinutes >= 0) {
    pushImage(world, { repository: 'shop/web', tag: 'main-1' });
    await engine.run(world.now + afterMinutes * MINUTE + 10_000);
  }
  return { engine, invariants };
}

/** Every outside call is one task of the scheduler: it draws whose is next. */
async function run(engine: Engine, scheduler: fc.Scheduler, message: Message, number: number) {
  const target = engine.pipeline.targets.web;
  if (target === undefined) throw new Error('the stage has a target web');
  const cause = { id: `message-${number}`, source: 'test', detailType: 'test' };
  const envelope: Envelope = { target: target.key, message, cause };
  let ids = 0;
  const pass = async (where: string) => {
    await scheduler.schedule(Promise.resolve(), `#${number} ${where}`);
  };
  const outside: Outside = {
    engine,
    number,
    envelope,
    clock: {
      now: () => engine.world.now,
      newId: () => `handler-${number}-${++ids}`,
      timeLeft: () => 30_000,
    },
    call: async (name, deed) => {
      await pass(name);
      return deed();
    },
    beganAt: engine.world.now,
    pipeline: engine.pipeline,
    previous: () => undefined,
    left: () => undefined,
    pass,
  };
  const ports = thinPorts(outside);
  try {
    const translated = await translate(target, envelope, ports, {});
    if ('ignored' in translated) return;
    await reconcile(target, translated.event, ports, { urgent: translated.urgent });
  } catch (error) {
    // Too often too late: the queue would bring it again, and so do the ticks that follow.
    if (!(error instanceof TransientError)) throw error;
  }
}

function tagOf(engine: Engine, digest: string | undefined): string | undefined {
  const tags = Object.entries(engine.world.ecr.repositories['shop/web']?.tags ?? {});
  return tags.find(([, one]) => one === digest)?.[0];
}
