/** Where one commit stands, seen from another: GitHub's word, or that it is not known. */
import { describe, expect, test } from 'vitest';
import { createGitHubClient } from '../../shared/github/client.ts';
import { createCommits } from '../../shared/github/commits.ts';
import { listeningLog } from '../aws/wire.ts';
import { answer } from '../feedback/small-github.ts';

const [BASE, HEAD] = ['1'.repeat(40), '2'.repeat(40)];

function connected(far: (path: string) => Response | Promise<Response>) {
  const asked: string[] = [];
  const tags: (string | null)[] = [];
  const client = createGitHubClient({
    secrets: { get: async () => ['{"token":"a-token"}'] },
    github: { apiUrl: 'https://api.github.com', credentials: 'slipway/github' },
    clock: { now: () => 0 },
    log: listeningLog(),
    fetch: (async (url: string, init: RequestInit) => {
      tags.push(new Headers(init.headers).get('if-none-match'));
      const path = url.replace('https://api.github.com/repos/acme/shop', '');
      asked.push(path);
      return await far(path);
    }) as unknown as typeof fetch,
    polite: false,
  });
  const commits = createCommits(client);
  return {
    asked,
    tags,
    compare: () => commits.compare('acme/shop', BASE, HEAD),
    onRef: (ref = 'refs/heads/main') => commits.onRef('acme/shop', BASE, ref),
    head: (known?: string) => commits.head('acme/shop', 'refs/heads/main', known),
    message: () => commits.message('acme/shop', HEAD),
    named: (digits: string) => commits.named('acme/shop', digits),
  };
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

describe('whether a branch has a commit', () => {
  const at = (sha: string) =>
    new Response(sha, {
      headers: { 'content-type': 'application/vnd.github.sha; charset=utf-8' },
    });
  const unchanged = () => new Response(null, { status: 304 });

  test('it points to it still: one conditional request, which no limit counts', async () => {
    const { onRef, asked, tags } = connected(unchanged);
    expect(await onRef()).toEqual({ state: 'on', head: BASE });
    expect([asked, tags]).toEqual([['/commits/heads%2Fmain'], [`"${BASE}"`]]);
  });

  test.each([
    ['ahead', { state: 'on', head: HEAD }],
    [
      'behind',
      { state: 'off', because: `that is at ${HEAD.slice(0, 7)}, and does not lead there` },
    ],
    [
      'diverged',
      { state: 'off', because: `that is at ${HEAD.slice(0, 7)}, and does not lead there` },
    ],
  ])('it points to another one, which is %s', async (status, expected) => {
    const { onRef, asked } = connected((path) =>
      path.startsWith('/compare/')
        ? answer(200, { status, ahead_by: 1, behind_by: 1 })
        : at(`${HEAD}\n`),
    );
    expect(await onRef()).toEqual(expected);
    expect(asked[1]).toBe(`/compare/${BASE}...${HEAD}?per_page=1`);
  });

  test('a branch that is gone does not have it', async () => {
    const gone = () => answer(422, { message: 'No commit found for SHA: heads/main' });
    expect(await connected(gone).onRef()).toEqual({
      state: 'off',
      because: 'it has no refs/heads/main',
    });
  });

  test.each([
    ['a repository that cannot be seen', notFound],
    ['what is no commit', () => at('<html>')],
    ['an ill GitHub', () => answer(503, { message: 'Unavailable' })],
  ])('of %s nothing is known', async (_, far) => {
    expect(await connected(far).onRef()).toMatchObject({ state: 'unknown' });
  });

  test('a tag is asked for as a tag', async () => {
    const { onRef, asked } = connected(unchanged);
    await onRef('refs/tags/v1');
    expect(asked).toEqual(['/commits/tags%2Fv1']);
  });
});

describe('what a branch points to', () => {
  const text = (sha: string) =>
    new Response(sha, {
      headers: { 'content-type': 'application/vnd.github.sha; charset=utf-8' },
    });

  test('of one that nothing is known of the commit is asked for without a condition', async () => {
    const { head, tags } = connected(() => text(HEAD));
    expect(await head()).toEqual({ state: 'at', commit: HEAD });
    expect(tags).toEqual([null]);
  });

  test('of one that points to what is known GitHub says no more than that', async () => {
    const { head } = connected(() => new Response(null, { status: 304 }));
    expect(await head(BASE)).toEqual({ state: 'at', commit: BASE });
  });

  test('one that is gone is gone, and one that cannot be seen is unknown', async () => {
    const gone = connected(() => answer(422, { message: 'No commit found for SHA: heads/main' }));
    expect(await gone.head(BASE)).toEqual({ state: 'gone' });
    expect(await connected(notFound).head(BASE)).toMatchObject({ state: 'unknown' });
  });

  test('the message of its commit, or that it is not known', async () => {
    const { message } = connected(() => answer(200, { commit: { message: 'Mend it' } }));
    expect(await message()).toEqual({ state: 'known', text: 'Mend it' });
    expect(await connected(notFound).message()).toMatchObject({ state: 'unknown' });
  });
});

describe('the commit that begins with these digits', () => {
  const sha = (text: string) => () =>
    new Response(text, {
      headers: { 'content-type': 'application/vnd.github.sha; charset=utf-8' },
    });

  test('is what GitHub says, whole', async () => {
    const { named, asked } = connected(sha(HEAD));
    expect(await named('2222222')).toEqual({ state: 'known', commit: HEAD });
    expect(asked).toEqual(['/commits/2222222']);
  });

  test('is missing when GitHub finds none, or the digits are the name of a branch', async () => {
    const none = connected(() => answer(422, { message: 'No commit found for SHA: 2222222' }));
    expect(await none.named('2222222')).toEqual({ state: 'missing' });
    expect(await connected(sha(BASE)).named('2222222')).toEqual({ state: 'missing' });
  });

  test('is not known while GitHub is ill, or does not show the repository', async () => {
    const ill = connected(() => answer(502, { message: 'Server Error' }));
    expect(await ill.named('2222222')).toMatchObject({ state: 'unknown' });
    expect(await connected(notFound).named('2222222')).toMatchObject({ state: 'unknown' });
  });
});
