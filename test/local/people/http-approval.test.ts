/** What the buttons of the page do: the state tells what waits for a word, and the word is said to just that. */
import { expect, test } from 'vitest';
import type { LocalAws } from '../../../local/server/local-aws.ts';
import type { PageState, PageTarget } from '../../../local/server/page-state.ts';
import { definePipeline, ecsService, noAlarms } from '../../../shared/config/config.ts';
import { localAws, post, stopServersAfterwards } from '../http-world.ts';

stopServersAfterwards();

const pipeline = definePipeline({
  account: '123456789012',
  region: 'eu-central-1',
  targets: {
    web: ecsService({
      mode: 'act',
      cluster: 'production',
      service: 'web',
      containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
      alarms: noAlarms('it answers no requests'),
      bakeMinutes: 5,
      approvals: { release: { before: 'start', within: '1h', by: ['bob'] } },
    }),
  },
});

async function web(aws: LocalAws): Promise<PageTarget> {
  const response = await fetch(`${aws.url}/_slipway/state`);
  const [target] = ((await response.json()) as PageState).targets;
  if (target === undefined) throw new Error('there is no target');
  return target;
}

/** As the page sends it. */
const say = (aws: LocalAws, word: string, of: string, by = 'bob') =>
  post(aws, 'step', { operator: { target: 'web', by, because: 'seen', ask: { do: word, of } } });

const push = async (aws: LocalAws, tag: string) => {
  await post(aws, 'push', { repository: 'shop/web', tag });
  await post(aws, 'advance', { seconds: 30 });
  const { awaited } = await web(aws);
  return awaited[0]?.id ?? 'nothing waits';
};

const refusals = (aws: LocalAws) =>
  aws.live.story
    .since(0)
    .entries.flatMap((entry) =>
      entry.type === 'announcement' && entry.announcement.kind === 'refused'
        ? [entry.announcement.because]
        : [],
    );

test('what waits for a word is told with its id, who asked and until when; a yes to it starts it', async () => {
  const aws = await localAws({ pipeline });
  await post(aws, 'advance', { seconds: 600 });
  expect((await web(aws)).awaited).toEqual([]);
  const id = await push(aws, 'main-2');
  const { awaited } = await web(aws);
  const [one] = awaited;
  expect(awaited).toHaveLength(1);
  expect(one).toMatchObject({
    by: 'a push',
    what: expect.stringMatching(/^the release of shop\/web:main-2 .*, before it starts$/),
  });
  expect((one?.until ?? 0) - (one?.since ?? 0)).toBe(3_600_000);

  expect((await say(aws, 'approve', id)).status).toBe(200);
  await post(aws, 'advance', { seconds: 60 });
  expect(await web(aws)).toMatchObject({
    awaited: [],
    phase: 'deploying',
    running: { app: { tag: 'main-2' } },
  });
});

test('a yes of who may not leaves it waiting, with the reason in the timeline; a no refuses it', async () => {
  const aws = await localAws({ pipeline });
  await post(aws, 'advance', { seconds: 600 });
  const id = await push(aws, 'main-2');
  await say(aws, 'approve', id, 'mallory');
  await post(aws, 'advance', { seconds: 60 });
  expect((await web(aws)).awaited).toHaveLength(1);
  expect(refusals(aws).at(-1)).toContain('mallory is not among those who may approve');

  await say(aws, 'reject', id);
  await post(aws, 'advance', { seconds: 60 });
  expect(await web(aws)).toMatchObject({ awaited: [], running: { app: { tag: 'main-0000000' } } });
  expect(refusals(aws).at(-1)).toBe('bob rejected it: seen');
});

test('a yes to what has gone meanwhile is no yes to what came after it', async () => {
  const aws = await localAws({ pipeline });
  await post(aws, 'advance', { seconds: 600 });
  const seen = await push(aws, 'main-2');
  const newer = await push(aws, 'main-3');
  expect(newer).not.toBe(seen);
  await say(aws, 'approve', seen);
  await post(aws, 'advance', { seconds: 60 });
  expect(await web(aws)).toMatchObject({
    awaited: [{ id: newer }],
    running: { app: { tag: 'main-0000000' } },
  });
});

test.each([
  ['a word that is none', { do: 'aprove', of: 'x' }, /aprove/],
  ['an id that is too long', { do: 'approve', of: 'x'.repeat(101) }, /1 to 100 characters/],
])('%s is refused before it is said', async (_, ask, error) => {
  const aws = await localAws({ pipeline });
  const answer = await post(aws, 'step', { operator: { target: 'web', by: 'bob', ask } });
  expect(answer.status).toBe(400);
  expect(answer.body.error).toMatch(error);
});
