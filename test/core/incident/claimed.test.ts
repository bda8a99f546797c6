/** What people are told of an image that others built before a target has heard of it: image 2 of commit 2. */
import { describe, expect, test } from 'vitest';
import { claimStandings } from '../../../shared/core/incident/claim-standing.ts';
import { courseOfClaims } from '../../../shared/core/incident/claimed.ts';
import type { Followed } from '../../../shared/core/incident/course.ts';
import type { SourceRecord } from '../../../shared/core/source/record.ts';
import { at, digest, REGISTRY } from '../../build.ts';
import { branch, commit, sourceRules } from '../../build-source.ts';

const address = (repository: string) => ({ registry: REGISTRY, repository });
const RULES = sourceRules({
  images: {},
  elsewhere: { web: address('shop/web'), worker: address('shop/worker') },
});
const TWO = { image: 'web', digest: digest(2), tag: 'main-c002c00', commit: commit(2) };
const WAITS = { ...TWO, since: at(0) };
const REFUSED = { ...TWO, at: at(0), because: 'GitHub does not have c002c00 on main: a fork has' };
const WEB = {
  id: 'web',
  takes: ({ repository }: { repository: string }) => repository === 'shop/web',
};
const BOTH = { id: 'web', takes: () => true };

const told = (change: Partial<SourceRecord>, target = WEB) =>
  claimStandings({ ...branch(RULES), ...change }, target);
const course = (change: Partial<SourceRecord>, followed: Followed, target = WEB) =>
  courseOfClaims(told(change, target), followed);
const BY_DIGEST: Followed = { by: 'digests', digests: [digest(2)] };
const BY_COMMIT: Followed = { by: 'commit', commit: 'c002c00' };

describe('what it is told', () => {
  test('it waits: of whom GitHub is asked', () => {
    expect(told({ claims: [WAITS] })).toMatchObject([
      {
        ...{ state: 'waits', at: at(0), digest: digest(2) },
        because: 'main-c002c00 waits: GitHub is asked whether main has c002c00',
      },
    ]);
  });

  test('it waits again: how often GitHub was asked, and what came of it', () => {
    const waits = { at: at(3), failures: 2, because: 'GitHub could not be asked: HTTP 503' };
    expect(told({ claims: [{ ...WAITS, waits }] })[0]?.because).toBe(
      'main-c002c00 waits: GitHub is asked whether main has c002c00, and was 2 times: GitHub could not be asked: HTTP 503',
    );
  });

  test('it was not taken: why, and the command that deploys exactly it all the same', () => {
    expect(told({ refused: [REFUSED] })).toMatchObject([
      {
        ...{ state: 'not-taken', at: at(0) },
        because: 'main-c002c00 is not taken: GitHub does not have c002c00 on main: a fork has',
        command: `slipway deploy web --image shop/web@${digest(2)} --because "why"`,
      },
    ]);
  });

  test('what waits stands before what was not taken, and images of another repository are not told', () => {
    const worker = { ...WAITS, image: 'worker' };
    const three = { ...WAITS, digest: digest(3) };
    const given = { claims: [worker, three], refused: [REFUSED] };
    expect(told(given).map(({ state }) => state)).toEqual(['waits', 'not-taken']);
    expect(told({ claims: [{ ...WAITS, image: 'gone' }] }, BOTH)).toEqual([]);
  });
});

describe('the course of what is followed', () => {
  test.each([BY_DIGEST, BY_COMMIT])('it waits, or was refused, by %o', (followed) => {
    expect(course({ claims: [WAITS] }, followed)).toMatchObject({
      ...{ state: 'waiting', reached: null },
      because: 'main-c002c00 waits: GitHub is asked whether main has c002c00',
    });
    expect(course({ refused: [REFUSED] }, followed)).toMatchObject({
      ...{ state: 'refused', reached: null },
      because: 'main-c002c00 is not taken: GitHub does not have c002c00 on main: a fork has',
      next: `nothing is deployed by it; a person may deploy it by hand: slipway deploy web --image shop/web@${digest(2)} --because "why"`,
    });
  });

  test('one whose label names no commit is known by its tag', () => {
    const { commit: _, ...nameless } = REFUSED;
    expect(course({ refused: [nameless] }, BY_COMMIT)?.state).toBe('refused');
  });

  test('what nobody follows says nothing', () => {
    const other: Followed = { by: 'digests', digests: [digest(3)] };
    expect(course({ claims: [WAITS], refused: [REFUSED] }, other)).toBeUndefined();
    const release: Followed = { by: 'release', release: 'ecs/production/web/1' };
    expect(course({ claims: [WAITS] }, release)).toBeUndefined();
  });

  test('a second image of a commit waits though the first was not taken: it is not the end', () => {
    const again = { ...WAITS, digest: digest(4) };
    expect(course({ claims: [again], refused: [REFUSED] }, BY_COMMIT)?.state).toBe('waiting');
  });

  test('of two images of one commit the one that was not taken is the end', () => {
    const worker = { ...REFUSED, image: 'worker', digest: digest(3) };
    const given = { claims: [WAITS], refused: [worker] };
    expect(course(given, BY_COMMIT, BOTH)?.state).toBe('refused');
    expect(course(given, BY_COMMIT)?.state).toBe('waiting');
  });
});
