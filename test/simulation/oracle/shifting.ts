/**
 * Rules about shifts of traffic. The world knows the weights of the rule and who changed them, which alarm rose
 * for which data, and what our hook told ECS.
 */
import type { Target } from '../../../shared/config/config.ts';
import type { Announcement } from '../../../shared/core/model/announcement.ts';
import type { CallMade } from '../engine.ts';
import type { Asked } from '../hook.ts';
import { groupOfPrimary, ruleOf } from '../rule.ts';
import { evidenceAgainst } from './evidence.ts';
import type { Rule } from './finding.ts';
import { isLeftToJudge, judgeGrowth } from './judge/growing.ts';
import {
  changesOf,
  groupOf,
  judgingMs,
  partOf,
  type Step,
  shareAt,
  shifts,
  stepsOf,
} from './shares.ts';
import { firstAgainst, isExcused, isWayBack, PROMPT_MS } from './staying.ts';
import { MINUTE, nameOf, patience, type Reign, type Truth } from './truth.ts';

type Say = (rule: Rule, facts: string) => void;

/** An answer, ECS's way to the rule, and clocks that differ. */
const NEAR_MS = 5_000;
/** Looks come once a minute, and each of them hears the rule. */
const LOOKS_APART_MS = 130_000;
const SHARE_NEAR = 0.006;

/** When the world is at rest: each deployment of ours that shifted traffic, from its first step to its last. */
export function judgeShifts(truth: Truth, target: Target, say: Say): void {
  const reigns = truth.reigns(target.key.slice('ecs/'.length));
  for (const reign of reigns) {
    if (reign.by !== 'us' || !shifts(reign) || isWayBack(truth, reigns, reign)) continue;
    judgeTrafficOfBad(truth, target, reign, say);
    judgeEdits(truth, target, reign, say);
    let grewAt: number | undefined;
    for (const step of stepsOf(truth, reign, endOf(reign))) {
      if (step.byEcs && step.share > step.before + SHARE_NEAR) {
        judgeStep(truth, target, { reign, step, grewAt }, say);
      }
      grewAt = step.byEcs ? step.at : undefined;
    }
  }
}

/** In its own direction: then ECS takes back, or somebody else's deployment begins. */
function endOf({ to, deployment: { rollback, finishedAt } }: Reign): number {
  return Math.min(rollback?.startedAt ?? Infinity, finishedAt ?? Infinity, to);
}

interface Grown {
  readonly reign: Reign;
  readonly step: Step;
  readonly grewAt: number | undefined;
}

function judgeStep(truth: Truth, target: Target, { reign, step, grewAt }: Grown, say: Say): void {
  const when = `${nameOf(reign.taskDefinition)} from ${step.before} to ${step.share} at ${clock(step.at)}`;
  judgeHeld(truth, target, step, `${when}`, say);
  if (isUnowned(truth, target, reign, step.at)) return;
  const wasRedBefore = target.rules.alarms.some((name) => wasRed(truth, name, reign.from));
  if (grewAt !== undefined) {
    const { at, before } = step;
    judgeGrowth(truth, target, { reign, at, before, grewAt, when, wasRedBefore }, say);
  }
  const least = isLeftToJudge(target, step.before) ? 0 : judgingMs(truth, target) - NEAR_MS;
  if (step.before > SHARE_NEAR && grewAt !== undefined && step.at < grewAt + least) {
    const seconds = Math.round((step.at - grewAt) / 1_000);
    say(JUDGED_FIRST, `${when}, ${seconds} s after the step before`);
  }
  const since = step.at - patience(truth);
  const red = truth
    .risesAgainst(reign, target, since)
    .filter((rise) => !truth.mayTellOfBoth(target, rise, step.at))
    .find(({ alarm, at }) => truth.staysRed(alarm, at, step.at - at));
  if (red !== undefined)
    say(JUDGED_FIRST, `${when}, and ${red.alarm} is red since ${clock(red.at)}`);
}

/** At that moment, or shortly before. */
function wasRed(truth: Truth, name: string, at: number): boolean {
  const changes = truth.world.cloudwatch.history.filter(
    ({ alarmName, summary }) => alarmName === name && /updated/.test(summary),
  );
  const before = changes.findLast((one) => one.at <= at);
  const near = changes.some((one) => Math.abs(one.at - at) < 2 * MINUTE);
  return near || (before !== undefined && /to ALARM$/.test(before.summary));
}

const JUDGED_FIRST = '3. a share grows only when its alarms have judged the one before';

/** Without the config, or by a config with other alarms, it is nobody's, or judged by others. */
function isUnowned(truth: Truth, target: Target, reign: Reign, at: number): boolean {
  const changed = truth.trail.acts.some(
    (act) =>
      act.target === target.id &&
      ['retire', 'reconfigure', 'delete', 'create'].includes(act.what) &&
      act.at <= at &&
      act.at > reign.from - 60 * MINUTE,
  );
  return changed || target.rules.mode === 'watch';
}

function judgeHeld(truth: Truth, { id }: Target, { at }: Step, when: string, say: Say): void {
  const since = at - patience(truth);
  const last = (what: readonly string[], target: string) =>
    truth.trail.acts.findLast(
      (act) => act.target === target && what.includes(act.what) && act.at <= at,
    );
  const hold = last(['hold', 'resume'], id);
  const stop = last(['stop-all', 'resume-all'], '');
  const word = [hold, stop].find(
    (one) => (one?.what === 'hold' || one?.what === 'stop-all') && one.at < since,
  );
  if (word !== undefined) {
    say('10. while a person holds it, no share grows', `${when}, held since ${clock(word.at)}`);
  }
}

/** Looked at once a minute, and once more half a minute later. */
const TOLD_WITHIN_MS = 5 * MINUTE;
/** Of all strategies that a world has: what ECS itself may have brought about. */
const EDIT_NEAR = 0.02;

/** Who shares the traffic otherwise than ECS, while it moves it, is told of. */
function judgeEdits(truth: Truth, target: Target, reign: Reign, say: Say): void {
  if (truth.faulty || target.rules.mode === 'watch') return;
  const end = endOf(reign);
  const steps = stepsOf(truth, reign, end);
  const byEcs = [0, 1, ...steps.filter((step) => step.byEcs).map(({ share }) => share)];
  for (const [i, { at, share, byEcs: isOurs }] of steps.entries()) {
    const until = at + TOLD_WITHIN_MS;
    if (isOurs || byEcs.some((one) => Math.abs(one - share) < EDIT_NEAR)) continue;
    if (Math.min(steps[i + 1]?.at ?? Infinity, end, truth.now) < at + LOOKS_APART_MS) continue;
    const isTold = truth.trail.told.some(
      ({ at: toldAt, announcement: { key, kind } }) =>
        key === target.key && kind === 'needs-attention' && toldAt >= at && toldAt <= until,
    );
    if (!isTold) {
      say('8. a rule that somebody changes in a shift is told', `${share} since ${clock(at)}`);
    }
  }
}

/** The revision may be gone from ECS's words, and still serve. */
function judgeTrafficOfBad(truth: Truth, target: Target, reign: Reign, say: Say): void {
  const against = firstAgainst(truth, target, reign);
  if (against === undefined) return;
  const deadline =
    Math.max(against.at, truth.quietFrom) + target.rules.rollbackMinutes * MINUTE + PROMPT_MS;
  if (truth.now <= deadline || isExcused(truth, target, reign, against.at, deadline)) return;
  if (truth.trail.acts.some(({ what, at }) => what === 'edit-rule' && at > against.at)) return;
  const group = groupOf(truth.world, reign);
  // The next one that comes takes the group over.
  const isTaken = truth
    .reigns(reign.deployment.service)
    .some(
      (one) => one.from > reign.from && one.from <= deadline && groupOf(truth.world, one) === group,
    );
  const share = shareAt(truth, reign, deadline);
  if (isTaken || share === 0) return;
  say(
    '3. a bad release keeps no traffic',
    `${nameOf(reign.taskDefinition)} has ${share} of it at ${clock(deadline)}, ${against.says} at ${clock(against.at)}`,
  );
}

/** What puts a proven release back names no hook of ours, so that nothing of ours can hold it. */
export function judgeWayBack(call: CallMade, target: Target, say: Say): void {
  const { taskDefinition, deploymentConfiguration } = call.input as {
    readonly taskDefinition: string;
    readonly deploymentConfiguration?: {
      readonly lifecycleHooks?: readonly { readonly hookTargetArn?: string }[];
    };
  };
  const ours = deploymentConfiguration?.lifecycleHooks?.some(
    ({ hookTargetArn }) => hookTargetArn === target.rules.hook?.function,
  );
  if (ours === true) say(WAITS_FOR_NONE, `${nameOf(taskDefinition)} is to ask our hook`);
}

const WAITS_FOR_NONE = '3. a way back waits for no hook';

/** At the moment in which our hook has answered. */
export function judgeAnswer({ deployment: arn, stage, answer }: Asked, truth: Truth, say: Say) {
  const { ecs } = truth.world;
  const deployment = ecs.serviceDeployments[arn.slice(arn.lastIndexOf('/') + 1)];
  const target = deployment && truth.target(`ecs/${deployment.service}`);
  if (deployment === undefined || target === undefined) return;
  const because = answer.hookDetails?.slipway.because ?? '';
  if (deployment.shift?.direction === 'back' && answer.hookStatus !== 'SUCCEEDED') {
    const isOver = deployment.status !== 'ROLLBACK_IN_PROGRESS';
    if (!isOver && stage === deployment.shift.stage) say(WAITS_FOR_NONE, `${stage}: ${because}`);
  }
  // What is asked late, of a deployment that turned back long ago, nobody hears.
  const isHeard = deployment.status === 'IN_PROGRESS';
  if (answer.hookStatus === 'SUCCEEDED' && isHeard && stage === deployment.shift?.stage) {
    judgeWordBefore(truth, target, { stage, deployment }, say);
  }
  if (answer.hookStatus !== 'FAILED' || !isHeard) return;
  const taskDefinition = ecs.revisions[deployment.target]?.taskDefinition ?? '';
  const digests = Object.values(truth.digestsOf(taskDefinition));
  const speaks = digests.some((digest) => evidenceAgainst(truth, target, digest).length > 0);
  // The traffic is not where ECS brought it: whoever edits the rule has it sent back.
  const isEdited = truth.trail.acts.some(
    ({ what, at }) => what === 'edit-rule' && at >= deployment.createdAt,
  );
  if (!speaks && !isEdited) {
    say('5. our hook refuses only what something speaks against', `${stage}: ${because}`);
  }
}

/** The config wanted it when the deployment began, and still does: ECS is told to go on only once it was given. */
function judgeWordBefore(
  truth: Truth,
  target: Target,
  { stage, deployment }: Pick<Asked, 'stage'> & { readonly deployment: Reign['deployment'] },
  say: Say,
): void {
  const { approvals, strategy } = target.rules;
  const wanted = approvals?.release;
  const reign = truth
    .reigns(deployment.service)
    .find((one) => one.deployment.id === deployment.id && one.by === 'us');
  if (wanted === undefined || strategy === undefined || reign === undefined) return;
  if (stage !== 'PRE_PRODUCTION_TRAFFIC_SHIFT' || deployment.shift?.direction === 'back') return;
  if (wanted.before === 'start' || !isItsStep(wanted, strategy, deployment)) return;
  const isOther = truth.trail.acts.some(
    ({ target: id, what, at }) =>
      id === target.id && what === 'reconfigure' && at > reign.from - 2 * NEAR_MS,
  );
  if (isOther) return;
  const isSilent =
    wanted.otherwise === 'proceed' && truth.now >= reign.from + wanted.minutes * MINUTE;
  const isSaid = truth.trail.acts.some(
    (act) => act.target === target.id && act.what === 'approve' && act.at >= reign.from,
  );
  if (isSilent || isSaid) return;
  const share = `${deployment.shift?.production ?? 0} %`;
  say(
    '10. no share grows without the word that the config wants',
    `${nameOf(reign.taskDefinition)} goes on at ${share}, and nobody has said yes to it`,
  );
}

function isItsStep(
  { before }: NonNullable<NonNullable<Target['rules']['approvals']>['release']>,
  strategy: NonNullable<Target['rules']['strategy']>,
  { shift }: Reign['deployment'],
): boolean {
  const percent = shift?.production ?? 0;
  if (before === 'traffic' || strategy.kind === 'blueGreen') return true;
  return strategy.kind === 'canary' ? percent > 0 : percent + strategy.stepPercent >= 100;
}

/** `at 5 % of the traffic: …`, and where the traffic is when something is said to be proven, or back. */
export function judgeTraffic(one: Announcement, truth: Truth, say: Say): void {
  const service = one.key.slice('ecs/'.length);
  const changes = changesOf(truth, service);
  const last = changes.at(-1);
  if (last === undefined || truth.target(one.key)?.rules.strategy === undefined) return;
  judgeShareSaid(one, truth, say);
  const isEnd = one.kind === 'proven' || one.kind === 'rolled-back';
  const isFresh = truth.now < last.at + LOOKS_APART_MS + (truth.faulty ? patience(truth) : 0);
  const unheard = /what the load balancer does is not known/.test(one.because);
  if (!isEnd || isFresh || unheard) return;
  const group = one.kind === 'proven' ? groupProven(one, truth, service) : groupBack(one, truth);
  const share = group === undefined ? 1 : partOf(last, group);
  if (share === 1) return;
  say(SAID_TRULY, `${one.kind}, and the group of what runs has ${share} of the traffic`);
}

/**
 * The next release may have begun in the moment before this was told: its own group is another one. Somebody may
 * have forced a new deployment of this one, which has the other group, too.
 */
function groupProven(one: Announcement, truth: Truth, service: string): string | undefined {
  const reign = truth
    .reigns(service)
    .findLast(({ taskDefinition, by }) => taskDefinition === one.revision && by !== 'ecs');
  return reign && groupOf(truth.world, reign);
}

function groupBack({ runs, key }: Announcement, { world }: Truth): string | undefined {
  const primary = world.ecs.services[key.slice('ecs/'.length)]?.taskDefinition;
  return primary === runs?.revision ? groupOfPrimary(world) : undefined;
}

const SAID_TRULY = '8. what is said of the traffic is true';

function judgeShareSaid(one: Announcement, truth: Truth, say: Say): void {
  const [, percent] = /^(?:at ([\d.]+) %|before it had traffic)/.exec(one.because) ?? [];
  const isNone = one.because.startsWith('before it had traffic');
  if (percent === undefined && !isNone) return;
  const reign = truth
    .reigns(one.key.slice('ecs/'.length))
    .findLast(({ taskDefinition, by }) => taskDefinition === one.revision && by === 'us');
  const target = truth.target(one.key);
  if (reign === undefined || target === undefined || !shifts(reign)) return;
  const said = isNone ? 0 : Number(percent) / 100;
  // When the judge said it no sentence tells: it is announced when the way back is over.
  const late = /the judge finds/.test(one.because) ? target.rules.rollbackMinutes * MINUTE : 0;
  const spoken =
    (roseIn(one.because, truth) ?? one.at - patience(truth) - late - waitedMs(truth)) -
    LOOKS_APART_MS;
  // While the bus is down it is owed, and what is told an hour later was so then.
  // What its group had before is another release's.
  const since = Math.max(spoken, reign.from);
  const then = stepsOf(truth, reign, truth.now).filter(({ at }) => at >= since);
  const had = [shareAt(truth, reign, since), ...then.map(({ share }) => share)];
  if (had.some((share) => Math.abs(share - said) < SHARE_NEAR)) return;
  say(SAID_TRULY, `${one.because.slice(0, 40)}: it had ${[...new Set(had)].join(', ')}`);
}

/** Of a Network Load Balancer ECS waits ten minutes after each of two shifts back, and says then that it has ended. */
function waitedMs({ world }: Truth): number {
  return ruleOf(world)?.includes(':listener/') ? 25 * MINUTE : 0;
}

/** When the alarm rose that the sentence names. */
function roseIn(because: string, truth: Truth): number | undefined {
  const [, alarm, time] = /alarm ([\w-]+) rose at (\d\d:\d\d:\d\d) UTC/.exec(because) ?? [];
  return truth.rises().find((rise) => rise.alarm === alarm && clock(rise.at) === time)?.dataFrom;
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}
