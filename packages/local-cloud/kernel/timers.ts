/**
 * The clockwork of the local AWS: makes an empty world and moves its time. Timers are taken in
 * order, each with `world.now` set to its moment; nothing else makes time pass.
 */
import { cloudwatchTimers, emptyCloudWatch } from '../cloudwatch/operations.ts';
import { codebuildTimers } from '../codebuild/phases.ts';
import { emptyCodeBuild } from '../codebuild/state.ts';
import { cosignTimers } from '../ecr/cosign.ts';
import { scanTimers } from '../ecr/scans.ts';
import { emptyEcr } from '../ecr/state.ts';
import { emptyEcs } from '../ecs/state.ts';
import { ecsTimers } from '../ecs/timers.ts';
import { emptyEventBridge, eventbridgeTimers } from '../eventbridge/state.ts';
import { emptyGithub } from '../github/state.ts';
import { githubTimers } from '../github/webhooks/deliveries.ts';
import { emptySecrets } from '../secrets/operations.ts';
import { emptySqs, sqsTimers } from '../sqs/state.ts';
import { emptySsm } from '../ssm/operations.ts';
import { emptyTraffic, trafficTimers } from '../traffic/state.ts';
import type { World } from './world.ts';

export interface WorldOptions {
  /** Where virtual time begins, ms since 1970. */
  readonly now: number;
  readonly seed: number;
  readonly account: string;
  readonly region: string;
  readonly readLagMs?: number;
}

export function emptyWorld({ now, seed, account, region, readLagMs = 0 }: WorldOptions): World {
  return {
    now,
    account,
    region,
    chance: seed | 0,
    sequence: 0,
    timers: [],
    readLagMs,
    ecs: emptyEcs(),
    ecr: emptyEcr(),
    cloudwatch: emptyCloudWatch(),
    traffic: emptyTraffic(),
    eventbridge: emptyEventBridge(),
    sqs: emptySqs(),
    ssm: emptySsm(),
    github: emptyGithub(seed),
    codebuild: emptyCodeBuild(),
    secrets: emptySecrets(),
  };
}

/** What a timer does when its moment has come. */
export type TimerHandler = (world: World, data: Record<string, unknown>) => void;

const HANDLERS: Readonly<Record<string, TimerHandler>> = {
  ...ecsTimers,
  ...scanTimers,
  ...cosignTimers,
  ...cloudwatchTimers,
  ...trafficTimers,
  ...eventbridgeTimers,
  ...sqsTimers,
  ...githubTimers,
  ...codebuildTimers,
};

/** Lets everything happen that is due up to and including `until`; then it is `until`. */
export function advance(world: World, until: number): void {
  if (until < world.now) {
    throw new Error(`time cannot run back: it is ${world.now}, asked for ${until}`);
  }
  for (;;) {
    const timer = world.timers[0];
    if (timer === undefined || timer.at > until) break;
    world.timers.shift();
    world.now = timer.at;
    const handle = HANDLERS[timer.kind];
    if (handle === undefined) throw new Error(`no handler for timers of kind "${timer.kind}"`);
    handle(world, timer.data);
  }
  world.now = until;
}

/** When the next timer is due; undefined if nothing will happen by itself. */
export function nextTimerAt(world: World): number | undefined {
  return world.timers[0]?.at;
}
