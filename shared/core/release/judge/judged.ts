/**
 * The judge's verdict as evidence: it compares a release with the revision before it, over the same
 * minutes (docs/judge.md), and stands beside alarms and failed tasks.
 */
import { announce } from '../../model/decision.ts';
import type { Moment } from '../../model/image.ts';
import { revisionName } from '../../model/image.ts';
import type { Judged, Observation, Question } from '../../model/observation.ts';
import { type Baking, type Forward, ownRelease } from '../../model/record/phase.ts';
import type { Attempt, Evidence, FoundRollout } from '../../model/record/release.ts';
import type { CountedRollout } from '../../model/record/returned.ts';
import type { TargetRecord } from '../../model/record/target-record.ts';
import type { Rules } from '../../model/rules.ts';
import { endsAt } from '../../traffic/course.ts';
import type { Verdict } from '../verdict.ts';

/** Of a release whose rollout was found: before it, there is nobody to judge. */
export function judgeQuestion(
  { runs }: Pick<TargetRecord, 'runs'>,
  own: Forward | Baking,
): Pick<Question, 'judge'> {
  const { rules } = own.release;
  const { rollout = own.phase === 'baking' ? own.rollout : undefined, revision } = own.attempt;
  if (rules.judge === undefined || rollout === undefined || revision === undefined) return {};
  const old =
    runs === undefined || runs.revision === revision
      ? 'the revision before'
      : revisionName(runs.revision);
  const names = { old, new: revisionName(revision) };
  const { slowMs } = rules;
  const counted = countedIn({ ...own.attempt, rollout });
  return { judge: { ...counted, names, ...(slowMs !== undefined && { slowMs }) } };
}

/** Undefined: its rollout was never found. */
export function countedRollout({ rollout, course }: Attempt): CountedRollout | undefined {
  return rollout && countedIn({ rollout, course });
}

/** The rule was read before the shift: that it agrees with ECS is checked. */
function countedIn({
  rollout: { serviceRevision, createdAt },
  course,
}: {
  readonly rollout: FoundRollout;
  readonly course?: Attempt['course'];
}): CountedRollout {
  const into = endsAt(course, 'to');
  const isKnown = Object.keys(into).length > 0;
  return { serviceRevision, since: createdAt, ...(isKnown && { into }) };
}

/** With what the judge says now. *Condemned* is never taken back, whatever is counted later. */
export function withJudged(evidence: Evidence, { judged, at }: Observation): Evidence {
  const before = evidence.judged;
  if (judged === undefined || before?.state === 'condemned') return evidence;
  const since = before?.state === judged.state ? before.since : at;
  return { ...evidence, judged: { ...judged, at, since } };
}

/** Why the judge has it go; undefined: it does not, or it only watches. */
export function judgedAgainst({ judged }: Evidence, { judge }: Rules): Verdict | undefined {
  if (judge !== 'act' || judged === undefined) return undefined;
  if (judged.state === 'condemned') return { because: sentenceOf(judged), alarms: [] };
  if (judged.state === 'alone') {
    return { because: sentenceOf(judged), alarms: [], innocent: 'incomparable' };
  }
  return undefined;
}

function sentenceOf({ state, because }: Judged): string {
  return state === 'condemned'
    ? `the judge finds it worse than what ran before: ${because}`
    : `the judge finds it worse than what ran before ever was: ${because}`;
}

/** `judge: 'watch'`: what it would have done is told, once. */
export function tellWhatJudgeWould(
  before: TargetRecord,
  record: TargetRecord,
  at: Moment,
): TargetRecord {
  const own = ownRelease(record.phase);
  const was = ownRelease(before.phase)?.release.evidence.judged;
  if (own?.release.rules.judge !== 'watch' || was?.state === 'condemned') return record;
  const { id, images, evidence } = own.release;
  const { judged } = evidence;
  if (judged?.state !== 'condemned' && judged?.state !== 'alone') return record;
  if (judged.state === was?.state) return record;
  const quarantine = judged.state === 'condemned' ? 'and quarantined it' : 'without a quarantine';
  return announce(record, 'would-have', {
    at,
    release: id,
    images,
    because: `the judge would have rolled it back, ${quarantine}: ${sentenceOf(judged)}`,
    next: "judge: 'watch' only says so; alarms and tasks decide. judge: 'act' in pipeline.config.ts lets it act",
    revision: own.attempt.revision,
  });
}
