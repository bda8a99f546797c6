/** Where one commit stands, seen from another: GitHub's word, or that it is not known. */
import { expect, test } from 'vitest';
import { createGitHubClient } from '../../shared/github/client.ts';
import { createCommits } from '../../shared/github/commits.ts';
import { listeningLog } from '../aws/wire.ts';
import { answer } from '../feedback/small-github.ts';

const [BASE, HEAD] = ['1'.repeat(40), '2'.repeat(40)];

function connected(far: (path: string) => Response | Promise<Response>) {
  const asked: string[] = [];
  const client = createGitHubClient({
    secrets: { get: async () => ['{"token":"a-token"}'] },
    github: { apiUrl: 'https://api.github.com', credentials: 'slipway/github' },
    clock: { now: () => 0 },
    log: listeningLog(),
    fetch: (async (url: string) => {
      const path = url.replace('https://api.github.com/repos/acme/shop', '');
      asked.push(path);
      return await far(path);
    }) as unknown as typeof fetch,
    polite: false,
  });
  const commits = createCommits(client);
  return { asked, compare: () => commits.compare('acme/shop', BASE, HEAD) };
}

const notFound = () => answer(404, { message: 'Not Found' });

test.each([
  ['identical', 0, 0, { state: 'identical' }],
  ['ahead', 3, 0, { state: 'ahead', by: 3 }],
  ['behind', 0, 2, { state: 'behind', by: 2 }],
  ['diverged', 1, 1, { state: 'diverged' }],
  ['sideways', 1, 1, { state: 'unknown', because: 'GitHub says "sideways" of acme/shop' }],
])('%s', async (status, ahead, behind, expected) => {
  const { compare, asked } = connected(() =>
    answer(200, { status, ahead_by: ahead, behind_by: behind }),
  );
  expect(await compare()).toEqual(expected);
  expect(asked).toEqual([`/compare/${BASE}...${HEAD}?per_page=1`]);
});

test('without a common ancestor they are unrelated', async () => {
  const { compare, asked } = connected(() =>
    answer(404, { message: `No common ancestor between ${BASE} and ${HEAD}.` }),
  );
  expect(await compare()).toEqual({ state: 'unrelated' });
  expect(asked).toHaveLength(1);
});

test('a base that is gone, while the newer commit is there, is unrelated', async () => {
  const { compare, asked } = connected((path) =>
    path.startsWith('/compare/') ? notFound() : answer(200, { sha: HEAD }),
  );
  expect(await compare()).toEqual({ state: 'unrelated' });
  expect(asked[1]).toBe(`/commits/${HEAD}?per_page=1`);
});

test('a repository that cannot be seen is unknown: it begins no new line', async () => {
  const { compare } = connected(notFound);
  expect(await compare()).toEqual({
    state: 'unknown',
    because: expect.stringContaining('do not see it: install the app there, with contents: read'),
  });
});

test.each([
  ['ill', () => answer(502, { message: 'Server Error' }), '502: Server Error'],
  ['limited', () => answer(429, { message: 'slow down' }), 'a rate limit is reached'],
  ['refusing', () => answer(401, { message: 'Bad credentials' }), 'are not taken'],
  ['unreachable', () => Promise.reject(new Error('no route')), 'no answer: no route'],
])('GitHub %s is unknown, and nothing throws', async (_, far, because) => {
  const { compare } = connected(far);
  expect(await compare()).toEqual({
    state: 'unknown',
    because: expect.stringContaining(because),
  });
});

test('ill only when asked a second time is unknown, too', async () => {
  const { compare } = connected((path) =>
    path.startsWith('/compare/') ? notFound() : answer(500, { message: 'oops' }),
  );
  expect(await compare()).toMatchObject({ state: 'unknown' });
});
