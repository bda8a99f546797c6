/**
 * One push that concerns many targets, with the token buckets that AWS publishes: when the last rollout
 * was asked for, what was throttled, what each target cost; and how soon two alarms in the middle of it
 * led to the request for their way back, while the bucket of service reads was empty.
 */
import { throttling } from '@slipway/local-cloud/wire/throttling.ts';
import { Cloud } from '../../local/slipway/slipway-cloud.ts';
import { playStep } from '../../local/stories/scenario-steps.ts';
import { BEGIN } from '../../local/stories/setup/scenario-world.ts';
import type { CallMade, Entry } from '../../local/stories/timeline.ts';
import { type Counts, isAskedOfAws } from '../release-calls.ts';
import { asksBack, emptySeconds, perTarget, REGISTER, startsIn } from './flood-timeline.ts';
import { alarmOf, BESIDE, floodPipeline, floodWorld, SHARED } from './flood-world.ts';

const MINUTE = 60_000;
const PUSH_AT = BEGIN + 12 * MINUTE;
/** DescribeServices: a hundred at once. */
const SERVICE_READS = 100;
/** By then all is proven that was started. */
const PROVEN_MS = 25 * MINUTE;
const SLICE_MS = 10_000;

export interface Flood {
  readonly targets: number;
  /** From the push, in seconds. */
  readonly lastStart: number;
  /** What RegisterTaskDefinition's bucket allows, in seconds. */
  readonly allowed: number;
  /** Of AWS, until the last start or, if told, until all are proven. */
  readonly calls: number;
  readonly throttled: number;
  /** A target, by service. */
  readonly perTarget: Counts;
  /** For how long no rollback could have registered a revision, in seconds. */
  readonly emptySeconds: number;
  /** From the alarm of a release that rolls out to the call that asks for its way back, in seconds. */
  readonly wayBackInFlight: number;
  /** The same for one that bakes, and whose way back must be registered anew. */
  readonly wayBackInBake: number;
  readonly proven: number;
}

export interface FloodOptions {
  /** Nobody waits for a turn. */
  readonly withoutBudget?: boolean;
  /** It goes on until all is proven. */
  readonly untilProven?: boolean;
}

export async function flood(targets: number, options: FloodOptions = {}): Promise<Flood> {
  const { withoutBudget = false, untilProven = false } = options;
  const pipeline = floodPipeline(targets);
  const world = floodWorld(pipeline);
  const limit = throttling(() => world.now);
  const hooks = { fault: limit };
  const cloud = await Cloud.start({
    world,
    pipeline,
    seed: 1,
    hooks,
    limits: 'caller',
    withoutBudget,
  });
  await besideBakes(cloud);
  const before = cloud.timeline.length;
  const since = () => cloud.timeline.slice(before);
  const starts = () => startsIn(since());
  await playStep(cloud, { at: 0, push: { repository: SHARED, tag: 'main-1' } });
  const allowed = Math.max(0, (targets - REGISTER.burst) / REGISTER.refill);
  await cloud.runUntil(PUSH_AT + (allowed / 2) * 1_000);

  for (let taken = 0; taken <= SERVICE_READS; taken++)
    limit({ service: 'ecs', operation: 'DescribeServices' });
  const wayBack = await wayBackAfterAlarms(cloud, starts()[0]?.service ?? '', since);
  while (starts().length < targets && world.now < PUSH_AT + 10 * allowed * 1_000) {
    await cloud.runUntil(world.now + SLICE_MS);
  }
  if (untilProven) await cloud.runUntil(world.now + PROVEN_MS);
  const calls = since().filter((entry): entry is CallMade => entry.type === 'call');
  const asked = calls.filter(isAskedOfAws);
  return {
    targets,
    lastStart: ((starts()[targets - 1]?.at ?? Number.NaN) - PUSH_AT) / 1_000,
    allowed,
    calls: asked.length,
    throttled: asked.filter(({ outcome }) => /^Throttl/.test(outcome)).length,
    perTarget: perTarget(calls, targets),
    emptySeconds: emptySeconds(calls, PUSH_AT),
    ...wayBack,
    proven: since().filter(
      (entry) => entry.type === 'announcement' && entry.announcement.kind === 'proven',
    ).length,
  };
}

/** Its release stands in the bake when the push comes, and what it would return to was deregistered. */
async function besideBakes(cloud: Cloud): Promise<void> {
  await cloud.runUntil(PUSH_AT - 8 * MINUTE);
  await playStep(cloud, { at: 0, push: { repository: BESIDE.repository, tag: 'main-1' } });
  await cloud.runUntil(PUSH_AT - MINUTE);
  await playStep(cloud, { at: 0, deregister: { target: BESIDE.id, revisions: [1] } });
  await cloud.runUntil(PUSH_AT);
}

async function wayBackAfterAlarms(
  cloud: Cloud,
  inFlight: string,
  since: () => readonly Entry[],
): Promise<Pick<Flood, 'wayBackInFlight' | 'wayBackInBake'>> {
  const { now } = cloud.world;
  for (const service of [inFlight, BESIDE.id]) {
    await playStep(cloud, { at: 0, setAlarm: { name: alarmOf(service), state: 'ALARM' } });
  }
  await cloud.runUntil(now + 60 * SLICE_MS);
  const after = (service: string) => {
    const asked = since().find((entry) => entry.at >= now && asksBack(entry, service));
    return ((asked?.at ?? Number.NaN) - now) / 1_000;
  };
  return { wayBackInFlight: after(inFlight), wayBackInBake: after(BESIDE.id) };
}
