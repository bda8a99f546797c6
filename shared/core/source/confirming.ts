/**
 * A commit is built only if GitHub says that the ref has it: a push alone is the word of whoever has the
 * webhook's secret. What GitHub does not confirm waits, and what it denies is told and forgotten.
 */

import type { CommitSha } from '../model/image.ts';
import { REASON_MAX, shorten } from '../model/text.ts';
import {
  announce,
  because,
  notOnRef,
  owePlaces,
  refName,
  type SourceDecision,
  shortCommit,
  waitsAgain,
} from './decision.ts';
import { buildsOf, withBuilds } from './image-builds.ts';
import { isNewerPlace, placeOf } from './line.ts';
import { ASKED_FOR_MS, type OnRef, SHOWN_AFTER_MS, type SourceObservation } from './observation.ts';
import type { SourceRecord, WantedBuild } from './record.ts';
import type { ImageName } from './rules.ts';
import { supersede } from './wanting.ts';

/** Two calls each. */
const COMMITS_ASKED_MAX = 5;

interface Newest {
  readonly image: ImageName;
  readonly wanted: WantedBuild;
}

/** Of each image the newest commit that is to be built. */
export function newestWanted(record: SourceRecord): readonly Newest[] {
  return Object.keys(record.rules.images).flatMap((image) => {
    const [wanted] = buildsOf(record, image).wanted;
    return wanted === undefined ? [] : [{ image, wanted }];
  });
}

/** What GitHub is asked of: each commit once. */
export function toConfirm(record: SourceRecord): readonly CommitSha[] {
  const commits = newestWanted(record).map(({ wanted }) => wanted.commit);
  return [...new Set(commits)].slice(0, COMMITS_ASKED_MAX);
}

/** This very look heard it: what GitHub said once says nothing of now. */
export function isConfirmed(
  record: SourceRecord,
  { onRef }: SourceObservation,
  commit: CommitSha,
): boolean {
  const answer = onRef?.[commit];
  return answer?.state === 'on' && whyNot(record, commit, answer) === undefined;
}

/** What GitHub said of each commit that was asked of. `because` is empty when nothing came of it. */
export function confirmed(record: SourceRecord, observation: SourceObservation): SourceDecision {
  let next = record;
  const sentences: string[] = [];
  for (const [commit, answer] of Object.entries(observation.onRef ?? {})) {
    const decision = heardOf(next, commit, answer, observation.at);
    if (decision.record !== next) sentences.push(decision.because);
    next = decision.record;
  }
  return because(next, sentences.join('; '));
}

function heardOf(
  record: SourceRecord,
  commit: CommitSha,
  answer: OnRef,
  at: number,
): SourceDecision {
  const those = newestWanted(record).filter(({ wanted }) => wanted.commit === commit);
  const [first] = those;
  if (first === undefined) return because(record, 'it is not wanted any more');
  const denial = whyNot(record, commit, answer);
  if (denial === undefined && answer.state === 'on') return leads(record, those, commit, at);
  const { since } = first.wanted;
  const why = denial ?? (answer.state === 'on' ? '' : notOnRef(record, commit, answer));
  const isFinal = denial === undefined ? at >= since + ASKED_FOR_MS : at >= since + SHOWN_AFTER_MS;
  if (!isFinal) return waits(record, those, why, at, denial === undefined);
  return denial === undefined
    ? dropped(record, commit, `${why}; after a day it is asked no more`, AGAIN, at)
    : denied(record, commit, why, at);
}

const AGAIN = 'push again when GitHub answers: the next push asks anew; what runs stays as it is';

/** Undefined: GitHub does not deny it. */
function whyNot(record: SourceRecord, commit: CommitSha, answer: OnRef): string | undefined {
  const name = refName(record.ref);
  if (answer.state === 'off') return notOnRef(record, commit, answer);
  if (answer.state === 'unknown' || answer.head === commit) return undefined;
  const points = `${name} points to ${shortCommit(answer.head)}`;
  // A tag has one commit, and those below it were never pushed as that tag.
  if (record.ref.startsWith('refs/tags/')) {
    return `GitHub does not have ${shortCommit(commit)} as ${name}: ${points}`;
  }
  const [own, head] = [placeOf(record, commit), placeOf(record, answer.head)];
  const isBack = own !== undefined && head !== undefined && isNewerPlace(own, head);
  return isBack
    ? `GitHub does not have ${name} back at ${shortCommit(commit)}: ${points}`
    : undefined;
}

/** GitHub has it: what is older makes way now, and not before. */
function leads(
  record: SourceRecord,
  those: readonly Newest[],
  commit: CommitSha,
  at: number,
): SourceDecision {
  const why = `${shortCommit(commit)} was pushed`;
  const next = those.reduce((given, { image }) => supersede(given, image, at, why, commit), record);
  return because(next, `${refName(record.ref)} has ${shortCommit(commit)}`);
}

function waits(
  record: SourceRecord,
  those: readonly Newest[],
  why: string,
  at: number,
  isUnanswered: boolean,
): SourceDecision {
  const reason = shorten(why, REASON_MAX);
  let next = record;
  for (const { image, wanted } of those) {
    const { commit, tag, waits: before } = wanted;
    const waiting = waitsAgain(before, reason, at, isUnanswered);
    next = withBuilds(next, image, (builds) => ({
      ...builds,
      wanted: [{ ...wanted, waits: waiting }, ...builds.wanted.slice(1)],
    }));
    if (!isUnanswered || before?.told === true) continue;
    next = announce(next, 'unconfirmed', {
      ...{ at, commit, image, tag, because: reason },
      next: 'it is asked again, for a day; until it says so nothing is built of the commit',
    });
  }
  return because(next, `${reason}; nothing is built until it says so`);
}

/** The push was not true, or not for long: the commit leaves the line, below which it stands. */
function denied(record: SourceRecord, commit: CommitSha, why: string, at: number): SourceDecision {
  const others = record.commits.filter((one) => one.commit !== commit);
  // What waits for its place is compared with something.
  const commits = others.length === 0 && record.unplaced.length > 0 ? record.commits : others;
  const left = owePlaces({ ...record, commits }, { of: 'commit', commit, line: 0, position: 0 });
  const advice = `if it should be built, push it to ${refName(record.ref)}`;
  return dropped(left, commit, why, advice, at);
}

function dropped(
  record: SourceRecord,
  commit: CommitSha,
  why: string,
  advice: string,
  at: number,
): SourceDecision {
  let next = record;
  for (const [image, { wanted }] of Object.entries(record.builds)) {
    const one = wanted.find((each) => each.commit === commit);
    if (one === undefined) continue;
    next = withBuilds(next, image, (builds) => ({
      ...builds,
      wanted: builds.wanted.filter((each) => each.commit !== commit),
    }));
    next = announce(next, 'unbuilt', {
      ...{ at, commit, image, tag: one.tag, because: `nothing is built: ${why}` },
      next: advice,
    });
  }
  return because(next, `${why}; nothing is built of it`);
}
