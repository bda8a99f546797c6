/** An alarm is a dated fact: it counts for the release in whose window it rose, however late it is heard. */
import { bakeWindow } from './baking.ts';
import { beginReturn, condemn } from './condemn.ts';
import {
  announce,
  because,
  type Decision,
  holdsAny,
  inPhase,
  pick,
  quarantineImages,
} from './decision.ts';
import type { AlarmChanged } from './event.ts';
import type { Baking, Observing, Release, Rolling, Rung, TargetRecord } from './record.ts';
import type { AlarmRise } from './seen.ts';
import { countsAgainst, describeRise, firstRise, withRises } from './watch.ts';
import { wouldReturn } from './watch-mode.ts';

export function alarmChanged(record: TargetRecord, event: AlarmChanged): Decision {
  if (event.to !== 'ALARM')
    return because(record, `alarm ${event.alarm} is ${event.to}: a look follows`);
  if (event.muted) return because(record, `alarm ${event.alarm} is muted, so it condemns nothing`);
  if (event.from === 'ALARM') {
    return because(record, `alarm ${event.alarm} was red before: this is no rise`);
  }
  const rise: AlarmRise = {
    alarm: event.alarm,
    at: event.changedAt,
    reason: event.reason,
    ...(event.breachEndsAt === undefined ? {} : { breachEndsAt: event.breachEndsAt }),
  };
  const withdrawn = withdraw(record, rise, event);
  const { phase } = withdrawn.record;
  switch (phase.phase) {
    case 'rolling':
      return whileRolling(withdrawn.record, phase, rise, event);
    case 'baking':
      return whileBaking(withdrawn.record, phase, rise, event);
    case 'observing':
      return noted(withdrawn.record, phase, rise);
    case 'introduced':
    case 'resting':
    case 'returning':
    case 'asking':
    case 'retired':
      return withdrawn;
  }
}

function whileRolling(
  record: TargetRecord,
  phase: Rolling,
  rise: AlarmRise,
  event: AlarmChanged,
): Decision {
  const { rollout } = phase.attempt;
  if (!phase.release.rules.alarms.includes(rise.alarm)) {
    return because(record, `alarm ${rise.alarm} does not guard this release`);
  }
  if (rollout !== undefined) {
    const window = { from: rollout.createdAt, alarms: phase.release.rules.alarms };
    if (!countsAgainst(rise, window)) {
      return because(record, `alarm ${rise.alarm} rose before this release started`);
    }
  }
  const remembered: Rolling = { ...phase, release: remember(phase.release, rise) };
  if (rollout === undefined) {
    return because(
      inPhase(record, remembered),
      `alarm ${rise.alarm} rose; when the rollout is found, it is known whether that was inside its window`,
    );
  }
  return condemnFor(record, remembered, rise, event);
}

function whileBaking(
  record: TargetRecord,
  phase: Baking,
  rise: AlarmRise,
  event: AlarmChanged,
): Decision {
  if (!countsAgainst(rise, bakeWindow(phase))) {
    return because(record, `alarm ${rise.alarm} rose outside the window of this release`);
  }
  return condemnFor(record, { ...phase, release: remember(phase.release, rise) }, rise, event);
}

function condemnFor(
  record: TargetRecord,
  phase: Rolling | Baking,
  rise: AlarmRise,
  event: AlarmChanged,
): Decision {
  const sentence = describeRise(rise, phase.release.rules);
  const verdict = { because: sentence, alarms: [rise.alarm] };
  return because(condemn(record, phase, verdict, event.at), `condemned: ${sentence}`);
}

function noted(record: TargetRecord, phase: Observing, rise: AlarmRise): Decision {
  const watch = withRises(phase.watch, [rise]);
  if (watch === phase.watch) return because(record, `alarm ${rise.alarm} is known to have risen`);
  return because(
    inPhase(record, { ...phase, watch }),
    `alarm ${rise.alarm} rose: the next look judges`,
  );
}

function remember(release: Release, rise: AlarmRise): Release {
  return { ...release, watch: withRises(release.watch, [rise]) };
}

/** A rise inside a window that closed already: that release is proven no longer. */
function withdraw(record: TargetRecord, rise: AlarmRise, event: AlarmChanged): Decision {
  const hit = record.ladder.find(
    (rung) =>
      rung.window !== undefined &&
      firstRise({ rises: [rise], failures: [] }, rung.window) !== undefined,
  );
  if (hit === undefined) return because(record, `alarm ${rise.alarm} rose in no window of ours`);
  const sentence = `${describeRise(rise, record.rules)} (heard late: inside the window of ${hit.release})`;
  if (record.rules.mode === 'watch') return wouldReturn(record, sentence, event.at);
  const images = pick(hit.images, hit.changed);
  const quarantined = quarantineImages(record, images, hit.revision, sentence, event.at);
  const tainted = taintedPhase(quarantined, hit);
  if (tainted !== undefined) {
    const verdict = { because: sentence, alarms: [rise.alarm] };
    return because(condemn(quarantined, tainted, verdict, event.at), `condemned: ${sentence}`);
  }
  if (record.runs?.revision === hit.revision && isQuiet(record)) {
    const condemned = {
      release: hit.release,
      images,
      revision: hit.revision,
      because: sentence,
      alarms: [rise.alarm],
      rollbackMinutes: record.rules.rollbackMinutes,
    };
    return because(beginReturn(quarantined, condemned, event.at), `condemned: ${sentence}`);
  }
  const told = announce(quarantined, 'failed', {
    at: event.at,
    release: hit.release,
    images,
    revision: hit.revision,
    because: sentence,
    next: 'it is proven no longer; it does not run, so nothing is rolled back',
  });
  return because(told, sentence);
}

function isQuiet(record: TargetRecord): boolean {
  return record.phase.phase === 'resting' || record.phase.phase === 'asking';
}

/** A newer release on its way that still carries an image of the withdrawn one goes with it. */
function taintedPhase(record: TargetRecord, hit: Rung): Rolling | Baking | undefined {
  const { phase } = record;
  if (phase.phase !== 'rolling' && phase.phase !== 'baking') return undefined;
  const carried = { ...hit.images, ...record.runs?.images, ...phase.release.images };
  const digests = Object.values(pick(hit.images, hit.changed)).map((image) => image.digest);
  return holdsAny(carried, digests) ? phase : undefined;
}
