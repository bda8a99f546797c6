/**
 * How a shift goes, as the load balancer tells it: which share the new revision has, since when, and whether
 * a step of ECS's explains it. What ECS requested only excuses, and never condemns: it was seen to be a
 * snapshot of what was meant.
 */
import {
  describeWeights,
  groupName,
  type ObservedRules,
  percentOf,
  type Route,
  type ShareStep,
  type ShiftCourse,
  shareOf,
} from '../model/balancer.ts';
import type { Moment } from '../model/image.ts';
import type { FoundService, ObservedRollout, ObservedShift } from '../model/observation.ts';
import { ASKED_STAGES, MINUTE, type Strategy } from '../model/rules.ts';
import { leastOf } from './steps.ts';

/** Shares are not exact: 0.1 % of 100 is none. */
const NEAR = 0.006;

/** What one look heard of a shift that is on its way. */
export interface Heard {
  readonly at: Moment;
  readonly rollout: Pick<ObservedRollout, 'status'>;
  /** What ECS tells of it; absent: it was not asked, as before the rollout is found. */
  readonly shift: Partial<ObservedShift> | undefined;
  readonly rules: ObservedRules | undefined;
  readonly strategy: Strategy;
}

/** Where the traffic is before a shift, and where ECS will bring it; only of what is whole. */
export function routesOf(
  service: Pick<FoundService, 'traffic'>,
  observed: ObservedRules | undefined,
): readonly Route[] {
  return (service.traffic?.pairs ?? []).flatMap(({ rule, groups, testRule }) => {
    const seen = observed?.[rule];
    if (seen?.state !== 'known') return [];
    const [live, second] = seen.weights.filter(({ weight }) => weight > 0);
    if (live === undefined || second !== undefined) return [];
    const [one, other] = groups;
    const to = live.group === one ? other : one;
    return [{ rule, from: live.group, to, ...(testRule !== undefined && { isTested: true }) }];
  });
}

/** By rule, the group that must have everything when the shift has ended: `to`, or `from` if it went back. */
export function endsAt(
  course: ShiftCourse | undefined,
  end: 'from' | 'to',
): Readonly<Record<string, string>> {
  return Object.fromEntries((course?.routes ?? []).map((route) => [route.rule, route[end]]));
}

/** How much of the traffic it had then, where the load balancer was heard. */
export function shareAt({ steps }: ShiftCourse, moment: Moment): ShareStep['share'] {
  return steps.findLast(({ seenAt }) => seenAt <= moment)?.share ?? 0;
}

/**
 * Until then no request can have come to the new revision; 0: that is not known of any moment. With
 * two load balancers only the first one is heard.
 */
function untouchedUntil({ routes, steps, heardAt = 0 }: ShiftCourse): Moment {
  const [route, second] = routes;
  if (route === undefined || second !== undefined || route.isTested) return 0;
  const [first] = steps;
  if (first === undefined) return heardAt;
  // What was there when it was heard for the first time may have been there for long.
  return first.after < first.seenAt ? first.after : 0;
}

/** Is it known that nothing of it ran into the new revision, up to this moment? */
export function metNobody(course: ShiftCourse | undefined, until: Moment): boolean {
  return course !== undefined && until <= untouchedUntil(course);
}

/**
 * `at 5 % of the traffic`; undefined: no traffic is shifted, or nobody heard how. `lasts`: so long is the moment,
 * as a minute of an alarm's data is, in whose middle the release may have got its first share. What it got since
 * the load balancer was heard last is not known.
 */
export function shareInWords(
  course: ShiftCourse | undefined,
  moment: Moment,
  lasts = 0,
): string | undefined {
  if (course?.heardAt === undefined) return undefined;
  const share = shareWithin(course, moment, lasts);
  if (share === 0) return moment + lasts <= course.heardAt ? 'before it had traffic' : undefined;
  return moment <= course.heardAt ? `at ${percentOf(share)} of the traffic` : undefined;
}

function shareWithin(course: ShiftCourse, moment: Moment, lasts: number): number {
  const share = shareAt(course, moment);
  if (share !== 0 || lasts === 0) return share;
  return course.steps.find(({ after }) => after < moment + lasts)?.share ?? 0;
}

/** With what this look heard. What no step explains is not taken for one. */
export function noteShare(course: ShiftCourse, heard: Heard): ShiftCourse {
  const staged = noteStage(course, heard);
  const share = shareSeen(course, heard.rules);
  if (share === undefined) return staged;
  if (whyOffCourse(course, heard) !== undefined) {
    return staged.amissSince === undefined ? { ...staged, amissSince: heard.at } : staged;
  }
  const { amissSince: _, ...onCourse } = staged;
  const last = course.steps.at(-1);
  const grew = share > NEAR && (last === undefined || share > last.share + NEAR);
  const step: ShareStep = { share, after: course.heardAt ?? heard.at, seenAt: heard.at };
  return {
    ...onCourse,
    heardAt: heard.at,
    steps: grew ? [...course.steps, step] : course.steps,
  };
}

/** ECS's own list of stages lacks the one before a step, so what it calls that is not known: our hook's wait tells it. */
function stageHeard({ shift }: Heard): string | undefined {
  const stage = shift?.stage;
  return shift?.hookWaits && !isAsked(stage) ? 'PRE_PRODUCTION_TRAFFIC_SHIFT' : stage;
}

function isAsked(stage = ''): boolean {
  return ASKED_STAGES.includes(stage);
}

function noteStage(course: ShiftCourse, heard: Heard): ShiftCourse {
  const { at } = heard;
  const stage = stageHeard(heard);
  if (stage === undefined || stage === course.stage) return course;
  return { ...course, askedMs: askedMs(course, at), stage, stageSince: at };
}

/** For so long ECS has waited for the answers of hooks: a hold, a person's word, alarms that have not judged yet. */
export function askedMs({ stage, stageSince = 0, askedMs: before = 0 }: ShiftCourse, at: Moment) {
  return before + (isAsked(stage) ? at - stageSince : 0);
}

/** Since when ECS waits for the answer of hooks at this stage; undefined: it does not. */
export function asksSince({ stage, stageSince }: ShiftCourse): Moment | undefined {
  return isAsked(stage) ? stageSince : undefined;
}

/** Of the new revision, by the first load balancer that was heard. */
function shareSeen({ routes }: ShiftCourse, rules: ObservedRules | undefined): number | undefined {
  for (const { rule, to } of routes) {
    const seen = rules?.[rule];
    if (seen?.state === 'known') return shareOf(seen.weights, to);
  }
  return undefined;
}

/** What the load balancer does that ECS does not do, with what both say; undefined: nothing that is known. */
export function whyOffCourse(course: ShiftCourse, heard: Heard): string | undefined {
  const { status } = heard.rollout;
  const { stage = status } = heard.shift ?? {};
  if (status !== 'PENDING' && status !== 'IN_PROGRESS') return undefined;
  for (const route of course.routes) {
    const seen = heard.rules?.[route.rule];
    if (seen?.state !== 'known') continue;
    const { weights } = seen;
    const foreign = weights.find(
      ({ group, weight }) => weight > 0 && group !== route.from && group !== route.to,
    );
    const why =
      foreign === undefined
        ? unexplained(course, shareOf(weights, route.to), groupName(route.to), heard)
        : `${groupName(foreign.group)} is none of the two groups of the service`;
    if (why !== undefined) {
      return `ECS is at ${stage}, and the load balancer gives ${describeWeights(weights)}: ${why}, so somebody else has changed the rule`;
    }
  }
  return undefined;
}

function unexplained(
  { steps, routes, heardAt }: ShiftCourse,
  share: number,
  group: string,
  { at, shift, strategy }: Heard,
): string | undefined {
  if (shift?.share !== undefined && isNear(shift.share, share)) return undefined;
  if (!isStep(strategy, share)) return `no step of ECS's goes there`;
  const by = shift?.stage && MOVED_BY[shift.stage];
  if (by === 'nothing' && !isNear(share, 0)) return 'at this stage it has moved nothing yet';
  if (by === 'all' && !isNear(share, 1)) return 'at this stage it has moved everything';
  // The steps are those of the first load balancer.
  if (routes.length !== 1) return undefined;
  const { share: had, after } = steps.at(-1) ?? { share: 0, after: heardAt };
  if (after === undefined || isNear(had, share)) return undefined;
  if (share < had) return `${group} had more before, and ECS takes nothing back`;
  const ms = leastMs(strategy, had, share);
  return at < after + ms
    ? `${group} went from ${percentOf(had)} to ${percentOf(share)} in less than the ${ms / MINUTE} minutes that ECS's steps take`
    : undefined;
}

/** What our hook had ECS wait for it may have waited for already while it had the share before. */
const GOES_ON_EARLY_MS = MINUTE;

/** From one share to another ECS takes one step after the other, and bakes each, or our hook has it judged. */
function leastMs(strategy: Strategy, from: number, to: number): number {
  if (strategy.kind === 'canary') return from < 1 - NEAR && to > 1 - NEAR ? bakeMs(strategy) : 0;
  if (strategy.kind === 'blueGreen') return 0;
  const step = strategy.stepPercent / 100;
  const baked: number[] = [];
  for (let share = Math.max(from, step); share < to - NEAR; share += step) baked.push(share);
  const judged = baked.reduce((sum, share) => sum + leastOf(strategy, share), 0);
  return Math.max(baked.length * bakeMs(strategy), judged - GOES_ON_EARLY_MS);
}

function isNear(one: number, other: number): boolean {
  return Math.abs(one - other) < NEAR;
}

/** Before the first step, and after the last; at the steps themselves the strategy says. */
const MOVED_BY: Readonly<Record<string, 'nothing' | 'all' | undefined>> = {
  RECONCILE_SERVICE: 'nothing',
  PRE_SCALE_UP: 'nothing',
  SCALE_UP: 'nothing',
  POST_SCALE_UP: 'nothing',
  TEST_TRAFFIC_SHIFT: 'nothing',
  POST_TEST_TRAFFIC_SHIFT: 'nothing',
  POST_PRODUCTION_TRAFFIC_SHIFT: 'all',
  BAKE_TIME: 'all',
};

/** `stepPercent` 30: 0, 0.3, 0.6, 0.9, 1. */
function isStep(strategy: Strategy, share: number): boolean {
  if (isNear(share, 0) || isNear(share, 1)) return true;
  switch (strategy.kind) {
    case 'blueGreen':
      return false;
    case 'canary':
      return isNear(share, strategy.percent / 100);
    case 'linear': {
      const step = strategy.stepPercent / 100;
      return isNear(share, Math.round(share / step) * step);
    }
  }
}

function bakeMs(strategy: Exclude<Strategy, { readonly kind: 'blueGreen' }>): number {
  const { kind } = strategy;
  return (kind === 'canary' ? strategy.canaryBakeMinutes : strategy.stepBakeMinutes) * MINUTE;
}
