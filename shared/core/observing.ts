/**
 * Somebody else's deployment, or what ran before us: waited for, told, never fought. When it stands
 * as a release must stand, it is adopted: it becomes a place to return to.
 */
import { isLateCall } from './attempt.ts';
import {
  announce,
  because,
  climb,
  type Decision,
  describeImages,
  inPhase,
  revisionName,
} from './decision.ts';
import type { Moment } from './image.ts';
import type { Observing, TargetRecord, Watch } from './record.ts';
import { MINUTE } from './rules.ts';
import type { FoundService, PrimaryDeployment, Seen } from './seen.ts';
import { NOTHING_AGAINST, risesSeen, whyCondemned, withFailures, withRises } from './watch.ts';
import { wouldReturn } from './watch-mode.ts';

/** Unknown or red alarms delay an adoption this long; then what runs stays unproven. */
const ADOPTION_PATIENCE_MS = 10 * MINUTE;

/** Begins to watch a deployment that is not ours. `bakeMinutes` 0: it ran before we came. */
export function watchDeployment(
  record: TargetRecord,
  { revision, createdAt }: Pick<PrimaryDeployment, 'revision' | 'createdAt'>,
  bakeMinutes: number,
): TargetRecord {
  const phase: Observing = {
    phase: 'observing',
    revision,
    createdAt,
    bakeMinutes,
    watch: NOTHING_AGAINST,
  };
  const runs = { revision, images: {}, since: createdAt };
  return inPhase({ ...record, clearing: [], runs }, phase);
}

/** The same, told: somebody deployed while nothing of ours was on its way. */
export function observe(
  record: TargetRecord,
  primary: Pick<PrimaryDeployment, 'revision' | 'createdAt'>,
  at: Moment,
): Decision {
  const sentence = `somebody else deployed ${revisionName(primary.revision)}`;
  const observing = watchDeployment(record, primary, record.rules.bakeMinutes);
  const told = announce(observing, 'superseded', {
    at,
    revision: primary.revision,
    because: sentence,
    next: 'it is left alone and watched; new images wait until it has proven itself or failed',
  });
  return because(told, sentence);
}

export function whileObserving(record: TargetRecord, phase: Observing, seen: Seen): Decision {
  const { service } = seen;
  if (service.state === 'missing') return because(record, service.because);
  const { primary } = service;
  if (primary.createdAt > phase.createdAt && primary.revision !== phase.revision) {
    if (isLateCall(record, primary) && record.ladder.length > 0) {
      // Ours, late: at rest the next look puts it right.
      return because(inPhase(record, { phase: 'resting' }), 'a late call of ours is in the way');
    }
    return observe(record, primary, seen.at);
  }
  if (primary.createdAt < phase.createdAt) return because(record, 'a stale look');
  const watching = watch(phase, seen);
  const observed = withImages(inPhase(record, watching), primary);
  return judge(observed, watching, service, seen);
}

function watch(phase: Observing, seen: Seen): Observing {
  const against: Watch = withFailures(
    withRises(phase.watch, risesSeen(seen)),
    seen,
    phase.revision,
  );
  return against === phase.watch ? phase : { ...phase, watch: against };
}

function withImages(record: TargetRecord, primary: PrimaryDeployment): TargetRecord {
  if (primary.images === undefined || record.runs === undefined) return record;
  return { ...record, runs: { ...record.runs, images: primary.images } };
}

function judge(
  record: TargetRecord,
  phase: Observing,
  service: FoundService,
  seen: Seen,
): Decision {
  const { primary } = service;
  const name = revisionName(phase.revision);
  const verdict =
    phase.bakeMinutes === 0
      ? undefined
      : whyCondemned(
          phase.watch,
          { from: phase.createdAt, alarms: record.rules.alarms },
          record.rules,
        );
  if (verdict !== undefined) {
    if (record.rules.mode === 'watch') {
      const told = wouldReturn(inPhase(record, { phase: 'resting' }), verdict.because, seen.at);
      return told;
    }
    return leaveUnproven(
      record,
      seen,
      `${name} is not ours and is left running, but ${verdict.because}`,
    );
  }
  if (primary.rolloutState === 'FAILED') {
    return leaveUnproven(record, seen, `ECS says that the deployment of ${name} failed`);
  }
  if (service.desired === 0) {
    return because(
      inPhase(record, { phase: 'resting' }),
      `${name}: desired count 0 proves nothing, so it is not adopted`,
    );
  }
  if (!isSteady(service)) return waitForSteady(record, phase, seen, name);
  const steadyAt = phase.steadyAt ?? seen.at;
  const steady = inPhase(record, { ...phase, steadyAt });
  if (seen.at < steadyAt + phase.bakeMinutes * MINUTE) {
    return because(steady, `${name} is steady and is watched for ${phase.bakeMinutes} minutes`);
  }
  const doubt = doubtOf(record, phase, seen);
  if (doubt !== undefined) {
    const patient = steadyAt + phase.bakeMinutes * MINUTE + ADOPTION_PATIENCE_MS;
    return seen.at < patient && Object.keys(record.waiting).length === 0
      ? because(steady, `not adopted yet: ${doubt}`)
      : because(inPhase(steady, { phase: 'resting' }), `${name} runs unproven: ${doubt}`);
  }
  return adopt(steady, phase, primary, seen);
}

function isSteady(service: FoundService): boolean {
  return (
    service.deployments === 1 &&
    service.primary.rolloutState === 'COMPLETED' &&
    service.running === service.desired
  );
}

function waitForSteady(record: TargetRecord, phase: Observing, seen: Seen, name: string): Decision {
  const waitsUntil = phase.createdAt + record.rules.rolloutMinutes * MINUTE;
  if (seen.at < waitsUntil || phase.steadyAt !== undefined) {
    return because(record, `the deployment of ${name} is waited for, not superseded`);
  }
  return leaveUnproven(
    record,
    seen,
    `${name} is not ours and has not become steady within ${record.rules.rolloutMinutes} minutes`,
  );
}

/** Why what runs cannot be called proven yet. */
function doubtOf(record: TargetRecord, phase: Observing, seen: Seen): string | undefined {
  for (const name of record.rules.alarms) {
    const alarm = seen.alarms?.[name];
    if (alarm === undefined) return `alarm ${name} was not asked yet`;
    if (alarm.state === 'ALARM') return `alarm ${name} is red: ${alarm.reason}`;
    if (alarm.state === 'missing') return `alarm ${name} does not exist`;
    if (alarm.state === 'unknown') return `the state of alarm ${name} is unknown: ${alarm.because}`;
    const rises = seen.rises?.[name];
    if (phase.bakeMinutes > 0 && rises?.state !== 'known') {
      return `the history of alarm ${name} is unknown`;
    }
  }
  if (seen.question.images === undefined) return 'its images were not asked yet';
  return undefined;
}

function adopt(
  record: TargetRecord,
  phase: Observing,
  primary: PrimaryDeployment,
  seen: Seen,
): Decision {
  const name = revisionName(phase.revision);
  const resting = inPhase(record, { phase: 'resting' });
  const { images } = primary;
  if (images === undefined || Object.keys(images).length === 0) {
    return because(resting, `${name} runs, but ECS tells no digest for it: no place to return to`);
  }
  const sentence = `${name} is steady with quiet alarms`;
  const rung = {
    release: `adopted ${name}`,
    revision: phase.revision,
    images,
    changed: [],
    pinned: primary.pinned ?? false,
    provenAt: seen.at,
  };
  const adopted = announce(climb(resting, rung), 'adopted', {
    at: seen.at,
    images,
    revision: phase.revision,
    because: `${sentence}: ${describeImages(images)}`,
    next: 'a release that fails returns here',
  });
  return because(adopted, `adopted: ${sentence}`);
}

/** It keeps running, but nothing returns to it, and a person should know. */
function leaveUnproven(record: TargetRecord, seen: Seen, sentence: string): Decision {
  const asking = announce(
    inPhase(record, { phase: 'asking', because: sentence, since: seen.at }),
    'asking',
    {
      at: seen.at,
      because: sentence,
      next: 'push a newer image, or deploy or roll back by hand',
    },
  );
  return because(asking, sentence);
}
