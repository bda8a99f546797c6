/** A look at a release that ECS calls SUCCESSFUL: it is proven when its bake passes. */
import { isLateCall } from './attempt.ts';
import { beginReturn, condemn } from './condemn.ts';
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
import { watchDeployment } from './observing.ts';
import type { Baking, Release, Rung, TargetRecord } from './record.ts';
import { MINUTE, type Rules } from './rules.ts';
import type { FoundService, Seen } from './seen.ts';
import { risesSeen, type Window, whyCondemned, withFailures, withRises } from './watch.ts';

/** A bake whose end cannot be judged goes on for as long again, and at least for this. */
const EXTENSION_MIN_MS = 10 * MINUTE;

export function bakeEndsAt({ succeededAt, release }: Baking): Moment {
  return succeededAt + release.rules.bakeMinutes * MINUTE;
}

export function bakeWindow(phase: Baking): Window {
  return {
    from: phase.rollout.createdAt,
    to: bakeEndsAt(phase),
    alarms: phase.release.rules.alarms,
  };
}

export function whileBaking(record: TargetRecord, phase: Baking, seen: Seen): Decision {
  const { service } = seen;
  if (service.state === 'missing') return endUnproven(record, phase, service.because, seen);
  const { primary } = service;
  if (primary.revision !== phase.attempt.revision && primary.createdAt > phase.rollout.createdAt) {
    return displaced(record, phase, service, seen);
  }
  const watched = watch(phase, seen, primary.revision);
  const current = watched === phase ? record : inPhase(record, watched);
  const verdict = whyCondemned(watched.release.watch, bakeWindow(watched), watched.release.rules);
  if (verdict !== undefined) {
    return because(condemn(current, watched, verdict, seen.at), `condemned: ${verdict.because}`);
  }
  if (service.desired === 0 || watched.empty) return whileEmpty(current, watched, service, seen);
  if (seen.at < bakeEndsAt(watched)) return because(current, 'the bake goes on');
  const doubt = doubtOf(watched, service, seen);
  if (doubt !== undefined) return extend(current, watched, doubt, seen);
  return prove(current, watched, service, seen);
}

function watch(phase: Baking, seen: Seen, revision: Baking['attempt']['revision']): Baking {
  if (revision === undefined) return phase;
  const { release } = phase;
  const against = withFailures(withRises(release.watch, risesSeen(seen)), seen, revision);
  if (against === release.watch) return phase;
  const next: Release = { ...release, watch: against };
  return { ...phase, release: next };
}

function displaced(
  record: TargetRecord,
  phase: Baking,
  { primary }: FoundService,
  seen: Seen,
): Decision {
  const { release } = phase;
  const late = isLateCall(record, primary);
  const sentence = late
    ? `a late call of ours started ${revisionName(primary.revision)} while ${describeImages(release.images)} was baking`
    : `somebody else deployed ${revisionName(primary.revision)} while ${describeImages(release.images)} was baking`;
  const told = announce(record, 'superseded', {
    at: seen.at,
    release: release.id,
    images: release.images,
    because: sentence,
    next: late
      ? 'the newest proven release is put back'
      : 'theirs is left alone and watched; push again to deploy this image',
    ...(phase.attempt.revision === undefined ? {} : { revision: phase.attempt.revision }),
  });
  if (!late) return because(watchDeployment(told, primary, record.rules.bakeMinutes), sentence);
  const condemned = {
    revision: primary.revision,
    images: {},
    because: sentence,
    alarms: [],
    rollbackMinutes: release.rules.rollbackMinutes,
  };
  return because(beginReturn(told, condemned, seen.at), sentence);
}

/** Desired count 0 proves nothing: the bake begins when tasks run, and a newer image need not wait. */
function whileEmpty(
  record: TargetRecord,
  phase: Baking,
  service: FoundService,
  seen: Seen,
): Decision {
  if (service.desired > 0 && service.running > 0) {
    const { empty: _, ...rest } = phase;
    return because(
      inPhase(record, { ...rest, succeededAt: seen.at }),
      'tasks run now: the bake begins',
    );
  }
  const { release } = phase;
  if (Object.keys(record.waiting).length > 0) {
    return endUnproven(record, phase, 'a newer image came while the desired count was 0', seen);
  }
  if (phase.empty) return because(record, 'desired count 0: nothing runs, so nothing is proven');
  const sentence = 'the rollout succeeded with desired count 0: nothing runs, so nothing is proven';
  const told = announce(inPhase(record, { ...phase, empty: true }), 'held', {
    at: seen.at,
    release: release.id,
    images: release.images,
    because: sentence,
    next: 'the bake begins by itself when tasks run; a newer push replaces it',
  });
  return because(told, sentence);
}

/** Why a bake that is over cannot be called passed. */
function doubtOf({ release }: Baking, service: FoundService, seen: Seen): string | undefined {
  if (service.running !== service.desired) {
    return `${service.running} of ${service.desired} desired tasks run`;
  }
  if (service.deployments > 1) return 'another deployment is in flight';
  return (
    unknownAlarm(release.rules, seen) ??
    (seen.question.images === undefined ? 'the digests that run were not asked' : undefined)
  );
}

function unknownAlarm(rules: Rules, seen: Seen): string | undefined {
  for (const name of rules.alarms) {
    const alarm = seen.alarms?.[name];
    if (alarm === undefined) return `alarm ${name} was not asked`;
    if (alarm.state === 'missing') return `alarm ${name} does not exist`;
    if (alarm.state === 'unknown') return `alarm ${name} is unknown: ${alarm.because}`;
    const rises = seen.rises?.[name];
    if (rises?.state !== 'known') {
      return `the history of alarm ${name} is unknown${rises === undefined ? '' : `: ${rises.because}`}`;
    }
  }
  return undefined;
}

function extend(record: TargetRecord, phase: Baking, doubt: string, seen: Seen): Decision {
  const extension = Math.max(phase.release.rules.bakeMinutes * MINUTE, EXTENSION_MIN_MS);
  if (seen.at < bakeEndsAt(phase) + extension) {
    const extended: Baking = { ...phase, extendedBecause: doubt };
    return because(
      phase.extendedBecause === doubt ? record : inPhase(record, extended),
      `the bake goes on past its end: ${doubt}`,
    );
  }
  const sentence = `it could not be proven: ${doubt}`;
  const { release } = phase;
  const asking = announce(
    inPhase(record, { phase: 'asking', because: sentence, since: seen.at }),
    'asking',
    {
      at: seen.at,
      release: release.id,
      images: release.images,
      because: sentence,
      next: 'it keeps running; mend the cause, then push a newer image, deploy this one again, or roll back',
    },
  );
  return because(asking, sentence);
}

function prove(
  record: TargetRecord,
  phase: Baking,
  { primary }: FoundService,
  seen: Seen,
): Decision {
  const { release, attempt } = phase;
  const { revision } = attempt;
  if (revision === undefined) return because(record, 'no revision');
  const images = primary.images ?? record.runs?.images ?? release.images;
  const window = bakeWindow(phase);
  const rung: Rung = {
    release: release.id,
    revision,
    images: { ...images, ...release.images },
    changed: Object.keys(release.images),
    pinned: primary.pinned ?? true,
    provenAt: seen.at,
    window: { from: window.from, to: bakeEndsAt(phase), alarms: window.alarms },
  };
  const resting = inPhase(
    {
      ...record,
      runs: { revision, images: rung.images, since: primary.createdAt },
    },
    { phase: 'resting' },
  );
  const guards =
    release.rules.alarms.length === 0 ? 'no alarm is configured' : 'its alarms never rose';
  const sentence = `ECS says SUCCESSFUL, and ${release.rules.bakeMinutes} minutes of bake passed: ${guards}, and its tasks stood`;
  const told = announce(climb(resting, rung), 'proven', {
    at: seen.at,
    release: release.id,
    images: release.images,
    revision,
    because: sentence,
    next: 'a release that fails returns here',
  });
  return because(told, `proven: ${sentence}`);
}

function endUnproven(record: TargetRecord, phase: Baking, sentence: string, seen: Seen): Decision {
  const { release } = phase;
  const told = announce(inPhase(record, { phase: 'resting' }), 'superseded', {
    at: seen.at,
    release: release.id,
    images: release.images,
    because: sentence,
    next: 'it is not a place to return to',
  });
  return because(told, sentence);
}
