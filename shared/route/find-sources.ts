/** Which source a push concerns, and which of its images. Pure: `github-push` sends what it finds. */
import type { Pipeline, Source } from '../config/config.ts';
import { refLabel } from '../config/git/ref-label.ts';
import type { SourceKey } from '../core/source/record.ts';
import type { ImageName } from '../core/source/rules.ts';

const BRANCH = 'refs/heads/';
const TAG = 'refs/tags/';
const COMMIT_DIGITS = 12;

/** What a push says of itself; the paths are absent when GitHub does not tell all of them. */
export interface RefPush {
  /** `acme/shop` */
  readonly repository: string;
  /** `refs/heads/main` */
  readonly ref: string;
  readonly paths?: readonly string[];
}

export type FoundSource =
  | { readonly source: Source; readonly key: SourceKey; readonly images: readonly ImageName[] }
  | { readonly because: string };

/**
 * The source that builds this ref and the images that the push concerns; or why there is none. A glob
 * may backtrack for long on a path that somebody made for that: when the time is up, all images.
 */
export function findSource(
  pipeline: Pipeline,
  push: RefPush,
  isTimeUp: () => boolean = () => false,
): FoundSource {
  const source = Object.values(pipeline.sources).find(({ repository }) =>
    sameRepository(repository, push.repository),
  );
  if (source === undefined) return { because: `no source is the repository ${push.repository}` };
  if (!isBuilt(source, push.ref)) {
    return { because: `the source "${source.id}" does not build ${push.ref}` };
  }
  return {
    source,
    key: sourceKey(source.repository, push.ref),
    images: concerned(source, push, isTimeUp),
  };
}

/** The source of a key, if the config still builds that ref. */
export function sourceOfKey(
  pipeline: Pick<Pipeline, 'sources'>,
  key: SourceKey,
): { readonly source: Source; readonly ref: string } | undefined {
  for (const source of Object.values(pipeline.sources)) {
    const prefix = sourceKey(source.repository, '');
    const ref = key.slice(prefix.length);
    if (key.startsWith(prefix) && isBuilt(source, ref)) return { source, ref };
  }
  return undefined;
}

/** GitHub ignores case in names; a key has the config's. */
export function sourceKey(repository: string, ref: string): SourceKey {
  return `git/${repository}/${ref}`;
}

/** Who is asked of an image that others pushed there: the branch, and the name of the image. */
export function findElsewhere(
  pipeline: Pick<Pipeline, 'sources'>,
  image: { readonly registry: string; readonly repository: string },
): readonly FoundElsewhere[] {
  return Object.values(pipeline.sources).flatMap(
    ({ repository, heads: [ref], rules, commitIn = [] }) =>
      Object.entries(rules.elsewhere ?? {}).flatMap(([name, one]) =>
        ref !== undefined && one.registry === image.registry && one.repository === image.repository
          ? [{ key: sourceKey(repository, ref), ref, image: name, commitIn }]
          : [],
      ),
  );
}

export interface FoundElsewhere {
  readonly key: SourceKey;
  readonly ref: string;
  readonly image: ImageName;
  readonly commitIn: readonly string[];
}

function sameRepository(ours: string, theirs: string): boolean {
  return ours.toLowerCase() === theirs.toLowerCase();
}

function isBuilt({ branches, tags }: Source, ref: string): boolean {
  if (ref.startsWith(BRANCH)) return matches(branches, [ref.slice(BRANCH.length)]);
  return ref.startsWith(TAG) && matches(tags, [ref.slice(TAG.length)]);
}

/** In doubt all: an image that is built once too often is cheaper than one that is missing. */
function concerned(
  { rules, paths }: Source,
  push: RefPush,
  isTimeUp: () => boolean,
): readonly ImageName[] {
  return Object.keys(rules.images).filter((name) => {
    const globs = paths[name];
    return globs === undefined || push.paths === undefined || matches(globs, push.paths, isTimeUp);
  });
}

function matches(
  patterns: readonly string[],
  texts: readonly string[],
  isTimeUp: () => boolean = () => false,
): boolean {
  const expressions = patterns.map((pattern) => new RegExp(pattern));
  return texts.some((text) =>
    expressions.some((expression) => isTimeUp() || expression.test(text)),
  );
}

/**
 * The tag of the images of a commit: `main-8f3c2a1b9d04`; of a git tag, its own name. It is a label: what
 * a target takes of which branch says `from` in its config, by the place of the commit.
 */
export function imageTagOf(ref: string, commit: string): string {
  const name = ref.replace(/^refs\/(?:heads|tags)\//, '');
  const label = refLabel(name);
  if (ref.startsWith(TAG) && label === name) return name;
  return `${label}-${commit.slice(0, COMMIT_DIGITS)}`;
}

/**
 * The commit, or the beginning of it, that a tag names where others chose it: `pattern` is the whole tag, with
 * `{sha}` for the commit and `{branch}` for the branch. Undefined: the tag does not fit.
 */
export function commitByPattern(pattern: string, tag: string, ref: string): string | undefined {
  const branch = refLabel(ref.slice(BRANCH.length));
  const [before = '', after = ''] = pattern.replace('{branch}', branch).split('{sha}');
  if (!tag.startsWith(before) || !tag.endsWith(after)) return undefined;
  const name = tag.slice(before.length, tag.length - after.length);
  return /^[0-9a-f]{7,40}$/.test(name) ? name : undefined;
}

/** The commit, or the beginning of it, that a tag like `main-8f3c2a1b9d04` names. */
export function commitInTag(tag: string): string | undefined {
  return /(?:^|[-_.])([0-9a-f]{7,40})$/.exec(tag)?.[1];
}
