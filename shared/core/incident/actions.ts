/** What a person can do now, as the command to copy. Each is a word that the core would take. */
import type { CouldReturn } from '../explain/can-roll-back.ts';
import { passesByHand } from '../gates/alarm-gates.ts';
import { type ImageSet, revisionName, shortDigest, waitingImages } from '../model/image.ts';
import { backOf, ownRelease } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import type { Hold } from '../model/record/waiting.ts';
import { awaitedOf } from './awaited.ts';
import type { LastRelease } from './last-release.ts';
import { shortNames } from './running-now.ts';

export interface PersonAction {
  readonly to: string;
  /** `slipway rollback web --because "why"` */
  readonly command: string;
}

interface Known {
  readonly back: CouldReturn;
  readonly isRed: boolean;
  /** Fewer run than are wanted, and no rollout explains it. */
  readonly lacksTasks: boolean;
  /** Who holds the whole account. */
  readonly stop: Pick<Hold, 'by'> | undefined;
  /** What was condemned and could not be left serves. */
  readonly stillBad?: boolean;
}

const BECAUSE = '--because "why"';

export function actionsOf(
  record: TargetRecord,
  last: LastRelease | undefined,
  { back, isRed, lacksTasks, stop, stillBad = false }: Known,
): readonly PersonAction[] {
  if (record.retired) return [];
  return [
    ...resume(record, stop !== undefined),
    ...approve(record),
    ...goOnDespite(record),
    ...rollBack(record, back, isRed && last?.became !== 'rolled-back'),
    ...(stillBad ? replace(record, last) : []),
    ...learn(record, last, lacksTasks),
    ...lift(record, last),
  ];
}

function resume({ id, hold }: TargetRecord, isStopped: boolean): readonly PersonAction[] {
  const ends = (to: string, what: string) => ({ to, command: `slipway resume ${what} ${BECAUSE}` });
  return [
    ...(hold === undefined ? [] : [ends('end the hold', id)]),
    ...(isStopped ? [ends('end the hold of all targets', '--all')] : []),
  ];
}

/** Who asked may not: the command says so to them. */
function approve(record: TargetRecord): readonly PersonAction[] {
  return awaitedOf(record).map(({ id, what, by }) => ({
    to: `say yes to ${what}, for which ${by} asked`,
    command: `slipway approve ${record.id} --of ${id} ${BECAUSE}`,
  }));
}

/** Red alarms and freezes hold a push, and not a person's word. */
function goOnDespite({ id, waiting, hold, rules }: TargetRecord): readonly PersonAction[] {
  const some = Object.values(waiting);
  const passes = some.some(({ held }) => held !== undefined && passesByHand(held));
  if (!passes || hold !== undefined || rules.mode === 'watch') return [];
  const images = waitingImages(waiting);
  return [
    {
      to: `start ${shortNames(images)} all the same`,
      command: `slipway deploy ${id} ${imageOptions(images)} ${BECAUSE}`,
    },
  ];
}

/** A digest names one image for ever; a tag may have moved. */
function imageOptions(images: ImageSet): string {
  const references = Object.values(images).map(
    ({ repository, digest }) => `${repository}@${digest}`,
  );
  return [...new Set(references)].map((one) => `--image ${one}`).join(' ');
}

/** Offered where something is on its way or wrong: at rest, or just after a rollback, it would leave what is good. */
function rollBack(
  { id, rules, phase, needsAttention }: TargetRecord,
  back: CouldReturn,
  isRed: boolean,
): readonly PersonAction[] {
  const isCalledFor = ownRelease(phase) !== undefined || needsAttention !== undefined || isRed;
  if (!back.possible || !isCalledFor || rules.mode === 'watch') return [];
  const { images, revision } = back.candidate;
  return [
    {
      to: `go back to ${shortNames(images)} (${revisionName(revision)}) now`,
      command: `slipway rollback ${id} ${BECAUSE}`,
    },
  ];
}

/** Which image is good, a person knows. */
function replace(
  { id, rules }: TargetRecord,
  last: LastRelease | undefined,
): readonly PersonAction[] {
  const repositories = new Set(Object.values(last?.images ?? {}).map((one) => one.repository));
  if (repositories.size === 0 || rules.mode === 'watch') return [];
  const images = [...repositories].map((repository) => `--image ${repository}:TAG`).join(' ');
  return [
    {
      to: 'deploy an image that you know to be good, by its tag in ECR',
      command: `slipway deploy ${id} ${images} ${BECAUSE}`,
    },
  ];
}

const BAD: readonly LastRelease['became'][] = [
  'rolling-back',
  'rolled-back',
  'failed',
  'needs-attention',
];

function learn(
  { id, needsAttention }: TargetRecord,
  last: LastRelease | undefined,
  lacksTasks: boolean,
): readonly PersonAction[] {
  const wentWrong = last !== undefined && BAD.includes(last.became);
  return needsAttention !== undefined || wentWrong || lacksTasks
    ? [{ to: 'learn why', command: `slipway why ${id}` }]
    : [];
}

/** Lifting starts nothing: what was condemned may be pushed or deployed again. */
function lift(record: TargetRecord, last: LastRelease | undefined): readonly PersonAction[] {
  if (last?.became !== 'rolled-back' || backOf(record.phase) !== undefined) return [];
  const condemned = Object.values(last.images ?? {}).filter(({ digest }) =>
    record.quarantine.some((one) => one.digest === digest),
  );
  const digests = [...new Set(condemned.map(({ digest }) => digest))];
  if (digests.length === 0) return [];
  const images = last.images ?? {};
  const lifted = digests.map((digest) => ({
    to: 'lift its quarantine, if it was not to blame (starts nothing yet)',
    command: `slipway unquarantine ${record.id} ${shortDigest(digest)} ${BECAUSE}`,
  }));
  const deploy = `slipway deploy ${record.id} ${imageOptions(images)} ${BECAUSE}`;
  return [...lifted, { to: `start ${shortNames(images)} after that`, command: deploy }];
}
