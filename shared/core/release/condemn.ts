/** A release must go: its digests are quarantined, and the way back begins. */
import { because, conclude, type Decision, enter, quarantineImages } from '../model/decision.ts';
import { defined } from '../model/defined.ts';
import { pick, without } from '../model/entries.ts';
import {
  type ContainerName,
  describeImages,
  digestsOf,
  type ImageSet,
  type Moment,
} from '../model/image.ts';
import { offeredAgain } from '../model/record/newest.ts';
import type { Back, Baking, Forward, NeedsAttention } from '../model/record/phase.ts';
import type { Condemned, Innocent, RollbackStep } from '../model/record/rollback.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { MINUTE } from '../model/rules.ts';
import { metNobody, shareInWords } from '../traffic/course.ts';
import { countedRollout } from './judge/judged.ts';
import { beforeQuote } from './quote.ts';
import type { Verdict } from './verdict.ts';

export function condemn(
  record: TargetRecord,
  phase: Forward | Baking,
  given: Verdict,
  at: Moment,
): TargetRecord {
  const { release, attempt } = phase;
  const verdict = { ...given, innocent: given.innocent ?? metByNobody(attempt, given) };
  const { roseAt } = verdict;
  const share = shareInWords(attempt.course, roseAt ?? at, roseAt === undefined ? 0 : MINUTE);
  const why = share === undefined ? verdict.because : `${share}: ${verdict.because}`;
  const sentence = beforeQuote(why, changedBeside(release));
  const condemned: Condemned = defined({
    release: release.id,
    images: release.images,
    blamed: blamedOf(record, release.images, verdict),
    because: sentence,
    alarms: verdict.alarms,
    wereNotPulled: verdict.wereNotPulled,
    rollbackMinutes: release.rules.rollbackMinutes,
    revision: attempt.revision,
    roseAt: verdict.roseAt,
    innocent: verdict.innocent,
    counted: verdict.innocent === 'incomparable' ? countedRollout(attempt) : undefined,
    to: verdict.to,
  });
  const way = firstRollbackStep(phase, verdict);
  const quarantined = quarantineImages(
    offerInnocentAgain(record, condemned),
    quarantinedOf(condemned),
    attempt.revision,
    sentence,
    at,
  );
  // Superseded by our own rollback: it is not followed any further.
  const { rollout } = attempt;
  const left =
    way.step === 'selecting' && rollout !== undefined
      ? conclude(quarantined, rollout.arn)
      : quarantined;
  return beginReturn(left, condemned, at, way);
}

/** Not the image alone may be to blame: what it brought beside it is told with the verdict. */
function changedBeside({ definition }: Forward['release']): string {
  if (definition === undefined || definition.changes.length === 0) return '';
  return `; beside its image it changed ${definition.changes.join('; ')} (${definition.file})`;
}

/** An alarm over minutes in which no request came to it says nothing of its image, which goes all the same. */
function metByNobody({ course }: Forward['attempt'], { dataEndAt }: Verdict): Innocent | undefined {
  return dataEndAt !== undefined && metNobody(course, dataEndAt) ? 'met-nobody' : undefined;
}

/**
 * Blame is narrow: an image of the release that did not fail is not quarantined with the one that did.
 * Where only a container failed that the release did not bring, the release is to blame if that one had
 * stood before it; one that somebody deployed, and that was never proven, fails by itself, and so does
 * one whose image is gone.
 */
function blamedOf(
  { runs, rollbackCandidates }: TargetRecord,
  images: ImageSet,
  { containers = [], wereNotPulled = false, innocent }: Verdict,
): readonly ContainerName[] | undefined {
  if (innocent !== undefined) return [];
  if (containers.length === 0) return undefined;
  const ours = containers.filter((name) => images[name] !== undefined);
  const beside = containers.filter((name) => images[name] === undefined);
  const failsByItself = (name: ContainerName) => {
    const digest = runs?.images[name]?.digest;
    const stood = rollbackCandidates.some((one) => one.images[name]?.digest === digest);
    return digest !== undefined && (wereNotPulled || !stood);
  };
  if (!beside.every(failsByItself)) return undefined;
  return ours.length < Object.keys(images).length ? ours : undefined;
}

function quarantinedOf({ images, blamed }: Pick<Condemned, 'images' | 'blamed'>): ImageSet {
  return blamed === undefined ? images : pick(images, blamed);
}

/** What may start of it all the same: it had its turn beside an image that failed. */
function innocentOf({ images, blamed }: Condemned): ImageSet {
  return blamed === undefined ? {} : without(images, (_, name) => blamed.includes(name));
}

/** Without the image that failed. Where what failed is not of the release, it would be the same again: a person says when. */
function offerInnocentAgain(record: TargetRecord, condemned: Condemned): TargetRecord {
  const isBeside = condemned.blamed?.length === 0 && condemned.innocent !== 'before-it';
  const innocent = innocentOf(condemned);
  const newest = offeredAgain(
    record.newest,
    ({ digest }, name) => innocent[name]?.digest === digest,
    isBeside ? 'push' : true,
  );
  return { ...record, newest };
}

/** What a person leaves is quarantined: no event may bring back what they removed. */
export function leaveByWord(record: TargetRecord, condemned: Condemned, at: Moment): TargetRecord {
  const { images, revision, because: sentence } = condemned;
  const left = quarantineImages(record, images, revision, sentence, at);
  return {
    ...left,
    rollbackCandidates: left.rollbackCandidates.filter((one) => one.revision !== revision),
  };
}

/**
 * What was taken for evidence came when somebody else's deployment had replaced it: the quarantine of
 * that decision is taken back, whether it is out already or not.
 */
export function acquit(record: TargetRecord, { condemned, since }: Back): TargetRecord {
  const blamed: readonly string[] = digestsOf(quarantinedOf(condemned));
  const taken = record.quarantine
    .filter(({ digest, at }) => at === since && blamed.includes(digest))
    .map(({ digest }) => digest);
  const outgoing = record.outbox.quarantine.filter(({ digest }) => !taken.includes(digest));
  const lifted = taken.map((digest) => ({ change: 'lifted' as const, digest }));
  return {
    ...record,
    quarantine: record.quarantine.filter(({ digest }) => !taken.includes(digest)),
    condemnedRevisions: record.condemnedRevisions.filter(
      ({ revision }) => revision !== condemned.revision,
    ),
    outbox: {
      ...record.outbox,
      quarantine: [...outgoing, ...lifted],
    },
  };
}

/** What a person can do once it is rolled back, and which digests may not start again. */
export function nextAfterRollback(condemned: Condemned): string {
  const quarantined = describeImages(quarantinedOf(condemned));
  const innocent = describeImages(innocentOf(condemned));
  if (quarantined === '' && innocent !== '') {
    if (condemned.innocent === 'before-it')
      return `nothing: ${innocent} is not blamed and is offered again`;
    if (condemned.counted !== undefined) {
      return `what ran before is looked at for five minutes: if it fails as well, ${innocent} is offered again, and if it does not, quarantined`;
    }
    return `${innocent} is not blamed: deploy it by hand, or push it again, ${whenAgain(condemned)}`;
  }
  if (quarantined === '') return 'nothing to do';
  const rest = innocent === '' ? '' : `; ${innocent} is not blamed and is offered again`;
  const way = condemned.wereNotPulled ? pullOrLift(quarantined) : fixOrLift(quarantined);
  return `${way}${rest}`;
}

/** It does not come back by itself: who knows that it is good says so, and then it is deployed. */
export function fixOrLift(quarantined: string): string {
  return `push a fix; ${quarantined} stays quarantined: if it was not to blame, lift that and deploy it by hand`;
}

/** What could not be pulled may be good: nobody has seen it run. */
function pullOrLift(quarantined: string): string {
  return `mend the pull (execution role, registry, network), then lift the quarantine of ${quarantined} and deploy it by hand; or push another image`;
}

function whenAgain({ innocent }: Condemned): string {
  switch (innocent) {
    case 'no-word':
      return 'when somebody is there to say the word';
    case 'met-nobody':
      return 'when that alarm is quiet: no request had come to it yet';
    case 'incomparable':
      return 'when you know whether something else failed: there was nothing to compare it with';
    default:
      return 'when what failed beside it is mended';
  }
}

export function beginReturn(
  record: TargetRecord,
  condemned: Condemned,
  at: Moment,
  way: RollbackStep = { step: 'selecting' },
): TargetRecord {
  return enter(record, {
    phase: 'deploying',
    goal: 'back',
    condemned,
    since: at,
    step: way,
    skipped: [],
    started: 0,
  });
}

/** The way back that attention was asked for is tried once more, from the newest candidate on. */
export function tryAgain(
  record: TargetRecord,
  { because: why, since }: NeedsAttention,
  condemned: Condemned,
  at: Moment,
): Decision {
  // That a person was asked is told once, however many tries follow.
  const again = { ...beginReturn(record, condemned, at), needsAttention: { because: why, since } };
  return because(again, `the rollback is tried again: ${condemned.because}`);
}

/**
 * In flight, ECS itself returns fastest, but only to its last completed deployment: it is asked where
 * that one is proven. Otherwise our own rollout of a candidate supersedes what is in flight.
 */
function firstRollbackStep(
  { phase, release, attempt }: Forward | Baking,
  verdict: Verdict,
): RollbackStep {
  const returnsThere = attempt.request?.ecsRollsBack === true && verdict.to === undefined;
  // An update in the middle of a shift fails, and leaves the traffic split: wherever ECS returns to, it does that first.
  const shifts = release.rules.strategy !== undefined && attempt.rollout !== undefined;
  return phase === 'deploying' && (returnsThere || shifts)
    ? { step: 'stopping', attempt }
    : { step: 'selecting' };
}
