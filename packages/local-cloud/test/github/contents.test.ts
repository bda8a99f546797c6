/** What stands in a file at a commit, asked through a real Octokit. */
import { expect, it } from 'vitest';
import { gitPush } from '../../github/commits/push.ts';
import { githubWorld, octokitOf, refusal, SHOP } from './github-world.ts';

const MAIN = { repository: 'acme/shop', branch: 'main' } as const;
const FILE = 'web/taskdef.json';

it('is that of the commit, whatever came after it', async () => {
  const world = githubWorld();
  const written = (cpu: number) => ({ [FILE]: JSON.stringify({ cpu, why: 'größer'.repeat(20) }) });
  const first = gitPush(world, { ...MAIN, commit: 'a1', paths: [FILE], texts: written(1) });
  const other = gitPush(world, { ...MAIN, commit: 'a2', paths: ['web/a.ts'] });
  const last = gitPush(world, { ...MAIN, commit: 'a3', paths: [FILE], texts: written(2) });
  const gone = gitPush(world, { ...MAIN, commit: 'a4', removed: [FILE] });
  const at = async (ref: string) => {
    const route = 'GET /repos/{owner}/{repo}/contents/{path}';
    const { data } = await octokitOf(world).request(route, { ...SHOP, path: FILE, ref });
    if (Array.isArray(data) || data.type !== 'file') throw new Error('it was to be a file');
    expect(data).toMatchObject({ name: 'taskdef.json', path: FILE, encoding: 'base64' });
    return JSON.parse(Buffer.from(data.content, 'base64').toString('utf8')).cpu;
  };
  expect(await Promise.all([first, other, last].map(({ after }) => at(after)))).toEqual([1, 1, 2]);
  expect(await refusal(at(gone.after))).toMatchObject({
    status: 404,
    message: expect.stringContaining('Not Found'),
  });
  expect(await refusal(at('f'.repeat(40)))).toMatchObject({
    status: 404,
    message: expect.stringContaining(`No commit found for the ref ${'f'.repeat(40)}`),
  });
});
