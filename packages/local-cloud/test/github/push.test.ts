/** What a push does to the local GitHub, and what its webhook says of it. */
import { beforeEach, describe, expect, it } from 'vitest';
import { fullSha, NO_COMMIT } from '../../github/commits/commits.ts';
import { deleteRef, forcePush, type GitPush, gitPush } from '../../github/commits/push.ts';
import { addWebhook } from '../../github/setup.ts';
import type { PushPayload } from '../../github/webhooks/payloads.ts';
import type { World } from '../../kernel/world.ts';
import { advance } from '../../services.ts';
import { arriving, githubWorld, START, tip } from './github-world.ts';

const SHOP = { repository: 'acme/shop' } as const;
const MAIN = { ...SHOP, branch: 'main' } as const;
let world: World;

beforeEach(() => {
  world = githubWorld();
});

function told(): PushPayload {
  const [delivery, ...more] = arriving(world);
  expect(more).toEqual([]);
  return JSON.parse(delivery?.body ?? 'null');
}

function pushed(push: Partial<GitPush> = {}): PushPayload {
  gitPush(world, { ...MAIN, ...push });
  return told();
}

describe('a push', () => {
  it('makes a commit on the tip of its branch and tells of it', () => {
    const before = tip(world);
    const push = { commit: 'a1', message: 'One', paths: ['web/a.ts'], author: 'jane' };
    const payload = pushed(push);
    const sha = 'a1f29bc91bbdab169fc0c0a326965953d11c7dff';
    expect(tip(world)).toBe(sha);
    expect(payload).toMatchObject({
      ref: 'refs/heads/main',
      before,
      after: sha,
      created: false,
      deleted: false,
      forced: false,
      base_ref: null,
      compare: `https://github.com/acme/shop/compare/${before.slice(0, 12)}...a1f29bc91bbd`,
      pusher: { name: 'jane', email: '145284845+jane@users.noreply.github.com' },
      sender: { login: 'jane', type: 'User' },
      organization: { login: 'acme' },
      commits: [
        {
          id: sha,
          distinct: true,
          message: 'One',
          timestamp: '2026-11-21T10:00:00Z',
          author: { username: 'jane' },
          added: ['web/a.ts'],
          modified: [],
          removed: [],
        },
      ],
    });
    expect(payload.head_commit).toEqual(payload.commits[0]);
    expect(payload.repository).toMatchObject({
      full_name: 'acme/shop',
      owner: { name: 'acme', login: 'acme' },
      default_branch: 'main',
      master_branch: 'main',
      private: true,
      created_at: START / 1_000,
      pushed_at: START / 1_000,
    });
  });

  it('modifies what the parent has, and adds again what was removed', () => {
    pushed({ paths: ['a.ts', 'b.ts'] });
    expect(pushed({ paths: ['a.ts'], removed: ['b.ts'] }).commits[0]).toMatchObject({
      added: [],
      modified: ['a.ts'],
      removed: ['b.ts'],
    });
    expect(pushed({ paths: ['b.ts'] }).commits[0]).toMatchObject({ added: ['b.ts'], modified: [] });
  });

  it('may bring several commits, oldest first', () => {
    const payload = pushed({ commit: 'c3', earlier: [{ commit: 'c1' }, { commit: 'c2' }] });
    expect(payload.commits.map(({ id }) => id)).toEqual(['c1', 'c2', 'c3'].map(fullSha));
    expect(payload.head_commit?.id).toBe(fullSha('c3'));
  });

  it('names the newest 2,048 commits of a longer one', () => {
    const earlier = Array.from({ length: 2_060 }, () => ({}));
    const { before, after, commits } = pushed({ earlier, commit: 'e' });
    expect(commits).toHaveLength(2_048);
    expect(commits.at(-1)?.id).toBe(after);
    const all = world.github.repositories['acme/shop']?.commits ?? {};
    expect(all[commits[0]?.id ?? '']?.parents).not.toEqual([before]);
  });

  it('that changes nothing tells nobody', () => {
    pushed({ commit: 'a1' });
    expect(gitPush(world, { ...MAIN, commit: 'a1' }).deliveries).toEqual([]);
    expect(arriving(world)).toEqual([]);
  });

  it('is refused where it is no fast-forward, and nothing is left of it', () => {
    const first = tip(world);
    pushed({ commit: 'a1' });
    const count = () => Object.keys(world.github.repositories['acme/shop']?.commits ?? {}).length;
    const commits = count();
    const stale = { ...MAIN, commit: 'a2', parent: first };
    expect(() => gitPush(world, stale)).toThrow('(non-fast-forward)');
    expect([tip(world), count()]).toEqual([fullSha('a1'), commits]);
    expect(arriving(world)).toEqual([]);
  });

  it('reaches only the hooks that want it, and all of those', () => {
    const shop = world.github.repositories['acme/shop'];
    if (shop === undefined) throw new Error('no acme/shop');
    addWebhook(world, shop, { target: 'everything', events: ['*'], ping: false });
    addWebhook(world, shop, { target: 'issues', events: ['issues'], ping: false });
    addWebhook(world, shop, { target: 'asleep', ping: false }).active = false;
    gitPush(world, MAIN);
    const targets = arriving(world).map(({ target }) => target);
    expect(targets.toSorted()).toEqual(['everything', 'github-push']);
  });
});

describe('refs', () => {
  it('a forced push replaces the tip and says so', () => {
    const first = tip(world);
    pushed({ commit: 'a1' });
    forcePush(world, { ...MAIN, commit: 'a2' });
    const payload = told();
    const { before, after, forced, commits } = payload;
    expect([before, after, forced]).toEqual([fullSha('a1'), fullSha('a2'), true]);
    expect(commits.map(({ id }) => id)).toEqual([fullSha('a2')]);
    expect(world.github.repositories['acme/shop']?.commits[after]?.parents).toEqual([first]);
  });

  it('a push that need not have been forced does not say it was', () => {
    forcePush(world, { ...MAIN, commit: 'a1', parent: 'main' });
    expect(told().forced).toBe(false);
  });

  it('a forced push may go back to an older commit: no commits then', () => {
    const first = tip(world);
    pushed({ commit: 'a1' });
    forcePush(world, { ...MAIN, commit: first });
    expect(told()).toMatchObject({ forced: true, after: first, commits: [] });
  });

  it('a new branch begins at the default branch and shows its own commits only', () => {
    const payload = pushed({ branch: 'feature/x', commit: 'b1' });
    expect(payload).toMatchObject({
      ref: 'refs/heads/feature/x',
      before: NO_COMMIT,
      created: true,
      base_ref: null,
      commits: [{ id: fullSha('b1'), distinct: true }],
    });
  });

  it('a branch made where another stands has no commits and names the other', () => {
    const payload = pushed({ branch: 'release', commit: tip(world) });
    expect(payload).toMatchObject({
      created: true,
      base_ref: 'refs/heads/main',
      commits: [],
      head_commit: { id: tip(world) },
      compare: 'https://github.com/acme/shop/compare/release',
    });
  });

  it('what another branch had already is not distinct', () => {
    pushed({ branch: 'feature', commit: 'b1' });
    expect(pushed({ commit: 'b1' }).commits).toMatchObject([
      { id: fullSha('b1'), distinct: false },
    ]);
  });

  it('a deleted branch leaves its commits', () => {
    pushed({ branch: 'feature', commit: 'b1' });
    deleteRef(world, { ...SHOP, branch: 'feature' });
    expect(told()).toMatchObject({
      before: fullSha('b1'),
      after: NO_COMMIT,
      deleted: true,
      forced: false,
      commits: [],
      head_commit: null,
    });
    expect(tip(world, 'feature')).toBe('');
    expect(world.github.repositories['acme/shop']?.commits[fullSha('b1')]).toBeDefined();
  });

  it('a tag names the tip of the default branch unless told otherwise', () => {
    const main = tip(world);
    gitPush(world, { ...SHOP, tag: 'v1' });
    expect(told()).toMatchObject({ ref: 'refs/tags/v1', after: main, created: true, commits: [] });
    deleteRef(world, { ...SHOP, tag: 'v1' });
    expect(told()).toMatchObject({ ref: 'refs/tags/v1', before: main, deleted: true });
  });

  it.each([
    ['the default branch', () => deleteRef(world, MAIN), 'refusing to delete the current branch'],
    ['what is not there', () => deleteRef(world, { ...SHOP, tag: 'v9' }), 'does not exist'],
    [
      'a tag that is there',
      () => {
        gitPush(world, { ...SHOP, tag: 'v1' });
        gitPush(world, { ...SHOP, tag: 'v1', commit: 'f0', paths: ['a'] });
      },
      'already exists',
    ],
    ['no ref', () => gitPush(world, SHOP), 'neither'],
    ['both', () => gitPush(world, { ...MAIN, tag: 'v1' }), 'both'],
    ['a bad name', () => gitPush(world, { ...SHOP, branch: 'a..b' }), 'no name of a branch'],
    ['a bad commit', () => gitPush(world, { ...MAIN, commit: 'xyz' }), 'hexadecimal'],
    ['a parent nobody has', () => gitPush(world, { ...MAIN, parent: 'nope' }), 'to build on'],
    [
      'another repository',
      () => gitPush(world, { ...MAIN, repository: 'a/b' }),
      'it has acme/shop',
    ],
  ])('refuses %s', (_, refused, because) => {
    expect(refused).toThrow(because);
  });

  it('takes any name that git takes, shell characters too', () => {
    const branch = 'x;touch$IFS$9pwned&&`id`|$(id)';
    expect(pushed({ branch }).ref).toBe(`refs/heads/${branch}`);
  });
});

describe('the payload', () => {
  it('is the same for the same seed, and another one for another', () => {
    const bodies = [1, 1, 2].map((seed) => {
      const other = githubWorld(seed);
      gitPush(other, { ...MAIN, paths: ['a.ts'] });
      return arriving(other)[0]?.body;
    });
    expect(bodies[0]).toBe(bodies[1]);
    expect(bodies[0]).not.toBe(bodies[2]);
  });

  it('what is pushed to GitHub does not change what AWS draws', () => {
    const { chance } = githubWorld();
    pushed();
    advance(world, world.now + 60_000);
    expect(world.chance).toBe(chance);
  });
});
