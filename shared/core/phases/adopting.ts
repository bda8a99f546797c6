/** What somebody else deployed, or what ran before us, becomes a place to return to. */
import { whyAnyForeign } from '../gates/repository-gate.ts';
import {
  addCandidate,
  announce,
  because,
  type Decision,
  enter,
  leave,
  restAsking,
} from '../model/decision.ts';
import { defined } from '../model/defined.ts';
import {
  describeImages,
  type ImageSet,
  imageLabel,
  type Moment,
  revisionName,
  type TaskDefinitionArn,
} from '../model/image.ts';
import type { Observation, PrimaryDeployment, StandingObservation } from '../model/observation.ts';
import { compareOrder, isHigher, type Order } from '../model/order.ts';
import type { RollbackCandidate } from '../model/record/candidate.ts';
import { quarantinedIn, wasCondemned } from '../model/record/known.ts';
import type { External } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { MINUTE } from '../model/rules.ts';
import { doubtOf, isSteady } from '../release/doubt.ts';

/** Without a release to return to, adoption is tried again at each observation, and so often at least. */
export const ADOPT_AGAIN_MS = 15 * MINUTE;

/** Is there nothing to return to, and might what runs become that? */
export function lacksCandidate(record: TargetRecord): boolean {
  const { runs, rollbackCandidates } = record;
  return (
    runs !== undefined &&
    rollbackCandidates.length === 0 &&
    !wasCondemned(record, runs.revision) &&
    quarantinedIn(record, runs.images) === undefined
  );
}

/** At rest, with nothing to return to: what runs is adopted as soon as it can be. */
export function adoptIfNone(
  record: TargetRecord,
  observation: StandingObservation,
): Decision | undefined {
  const { service } = observation;
  const { primary } = service;
  const { images = {} } = primary;
  if (!lacksCandidate(record) || Object.keys(images).length === 0) return undefined;
  if (service.desired === 0 || !isSteady(service)) return undefined;
  if (quarantinedIn(record, images) !== undefined) return undefined;
  if (whyAnyForeign(record.rules, images) !== undefined) return undefined;
  if (doubtOf(record, record.rules.alarms, 'spared', observation) !== undefined) return undefined;
  const { revision, createdAt } = primary;
  const known = { ...record, runs: { revision, images, since: createdAt } };
  const adopted = adopt(known, { revision }, observation);
  const { needsAttention } = record;
  // What a person was asked for another reason stays asked.
  return needsAttention === undefined || needsAttention.untilAdopted
    ? adopted
    : because({ ...adopted.record, needsAttention }, adopted.because);
}

/**
 * It runs, and nothing returns to it: told if there is no other release to return to, or if it is
 * quarantined.
 */
export function stayUnproven(
  record: TargetRecord,
  revision: TaskDefinitionArn,
  doubt: string,
  { at }: Observation,
): Decision {
  const name = revisionName(revision);
  const bad = askAboutQuarantined(record, revision, record.runs?.images ?? {}, at);
  if (bad !== undefined) return bad;
  const resting = enter(record, { phase: 'idle' });
  const sentence = `${name} runs unproven: ${doubt}`;
  if (!lacksCandidate(resting)) return because(resting, sentence);
  const why = `there is nothing to return to: ${sentence}`;
  const asking = restAsking(record, { because: why, since: at, untilAdopted: true });
  const told = announce(asking, 'needs-attention', {
    at,
    revision,
    because: why,
    next: 'mend that, and it is adopted by itself; until then a release that fails has no way back',
  });
  return because(told, why);
}

/** Somebody else has what was condemned run again: that is theirs to do, and a person hears of it. */
function askAboutQuarantined(
  record: TargetRecord,
  revision: TaskDefinitionArn,
  images: ImageSet,
  at: Moment,
): Decision | undefined {
  const bad = quarantinedIn(record, images);
  if (bad === undefined) return undefined;
  const sentence = `${revisionName(revision)} runs the quarantined ${imageLabel(bad)}: it is left running, and is no place to return to`;
  const asking = restAsking(record, { because: sentence, since: at });
  const next = 'push a fix, lift the quarantine, or roll back by hand';
  const why = { at, images, revision, because: sentence, next };
  return because(announce(asking, 'needs-attention', why), sentence);
}

/**
 * So neither a lost table nor what waited puts an older image back over what runs: nothing that was
 * pushed before it starts without a person.
 */
export function rememberPush(
  given: TargetRecord,
  primary: PrimaryDeployment,
  at: Moment,
): TargetRecord {
  const { images = {}, pushedAt = {} } = primary;
  const record = withUndated(given, primary);
  const fresh = Object.entries(pushedAt).flatMap(([name, moment]) => {
    const image = images[name];
    if (image === undefined) return [];
    const order: Order = { by: 'push-time', rank: [], pushedAt: moment, digest: image.digest };
    const newest = record.newest[name];
    if (newest !== undefined && !isHigher(order, newest)) return [];
    return [[name, { ...order, label: imageLabel(image) }] as const];
  });
  if (fresh.length === 0) return record;
  const newest = { ...record.newest, ...Object.fromEntries(fresh) };
  const older = fresh.filter(([name, order]) => {
    const waiting = record.waiting[name];
    // What a person deploys has no place in the order.
    return waiting?.order !== undefined && compareOrder(waiting.order, order) < 0;
  });
  const labels = older.map(([, { label }]) => label).join(' + ');
  const left = leave(
    record,
    older.map(([name]) => name),
    'refused',
    {
      at,
      because: `it was pushed before ${labels}, which somebody deployed meanwhile`,
      next: 'nothing: a newer image never makes way for an older push; if you mean it, deploy it by hand',
    },
  );
  return { ...left, newest };
}

/** What ECR did not answer for is asked again: by the next look that watches it, or before something starts over it. */
function withUndated(
  record: TargetRecord,
  { revision, pushedAt, undated }: PrimaryDeployment,
): TargetRecord {
  const { runs } = record;
  if (pushedAt === undefined || runs?.revision !== revision) return record;
  const { undated: _, ...dated } = runs;
  return { ...record, runs: defined({ ...dated, undated }) };
}

export function adopt(
  record: TargetRecord,
  phase: Pick<External, 'revision'>,
  observation: StandingObservation,
): Decision {
  const { primary } = observation.service;
  const name = revisionName(phase.revision);
  const resting = enter(record, { phase: 'idle' });
  const { images } = primary;
  if (images === undefined || Object.keys(images).length === 0) {
    return stayUnproven(record, phase.revision, `ECS tells no digest for ${name}`, observation);
  }
  const bad = askAboutQuarantined(record, phase.revision, images, observation.at);
  if (bad !== undefined) return bad;
  // A person went back to a candidate: it stays the release that it is.
  const known = record.rollbackCandidates.find(
    (one) => one.revision === phase.revision && one.pinned,
  );
  const foreign = known === undefined ? whyAnyForeign(record.rules, images) : undefined;
  if (foreign !== undefined) return stayUnproven(record, phase.revision, foreign, observation);
  const sentence = `${name} is steady with quiet alarms`;
  const candidate: RollbackCandidate = {
    release: `adopted ${name}`,
    revision: phase.revision,
    images,
    changed: [],
    pinned: primary.pinned ?? false,
    provenAt: observation.at,
  };
  const adopted = announce(
    rememberPush(addCandidate(resting, known ?? candidate), primary, observation.at),
    'adopted',
    {
      at: observation.at,
      images,
      revision: phase.revision,
      because: `${sentence}: ${describeImages(images)}`,
      next: 'a release that fails returns here',
    },
  );
  return because(adopted, `adopted: ${sentence}`);
}
