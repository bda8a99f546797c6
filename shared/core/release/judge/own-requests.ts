/**
 * Requests of our own at the test listener, before any user is met: sent by a look once ECS asks before the
 * first step, when all of the test traffic is the new revision's. They are one kind of evidence beside what
 * the judge says; what could not be measured blames nobody, and lets nothing through.
 */
import { announce, withRelease } from '../../model/decision.ts';
import { defined } from '../../model/defined.ts';
import { type Moment, revisionName } from '../../model/image.ts';
import type { Observation, Question } from '../../model/observation.ts';
import { type Forward, ownRelease } from '../../model/record/phase.ts';
import type { Evidence } from '../../model/record/release.ts';
import type { TargetRecord } from '../../model/record/target-record.ts';
import { MINUTE, type Rules } from '../../model/rules.ts';
import { ofRelease } from '../release-ends.ts';
import type { Verdict } from '../verdict.ts';

/** A name that is not found, or a balancer that is not reached, may be so for a moment. */
const TELL_AFTER_MS = 2 * MINUTE;

/** Undefined: nobody wants them, ECS has not come so far, or they are answered. */
export function ownRequestsQuestion({ attempt, release }: Forward): Pick<Question, 'ownRequests'> {
  const { rules, evidence } = release;
  const { revision, rollout, course } = attempt;
  if (rules.ownRequests === undefined || rollout === undefined || revision === undefined) return {};
  const isBeforeFirst =
    course?.stage === 'PRE_PRODUCTION_TRAFFIC_SHIFT' && course.steps.length === 0;
  if (!isBeforeFirst || isKnown(evidence)) return {};
  return { ownRequests: { name: revisionName(revision) } };
}

function isKnown({ ownRequests }: Evidence): boolean {
  return ownRequests !== undefined && ownRequests.state !== 'unmeasured';
}

/** They are sent until they were answered; what they said then is never taken back. */
export function withOwnRequests(evidence: Evidence, { ownRequests, at }: Observation): Evidence {
  if (ownRequests === undefined || isKnown(evidence)) return evidence;
  const { since = at, told } = evidence.ownRequests ?? {};
  const isOver = ownRequests.state !== 'unmeasured';
  return {
    ...evidence,
    ownRequests: defined({ ...ownRequests, at, since, told: isOver ? undefined : told }),
  };
}

/** Why they have it go: nobody has met it yet. */
export function ownRequestsAgainst({ ownRequests }: Evidence): Verdict | undefined {
  return ownRequests?.state === 'bad' ? { because: ownRequests.because, alarms: [] } : undefined;
}

/** Why the first step waits for them; undefined: it does not. */
export function whyUnanswered(
  rules: Pick<Rules, 'ownRequests'>,
  { ownRequests }: Evidence,
): string | undefined {
  if (rules.ownRequests === undefined || ownRequests?.state === 'good') return undefined;
  return ownRequests === undefined
    ? 'the next look sends requests of our own to the test listener'
    : `requests of our own: ${ownRequests.because}`;
}

/** That they reach nobody is told once a release: the first step waits for them. */
export function tellUnreached(record: TargetRecord, at: Moment): TargetRecord {
  const own = ownRelease(record.phase);
  const found = own?.release.evidence.ownRequests;
  if (own === undefined || found?.state !== 'unmeasured' || found.told) return record;
  if (at < found.since + TELL_AFTER_MS) return record;
  const evidence = { ...own.release.evidence, ownRequests: { ...found, told: true as const } };
  return announce(withRelease(record, { evidence }), 'held', {
    at,
    ...ofRelease(own),
    because: `requests of our own do not reach the release, so it gets no traffic yet: ${found.because}`,
    next: 'mend the test listener or ownRequests in pipeline.config.ts (docs/judge.md): it is tried again each minute; or roll it back',
  });
}
