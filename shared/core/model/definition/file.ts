/** The task definition in git: where it stands, what was read of it, and what of it a release brings. */
import type { ContainerName } from '../image.ts';

/** Which file of the commit of an image says what else its revision is like. */
export interface DefinitionRules {
  /** Its path in the repository. */
  readonly file: string;
  /** The container whose image has that commit. */
  readonly container: ContainerName;
  /** Paths that stay as they run, whatever the file says: `containerDefinitions.*.logConfiguration`. */
  readonly leave: readonly string[];
  /** The roles that it may name, by their names with the path. */
  readonly roles: readonly string[];
}

/** One version of the file, and what it changes. */
export interface DefinitionVersion {
  /** `acme/shop` */
  readonly repository: string;
  /** The commit, 40 hex digits. */
  readonly sha: string;
  readonly file: string;
  /** Of its text: the first digits of its SHA-256. */
  readonly hash: string;
  /** Against what ran, images left out: lines for people, without values of the environment. */
  readonly changes: readonly string[];
}

export type ObservedFile =
  | ({ readonly state: 'read' } & DefinitionVersion)
  /** The image is not known to come from a commit. */
  | { readonly state: 'none'; readonly because: string }
  /** It is not there, cannot be read, or cannot be laid over what runs: another commit mends it. */
  | { readonly state: 'refused'; readonly because: string }
  /** GitHub does not answer, or does not let us read. */
  | { readonly state: 'unknown'; readonly because: string };

/** `web/taskdef.json at 8f3c2a1`, and what it changes. */
export function describeVersion({ file, sha, changes }: DefinitionVersion): string {
  const what = changes.length === 0 ? 'which changes nothing' : changes.join('; ');
  return `${file} at ${sha.slice(0, 7)}: ${what}`;
}
