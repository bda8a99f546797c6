/** One release by one way, with Slipway and with ECS alone: what it cost, and how fast the old version was back. */
import type { Behaviour } from '@slipway/local-cloud/ecr/behaviour.ts';
import { weightsAt } from '@slipway/local-cloud/elbv2/forward.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { badRequestsBetween } from '@slipway/local-cloud/traffic/state.ts';
import { EcsAlone } from '../../local/stories/ecs-alone.ts';
import { playOn, playScenario, scenarioOf } from '../../local/stories/scenario.ts';
import { pipelineOf } from '../../local/stories/scenario-pipeline.ts';
import { BEGIN } from '../../local/stories/setup/scenario-world.ts';
import example from '../../pipeline.config.ts';
import { ALONE, REQUESTS_PER_SECOND, TASKS, WAYS, type Way } from './cases.ts';

/** From the push on: as long as the slowest way takes, and half an hour more. */
const MINUTES = 135;
const PUSH_AT_MINUTE = 5;
const SEED = 1;
/** When in its minute the push comes: alarms count whole minutes, so one moment alone would be luck. */
export const MOMENTS: readonly number[] = [20, 0, 40];

export interface Cost {
  readonly bad: number;
  /** Of all traffic, the share that the release has at the end. */
  readonly share: number;
  /** From the alarm to the last bad request, each time that an alarm rose. */
  readonly secondsBack: readonly number[];
}

export interface Pair {
  readonly withSlipway: Cost;
  readonly ecsAlone: Cost;
}

/** With each of these moments of the push. */
export async function playRelease(
  way: Way,
  behaviour: Behaviour,
  moments: readonly number[],
): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  for (const seconds of moments) pairs.push(await playOnce(way, behaviour, seconds));
  return pairs;
}

export function meanOf(pairs: readonly Pair[]): Pair {
  return {
    withSlipway: mean(pairs.map(({ withSlipway }) => withSlipway)),
    ecsAlone: mean(pairs.map(({ ecsAlone }) => ecsAlone)),
  };
}

function mean(costs: readonly Cost[]): Cost {
  const of = (pick: (cost: Cost) => number) =>
    costs.reduce((sum, cost) => sum + pick(cost), 0) / costs.length;
  return {
    bad: of(({ bad }) => bad),
    share: of(({ share }) => share),
    secondsBack: costs.flatMap(({ secondsBack }) => secondsBack),
  };
}

async function playOnce(way: Way, behaviour: Behaviour, seconds: number): Promise<Pair> {
  const story = (strategy: object) =>
    scenarioOf(JSON.stringify(storyOf(strategy, behaviour, seconds)), example);
  const { cloud } = await playScenario(story(WAYS[way]), example, { seed: SEED });
  const without = story(ALONE[way] ?? WAYS[way]);
  // The better of its two settings: it watches until its alarms have judged the whole bake.
  const alone = new EcsAlone(pipelineOf(without, example), without, SEED, {
    bakes: 'until judged',
  });
  await playOn(alone, without);
  return { withSlipway: costIn(cloud.world), ecsAlone: costIn(alone.world) };
}

/** An alarm at 1 % of the answers of either target group, in two of three minutes. */
function storyOf(strategy: object, behaviour: Behaviour, seconds: number): object {
  const web = {
    desiredCount: TASKS,
    requestsPerSecond: REQUESTS_PER_SECOND,
    loadBalancer: {},
    alarms: { 'web-5xx': { errorPercent: 1 } },
    // The judge acts where its steps ask for it, and nowhere else: the other columns are the alarm's.
    config: { strategy, judge: 'heldByJudge' in strategy ? 'act' : 'off' },
  };
  const push = { repository: 'shop/web', tag: 'main-new0001', behaviour };
  return {
    targets: { web },
    steps: [{ at: `${PUSH_AT_MINUTE}m${seconds}s`, push }],
    until: `${PUSH_AT_MINUTE + MINUTES}m`,
  };
}

function costIn(world: World): Cost {
  const service = { cluster: 'production', service: 'web' };
  const rose = roseAt(world);
  const lastBad = world.traffic.sources[0]?.badSteps.findLast(({ at }) => at > BEGIN)?.at;
  const isBack = rose !== undefined && lastBad !== undefined && lastBad < world.now - 60_000;
  return {
    bad: badRequestsBetween(world, service, BEGIN, world.now),
    share: shareOfNewest(world),
    secondsBack: isBack ? [Math.max(0, Math.round((lastBad - rose) / 1_000))] : [],
  };
}

function roseAt(world: World): number | undefined {
  return world.cloudwatch.history.find(
    ({ at, type, data }) =>
      at > BEGIN && type === 'StateUpdate' && /"newState":\{"stateValue":"ALARM"/.test(data),
  )?.at;
}

/** The newest revision's part of the traffic: by the rule; without one, whether it runs. */
function shareOfNewest(world: World): number {
  const service = world.ecs.services['production/web'];
  const image = (id: string | undefined) => world.ecs.revisions[id ?? '']?.containers[0]?.digest;
  const pushed = world.ecr.repositories['shop/web']?.tags['main-new0001'];
  const primary = service?.deployments[0]?.id;
  const rule = world.traffic.sources[0]?.rule ?? '';
  const live = (weightsAt(world, rule) ?? []).filter(({ weight }) => weight > 0);
  return live.length === 1 ? Number(image(primary) === pushed) : 0.5;
}
