/** A file at one commit: its text, that there is none, or that it is not known. */
import { expect, test } from 'vitest';
import { createGitHubClient } from '../../shared/github/client.ts';
import { createFiles } from '../../shared/github/files.ts';
import { listeningLog } from '../aws/wire.ts';
import { answer } from '../feedback/small-github.ts';

const SHA = '8f3c2a1b9d0447c6e5a1f0b2c3d4e5f60718293a';
const COMMIT = { repository: 'acme/shop', sha: SHA };

function connected(far: (path: string) => Response) {
  const asked: string[] = [];
  const client = createGitHubClient({
    secrets: { get: async () => ['{"token":"a-token"}'] },
    github: { apiUrl: 'https://api.github.com', credentials: 'slipway/github' },
    clock: { now: () => 0 },
    log: listeningLog(),
    fetch: (async (url: string) => {
      const path = url.replace('https://api.github.com/repos/acme/shop', '');
      asked.push(path);
      return far(path);
    }) as unknown as typeof fetch,
    polite: false,
  });
  const read = createFiles(client);
  return { asked, read: () => read(COMMIT, 'web/taskdef.json') };
}

const file = (text: string, more: object = {}) => {
  const content = Buffer.from(text).toString('base64').replaceAll(/.{60}/g, '$&\n');
  return answer(200, { type: 'file', size: text.length, encoding: 'base64', content, ...more });
};
const notFound = () => answer(404, { message: 'Not Found' });

test('its text at exactly that commit, read once: a commit does not change', async () => {
  const text = JSON.stringify({ cpu: '256', greeting: 'grüß Gott'.repeat(20) });
  const { asked, read } = connected(() => file(text));
  expect(await read()).toEqual({ state: 'text', text });
  expect(await read()).toEqual({ state: 'text', text });
  expect(asked).toEqual([`/contents/web%2Ftaskdef.json?ref=${SHA}`]);
});

test.each<[what: string, far: (path: string) => Response, expected: object]>([
  [
    'a commit that has no such file',
    (path) => (path.startsWith('/commits/') ? answer(200, { sha: SHA }) : notFound()),
    { state: 'missing', because: 'there is no such file' },
  ],
  ['a directory', () => answer(200, []), { state: 'missing', because: 'it is no file' }],
  ['a submodule', () => file('', { type: 'submodule' }), { state: 'missing' }],
  [
    'a file that is too large',
    () => file('', { size: 1_000_000 }),
    { state: 'missing', because: 'it has 1000000 bytes, too many for a definition' },
  ],
  [
    'a repository that the credentials do not see: that says nothing of the file',
    notFound,
    { state: 'unknown', because: expect.stringContaining('install the app there') },
  ],
  [
    'GitHub away',
    () => answer(503, {}),
    { state: 'unknown', because: expect.stringContaining('503') },
  ],
])('%s', async (_, far, expected) => {
  expect(await connected(far).read()).toMatchObject(expected);
});

test('what is not known is asked again', async () => {
  let isUp = false;
  const { read } = connected(() => (isUp ? file('{}') : answer(503, {})));
  expect(await read()).toMatchObject({ state: 'unknown' });
  isUp = true;
  expect(await read()).toEqual({ state: 'text', text: '{}' });
});
