/**
 * Whether the judge lets a shift go on: it has called the share that the release has harmless. It is not
 * asked here; what it said last stands in the record, put there by the looks. What it condemns, a look
 * sends back.
 */
import type { Moment } from '../model/image.ts';
import { ownRelease } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { MINUTE, type Strategy } from '../model/rules.ts';
import { isBeforeLastStep } from '../release/shift.ts';
import type { HookAsk } from './answer.ts';

/** So long a step is held for what it cannot say; then the shift goes on by one step, and is judged again. */
const HELD_MS = 20 * MINUTE;
/** What it said longer ago than this is not about now: looks come each minute. */
const FRESH_MS = 3 * MINUTE;

/** Where the judge holds the steps, each has these, at least. */
const FIRST_MS = 5 * MINUTE;
const MIDDLE_MS = MINUTE / 2;
const LAST_MS = 10 * MINUTE;

type Place = 'first' | 'middle' | 'last';

/** Why the share stays as it is for now; undefined: the judge has nothing against the next step. */
export function judgeHolds(record: TargetRecord, ask: HookAsk, now: Moment): string | undefined {
  const release = ownRelease(record.phase)?.release;
  const { strategy, judge } = release?.rules ?? {};
  if (release === undefined || strategy === undefined || judge !== 'act') return undefined;
  if (ask.stage !== 'PRE_PRODUCTION_TRAFFIC_SHIFT' || (ask.share ?? 0) === 0) return undefined;
  const place = placeOf(strategy, ask.share ?? 0);
  const since = ask.wentOnAt ?? ask.since;
  const least = isHeldByJudge(strategy) ? leastOf(place) : 0;
  if (now < since + least) return `this share is judged for ${inWords(least)} at least`;
  if (now >= Math.max(ask.since, since + least) + HELD_MS) return undefined;
  const { judged } = release.evidence;
  if (judged === undefined || judged.at < now - FRESH_MS)
    return 'the judge has not looked at it yet';
  switch (judged.state) {
    case 'harmless':
      return undefined;
    case 'waiting':
      return place === 'first' ? said(judged) : undefined;
    case 'condemned':
    case 'alone':
    case 'alike':
    case 'suspicious':
    case 'unmeasured':
    case 'disputed':
      return said(judged);
  }
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

function isHeldByJudge(strategy: Strategy): boolean {
  return strategy.kind === 'linear' && strategy.heldByJudge === true;
}

/** A computed share is off by a hair. */
function placeOf(strategy: Strategy, share: number): Place {
  if (strategy.kind !== 'linear') return 'first';
  if (share <= strategy.stepPercent / 100 + 1e-6) return 'first';
  return isBeforeLastStep(strategy, share) ? 'last' : 'middle';
}

function leastOf(place: Place): number {
  return place === 'first' ? FIRST_MS : place === 'last' ? LAST_MS : MIDDLE_MS;
}

function inWords(ms: number): string {
  return ms < MINUTE ? `${ms / 1_000} s` : `${ms / MINUTE} minutes`;
}

function said({ state, because }: { readonly state: string; readonly because: string }): string {
  return `the judge says ${state}: ${because}`;
}
