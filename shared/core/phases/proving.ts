/** The bake is over: the release is proven, or it is told why that cannot be said. */

import {
  addCandidate,
  announce,
  because,
  type Decision,
  enter,
  inPhase,
} from '../model/decision.ts';
import { expected } from '../model/defined.ts';
import type { Observation } from '../model/observation.ts';
import type { RollbackCandidate } from '../model/record/candidate.ts';
import type { Baking } from '../model/record/phase.ts';
import type { Release } from '../model/record/release.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { attentionAt, bakeBeganAt, bakeWindow } from '../release/bake-window.ts';
import { bringsAll, doubtOf } from '../release/doubt.ts';
import { silencedBecause } from '../release/evidence.ts';
import { judgedInWords } from '../release/judge/inconclusive.ts';
import { tellEnd } from '../release/release-ends.ts';
import { couldBeLeft } from '../release/ways-back.ts';
import type { At } from './rule.ts';

export function prove({ record, phase, observation }: At<Baking>): Decision {
  const { service } = observation;
  const revision = expected(phase.attempt.revision, 'the revision that bakes');
  const unmeasured = unmeasuredAlarms(phase, observation);
  const { release } = phase;
  const { primary } = service;
  const images = primary.images ?? record.runs?.images ?? release.images;
  const window = bakeWindow(phase);
  const candidate: RollbackCandidate = {
    release: release.id,
    revision,
    images: { ...images, ...release.images },
    changed: Object.keys(release.images),
    pinned: primary.pinned ?? bringsAll(release, record.rules),
    provenAt: observation.at,
    window: {
      ...window,
      to: window.to ?? observation.at,
      ...(unmeasured.length === 0 ? {} : { unmeasured }),
    },
  };
  const resting = enter(
    { ...record, runs: { revision, images: candidate.images, since: primary.createdAt } },
    { phase: 'idle' },
  );
  const guards = describeGuards(record, release, unmeasured, observation);
  const tried = release.evidence.ownRequests?.because;
  const found = [tried, judgedInWords(release)].flatMap((it) => (it ? [`; ${it}`] : [])).join('');
  const sentence = `ECS says SUCCESSFUL, and ${release.rules.bakeMinutes} minutes of bake passed: ${guards}, and its tasks stood${found}`;
  const told = tellEnd(addCandidate(resting, candidate), phase, 'proven', {
    at: observation.at,
    because: sentence,
    next: 'a release that fails returns here',
  });
  return because(told, `proven: ${sentence}`);
}

/** What was never measured proves nothing. */
function unmeasuredAlarms(phase: Baking, { alarms }: Observation): readonly string[] {
  return phase.release.rules.alarms.filter((name) => {
    const alarm = alarms?.[name];
    return alarm?.state === 'INSUFFICIENT_DATA' && alarm.since <= bakeBeganAt(phase);
  });
}

/** A first proof waits for data, bounded; an alarm that had none for a release before is only told. */
export function unmeasuredUnheardOf({
  record,
  phase,
  observation,
}: At<Baking>): string | undefined {
  if (observation.at >= attentionAt(phase)) return undefined;
  const name = unmeasuredAlarms(phase, observation).find((one) => !isKnownUnmeasured(record, one));
  return name && `alarm ${name} had no data in the whole bake`;
}

function isKnownUnmeasured({ rollbackCandidates }: TargetRecord, name: string): boolean {
  return rollbackCandidates.some(({ window }) => window?.unmeasured?.includes(name));
}

function describeGuards(
  record: TargetRecord,
  { rules: { alarms }, evidence: { heldRises = [] } }: Release,
  unmeasured: readonly string[],
  observation: Observation,
): string {
  if (alarms.length === 0) return 'no alarm is configured';
  const silenced = alarms.flatMap(
    (name) => silencedBecause(record, name, observation.alarms?.[name]) ?? [],
  );
  const wanting = alarms.flatMap((name) => {
    const alarm = observation.alarms?.[name];
    const isWanting = alarm?.state === 'OK' && alarm.okForWantOfData === true;
    return isWanting
      ? [`alarm ${name} was last OK for want of data: no request may look the same`]
      : [];
  });
  const without = unmeasured.map((name) => `alarm ${name} had no data, so it says nothing`);
  const held = [...new Set(heldRises.map(({ alarm }) => alarm))].map(
    (name) => `alarm ${name} rose while what ran before suffered as well`,
  );
  const others = alarms.length - unmeasured.length - silenced.length;
  const never = held.length === 0 ? 'its alarms never rose' : 'no other alarm rose';
  const rest = others > held.length ? [never] : [];
  return [...rest, ...held, ...wanting, ...without, ...silenced].join('; ');
}

/** Why a bake that is over cannot be called passed. */
export function doubtOfProof({ record, phase, observation }: At<Baking>): string | undefined {
  const { service } = observation;
  // Its images and its counts would be those of what ran before.
  if (service.primary.revision !== phase.attempt.revision) return 'this look is a stale one';
  if (service.running !== service.desired) {
    return `${service.running} of ${service.desired} desired tasks run`;
  }
  if (service.deployments > 1) return 'another deployment is in flight';
  const images = bringsAll(phase.release, record.rules) ? 'known' : 'asked';
  return doubtOf(record, phase.release.rules.alarms, 'asked', observation, images);
}

export function extend({ record, phase, observation }: At<Baking>, doubt: string): Decision {
  const extended: Baking = { ...phase, extendedBecause: doubt };
  const next = phase.extendedBecause === doubt ? record : inPhase(record, extended);
  if (observation.at < attentionAt(phase))
    return because(next, `the bake goes on past its end: ${doubt}`);
  const at = { record: next, phase: extended, observation };
  return askBesideBake(at, `it could not be proven: ${doubt}`);
}

/**
 * A person is asked while the bake goes on: its window stays open, an alarm still condemns it, and
 * proof may still come.
 */
export function askBesideBake(
  { record, phase, observation: { at } }: At<Baking>,
  sentence: string,
): Decision {
  const { release } = phase;
  if (record.needsAttention !== undefined) return because(record, sentence);
  const asked: TargetRecord = { ...record, needsAttention: { because: sentence, since: at } };
  const told = announce(asked, 'needs-attention', {
    at,
    release: release.id,
    images: release.images,
    because: sentence,
    next: `it keeps running and is watched: mend the cause and it is proven by itself, ${
      couldBeLeft(record, phase)
        ? 'push a newer image, or roll back by hand'
        : 'or push a newer image'
    }`,
  });
  return because(told, sentence);
}
