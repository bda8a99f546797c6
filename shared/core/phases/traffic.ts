/** ECS says one thing and the load balancer does another: a person is told both, once, until it is mended. */
import { announce, because, type Decision, entered, withoutAttention } from '../model/decision.ts';
import { expected } from '../model/defined.ts';
import { type Moment, revisionName } from '../model/image.ts';
import type { StandingObservation } from '../model/observation.ts';
import type { Back, Baking } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { condemn } from '../release/condemn.ts';
import { ofRelease } from '../release/release-ends.ts';
import { type Amiss, amissNow } from '../traffic/at-rest.ts';
import { endsAt, whyOffCourse } from '../traffic/course.ts';
import type { At, Followed } from './rule.ts';

/** A rule may be read in the moment in which ECS changes it: twice, so far apart, is no accident. */
const AGAIN_MS = 20_000;

/** What a shift that is on its way does beside what ECS does. */
export function offCourse({ phase, observation }: At<Followed>): string | undefined {
  const { attempt, listed, release } = phase;
  const { strategy } = release.rules;
  if (attempt.course === undefined || strategy === undefined) return undefined;
  const { at, balancer: rules, shift } = observation;
  return whyOffCourse(attempt.course, { at, rollout: listed, shift, rules, strategy });
}

/** The traffic is not where the release thinks it is: it goes, and its image is not to blame. */
export function stopOffCourse({ record, phase, observation }: At<Followed>, why: string): Decision {
  const { at } = observation;
  const { attempt } = phase;
  const since = attempt.course?.amissSince ?? at;
  if (at < since + AGAIN_MS) return because(record, `${why}; it is looked at once more`);
  const condemned = condemn(record, phase, { because: why, alarms: [], innocent: 'beside-it' }, at);
  const told = announce(condemned, 'needs-attention', {
    at,
    ...ofRelease(phase),
    because: why,
    next: `ECS is asked to take the traffic back; nothing is quarantined: see who changes the rule (aws elbv2 describe-rules --rule-arns ${attempt.course?.routes[0]?.rule}), then deploy it by hand or push it again`,
  });
  return entered(told, `condemned: ${why}`);
}

/** ECS says SUCCESSFUL, and where the traffic is instead. */
export function amissInBake({ phase, observation }: At<Baking>): Amiss | undefined {
  return amissNow(phase.release, observation, endsAt(phase.attempt.course, 'to'));
}

/** It goes on being watched, and is proven once the traffic is where ECS says. */
export function askAboutTraffic(at: At<Baking>): Decision {
  const { record, phase, observation } = at;
  const amiss = expected(amissInBake(at), 'what the load balancer does instead');
  const sentence = `ECS says SUCCESSFUL, and ${amiss.because}`;
  return askOnce(record, {
    ...ofRelease(phase),
    at: observation.at,
    because: sentence,
    next: amiss.next,
  });
}

/** What was told is mended: it stands no longer. */
export function withoutMended(record: TargetRecord, amiss: Amiss | undefined): TargetRecord {
  if (record.needsAttention?.traffic !== true || amiss !== undefined) return record;
  return withoutAttention(record);
}

/** ECS says that it is back. Undefined: so says the load balancer, as far as it was heard. */
export function notBackYet(
  record: TargetRecord,
  { condemned }: Back,
  observation: StandingObservation,
  wanted: Readonly<Record<string, string>>,
): Decision | undefined {
  const { at, service } = observation;
  const amiss = amissNow(record, observation, wanted);
  if (amiss === undefined || amiss.isUnknown) return undefined;
  const { release, images, revision } = condemned;
  const back = revisionName(service.primary.revision);
  const sentence = `by ECS ${back} runs again, and ${amiss.because}; condemned: ${condemned.because}`;
  return askOnce(record, { release, images, revision, at, because: sentence, next: amiss.next });
}

function askOnce(
  record: TargetRecord,
  facts: { readonly at: Moment; readonly because: string; readonly next: string } & Parameters<
    typeof announce
  >[2],
): Decision {
  const { at, because: sentence, next } = facts;
  const before = record.needsAttention;
  if (before?.because === sentence) return because(record, sentence);
  const asking = { because: sentence, next, since: before?.since ?? at, traffic: true } as const;
  return because(
    announce({ ...record, needsAttention: asking }, 'needs-attention', facts),
    sentence,
  );
}
