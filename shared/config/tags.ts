/**
 * Which tags deploy, and which of two images is newer. The core only compares the ranks made here.
 * What the user wrote is data by now (`config-tags.ts`): no function loads a parser of globs.
 */
import type { Image, Moment } from '../core/model/image.ts';
import { isHigher, type Order } from '../core/model/order.ts';
import { BESIDE_IMAGE } from '../parsing/names.ts';
import { isWithin, rankOfVersion, type VersionRange } from './versions.ts';

/** What "newer" means. */
export type Newer = 'push-time' | 'semver' | 'number' | 'commit';

/** Which tags deploy, as the user writes it. */
export type TagFilter =
  | { readonly glob: string | readonly string[] }
  | { readonly semver: string }
  | { readonly regex: string };

export interface TagRule {
  readonly tags: TagFilter;
  readonly newer: Newer;
  /** What `tags` comes to. */
  readonly match: TagMatch;
}

export type TagMatch = Pattern | { readonly range: VersionRange };

interface Pattern {
  /** The source of a regular expression. */
  readonly pattern: string;
}

/** Docker's limit. ECR takes longer tags; a user's own expression never sees one. */
const TAG_LENGTH_MAX = 128;

/**
 * Does this tag deploy? A semver range leaves out pre-releases unless it names one
 * (`>=1.2.0-0` takes those of 1.2.0), as npm does; a leading `v` is allowed.
 */
export function tagAllowed({ match }: TagRule, tag: string): boolean {
  if (tag.length > TAG_LENGTH_MAX || BESIDE_IMAGE.test(tag)) return false;
  if ('pattern' in match) return expressionOf(match).test(tag);
  const version = rankOfVersion(tag);
  return version !== undefined && isWithin(match.range, version);
}

/**
 * The image's place in the order: that of its newest tag which deploys and can be read.
 * `undefined`: it has no such tag, so that it is not for this container.
 * `pushedAt` is ECR's `imagePushedAt`.
 */
export function orderOf(
  rule: TagRule,
  image: Pick<Image, 'digest' | 'tags'>,
  pushedAt: Moment,
): Order | undefined {
  let newest: Order | undefined;
  for (const tag of image.tags) {
    const rank = tagAllowed(rule, tag) ? rankOf(rule, tag) : undefined;
    if (rank === undefined) continue;
    const order = { by: orderBy(rule), rank, pushedAt, digest: image.digest };
    if (newest === undefined || isHigher(order, newest)) newest = order;
  }
  return newest;
}

/** Where a commit stands is not in a tag: until it is known, the order is that of the pushes. */
function orderBy({ newer }: TagRule): Order['by'] {
  return newer === 'commit' ? 'push-time' : newer;
}

/**
 * push-time and commit: `[]`. semver: see `Order.rank`. number: the digits as one number of at most 15 digits.
 * What is read is the first capture group of a `regex` filter that has one; otherwise the whole tag
 * (semver), or its last group of digits (number: `main-7-build-42` is 42).
 */
export function rankOf(rule: TagRule, tag: string): Order['rank'] | undefined {
  switch (rule.newer) {
    case 'push-time':
    case 'commit':
      return [];
    case 'number': {
      const digits = /(\d+)\D*$/.exec(partOf(rule, tag))?.[1];
      return digits === undefined || digits.length > 15 ? undefined : [Number(digits)];
    }
    case 'semver':
      return rankOfVersion(partOf(rule, tag));
  }
}

/** Which part of the tag is version or number. Only a user's own groups count, none of a glob's. */
function partOf({ tags, match }: TagRule, tag: string): string {
  if (!('regex' in tags && 'pattern' in match)) return tag;
  return expressionOf(match).exec(tag)?.[1] ?? tag;
}

/** The filter in words, for the reason why an image is ignored. */
export function filterInWords(filter: TagFilter): string {
  if ('glob' in filter) return `the glob ${[filter.glob].flat().join(' or ')}`;
  if ('semver' in filter) return `the semver range ${filter.semver}`;
  return `the regular expression ${filter.regex}`;
}

/** Rules live as long as the config, so each expression is compiled once. */
const expressions = new WeakMap<Pattern, RegExp>();

function expressionOf(match: Pattern): RegExp {
  const known = expressions.get(match);
  if (known !== undefined) return known;
  const made = new RegExp(match.pattern);
  expressions.set(match, made);
  return made;
}
