/** What one look at a source asks, and what it found. */
import type { CommitSha, ImageDigest, Moment } from '../model/image.ts';
/** GitHub is asked no longer about what it says nothing of: until it answers for something else, or the next push. */
export const ASKED_FOR_MS = 24 * 60 * 60_000;
/** What GitHub answers may be older than the push that it told of: before this nothing is denied. (unverified) */
export const SHOWN_AFTER_MS = 2 * 60_000;

export interface SourceQuestion {
  /** BatchGetBuilds of these ids. */
  readonly builds?: readonly string[];
  /** Did the answer to a StartBuild get lost? The project's newest builds are searched for the token. */
  readonly lostBuilds?: readonly LostBuild[];
  /** GitHub's compare: where `head`, a commit or the ref's name, stands, seen from `base`. */
  readonly compare?: { readonly base: CommitSha; readonly head: string };
  /** GitHub: does the ref have these commits? They are to be built, or images claim them. */
  readonly onRef?: readonly CommitSha[];
  /** GitHub's compare: where the commit of an image stands, seen from one whose place is known. */
  readonly standing?: { readonly base: CommitSha; readonly head: CommitSha };
}

export interface LostBuild {
  readonly project: string;
  readonly token: string;
  /** It was not asked for before then. */
  readonly since: Moment;
}

export interface SourceObservation {
  readonly id: string;
  readonly at: Moment;
  readonly question: SourceQuestion;
  readonly builds?: Readonly<Record<string, ObservedBuild>>;
  /** By token: the build's id, or nothing. */
  readonly found?: Readonly<Record<string, string>>;
  readonly comparison?: Comparison;
  readonly onRef?: Readonly<Record<CommitSha, OnRef>>;
  readonly standing?: Comparison;
}

/** `head`: what the ref points to now: that commit, or one that follows it. */
export type OnRef =
  | { readonly state: 'on'; readonly head: CommitSha }
  | { readonly state: 'off'; readonly because: string }
  | { readonly state: 'unknown'; readonly because: string };

export type ObservedBuild =
  | { readonly state: 'missing' }
  | { readonly state: 'running'; readonly phase: string; readonly logs?: string }
  | {
      readonly state: 'ended';
      readonly outcome: BuildOutcome;
      readonly endedAt: Moment;
      /** The phase that failed and its last message, when one did. */
      readonly because?: string;
      /** What the build exported. */
      readonly digest?: ImageDigest;
      /** The tag stood before it could push: the digest is of an image that somebody else pushed. */
      readonly stood?: true;
      /** What an earlier build of ours made that digest from; absent: none reported it. */
      readonly madeFrom?: CommitSha;
      readonly logs?: string;
      /** CodeBuild's own retry of it. */
      readonly retry?: string;
    };

/** `unrelated`: no common ancestor, or the base is gone. */
export type Comparison =
  | { readonly state: 'identical' }
  | { readonly state: 'ahead'; readonly by: number }
  | { readonly state: 'behind'; readonly by: number }
  | { readonly state: 'diverged' }
  | { readonly state: 'unrelated' }
  | { readonly state: 'unknown'; readonly because: string };

export type BuildOutcome = 'SUCCEEDED' | 'FAILED' | 'FAULT' | 'TIMED_OUT' | 'STOPPED';
