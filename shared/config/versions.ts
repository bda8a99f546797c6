/**
 * Versions as https://semver.org writes them, `v1.2.3` included, and ranges of them. Ranges come
 * parsed (`config-tags.ts`); what they hold is what npm says they hold.
 */
import { compareRank, type Order } from '../core/model/order.ts';

/** `Order.rank` of a version: [1, 4, 0, 1], or [1, 4, 0, 0, 'rc', 2] of a pre-release. */
export type VersionRank = Order['rank'];

/** One of these lists of bounds must hold as a whole. */
export type VersionRange = readonly (readonly Bound[])[];

export interface Bound {
  readonly is: '<' | '<=' | '>' | '>=' | '=';
  readonly version: VersionRank;
}

const NUMBER = '(?:0|[1-9]\\d*)';
const LABEL = `(?:${NUMBER}|\\d*[A-Za-z-][0-9A-Za-z-]*)`;
const VERSION = new RegExp(
  `^v?(${NUMBER})\\.(${NUMBER})\\.(${NUMBER})` +
    `(?:-(${LABEL}(?:\\.${LABEL})*))?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$`,
);

/** `undefined`: it is no version. Build metadata has no rank. */
export function rankOfVersion(text: string): VersionRank | undefined {
  const [, major, minor, patch, labels] = VERSION.exec(text) ?? [];
  const numbers = [major, minor, patch].map(Number);
  if (!numbers.every(Number.isSafeInteger)) return undefined;
  if (labels === undefined) return [...numbers, 1];
  const parts = labels.split('.').map((label) => (/^\d+$/.test(label) ? Number(label) : label));
  return [...numbers, 0, ...parts];
}

/** A pre-release is within a range only if a bound names one of the same version. */
export function isWithin(range: VersionRange, version: VersionRank): boolean {
  return range.some(
    (bounds) =>
      bounds.every((bound) => holds(bound, version)) &&
      (!isPreRelease(version) ||
        bounds.some((bound) => isPreRelease(bound.version) && sameNumbers(bound.version, version))),
  );
}

function holds({ is, version: bound }: Bound, version: VersionRank): boolean {
  const order = compareRank(version, bound);
  switch (is) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '=':
      return order === 0;
  }
}

function isPreRelease(version: VersionRank): boolean {
  return version[3] === 0;
}

function sameNumbers(a: VersionRank, b: VersionRank): boolean {
  return compareRank(a.slice(0, 3), b.slice(0, 3)) === 0;
}
