/** A person's word about a release: which one the config wants, what is asked for now, and in which words. */
import type { ApprovedStep, ReleaseApprovalRules, ReleaseWord } from '../model/approval.ts';
import {
  describeImages,
  digestsOf,
  type ImageDigest,
  type ImageSet,
  type Moment,
  waitingImages,
} from '../model/image.ts';
import { sameJson } from '../model/json.ts';
import { clockTime } from '../model/moment.ts';
import type { FoundService, StandingObservation } from '../model/observation.ts';
import { ownRelease } from '../model/record/phase.ts';
import type { Release } from '../model/record/release.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { MINUTE, type Rules, type Strategy } from '../model/rules.ts';
import { isBeforeLastStep } from '../traffic/steps.ts';

/** Enough for a person to tell two images apart. */
const ID_LENGTH = 8;

const BEFORE: Readonly<Record<ApprovedStep, string>> = {
  start: 'before it starts',
  traffic: 'before it gets traffic',
  full: 'before it gets all of the traffic',
};

/**
 * Where no traffic is shifted, there is no other step to wait before. Of a service that has neither load
 * balancer nor Service Connect it is not known that ECS asks before a step, so it waits before the start, too.
 */
export function wantedWord(
  { approvals, strategy }: Pick<Rules, 'approvals' | 'strategy'>,
  { traffic }: Pick<FoundService, 'traffic'>,
): ReleaseApprovalRules | undefined {
  const wanted = approvals?.release;
  const shifts = strategy !== undefined && traffic !== undefined;
  if (wanted === undefined || shifts) return wanted;
  return { ...wanted, before: 'start' };
}

/** What its images are called in an id: who says a word too late is told what became of them. */
function idPrefix(images: ImageSet): string {
  const [first = ''] = sortedDigests(images);
  return first.replace(/^sha256:/, '').slice(0, ID_LENGTH);
}

/** Also of a word that is not asked for, or no longer. */
export function isIdOf(id: string, images: ImageSet): boolean {
  return Object.keys(images).length > 0 && id.split('-')[0] === idPrefix(images);
}

function sortedDigests(images: ImageSet): readonly ImageDigest[] {
  return [...new Set(digestsOf(images))].sort();
}

/** The word for what waits now; one for other images is of no use to it. */
export function startWordOf({ startWord, waiting }: TargetRecord): ReleaseWord | undefined {
  const digests = sortedDigests(waitingImages(waiting));
  return sameJson(startWord?.asked?.digests, digests) ? startWord : undefined;
}

export function askWord(
  { before, minutes, otherwise }: Omit<ReleaseApprovalRules, 'by'>,
  images: ImageSet,
  at: Moment,
): ReleaseWord {
  // The moment is of this asking alone: a digest that begins alike can be made.
  const id = `${idPrefix(images)}-${at.toString(36)}`;
  const asked = { id, digests: sortedDigests(images), since: at, until: at + minutes * MINUTE };
  return { before, minutes, otherwise, asked };
}

/** What a new release carries of the word that was given before its start, or that it will need. */
export function wordOfNew(
  record: TargetRecord,
  { service, at }: StandingObservation,
): ReleaseWord | undefined {
  const wanted = wantedWord(record.rules, service);
  if (wanted === undefined) return undefined;
  const { before, minutes, otherwise } = wanted;
  if (before !== 'start') return { before, minutes, otherwise };
  const word = startWordOf(record);
  if (word?.asked === undefined || word.given !== undefined) return word;
  return withoutAnswer(word, at);
}

/** Nobody said a word, and the config says to go on. */
export function withoutAnswer(word: ReleaseWord, at: Moment): ReleaseWord {
  return { ...word, given: { because: nobodySaid(word), at } };
}

/** What is asked for now: nobody has given it, and its release still needs it. */
export interface AwaitedRelease {
  readonly id: string;
  /** Absent: it has not started. */
  readonly release?: Release;
  readonly images: ImageSet;
  readonly word: ReleaseWord & Required<Pick<ReleaseWord, 'asked'>>;
  /** Who asked for the release, as SQS says it; absent: a push did, of nobody known by that. */
  readonly senders: readonly string[];
  readonly by: string;
}

export function awaitedRelease(record: TargetRecord): AwaitedRelease | undefined {
  const release = ownRelease(record.phase)?.release;
  const own = release?.word;
  if (release !== undefined && own?.asked !== undefined && own.given === undefined) {
    const { images, sender, by = 'a push' } = release;
    const senders = sender === undefined ? [] : [sender];
    return { id: own.asked.id, release, images, word: { ...own, asked: own.asked }, senders, by };
  }
  const word = startWordOf(record);
  if (word?.asked === undefined || word.given !== undefined) return undefined;
  const some = Object.values(record.waiting);
  return {
    id: word.asked.id,
    images: waitingImages(record.waiting),
    word: { ...word, asked: word.asked },
    senders: some.flatMap(({ sender }) => sender ?? []),
    by: some.find(({ by }) => by !== undefined)?.by ?? 'a push',
  };
}

/** `the release of shop/web:main-2 (sha256:7f5b2640fe6f), before it gets traffic`. */
export function awaitedInWords({ images, word }: Pick<AwaitedRelease, 'images' | 'word'>): string {
  return `the release of ${describeImages(images)}, ${BEFORE[word.before]}`;
}

/** Short enough to stand on a commit whole. */
export function whyAwaited(target: string, { before, asked }: ReleaseWord): string {
  const until = asked === undefined ? '' : ` until ${clockTime(asked.until)}`;
  return `a person's word is awaited${until} ${BEFORE[before]}: slipway approve ${target} --because "why"`;
}

/** What a no and a silence lead to. */
export function otherwiseInWords(target: string, { before, otherwise }: ReleaseWord): string {
  const isStart = before === 'start';
  const no = isStart ? 'refuses it' : 'sends it back';
  const goesOn = isStart ? 'it starts' : 'it goes on';
  const ends = isStart ? 'it is refused' : 'it is rolled back';
  const silence = otherwise === 'proceed' ? goesOn : ends;
  return `\`slipway reject ${target} --because "why"\` ${no}; with no word until then ${silence}`;
}

export function nobodySaid({ asked }: ReleaseWord): string {
  return `nobody said yes to it until ${clockTime(asked?.until ?? 0)}`;
}

export function isSilent({ asked, given }: ReleaseWord, at: Moment): boolean {
  return asked !== undefined && given === undefined && at > asked.until;
}
/** For so long its rollout, made at `from`, waited for a person, and not for ECS: somebody may have made it anew. */
export function waitedMs({ word }: Pick<Release, 'word'>, from: Moment, at: Moment): number {
  if (word?.asked === undefined || word.before === 'start') return 0;
  return Math.max(0, (word.given?.at ?? at) - Math.max(from, word.asked.since));
}

/**
 * Is this the step before which the word is wanted? `share`: of the production traffic, what the new
 * revision has; where ECS does not tell it, the word is asked for at the first step already.
 */
export function isStepOf(
  { before }: ReleaseWord,
  strategy: Strategy | undefined,
  share: number | undefined,
): boolean {
  if (before === 'traffic' || share === undefined) return true;
  if (before === 'start' || strategy === undefined) return false;
  switch (strategy.kind) {
    case 'blueGreen':
      return true;
    case 'canary':
      return strategy.percent >= 100 || share > 0;
    case 'linear':
      return isBeforeLastStep(strategy, share);
  }
}
