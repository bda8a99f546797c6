/** An image is tied to its commit by its tag, its build or its label; its commit has a place on a ref. */
import { describe, expect, test } from 'vitest';
import type { ImageDigest } from '../../shared/core/model/image.ts';
import type { CommitPlaces, StoredPlace } from '../../shared/ports.ts';
import { placeOf } from '../../shared/reconcile/commit-positions.ts';
import { digest, REGISTRY } from '../build.ts';

const SHA = '8f3c2a1b9d0447c6e5a1f0b2c3d4e5f60718293a';
const OTHER = '0123456789abcdef0123456789abcdef01234567';

interface Known {
  /** By repository on GitHub. */
  readonly places?: Readonly<Record<string, readonly StoredPlace[]>>;
  readonly builds?: Readonly<Record<string, string>>;
  readonly label?: string;
}

/** Counts what is asked: each answer is a call. */
function known({ places = {}, builds = {}, label }: Known) {
  const asked: string[] = [];
  const commits: CommitPlaces = {
    places: async (repository, commit) => {
      asked.push(`places ${repository} ${commit}`);
      return (places[repository] ?? []).filter((one) => one.commit.startsWith(commit));
    },
    commitOf: async (repository, of: ImageDigest) => {
      asked.push(`build ${repository}`);
      return of === digest(1) ? builds[repository] : undefined;
    },
    revisionOf: async () => {
      asked.push('label');
      return label;
    },
  };
  return { commits, asked };
}

const image = (...tags: readonly string[]) => ({
  registry: REGISTRY,
  repository: 'shop/web',
  digest: digest(1),
  tags,
});
const on = (ref: string, position = 5, commit = SHA): StoredPlace => ({
  ref,
  commit,
  line: 1,
  position,
});
const MAIN = on('refs/heads/main');
const HOTFIX = on('refs/heads/main-hotfix', 2);
const PLACED = {
  state: 'placed',
  commit: { repository: 'acme/shop', sha: SHA },
  by: 'commit refs/heads/main',
  rank: [1, 5],
};

describe('its commit is found', () => {
  test('by its tag, in one call', async () => {
    const { commits, asked } = known({ places: { 'acme/shop': [MAIN] } });
    expect(await placeOf(image('main-8f3c2a1b9d04'), ['acme/shop'], commits)).toEqual(PLACED);
    expect(asked).toEqual(['places acme/shop 8f3c2a1b9d04']);
  });

  test.each(['main-8f3c2a1', SHA, `sha-${SHA}`, 'v1.4.0_8f3c2a1b9d04'])(
    'by the tag %s of somebody else’s build',
    async (tag) => {
      const { commits } = known({ places: { 'acme/shop': [MAIN] } });
      expect(await placeOf(image(tag), ['acme/shop'], commits)).toEqual(PLACED);
    },
  );

  test('by the second of its tags', async () => {
    const { commits } = known({ places: { 'acme/shop': [MAIN] } });
    const found = await placeOf(image('stable', 'main-8f3c2a1b9d04'), ['acme/shop'], commits);
    expect(found).toEqual(PLACED);
  });

  test('by the build that made it, when no tag says it', async () => {
    const release = on('refs/tags/v1.4.0');
    const { commits, asked } = known({
      places: { 'acme/shop': [release] },
      builds: { 'acme/shop': SHA },
    });
    expect(await placeOf(image('v1.4.0'), ['acme/shop'], commits)).toMatchObject({
      state: 'placed',
      by: 'commit refs/tags/v1.4.0',
    });
    expect(asked).toEqual(['build acme/shop', `places acme/shop ${SHA}`]);
  });

  test('by its label, when neither does', async () => {
    const { commits, asked } = known({ places: { 'acme/shop': [MAIN] }, label: SHA });
    expect(await placeOf(image('stable'), ['acme/shop'], commits)).toEqual(PLACED);
    expect(asked).toEqual(['build acme/shop', 'label', `places acme/shop ${SHA}`]);
  });

  test('by its build, when its tag only looks like a commit: a date, the number of a build', async () => {
    const { commits } = known({
      places: { 'acme/shop': [on('refs/tags/release-20261121')] },
      builds: { 'acme/shop': SHA },
    });
    expect(await placeOf(image('release-20261121'), ['acme/shop'], commits)).toMatchObject({
      by: 'commit refs/tags/release-20261121',
    });
  });

  test('in whichever repository it was built from; its label is read once', async () => {
    const { commits, asked } = known({ places: { 'acme/api': [MAIN] }, label: SHA });
    const found = await placeOf(image('stable'), ['acme/shop', 'acme/api'], commits);
    expect(found).toMatchObject({ state: 'placed', commit: { repository: 'acme/api' } });
    expect(asked.filter((call) => call === 'label')).toHaveLength(1);
  });

  test('in the second repository, when its tag means nothing in the first', async () => {
    const { commits } = known({ places: { 'acme/api': [MAIN] } });
    const found = await placeOf(image('main-8f3c2a1b9d04'), ['acme/shop', 'acme/api'], commits);
    expect(found).toMatchObject({ state: 'placed', commit: { repository: 'acme/api' } });
  });
});

describe('a commit that is on several refs', () => {
  const both = { places: { 'acme/shop': [MAIN, HOTFIX] } };

  test.each([
    ['main-8f3c2a1b9d04', 'refs/heads/main'],
    ['main-hotfix-8f3c2a1b9d04', 'refs/heads/main-hotfix'],
    ['main-hotfix-8f3c2a1', 'refs/heads/main-hotfix'],
  ])('stands where its tag %s was made for', async (tag, ref) => {
    const found = await placeOf(image(tag), ['acme/shop'], known(both).commits);
    expect(found).toMatchObject({ by: `commit ${ref}` });
  });

  test('stands on its git tag, if that is its tag', async () => {
    const places = { 'acme/shop': [MAIN, on('refs/tags/v1.4.0', 1)] };
    const { commits } = known({ places, label: SHA });
    const found = await placeOf(image('v1.4.0'), ['acme/shop'], commits);
    expect(found).toMatchObject({ by: 'commit refs/tags/v1.4.0' });
  });

  test('stands on the first of them when no tag tells', async () => {
    const { commits } = known({ ...both, label: SHA });
    const found = await placeOf(image('stable'), ['acme/shop'], commits);
    expect(found).toMatchObject({ by: 'commit refs/heads/main' });
  });
});

describe('it waits', () => {
  test('while GitHub has not told, for the reason that is stored', async () => {
    const waiting: StoredPlace = { ref: 'refs/heads/main', commit: SHA, waitsBecause: 'HTTP 503' };
    const { commits } = known({ places: { 'acme/shop': [waiting] } });
    expect(await placeOf(image('main-8f3c2a1b9d04'), ['acme/shop'], commits)).toEqual({
      state: 'waits',
      because: 'HTTP 503',
      commit: { repository: 'acme/shop', sha: SHA },
    });
  });

  test('while no push of its commit was heard of: it may be handled right now', async () => {
    const { commits } = known({ places: { 'acme/shop': [on('refs/heads/main', 5, OTHER)] } });
    expect(await placeOf(image('main-8f3c2a1b9d04'), ['acme/shop'], commits)).toEqual({
      state: 'waits',
      because: 'no push of the commit 8f3c2a1b9d04 was heard of yet',
    });
  });
});

describe('it comes from no commit that is known', () => {
  test.each([
    { tags: ['latest'] },
    { tags: ['v1.4.0', 'stable'] },
    { tags: ['build-20261121'] },
    { tags: ['main-42'] },
    { tags: [] },
  ])('$tags', async ({ tags }) => {
    const { commits } = known({ places: { 'acme/shop': [MAIN] } });
    expect(await placeOf(image(...tags), ['acme/shop'], commits)).toEqual({ state: 'none' });
  });

  test('in a repository of which nothing was ever heard: there is no order to be older in', async () => {
    const { commits } = known({});
    expect(await placeOf(image('main-8f3c2a1b9d04'), ['acme/shop'], commits)).toEqual({
      state: 'none',
    });
  });

  test('of no repository: nobody is asked', async () => {
    const { commits, asked } = known({ label: SHA });
    expect(await placeOf(image('latest'), [], commits)).toEqual({ state: 'none' });
    expect(asked).toEqual([]);
  });
});
