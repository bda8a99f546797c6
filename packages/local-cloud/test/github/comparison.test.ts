/** How commits stand to each other, and what refs name, asked through a real Octokit. */
import { beforeEach, describe, expect, it } from 'vitest';
import { fullSha } from '../../github/commits/commits.ts';
import { forcePush, gitPush } from '../../github/commits/push.ts';
import { addGithubRepository } from '../../github/setup.ts';
import type { World } from '../../kernel/world.ts';
import { githubWorld, octokitOf, refusal, SHOP, tip } from './github-world.ts';

const MAIN = { repository: 'acme/shop', branch: 'main' } as const;
let world: World;

beforeEach(() => {
  world = githubWorld();
});

async function compare(base: string, head: string, more: object = {}) {
  const path = 'GET /repos/{owner}/{repo}/compare/{basehead}';
  return octokitOf(world).request(path, { ...SHOP, basehead: `${base}...${head}`, ...more });
}

describe('a comparison', () => {
  it('says ahead, behind, identical and diverged, and by how many', async () => {
    const first = tip(world);
    gitPush(world, { ...MAIN, commit: 'a1' });
    gitPush(world, { ...MAIN, commit: 'a2' });
    gitPush(world, { ...MAIN, branch: 'side', commit: 'b1', parent: first });
    const [a2, b1] = ['a2', 'b1'].map(fullSha) as [string, string];
    const of = async (base: string, head: string) => {
      const { data } = await compare(base, head);
      const { status, ahead_by, behind_by, total_commits, merge_base_commit } = data;
      return [status, ahead_by, behind_by, total_commits, merge_base_commit.sha];
    };
    expect(await of(first, a2)).toEqual(['ahead', 2, 0, 2, first]);
    expect(await of(a2, first)).toEqual(['behind', 0, 2, 0, first]);
    expect(await of('main', a2)).toEqual(['identical', 0, 0, 0, a2]);
    expect(await of('main', 'side')).toEqual(['diverged', 1, 2, 1, first]);
    expect(await of(b1.slice(0, 7), 'refs/heads/main')).toEqual(['diverged', 2, 1, 2, first]);
  });

  it('shows the commits, oldest first, and what the files come to', async () => {
    const first = tip(world);
    gitPush(world, { ...MAIN, commit: 'a1', paths: ['web/a.ts', 'web/gone.ts'] });
    gitPush(world, { ...MAIN, commit: 'a2', paths: ['web/a.ts', 'README.md'] });
    gitPush(world, { ...MAIN, commit: 'a3', removed: ['web/gone.ts'] });
    const { data } = await compare(first, 'main');
    expect(data.commits.map(({ sha }) => sha)).toEqual(['a1', 'a2', 'a3'].map(fullSha));
    expect(data.files?.map(({ filename, status }) => [filename, status])).toEqual([
      ['README.md', 'modified'],
      ['web/a.ts', 'added'],
    ]);
    expect(data.commits[2]).toMatchObject({ parents: [{ sha: fullSha('a2') }] });
  });

  it('of a rewritten branch is diverged from what was there', async () => {
    gitPush(world, { ...MAIN, commit: 'a1' });
    forcePush(world, { ...MAIN, commit: 'a2' });
    expect((await compare(fullSha('a1'), 'main')).data.status).toBe('diverged');
  });

  it('shows 300 files and the newest 250 commits; further ones by pages', async () => {
    const first = tip(world);
    const earlier = Array.from({ length: 259 }, (_, n) => ({ paths: [`f${n}.ts`, `g${n}.ts`] }));
    gitPush(world, { ...MAIN, earlier, commit: 'e' });
    const { data } = await compare(first, 'main');
    expect([data.total_commits, data.commits.length, data.files?.length]).toEqual([260, 250, 300]);
    expect(data.commits.at(-1)?.sha).toBe(fullSha('e'));
    const paged = await compare(first, 'main', { per_page: 100, page: 3 });
    expect([paged.data.commits.length, paged.data.files]).toEqual([60, undefined]);
    expect(paged.headers.link).toContain('rel="prev"');
  });

  it('is 404 for what it does not know, and for histories that never met', async () => {
    expect(await refusal(compare('main', 'nope'))).toMatchObject({ status: 404 });
    expect(await refusal(compare('main', '0'.repeat(40)))).toMatchObject({ status: 404 });
    addGithubRepository(world, { name: 'acme/shop', isEmpty: true });
    gitPush(world, { ...MAIN, branch: 'one', commit: 'a1' });
    gitPush(world, { ...MAIN, branch: 'two', commit: 'b1' });
    expect(await refusal(compare('one', 'two'))).toMatchObject({
      status: 404,
      data: { message: 'No common ancestor between one and two.' },
    });
  });
});

describe('what a ref names', () => {
  beforeEach(() => {
    gitPush(world, { ...MAIN, branch: 'feature/x', commit: 'b1', paths: ['x.ts'] });
    gitPush(world, { repository: 'acme/shop', tag: 'v1', commit: 'b1' });
  });

  it('a branch, with slashes in its name', async () => {
    const path = 'GET /repos/{owner}/{repo}/branches/{branch}';
    const ask = (branch: string) => octokitOf(world).request(path, { ...SHOP, branch });
    expect((await ask('feature/x')).data).toMatchObject({
      name: 'feature/x',
      commit: { sha: fullSha('b1') },
      protected: false,
    });
    expect(await refusal(ask('v1'))).toMatchObject({
      status: 404,
      data: { message: 'Branch not found' },
    });
  });

  it('a ref, of a branch or a tag', async () => {
    const path = 'GET /repos/{owner}/{repo}/git/ref/{ref}';
    const ask = (ref: string) => octokitOf(world).request(path, { ...SHOP, ref });
    expect((await ask('heads/feature/x')).data).toMatchObject({
      ref: 'refs/heads/feature/x',
      object: { type: 'commit', sha: fullSha('b1') },
    });
    expect((await ask('tags/v1')).data.object.sha).toBe(fullSha('b1'));
    expect(await refusal(ask('heads/feature'))).toMatchObject({ status: 404 });
    expect(await refusal(ask('constructor'))).toMatchObject({ status: 404 });
  });

  it('a commit, by branch, tag, sha and short sha', async () => {
    const path = 'GET /repos/{owner}/{repo}/commits/{ref}';
    const ask = (ref: string) => octokitOf(world).request(path, { ...SHOP, ref });
    const sha = fullSha('b1');
    for (const ref of ['feature/x', 'v1', 'tags/v1', sha, sha.slice(0, 7)]) {
      expect((await ask(ref)).data.sha).toBe(sha);
    }
    expect((await ask('v1')).data).toMatchObject({
      parents: [{ sha: tip(world) }],
      files: [{ filename: 'x.ts', status: 'added' }],
      stats: { total: 1 },
    });
    expect(await refusal(ask('nope'))).toMatchObject({
      status: 422,
      data: { message: 'No commit found for SHA: nope', status: '422' },
    });
  });
});

describe('the commit of a ref, as its sha alone', () => {
  const sha = (ref: string, known?: string) =>
    octokitOf(world).request('GET /repos/{owner}/{repo}/commits/{ref}', {
      ...SHOP,
      ref,
      headers: {
        accept: 'application/vnd.github.sha',
        ...(known === undefined ? {} : { 'if-none-match': `"${known}"` }),
      },
    });

  it('is a text with itself as its ETag, and 304 for who knows it', async () => {
    const { data, headers } = await sha('heads/main');
    expect([data, headers.etag]).toEqual([tip(world), `"${tip(world)}"`]);
    const used = headers['x-ratelimit-used'];
    await expect(sha('heads/main', tip(world))).rejects.toMatchObject({ status: 304 });
    const { headers: later } = await octokitOf(world).request('GET /repos/{owner}/{repo}', SHOP);
    expect(Number(later['x-ratelimit-used'])).toBe(Number(used) + 1);
    expect((await sha('heads/main', fullSha('a1'))).data).toBe(tip(world));
  });

  it('is that of the branch, whatever else has its name', async () => {
    gitPush(world, { ...MAIN, branch: 'heads/main', commit: 'b1' });
    expect((await sha('heads/main')).data).toBe(tip(world));
  });

  it('of none is 422', async () => {
    expect(await refusal(sha('heads/none'))).toMatchObject({ status: 422 });
  });
});
