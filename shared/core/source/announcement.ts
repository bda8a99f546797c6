/** What we tell of a source: one EventBridge event and one log line each. */
import type { ImageDigest, Moment } from '../model/image.ts';
import type { ImageName } from './rules.ts';

export interface SourceAnnouncement {
  /** `<source key>#<decision>.<number>`: the same announcement told twice has the same id. */
  readonly id: string;
  readonly kind: SourceAnnouncementKind;
  readonly at: Moment;
  readonly key: string;
  /** The source's name in the config. */
  readonly source: string;
  /** `acme/shop` */
  readonly repository: string;
  /** `refs/heads/main` */
  readonly ref: string;
  readonly commit: string;
  readonly image?: ImageName;
  readonly tag?: string;
  readonly digest?: ImageDigest;
  /** The CodeBuild build: `<project>:<uuid>`. */
  readonly build?: string;
  /** Where a person reads what the build said. */
  readonly logs?: string;
  /** Why, in one sentence. */
  readonly because: string;
  /** What happens next, or what the reader should do. */
  readonly next: string;
}

/**
 * rewritten: a forced push, or a ref that was created again, began a new line. unplaced: GitHub must
 * tell where the commit stands, and did not answer. unconfirmed: GitHub must say that the ref has the
 * commit, and did not. unbuilt: nothing is built of it, and that is the end of it. nothing-to-build: its
 * paths concern no image, or its message asks for no build. taken: GitHub has confirmed the commit of an image
 * that others built. not-taken: it has not, so the image starts nowhere by itself.
 */
export type SourceAnnouncementKind =
  | 'building'
  | 'built'
  | 'build-failed'
  | 'build-stopped'
  | 'superseded'
  | 'rewritten'
  | 'unplaced'
  | 'unconfirmed'
  | 'unbuilt'
  | 'nothing-to-build'
  | 'taken'
  | 'not-taken';
