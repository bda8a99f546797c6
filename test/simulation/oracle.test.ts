/** What the oracle asks for, and what it does not: each where a world once broke that kept every promise. */
import { addGithubRepository } from '@slipway/local-cloud/github/setup.ts';
import { emptyWorld } from '@slipway/local-cloud/services.ts';
import { expect, test } from 'vitest';
import { definePipeline } from '../../shared/config/config.ts';
import { runsAsTold } from './oracle/announced.ts';
import { hadCommit } from './oracle/claims.ts';
import { isOlder, meantToRun } from './oracle/commits.ts';
import { Trail } from './oracle/trail.ts';
import { Truth } from './oracle/truth.ts';
import { BEGIN, GIT_REPOSITORY } from './stage.ts';

const WHERE = { account: '123456789012', region: 'eu-central-1' };
const WORLD = emptyWorld({ now: BEGIN, seed: 1, ...WHERE });

test('an image that says no commit is missed where a push is a release, and not where images come from commits', () => {
  const truth = { world: WORLD, trail: new Trail() };
  const [web, api] = ['shop/web', 'shop/api'].map((repository) => ({
    ...{ repository, tag: 'main-1', digest: 'sha256:1', at: BEGIN, behaviour: {} },
  }));
  const pushed = [web, api].filter((one) => one !== undefined);
  expect(meantToRun(truth, {}, pushed)).toEqual([web, api]);
  expect(meantToRun(truth, { git: 'built' }, pushed)).toEqual([api]);
  expect(meantToRun(truth, { git: 'elsewhere' }, pushed)).toEqual([api]);
});

test('what runs is judged by now, or by when it is said to have been seen', () => {
  const image = 'shop/api:main-1 (sha256:bc34f9a32ec8)';
  expect(runsAsTold(`${image}, api:4`)).toEqual({ named: 'api:4' });
  expect(runsAsTold('api:4')).toEqual({ named: 'api:4' });
  expect(runsAsTold(`${image}, api:4 (as seen at 2026-11-21 02:17 UTC)`)).toEqual({
    named: 'api:4',
    seenAt: Date.UTC(2026, 10, 21, 2, 17),
  });
  expect(runsAsTold('unknown')).toBeUndefined();
});

test('a commit that the branch was put back to is the newer one from then on', () => {
  const trail = new Trail();
  const at = (minutes: number) => BEGIN + minutes * 60_000;
  const branch = 'main';
  trail.heads.push({ at: at(1), branch, commit: 'a' }, { at: at(2), branch, commit: 'b' });
  trail.heads.push({ at: at(9), branch, commit: 'a', isReset: true });
  expect(isOlder({ trail }, 'a', 'b', at(8))).toBe(true);
  expect(isOlder({ trail }, 'a', 'b', at(10))).toBe(false);
  expect(isOlder({ trail }, 'b', 'a', at(10))).toBe(true);
});

test('what a branch pointed to when the world began is a commit of its own, until it is rewritten', () => {
  const { refs } = addGithubRepository(WORLD, { name: GIT_REPOSITORY });
  const [first = ''] = Object.values(refs);
  const truth = new Truth(WORLD, () => definePipeline({ ...WHERE, targets: {} }));
  expect(hadCommit(truth, first, BEGIN, BEGIN)).toBe(true);
  expect(truth.headsOf('main').map(({ commit }) => commit)).toEqual([first]);
  expect(truth.headsOf('next')).toEqual([]);
});
