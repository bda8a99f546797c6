/** A look at a release of ours that is on its way: ECS's service deployment tells how it went. */
import {
  ask,
  findRollout,
  isLateCall,
  LOOK_AGAIN_MS,
  missing,
  noteFound,
  noteMissing,
  prepare,
} from './attempt.ts';
import { whileBaking } from './baking.ts';
import { condemn } from './condemn.ts';
import {
  announce,
  because,
  conclude,
  type Decision,
  describeImages,
  inPhase,
  revisionName,
} from './decision.ts';
import { observe, watchDeployment } from './observing.ts';
import type { Attempt, Baking, Release, Rolling, TargetRecord } from './record.ts';
import { whileReturning } from './returning.ts';
import { MINUTE } from './rules.ts';
import type { PrimaryDeployment, RolloutSeen, Seen } from './seen.ts';
import { describeFailures, risesSeen, whyCondemned, withFailures, withRises } from './watch.ts';

export function whileRolling(record: TargetRecord, phase: Rolling, seen: Seen): Decision {
  if (seen.service.state === 'missing') return serviceGone(record, phase, seen);
  if (phase.attempt.ask === undefined)
    return beforeAsking(record, phase, seen.service.primary, seen);
  if (seen.rollouts === undefined) return because(record, 'the next look asks for the rollout');
  const found = findRollout(record, phase.attempt, seen);
  if (found.found === 'none') return notFound(record, phase, seen);
  if (found.newer !== undefined) return replaced(record, phase, found.newer, seen);
  if (found.found === 'other') return because(record, 'no rollout of ours');
  return follow(
    record,
    { ...phase, attempt: noteFound(phase.attempt, found.rollout) },
    found.rollout,
    seen,
  );
}

/** Registered or not, ECS was not asked yet: nothing runs that would have to go. */
function beforeAsking(
  record: TargetRecord,
  phase: Rolling,
  primary: PrimaryDeployment,
  seen: Seen,
): Decision {
  if (primary.revision !== phase.attempt.base && primary.createdAt > (record.runs?.since ?? 0)) {
    return putBack(record, phase, primary, seen);
  }
  const attempt = prepare(phase.attempt, seen);
  if (attempt.revision === undefined) {
    return attempt === phase.attempt
      ? because(record, 'the new revision is being registered')
      : because(inPhase(record, { ...phase, attempt }), 'registers the new revision');
  }
  const lastCompleted = record.ladder.some((rung) => rung.revision === primary.revision);
  const ecsReturns = lastCompleted && primary.rolloutState === 'COMPLETED';
  const asked = ask(record, attempt, attempt.revision, seen, ecsReturns);
  return because(
    inPhase(asked.record, { ...phase, attempt: asked.attempt }),
    `asks ECS for ${revisionName(attempt.revision)}`,
  );
}

/** Somebody deployed before we asked: the images wait again, and theirs is watched. */
function putBack(
  record: TargetRecord,
  phase: Rolling,
  primary: PrimaryDeployment,
  seen: Seen,
): Decision {
  const waiting = Object.fromEntries(
    Object.entries(phase.release.images)
      .filter(([container]) => record.waiting[container] === undefined)
      .map(([container, image]) => [container, { image, since: phase.release.startedAt }]),
  );
  const back = inPhase(
    { ...record, waiting: { ...waiting, ...record.waiting } },
    { phase: 'resting' },
  );
  return isLateCall(record, primary)
    ? because(back, 'a late call of ours is in the way: it goes first')
    : observe(back, primary, seen.at);
}

function notFound(record: TargetRecord, phase: Rolling, seen: Seen): Decision {
  const { attempt } = phase;
  switch (missing(attempt, seen)) {
    case 'wait': {
      const noted = noteMissing(attempt, seen);
      const next = noted === attempt ? record : inPhase(record, { ...phase, attempt: noted });
      return because(
        next,
        `ECS shows no rollout of ours yet; asked again ${LOOK_AGAIN_MS / 1000} s later at the earliest`,
      );
    }
    case 'ask-again':
      return askAgain(record, phase, seen, 'ECS shows no rollout of ours: the call was lost');
    case 'give-up':
      return fail(
        record,
        phase,
        seen,
        `ECS was asked ${attempt.ask?.count ?? 0} times and started no rollout`,
      );
  }
}

function askAgain(record: TargetRecord, phase: Rolling, seen: Seen, sentence: string): Decision {
  const { attempt } = phase;
  if (attempt.revision === undefined || attempt.ask === undefined) return because(record, sentence);
  const { missedAt: _, ...before } = attempt.ask;
  const again = ask(
    record,
    { ...withoutRollout(attempt), ask: before },
    attempt.revision,
    seen,
    attempt.ask.ecsReturns,
  );
  return because(
    inPhase(again.record, { ...phase, attempt: again.attempt }),
    `${sentence}; asks again`,
  );
}

function withoutRollout({ rollout: _, ...attempt }: Attempt): Attempt {
  return attempt;
}

/** Something newer than our rollout is there. */
function replaced(record: TargetRecord, phase: Rolling, newer: RolloutSeen, seen: Seen): Decision {
  const ours = phase.attempt.rollout;
  const done = conclude(record, ...(ours === undefined ? [] : [ours.arn]));
  if (isLateCall(record, newer) && (phase.attempt.ask?.count ?? 0) < 3) {
    return askAgain(
      conclude(done, newer.arn),
      phase,
      seen,
      `a late call of ours started ${revisionName(newer.revision)}`,
    );
  }
  const sentence = `somebody else deployed ${revisionName(newer.revision)} while ${describeImages(phase.release.images)} was rolling out`;
  const told = announce(done, 'superseded', {
    at: seen.at,
    release: phase.release.id,
    images: phase.release.images,
    because: sentence,
    next: 'theirs is left alone and watched; push again to deploy this image',
    ...(phase.attempt.revision === undefined ? {} : { revision: phase.attempt.revision }),
  });
  return because(watchDeployment(told, newer, record.rules.bakeMinutes), sentence);
}

function follow(record: TargetRecord, phase: Rolling, rollout: RolloutSeen, seen: Seen): Decision {
  const { release, attempt } = phase;
  const watch = withFailures(withRises(release.watch, risesSeen(seen)), seen, rollout.revision);
  const watched: Release = watch === release.watch ? release : { ...release, watch };
  const next: Rolling = { ...phase, release: watched };
  const told = tellStarted(inPhase(record, next), next, seen.at);
  const current = told.phase.phase === 'rolling' ? told.phase : next;
  const verdict = verdictOn(watched, rollout, seen, attempt.ask?.at ?? seen.at);
  if (verdict !== undefined) {
    return goBack(told, current, verdict, seen);
  }
  if (rollout.status === 'SUCCESSFUL') return beginBake(told, current, rollout, seen);
  return because(told, `ECS says ${rollout.status}`);
}

function verdictOn(
  release: Release,
  rollout: RolloutSeen,
  seen: Seen,
  askedAt: number,
): { readonly because: string; readonly alarms: readonly string[] } | undefined {
  const window = { from: rollout.createdAt, alarms: release.rules.alarms };
  const against = whyCondemned(release.watch, window, release.rules);
  if (against !== undefined) return against;
  switch (rollout.status) {
    case 'PENDING':
    case 'IN_PROGRESS':
    case 'STOP_REQUESTED':
    case 'ROLLBACK_REQUESTED':
      return seen.at > askedAt + release.rules.rolloutMinutes * MINUTE
        ? {
            because: `it did not finish within ${release.rules.rolloutMinutes} minutes (ECS says ${rollout.status})`,
            alarms: [],
          }
        : undefined;
    case 'STOPPED':
    case 'ROLLBACK_IN_PROGRESS':
    case 'ROLLBACK_SUCCESSFUL':
    case 'ROLLBACK_FAILED':
      return { because: describeEnd(release, rollout), alarms: redNow(release, seen) };
    case 'SUCCESSFUL':
      return undefined;
  }
}

function describeEnd(release: Release, rollout: RolloutSeen): string {
  const reason = rollout.statusReason === undefined ? '' : ` (${rollout.statusReason})`;
  const tasks =
    release.watch.failures.length === 0 ? '' : `; ${describeFailures(release.watch.failures)}`;
  return `ECS ended its rollout: ${rollout.status}${reason}${tasks}`;
}

function redNow(release: Release, seen: Seen): readonly string[] {
  return release.rules.alarms.filter((name) => seen.alarms?.[name]?.state === 'ALARM');
}

function goBack(
  record: TargetRecord,
  phase: Rolling,
  verdict: { readonly because: string; readonly alarms: readonly string[] },
  seen: Seen,
): Decision {
  const condemned = condemn(record, phase, verdict, seen.at);
  const { phase: returning } = condemned;
  if (returning.phase !== 'returning') return because(condemned, verdict.because);
  const next = whileReturning(condemned, returning, seen);
  return because(next.record, `condemned: ${verdict.because}`);
}

function beginBake(
  record: TargetRecord,
  { release, attempt }: Rolling,
  rollout: RolloutSeen,
  seen: Seen,
): Decision {
  const baking: Baking = {
    phase: 'baking',
    release,
    attempt,
    rollout: {
      arn: rollout.arn,
      serviceRevision: rollout.serviceRevision,
      createdAt: rollout.createdAt,
    },
    succeededAt: rollout.finishedAt ?? seen.at,
  };
  const next: TargetRecord = {
    ...conclude(inPhase(record, baking), rollout.arn),
    runs: {
      revision: rollout.revision,
      images: { ...record.runs?.images, ...release.images },
      since: rollout.createdAt,
    },
  };
  return whileBaking(next, baking, seen);
}

/** Once: when ECS answered, or when its rollout was found after a lost answer. */
export function tellStarted(record: TargetRecord, phase: Rolling, at: number): TargetRecord {
  const { release, attempt } = phase;
  if (attempt.ask === undefined || attempt.ask.told) return record;
  const told = inPhase(record, {
    ...phase,
    attempt: { ...attempt, ask: { ...attempt.ask, told: true } },
  });
  const who = release.by === undefined ? '' : `${release.by} asked for `;
  return announce(told, 'started', {
    at,
    release: release.id,
    images: release.images,
    because: `${who}${describeImages(release.images)}`,
    next: `it is proven when ECS says SUCCESSFUL and ${release.rules.bakeMinutes} minutes of bake pass without an alarm or ${release.rules.maxTaskFailures} failed tasks`,
    ...(attempt.revision === undefined ? {} : { revision: attempt.revision }),
  });
}

/** It ends without having replaced anything: not condemned, not proven. */
export function fail(
  record: TargetRecord,
  phase: Rolling,
  seen: { readonly at: number },
  sentence: string,
): Decision {
  const { release, attempt } = phase;
  const failed = announce(inPhase(record, { phase: 'resting' }), 'failed', {
    at: seen.at,
    release: release.id,
    images: release.images,
    because: sentence,
    next: 'mend the cause, then push again or deploy by hand',
    ...(attempt.revision === undefined ? {} : { revision: attempt.revision }),
  });
  return because(failed, sentence);
}

function serviceGone(record: TargetRecord, phase: Rolling, seen: Seen): Decision {
  const why = seen.service.state === 'missing' ? seen.service.because : '';
  return fail(record, phase, seen, why);
}
