/**
 * What waits for another person's yes: a command that somebody said, or a release that has come to the step
 * before which the config wants a word. Both are said yes or no to with the same two commands.
 */
import {
  describeImages,
  type ImageDigest,
  type ImageSet,
  type Moment,
  shortDigest,
} from './image.ts';

/** For which commands another person must say yes, and who may. */
export interface ApprovalRules {
  readonly commands: readonly Approvable['do'][];
  /** Sessions, or whole SenderIds of SQS, `*` for a part; absent: whoever may command. */
  readonly by?: readonly string[];
  /** How long a command waits. */
  readonly minutes: number;
  /** Of each release, those of a push too, a person's word is wanted; absent: of none. */
  readonly release?: ReleaseApprovalRules;
}

export interface ReleaseApprovalRules {
  readonly before: ApprovedStep;
  /** How long the word is awaited, and what becomes of the release without one. */
  readonly minutes: number;
  readonly otherwise: 'rollback' | 'proceed';
  /** As in `ApprovalRules`, in whose place it stands. */
  readonly by?: readonly string[];
}

/** Before it starts, before it gets traffic of users, or before the step that gives it all of it. */
export type ApprovedStep = 'start' | 'traffic' | 'full';

/** The word that one release waits for: what is wanted, since when it was asked for, and who gave it. */
export interface ReleaseWord extends Omit<ReleaseApprovalRules, 'by'> {
  /** Absent: the release has not come to that step. */
  readonly asked?: {
    readonly id: string;
    /** A word for other images is a word for another release. */
    readonly digests: readonly ImageDigest[];
    readonly since: Moment;
    readonly until: Moment;
  };
  readonly given?: {
    /** Absent: nobody said a word, and the config says `proceed`. */
    readonly by?: string;
    readonly because: string;
    readonly at: Moment;
  };
}

export type Approvable =
  | { readonly do: 'deploy'; readonly images: ImageSet }
  | { readonly do: 'unquarantine'; readonly digest: ImageDigest | string };

export interface PendingApproval {
  /** Names it: who says yes says to what. */
  readonly id: string;
  readonly of: { readonly what: 'command'; readonly command: Approvable };
  /** Who asked, for people, and as SQS says it. */
  readonly by: string;
  readonly sender: string;
  readonly because: string;
  readonly since: Moment;
  readonly until: Moment;
}

export function pendingOf({
  pending = [],
}: {
  readonly pending?: readonly PendingApproval[];
}): readonly PendingApproval[] {
  return pending;
}

/** `the deploy of shop/web:main-2 (sha256:7f5b2640fe6f)`. */
export function inWords({ of: { command } }: Pick<PendingApproval, 'of'>): string {
  return command.do === 'deploy'
    ? `the deploy of ${describeImages(command.images)}`
    : `lifting the quarantine of ${shortDigest(command.digest)}`;
}

/**
 * Whom SQS means: of a session of a role its name, since one person may have several roles; of a user of
 * IAM the id. Names are compared without regard to case, as IAM Identity Center does.
 */
export function personOf(sender: string): string {
  const [, session] = sender.split(':');
  return (session ?? sender).toLowerCase();
}

/** `by`: an entry with a colon is compared with the whole SenderId, another one with the person. */
export function mayApprove({ by }: Pick<ApprovalRules, 'by'>, sender: string): boolean {
  if (by === undefined) return true;
  return by.some((entry) =>
    matches(entry.toLowerCase(), entry.includes(':') ? sender.toLowerCase() : personOf(sender)),
  );
}

/** `*` for any part. Linear in the text: nobody's name costs time. */
function matches(pattern: string, text: string): boolean {
  const [first = '', ...parts] = pattern.split('*');
  if (parts.length === 0) return pattern === text;
  const last = parts.pop() ?? '';
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}
