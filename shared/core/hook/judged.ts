/**
 * Whether the judge lets a shift go on: it has called the share that the release has harmless. It is not
 * asked here; what it said last stands in the record, put there by the looks. What it condemns, a look
 * sends back.
 */
import type { Moment } from '../model/image.ts';
import { type Baking, type Forward, ownRelease } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { MINUTE } from '../model/rules.ts';
import { goesOnInconclusive, HELD_MS, heldShareOf, letsThrough } from '../release/judge/steps.ts';
import { isHeldByJudge, isWhole, leastOf, placeOf } from '../traffic/steps.ts';
import type { HookAsk } from './ask.ts';

/** What it said longer ago than this is not about now: looks come each minute. */
const FRESH_MS = 3 * MINUTE;

/** What it says next is known with the next minute that can be read. */
const SOON_SECONDS = 15;
/** Nothing that it says ends this wait. */
const LEAST_SECONDS = 30;

/** Why the share stays as it is for now; undefined: the judge has nothing against the next step. */
export function judgeHolds(
  record: TargetRecord,
  { stage, share = 0, since, wentOnAt = since }: HookAsk,
  now: Moment,
): { readonly because: string; readonly seconds: number } | undefined {
  const own = ownRelease(record.phase);
  const release = own?.release;
  if (release?.rules.strategy === undefined || release.rules.judge !== 'act') return undefined;
  if (stage !== 'PRE_PRODUCTION_TRAFFIC_SHIFT' || share === 0) return undefined;
  const { strategy } = release.rules;
  const least = leastOf(strategy, share);
  const until = wentOnAt + least;
  if (now < until) {
    const seconds = Math.min(LEAST_SECONDS, Math.ceil((until - now) / 1_000));
    return { because: `this share is judged for ${inWords(least)} at least`, seconds };
  }
  const { judged } = release.evidence;
  const isFresh = judged !== undefined && judged.at >= now - FRESH_MS;
  if (isFresh && letsThrough(judged, placeOf(strategy, share), release)) return undefined;
  const why = isFresh ? said(judged) : 'the judge has not looked at it yet';
  const isOver = now >= Math.max(since, until) + HELD_MS;
  if (!isOver) return { because: why, seconds: SOON_SECONDS };
  // Somebody gave it everything by hand: no share is left that could be held.
  if (own !== undefined && hasAll(own)) return undefined;
  if (!goesOnInconclusive(release.rules, judged)) {
    return {
      because: `${why}; that is inconclusive, and it stays until that changes`,
      seconds: LEAST_SECONDS,
    };
  }
  return isToBeTold(own)
    ? { because: `${why}; that is inconclusive, and the next look tells it`, seconds: SOON_SECONDS }
    : undefined;
}

function hasAll({ attempt }: Forward | Baking): boolean {
  return isWhole(attempt.course?.steps.at(-1)?.share ?? 0);
}

/**
 * A look would find the share grown, and nothing left to tell; of a share that it has not seen, or that was the
 * whole when it looked, it tells nothing, and is not waited for.
 */
function isToBeTold(own: Forward | Baking | undefined): boolean {
  const isTold = own?.release.evidence.inconclusive !== undefined;
  return own !== undefined && !isTold && heldShareOf(own) !== undefined;
}

/** Then the alarms are not waited for at each step: the judge has seen the same minutes. */
export function isStepOfJudge({ phase }: TargetRecord, { stage, share = 0 }: HookAsk): boolean {
  const rules = ownRelease(phase)?.release.rules;
  if (rules?.strategy === undefined || rules.judge !== 'act') return false;
  return (
    stage === 'PRE_PRODUCTION_TRAFFIC_SHIFT' &&
    isHeldByJudge(rules.strategy) &&
    placeOf(rules.strategy, share) === 'middle'
  );
}

function inWords(ms: number): string {
  return ms < MINUTE ? `${ms / 1_000} s` : `${ms / MINUTE} minutes`;
}

function said({ state, because }: { readonly state: string; readonly because: string }): string {
  return `the judge says ${state}: ${because}`;
}
