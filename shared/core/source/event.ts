/** Everything that can happen to a source. `at` is our clock when it was handled, in ms. */
import type { CommitSha, ImageDigest, Moment } from '../model/image.ts';
import type { SourceObservation } from './observation.ts';
import type { ImageName, SourceRules } from './rules.ts';

export type SourceEvent =
  | SourceConfigured
  | Pushed
  | HeadSeen
  | BuildHinted
  | ImageFound
  | SourceObserved
  | BuildAccepted
  | BuildRefused
  | BuildStopAccepted
  | SourceDelivered;

/** The config names this source, with these rules; they count from the next push on. */
export interface SourceConfigured {
  readonly type: 'SourceConfigured';
  readonly at: Moment;
  readonly id: string;
  readonly rules: SourceRules;
}

/** GitHub said that the ref moved. */
export interface Pushed {
  readonly type: 'Pushed';
  readonly at: Moment;
  /** `X-GitHub-Delivery`: the same when it is delivered again. */
  readonly delivery: string;
  /** What the ref pointed to; absent: it was created. */
  readonly before?: CommitSha;
  /** What it points to now; absent: it was deleted. */
  readonly after?: CommitSha;
  readonly forced: boolean;
  /** The images that its paths concern: all of them when the paths are not known. */
  readonly images: readonly ImageName[];
  /** The words in the commit's message that ask for no build: `[skip ci]`. */
  readonly skip?: string;
  /** Tag of the images: `main-8f3c2a1b9d04`. */
  readonly tag: string;
  readonly by: string;
}

/** GitHub was asked, and the ref points to this commit. No push need have told of it. */
export interface HeadSeen {
  readonly type: 'HeadSeen';
  readonly at: Moment;
  readonly after: CommitSha;
  /** All of them: its paths are not known. */
  readonly images: readonly ImageName[];
  readonly skip?: string;
  readonly tag: string;
}

/** CodeBuild said something of a build, or a ref may have moved: look. Never believed. */
export interface BuildHinted {
  readonly type: 'BuildHinted';
  readonly at: Moment;
  readonly cause: string;
}

/** An image is in ECR that others built, and this is what its label or its tag says of its commit. */
export interface ImageFound {
  readonly type: 'ImageFound';
  readonly at: Moment;
  readonly image: ImageName;
  readonly digest: ImageDigest;
  readonly tag: string;
  /** A commit that GitHub knows, which need not be on the ref; or why there is none. */
  readonly says: { readonly commit: CommitSha } | { readonly because: string };
  /** Another commit, of which it was taken before: its bits are the same. */
  readonly madeFrom?: CommitSha;
}

export interface SourceObserved {
  readonly type: 'SourceObserved';
  readonly observation: SourceObservation;
}

/** CodeBuild answered StartBuild, or a build of ours was found by its token. */
export interface BuildAccepted {
  readonly type: 'BuildAccepted';
  readonly at: Moment;
  readonly token: string;
  readonly id: string;
}

/** CodeBuild refused, and would refuse again. */
export interface BuildRefused {
  readonly type: 'BuildRefused';
  readonly at: Moment;
  readonly token: string;
  readonly code: string;
  readonly message: string;
}

/** CodeBuild answered StopBuild, or said that the build had ended. */
export interface BuildStopAccepted {
  readonly type: 'BuildStopAccepted';
  readonly at: Moment;
  readonly id: string;
}

/** These are out; the record may forget them. */
export interface SourceDelivered {
  readonly type: 'SourceDelivered';
  readonly at: Moment;
  readonly announcements: readonly string[];
  readonly history: readonly number[];
  /** The oldest ones, so many. */
  readonly places: number;
  readonly offers: number;
}
