/**
 * Which tags deploy, and which of two images is newer. The core only compares the ranks made here:
 * what a tag means needs parsers.
 */
import picomatch from 'picomatch';
import parse from 'semver/functions/parse.js';
import satisfies from 'semver/functions/satisfies.js';
import type { Image, Moment } from './core/image.ts';
import { compareOrder, type Order } from './core/order.ts';

/** What "newer" means: `Order.by`. */
export type Newer = Order['by'];

/** Which tags deploy. */
export type TagFilter =
  | { readonly glob: string | readonly string[] }
  | { readonly semver: string }
  | { readonly regex: string };

export interface TagRule {
  readonly tags: TagFilter;
  readonly newer: Newer;
}

/** Docker's limit. ECR takes longer tags; a user's own expression never sees one. */
const TAG_LENGTH_MAX = 128;

/**
 * Does this tag deploy? A semver range leaves out pre-releases unless it names one
 * (`>=1.2.0-0` takes those of 1.2.0), as npm does; a leading `v` is allowed.
 */
export function tagAllowed(filter: TagFilter, tag: string): boolean {
  return tag.length <= TAG_LENGTH_MAX && matcherOf(filter).allows(tag);
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
    const rank = tagAllowed(rule.tags, tag) ? rankOf(rule, tag) : undefined;
    if (rank === undefined) continue;
    const order = { by: rule.newer, rank, pushedAt, digest: image.digest };
    if (newest === undefined || isNewer(order, newest)) newest = order;
  }
  return newest;
}

/**
 * push-time: `[]`. semver: see `Order.rank`. number: the digits as one number of at most 15 digits.
 * What is read is the first capture group of a `regex` filter that has one; otherwise the whole tag
 * (semver), or its last group of digits (number: `main-7-build-42` is 42).
 */
export function rankOf(rule: TagRule, tag: string): Order['rank'] | undefined {
  const captured = matcherOf(rule.tags).capture(tag);
  switch (rule.newer) {
    case 'push-time':
      return [];
    case 'number': {
      const digits = /(\d+)\D*$/.exec(captured ?? tag)?.[1];
      return digits === undefined || digits.length > 15 ? undefined : [Number(digits)];
    }
    case 'semver': {
      const version = parse(captured ?? tag);
      if (version === null) return undefined;
      const { major, minor, patch, prerelease } = version;
      return [major, minor, patch, prerelease.length === 0 ? 1 : 0, ...prerelease];
    }
  }
}

/** The filter in words, for the reason why an image is ignored. */
export function filterInWords(filter: TagFilter): string {
  if ('glob' in filter) return `the glob ${[filter.glob].flat().join(' or ')}`;
  if ('semver' in filter) return `the semver range ${filter.semver}`;
  return `the regular expression ${filter.regex}`;
}

/** `compareOrder` calls two orders of one digest the same: here they are two tags of one image. */
function isNewer(a: Order, b: Order): boolean {
  const digest = (name: string) => name as Order['digest'];
  return compareOrder({ ...a, digest: digest('b') }, { ...b, digest: digest('a') }) > 0;
}

interface Matcher {
  allows(tag: string): boolean;
  capture(tag: string): string | undefined;
}

/** Filters live as long as the config, so each is compiled once. */
const matchers = new WeakMap<TagFilter, Matcher>();

function matcherOf(filter: TagFilter): Matcher {
  const known = matchers.get(filter);
  if (known !== undefined) return known;
  const made = compile(filter);
  matchers.set(filter, made);
  return made;
}

function compile(filter: TagFilter): Matcher {
  if ('glob' in filter) {
    // A `!` or `+(…)` has no place in a tag: the config refuses it, picomatch reads it as text.
    const allows = picomatch([filter.glob].flat(), { dot: true, noextglob: true, nonegate: true });
    return { allows: (tag) => allows(tag), capture: () => undefined };
  }
  if ('semver' in filter) {
    return { allows: (tag) => satisfies(tag, filter.semver), capture: () => undefined };
  }
  const expression = new RegExp(filter.regex);
  return {
    allows: (tag) => expression.test(tag),
    capture: (tag) => expression.exec(tag)?.[1],
  };
}
