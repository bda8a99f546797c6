/**
 * The traffic is whole when a deployment has ended: one revision has all of it. ECS ends an update in the middle of
 * a shift at once, and leaves the traffic split between the two; nothing but a person mends that.
 */
import type { ForwardChange } from '@slipway/local-cloud/elbv2/state.ts';
import type { Target } from '../../../shared/config/config.ts';
import type { Rule } from './finding.ts';
import { changesOf, partOf } from './shares.ts';
import { MINUTE, nameOf, patience, type Reign, type Truth } from './truth.ts';

type Say = (rule: Rule, facts: string) => void;

/** ECS's way to the rule, after it has said how a deployment ended. */
const NEAR_MS = MINUTE;
/** While the tasks of before stop, each look asks once more. */
const TOLD_WITHIN_MS = 12 * MINUTE;
/** A handler that nothing holds up comes to its call within this time. */
const PROMPTLY_MS = 5_000;

/** When the world is at rest: each deployment that ended, and how the rule stood then. */
export function judgeWhole(truth: Truth, target: Target, say: Say): void {
  const service = target.key.slice('ecs/'.length);
  // Nobody answers where no service is.
  if (truth.primary(service) === undefined) return;
  const changes = changesOf(truth, service);
  const reigns = truth.reigns(service).filter(({ by }) => by !== 'ecs');
  for (const reign of reigns) {
    const ended = reign.deployment.finishedAt;
    if (ended === undefined || isReplaced(reigns, reign, ended) || ended > truth.now - NEAR_MS) {
      continue;
    }
    const stands = changes.findLast(({ at }) => at <= ended + NEAR_MS);
    if (stands === undefined || isWhole(stands) || wasEdited(truth, stands)) continue;
    const facts = `${nameOf(reign.taskDefinition)} ended ${reign.deployment.status}, and the rule gives ${weightsOf(stands)}`;
    if (beganOverSplit(truth, reign, stands)) say(WHOLE, facts);
    else if (target.rules.mode === 'act' && !isTold(truth, target, stands, ended)) {
      say(SPLIT_IS_TOLD, facts);
    }
  }
}

const WHOLE = '3. after a way back one revision has all of the traffic';
const SPLIT_IS_TOLD = '8. traffic that stays split is told with the command that mends it';

/** The next one shares the traffic anew. */
function isReplaced(reigns: readonly Reign[], { from }: Reign, ended: number): boolean {
  return reigns.some((one) => one.from > from && one.from <= ended + NEAR_MS);
}

function isWhole(change: ForwardChange): boolean {
  return change.weights.some(({ targetGroup }) => partOf(change, targetGroup) === 1);
}

function wasEdited({ trail }: Truth, { at }: ForwardChange): boolean {
  return trail.acts.some((act) => act.what === 'edit-rule' && act.at === at);
}

/** It was ours, and whoever asked for it could see that the traffic was split. */
function beganOverSplit(truth: Truth, { by, from }: Reign, { at }: ForwardChange): boolean {
  if (by !== 'us' || at > from - (truth.faulty ? patience(truth) : 0)) return false;
  const call = truth.trail.calls.find(
    (one) => one.operation === 'UpdateService' && one.at === from,
  );
  return call !== undefined && (call.beganAt ?? call.at) > call.at - PROMPTLY_MS;
}

/** By its rule, with one group that gets everything. */
function isTold(truth: Truth, { key }: Target, { at, arn }: ForwardChange, ended: number): boolean {
  const until = ended + TOLD_WITHIN_MS + (truth.faulty ? patience(truth) : 0);
  return truth.trail.told.some(({ at: toldAt, announcement: { key: of, next } }) => {
    if (of !== key || toldAt < at || toldAt > until) return false;
    const weights = [...next.matchAll(/Weight=(\d+)/g)].map(([, weight]) => Number(weight));
    return next.includes(arn) && weights.filter((weight) => weight > 0).length === 1;
  });
}

function weightsOf({ weights }: ForwardChange): string {
  return weights.map(({ weight }) => weight).join(' : ');
}
