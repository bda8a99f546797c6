/** Which tags deploy, and which of two images is newer. */
import fc from 'fast-check';
import picomatch from 'picomatch';
import parse from 'semver/functions/parse.js';
import satisfies from 'semver/functions/satisfies.js';
import validRange from 'semver/ranges/valid.js';
import { describe, expect, test } from 'vitest';
import { tagRule } from '../../shared/config/tag-input.ts';
import {
  filterInWords,
  type Newer,
  orderOf,
  rankOf,
  type TagFilter,
  tagAllowed,
} from '../../shared/config/tags.ts';
import { rankOfVersion } from '../../shared/config/versions.ts';
import type { ImageDigest } from '../../shared/core/model/image.ts';
import { compareOrder, type Order } from '../../shared/core/model/order.ts';

const allowed = (filter: TagFilter, tag: string) => tagAllowed(tagRule(filter, 'push-time'), tag);
const digest = (hex: string) => `sha256:${hex.repeat(64)}` as ImageDigest;

describe('which tags deploy', () => {
  test.each<[TagFilter, string[], string[]]>([
    [
      { glob: 'main-*' },
      ['main-1', 'main-8f3c2a1', 'main-'],
      ['main', 'xmain-1', 'pr-1', 'Main-1'],
    ],
    [{ glob: ['main-*', 'hotfix-?'] }, ['main-1', 'hotfix-7'], ['hotfix-10', 'hotfix-']],
    [{ glob: '{main,release}-[0-9]*' }, ['main-1', 'release-22'], ['main-a', 'other-1']],
    [{ glob: '*' }, ['latest', 'v1.0'], []],
    [{ semver: '>=1.2' }, ['1.2.0', 'v1.3.4', '2.0.0'], ['1.1.9', '1.4.0-rc.2', 'latest', '1.2']],
    [{ semver: '>=1.2.0-0' }, ['1.2.0-rc.1', '1.2.0'], ['1.4.0-rc.2']],
    [{ regex: '^build-(\\d+)$' }, ['build-1', 'build-42'], ['build-', 'xbuild-1', 'build-1x']],
    [{ regex: 'build' }, ['nobuilder'], ['main']],
  ])('%j', (filter, yes, no) => {
    expect([...yes, ...no].filter((tag) => allowed(filter, tag))).toEqual(yes);
  });

  test('a tag longer than Docker allows meets no expression', () => {
    expect(allowed({ regex: '^a+$' }, 'a'.repeat(128))).toBe(true);
    expect(allowed({ regex: '^a+$' }, 'a'.repeat(129))).toBe(false);
  });

  test('what cosign lays beside an image is no image, whatever the filter', () => {
    const beside = `sha256-${'a'.repeat(64)}`;
    for (const tag of [beside, `${beside}.sig`, `${beside}.att`, `${beside}.sbom`]) {
      expect(allowed({ glob: '*' }, tag), tag).toBe(false);
      expect(allowed({ regex: '.' }, tag), tag).toBe(false);
    }
    expect(allowed({ glob: '*' }, 'sha256-abc')).toBe(true);
    expect(allowed({ glob: '*' }, `${beside}.sig2`)).toBe(true);
  });

  test('in words', () => {
    expect(filterInWords({ glob: ['a-*', 'b'] })).toBe('the glob a-* or b');
    expect(filterInWords({ semver: '1.x' })).toBe('the semver range 1.x');
    expect(filterInWords({ regex: '^a$' })).toBe('the regular expression ^a$');
  });
});

describe('the rank of a tag', () => {
  const glob: TagFilter = { glob: '*' };
  test.each<[TagFilter, Newer, string, Order['rank'] | undefined]>([
    [glob, 'push-time', 'whatever', []],
    [glob, 'semver', '1.4.0', [1, 4, 0, 1]],
    [glob, 'semver', 'v1.4.0', [1, 4, 0, 1]],
    [glob, 'semver', '1.4.0-rc.2', [1, 4, 0, 0, 'rc', 2]],
    [glob, 'semver', 'latest', undefined],
    [{ regex: '^release-(.+)$' }, 'semver', 'release-2.0.1', [2, 0, 1, 1]],
    [glob, 'number', 'main-7-build-42', [42]],
    [glob, 'number', 'main-0042x', [42]],
    [glob, 'number', 'main', undefined],
    [glob, 'number', `main-${'9'.repeat(15)}`, [999_999_999_999_999]],
    [glob, 'number', `main-${'9'.repeat(16)}`, undefined],
    [{ regex: '^b(\\d+)-\\d+$' }, 'number', 'b7-42', [7]],
    [{ regex: '^b\\d+-\\d+$' }, 'number', 'b7-42', [42]],
  ])('%j by %s: %s', (tags, newer, tag, rank) => {
    expect(rankOf(tagRule(tags, newer), tag)).toEqual(rank);
  });
});

describe('the order of images', () => {
  const semver = tagRule({ glob: '*' }, 'semver');
  const image = (hex: string, ...tags: string[]) => ({ digest: digest(hex), tags });

  test('by version, whatever was pushed last', () => {
    const versions = [
      '2.0.0-rc.1',
      '1.10.0',
      '1.9.9',
      '2.0.0',
      '2.0.0-rc.10',
      '2.0.0-alpha',
      '2.0.0-rc.1.1',
    ];
    const sorted = versions
      .map((tag, index) => ({ tag, order: orderOf(semver, image(`${index}`, tag), 100 - index) }))
      .sort((a, b) => compareOrder(a.order as Order, b.order as Order))
      .map(({ tag }) => tag);
    expect(sorted).toEqual([
      '1.9.9',
      '1.10.0',
      '2.0.0-alpha',
      '2.0.0-rc.1',
      '2.0.0-rc.1.1',
      '2.0.0-rc.10',
      '2.0.0',
    ]);
  });

  test('an image has the place of its newest tag that deploys', () => {
    expect(orderOf(semver, image('a', 'latest', '1.2.0', '1.10.0', '1.9.0'), 5)).toEqual({
      by: 'semver',
      rank: [1, 10, 0, 1],
      pushedAt: 5,
      digest: digest('a'),
    });
  });

  test('an image without a tag that deploys and can be read has no place', () => {
    expect(orderOf(semver, image('a', 'latest'), 5)).toBeUndefined();
    expect(orderOf(semver, image('a'), 5)).toBeUndefined();
    expect(
      orderOf(tagRule({ glob: 'main-*' }, 'push-time'), image('a', 'pr-1'), 5),
    ).toBeUndefined();
  });

  test('by push time, the tags do not matter', () => {
    const order = orderOf(tagRule({ glob: 'main-*' }, 'push-time'), image('a', 'x', 'main-9'), 5);
    expect(order).toEqual({ by: 'push-time', rank: [], pushedAt: 5, digest: digest('a') });
  });
});

/** What the packages say, of which the functions have only what their parsers made. */
describe('the data say what the parsers say', () => {
  const runs = { numRuns: 3_000 };
  const few = (...parts: readonly string[]) => fc.constantFrom(...parts);
  const drawn = (count: number, numbers: readonly string[], labels: readonly string[]) =>
    fc
      .record({
        v: few('', '', 'v'),
        numbers: fc.array(few(...numbers), { minLength: 3, maxLength: count }),
        labels: fc.oneof(fc.constant([]), fc.array(few(...labels), { maxLength: 3 })),
        build: few('', '', '+b.1'),
      })
      .map(({ v, numbers, labels, build }) => {
        const preRelease = labels.length === 0 ? '' : `-${labels.join('.')}`;
        return `${v}${numbers.join('.')}${preRelease}${build}`;
      });
  const good = drawn(3, ['0', '1', '2'], ['0', '1', '10', 'rc', 'x-1']);
  const any = drawn(4, ['0', '1', '01', '', '9007199254740992'], ['01', 'rc', '', '1a', '-']);
  const simple = fc
    .tuple(few('', '^', '~', '>=', '<', '<=', '>', '='), good)
    .map((parts) => parts.join(''));
  const ranges = fc
    .array(fc.oneof(simple, few('*', '1.x', '1 - 2', '', '0.0.x')), { minLength: 1, maxLength: 3 })
    .chain((parts) => few(' ', ' || ').map((between) => parts.join(between)));

  test('of versions', () => {
    const property = fc.property(fc.oneof(good, any), (text) => {
      const parsed = parse(text);
      const expected =
        parsed === null
          ? undefined
          : [
              ...[parsed.major, parsed.minor, parsed.patch, parsed.prerelease.length === 0 ? 1 : 0],
              ...parsed.prerelease,
            ];
      expect(rankOfVersion(text)).toEqual(expected);
    });
    fc.assert(property, runs);
  });

  test('of ranges', () => {
    let held = 0;
    const property = fc.property(ranges, fc.oneof(good, good, any), (semver, tag) => {
      fc.pre(validRange(semver) !== null);
      const expected = satisfies(tag, semver);
      if (expected) held++;
      expect(allowed({ semver }, tag)).toBe(expected);
    });
    fc.assert(property, runs);
    expect(held).toBeGreaterThan(100);
  });

  test('of globs', () => {
    const glob = fc
      .array(few('a', 'b', '-', '.', '*', '?', '[ab]', '[', '{a,b-*}', '{', '}', ',', '**'), {
        minLength: 1,
        maxLength: 5,
      })
      .map((parts) => parts.join(''));
    const tag = fc
      .array(few('a', 'b', '-', '.', '_'), { minLength: 1, maxLength: 5 })
      .map((parts) => parts.join(''));
    let held = 0;
    const property = fc.property(
      fc.array(glob, { minLength: 1, maxLength: 2 }),
      tag,
      (globs, text) => {
        const expected = picomatch(globs, { dot: true, noextglob: true, nonegate: true })(text);
        if (expected) held++;
        expect(allowed({ glob: globs }, text)).toBe(expected);
      },
    );
    fc.assert(property, runs);
    expect(held).toBeGreaterThan(100);
  });
});
