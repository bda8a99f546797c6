/** A release must go: its digests are quarantined, and the way back begins. */
import {
  because,
  conclude,
  type Decision,
  describeImages,
  enter,
  pick,
  quarantineImages,
  without,
} from '../model/decision.ts';
import { defined } from '../model/defined.ts';
import type { ContainerName, ImageSet, Moment } from '../model/image.ts';
import type {
  Baking,
  Condemned,
  Forward,
  NeedsAttention,
  RollbackStep,
  TargetRecord,
} from '../model/record.ts';

export interface Verdict {
  readonly because: string;
  readonly alarms: readonly string[];
  /** The containers that failed, where the evidence names them for certain. */
  readonly containers?: readonly ContainerName[];
  /** The release that a person chose to return to. */
  readonly to?: string;
}

export function condemn(
  record: TargetRecord,
  phase: Forward | Baking,
  verdict: Verdict,
  at: Moment,
): TargetRecord {
  const { release, attempt } = phase;
  const condemned: Condemned = defined({
    release: release.id,
    images: release.images,
    blamed: blamedOf(release.images, verdict),
    because: verdict.because,
    alarms: verdict.alarms,
    rollbackMinutes: release.rules.rollbackMinutes,
    revision: attempt.revision,
    to: verdict.to,
  });
  const way = firstRollbackStep(phase, verdict);
  const quarantined = quarantineImages(
    offerInnocentAgain(record, condemned),
    quarantinedOf(condemned),
    attempt.revision,
    verdict.because,
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

/** Blame is narrow: an image of the release that did not fail is not quarantined with the one that did. */
function blamedOf(
  images: ImageSet,
  { containers = [] }: Verdict,
): readonly ContainerName[] | undefined {
  const isNarrow =
    containers.length > 0 &&
    containers.length < Object.keys(images).length &&
    containers.every((name) => images[name] !== undefined);
  return isNarrow ? containers : undefined;
}

function quarantinedOf({ images, blamed }: Pick<Condemned, 'images' | 'blamed'>): ImageSet {
  return blamed === undefined ? images : pick(images, blamed);
}

/** What may start of it all the same: it had its turn beside an image that failed. */
function innocentOf({ images, blamed }: Condemned): ImageSet {
  return blamed === undefined ? {} : without(images, (_, name) => blamed.includes(name));
}

function offerInnocentAgain(record: TargetRecord, condemned: Condemned): TargetRecord {
  const newest = Object.entries(record.newest).map(([name, order]) =>
    innocentOf(condemned)[name]?.digest === order.digest
      ? [name, { ...order, again: true as const }]
      : [name, order],
  );
  return { ...record, newest: Object.fromEntries(newest) };
}

/** What a person can do once it is rolled back, and which digests may not start again. */
export function nextAfterRollback(condemned: Condemned): string {
  const quarantined = describeImages(quarantinedOf(condemned));
  if (quarantined === '') return 'nothing to do';
  const innocent = describeImages(innocentOf(condemned));
  const rest = innocent === '' ? '' : `; ${innocent} is not blamed and is offered again`;
  return `quarantined: ${quarantined}; push a fix, or lift the quarantine by hand${rest}`;
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
function firstRollbackStep({ phase, attempt }: Forward | Baking, verdict: Verdict): RollbackStep {
  const ecsRollsBack = phase === 'deploying' && attempt.request?.ecsRollsBack === true;
  return ecsRollsBack && verdict.to === undefined
    ? { step: 'stopping', attempt }
    : { step: 'selecting' };
}
