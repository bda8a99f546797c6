/**
 * Would a rollback work now? What follows from what was observed of the ways, before one is needed. What
 * a person's rollback would do is `explain/can-roll-back.ts`'s answer; a test holds this one against it.
 */
import { digestsOf, holdsAny, type ImageSet, type Moment, revisionName } from '../model/image.ts';
import type { Observation, ObservedWay } from '../model/observation.ts';
import type { RollbackCandidate } from '../model/record/candidate.ts';
import type { Baking } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import type { TaskRights } from '../model/rules.ts';
import { MINUTE } from '../model/rules.ts';
import { amissAtRest } from '../traffic/at-rest.ts';
import { isBelow } from './boundary.ts';
import { isSteady } from './doubt.ts';

/** A little less than the hour of the sweep that gives the reason to look. */
const CHECK_EVERY_MS = 50 * MINUTE;
/** While a rollback would fail: who mends it wants to see so. */
export const CHECK_AGAIN_MS = 15 * MINUTE;

/** At rest, where we would roll back, and not right after something was proven: that was there just now. */
export function mustCheckWays(record: TargetRecord, now: Moment): boolean {
  const { rollbackCandidates, waysBack, needsAttention, phase, rules, runs, retired } = record;
  const [newest] = rollbackCandidates;
  if (newest === undefined || runs === undefined || retired) return false;
  if (phase.phase !== 'idle' || rules.mode !== 'act') return false;
  if (waysBack?.staleSince !== undefined) return true;
  const before = Math.max(newest.provenAt, waysBack?.checkedAt ?? 0);
  const every = needsAttention?.unprepared ? CHECK_AGAIN_MS - MINUTE : CHECK_EVERY_MS;
  return now >= before + every;
}

/** Somebody's deployment has failed, and ECS returned: the next look asks for the rule as well. */
export function withStaleWays(record: TargetRecord, at: Moment): TargetRecord {
  const { rules, waysBack = { checkedAt: 0 } } = record;
  return rules.strategy === undefined
    ? record
    : { ...record, waysBack: { ...waysBack, staleSince: at } };
}

/** Where a person's rollback would go from what runs, newest first: what that leaves is no way back. */
export function waysFromHere(record: TargetRecord): readonly RollbackCandidate[] {
  const { runs, rollbackCandidates } = record;
  const open = rollbackCandidates.filter(
    (one) => one.revision !== runs?.revision && !isBelow(record, one),
  );
  const [goal] = open;
  if (goal === undefined || runs === undefined) return open;
  const left = digestsOf(differing(runs.images, goal));
  return open.filter(({ images }) => !holdsAny(images, left));
}

/** Is there anywhere to go from a release that is not proven? A rollback quarantines what it brought. */
export function couldBeLeft(
  record: TargetRecord,
  { release: { images }, attempt: { revision } }: Pick<Baking, 'release' | 'attempt'>,
): boolean {
  const left = digestsOf(images);
  return record.rollbackCandidates.some(
    (one) => one.revision !== revision && !isBelow(record, one) && !holdsAny(one.images, left),
  );
}

/** What a rollback to there leaves. */
export function differing(images: ImageSet, goal: RollbackCandidate): ImageSet {
  return Object.fromEntries(
    Object.entries(images).filter(([name, image]) => goal.images[name]?.digest !== image.digest),
  );
}

/** `asItIs`: it would be started without being registered anew. Undefined: IAM lets us. */
export function whyForbidden(
  { family, roles }: { readonly family: string; readonly roles: readonly string[] },
  asItIs: boolean,
  rights: TaskRights,
): string | undefined {
  const foreign = roles.filter((role) => !rights.roles.includes(role)).map(nameOfRole);
  if (foreign.length > 0) {
    const what = foreign.length === 1 ? 'role' : 'roles';
    return `infra.taskDefinitions does not let Slipway pass the ${what} ${foreign.join(' and ')}`;
  }
  return asItIs || rights.families.includes(family)
    ? undefined
    : `infra.taskDefinitions does not let Slipway register revisions of the family ${family}`;
}

/** `team/web-task` of its ARN. */
function nameOfRole(arn: string): string {
  return arn.replace(/^[^/]*\//, '');
}

/** What would fail, and what helps; undefined: nothing, as far as AWS told. */
export interface Unprepared {
  readonly because: string;
  readonly next: string;
}

export function whyUnprepared(
  record: TargetRecord,
  observation: Observation,
): Unprepared | undefined {
  const { waysBack = [] } = observation;
  const wayTo = (revision: string | undefined) => waysBack.find((way) => way.revision === revision);
  const ways = waysFromHere(record).map(({ revision }) => wayTo(revision));
  // What is gone is passed over, and what IAM refuses is not: it is tried until IAM allows it.
  const first = ways.find((way) => way?.state !== 'gone');
  if (ways.length > 0 && first === undefined) {
    return unprepared(
      'a rollback would fail now',
      ways.filter((way) => way !== undefined),
    );
  }
  if (first?.state === 'forbidden') return unprepared('a rollback would fail now', [first]);
  const here = wayTo(record.runs?.revision);
  if (here?.state === 'gone') return unprepared('what runs could not be returned to', [here]);
  if (here?.state === 'forbidden') return unprepared('no release could start', [here]);
  return whyNoShiftNow(record, observation);
}

/** Somebody's deployment in the middle of a shift leaves the traffic split: users meet that until somebody mends it. */
function whyNoShiftNow(
  { rules: { strategy } }: TargetRecord,
  { service, balancer }: Observation,
): Unprepared | undefined {
  if (strategy === undefined || service.state !== 'found' || !isSteady(service)) return undefined;
  const amiss = amissAtRest(service, balancer);
  return amiss === undefined || amiss.isUnknown
    ? undefined
    : { because: `no traffic could be shifted now: ${amiss.because}`, next: amiss.next };
}

/** Is anything not known that would change the answer? */
export function isUnsure({ waysBack = [], balancer = {} }: Observation): boolean {
  return [...waysBack, ...Object.values(balancer)].some(({ state }) => state === 'unknown');
}

function unprepared(what: string, ways: readonly ObservedWay[]): Unprepared {
  const reasons = ways.flatMap((way) =>
    'because' in way ? [`${revisionName(way.revision)}: ${way.because}`] : [],
  );
  const isForbidden = ways.some(({ state }) => state === 'forbidden');
  return {
    because: `${what}: ${reasons.join('; ')}`,
    next: isForbidden
      ? 'name it in infra.taskDefinitions of the config and deploy the stack; it is checked again every quarter of an hour'
      : 'restore the image (push the same digest, under a tag that does not deploy), or let a newer release be proven; it is checked again every quarter of an hour',
  };
}
