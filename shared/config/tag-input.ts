/**
 * The user's filter for tags as data: a glob is a regular expression by then, and a range of versions
 * its bounds. Done once, when the config is checked, so that no function needs the parsers.
 */
import picomatch from 'picomatch';
import Range from 'semver/classes/range.js';
import type { Newer, TagFilter, TagMatch, TagRule } from './tags.ts';
import type { VersionRange } from './versions.ts';

export function tagRule(tags: TagFilter, newer: Newer): TagRule {
  return { tags, newer, match: matchOf(tags) };
}

function matchOf(filter: TagFilter): TagMatch {
  if ('glob' in filter) return { pattern: [filter.glob].flat().map(patternOf).join('|') };
  if ('semver' in filter) return { range: rangeOf(filter.semver) };
  return { pattern: filter.regex };
}

/** A `!` or `+(…)` has no place in a tag: the config refuses it, picomatch reads it as text. */
function patternOf(glob: string): string {
  return picomatch.makeRe(glob, { dot: true, noextglob: true, nonegate: true }).source;
}

function rangeOf(text: string): VersionRange {
  return new Range(text).set.map((bounds) =>
    bounds
      // "Any version" has no text, and bounds nothing.
      .filter(({ value }) => value !== '')
      .map(({ operator, semver: { major, minor, patch, prerelease } }) => ({
        is: operator === '' ? '=' : operator,
        version: [major, minor, patch, prerelease.length === 0 ? 1 : 0, ...prerelease],
      })),
  );
}
