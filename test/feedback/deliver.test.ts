/** What GitHub ends up showing, whatever happens on the way. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deliver } from '../../shared/feedback/deliver.ts';
import { GitHubRefuses } from '../../shared/github-errors.ts';
import { built, image, KEY, MINUTE, runs, sha, T0, told, withoutCommit } from './announcements.ts';
import { answer, type SmallRequest } from './small-github.ts';
import { stage, TOKEN } from './stage.ts';

const WEB = 'slipway/web';
const creates = ({ method, path }: SmallRequest) =>
  method === 'POST' && path.endsWith('/deployments');
const paths = (requests: readonly SmallRequest[]) =>
  requests.map(({ method, path }) => `${method} ${path.replace('/repos/acme/shop', '')}`);
const isStatus = ({ path }: SmallRequest) => path.startsWith('/repos/acme/shop/statuses/');

/** One is proven; two is rolled back to it; three is proven. */
const STORY = [
  built('building', 1, 1),
  built('built', 1, 2),
  told('started', 1, 3),
  told('proven', 1, 4, runs(1)),
  told('started', 2, 5),
  told('rolled-back', 2, 6, runs(1)),
  told('started', 3, 7),
  told('proven', 3, 8, runs(3)),
] as const;

const END = {
  1: { 'slipway/build/web': 'success', [WEB]: 'success' },
  2: { [WEB]: 'failure' },
  3: { [WEB]: 'success' },
};
const DEPLOYED = { [`${KEY}/1`]: 'inactive', [`${KEY}/2`]: 'failure', [`${KEY}/3`]: 'success' };

function shown({ github }: ReturnType<typeof stage>) {
  return { 1: github.shown(sha(1)), 2: github.shown(sha(2)), 3: github.shown(sha(3)) };
}

test('a release is pending, then proven; only then is it a success', async () => {
  const at = stage();
  at.announce(told('started', 1, 1));
  await at.run();
  expect(at.github.shown(sha(1))).toEqual({ [WEB]: 'pending' });
  expect(at.github.deployed()).toEqual({ [`${KEY}/1`]: 'in_progress' });
  at.announce(told('proven', 1, 2, runs(1)));
  await at.run();
  expect(at.github.shown(sha(1))).toEqual({ [WEB]: 'success' });
  expect(at.github.deployed()).toEqual({ [`${KEY}/1`]: 'success' });
  expect(paths(at.github.requests)).toEqual([
    `POST /statuses/${sha(1)}`,
    'POST /deployments',
    'POST /deployments/9000/statuses',
    `POST /statuses/${sha(1)}`,
    'POST /deployments/9000/statuses',
  ]);
});

test('a deployment is asked for so that GitHub merges nothing and waits for no status', async () => {
  const at = stage();
  at.announce(told('started', 1, 1));
  await at.run();
  expect(at.github.deployments[0]?.body).toEqual({
    ref: sha(1),
    task: 'deploy',
    auto_merge: false,
    required_contexts: [],
    payload: { release: `${KEY}/1` },
    environment: 'web',
    description: 'shop/web:main-1 (sha256:000000000000)',
    transient_environment: false,
    production_environment: true,
  });
  expect(at.github.deployments[0]?.statuses).toEqual([
    {
      state: 'in_progress',
      description: 'rolling out: of a reason',
      log_url: expect.stringMatching(/^https:\/\/eu-central-1\.console\.aws\.amazon\.com\//),
      auto_inactive: false,
    },
  ]);
});

test.each([
  [
    'a commit of another repository',
    told('proven', 1, 4, {
      images: { app: image(1, { commit: { repository: 'acme/payroll', sha: sha(1) } }) },
    }),
  ],
  ['a target that the config does not name', told('proven', 1, 4, { target: 'payroll' })],
  ['another service under the name of a target', told('proven', 1, 4, { key: 'ecs/dev/web' })],
  ['a release of another target', told('proven', 1, 4, { release: 'ecs/production/worker/1' })],
  ['a build of another repository', { ...built('built', 1, 2), repository: 'acme/payroll' }],
])('whoever may announce puts no green status on %s', async (_, forged) => {
  const at = stage();
  at.announce(forged);
  await at.run();
  expect(at.github.requests).toEqual([]);
  expect(at.dead).toEqual([]);
});

test('a whole story: what was replaced is inactive, what was rolled back has failed', async () => {
  const at = stage();
  for (const one of STORY) at.announce(one);
  await at.run();
  expect(shown(at)).toEqual(END);
  expect(at.github.deployed()).toEqual(DEPLOYED);
});

test('messages that come twice and in any order end alike, and no success is taken back', async () => {
  const orders = fc.shuffledSubarray([...STORY.keys(), ...STORY.keys()], {
    minLength: STORY.length * 2,
  });
  await fc.assert(
    fc.asyncProperty(orders, async (order) => {
      const at = stage();
      for (const [place, index] of order.entries()) {
        const one = STORY[index];
        if (one !== undefined) at.announce({ ...one }, T0 + 60 * MINUTE + place - one.at);
      }
      await at.run();
      expect(shown(at)).toEqual(END);
      expect(at.github.deployed()).toEqual(DEPLOYED);
      // The same status is never told twice, nor an older one after it.
      const states = at.github.statuses.map((one) => `${one.sha} ${one.context} ${one.state}`);
      expect(new Set(states).size).toBe(states.length);
      expect(new Set(at.github.deployments.map((one) => one.sha)).size).toBe(
        at.github.deployments.length,
      );
    }),
    { numRuns: 60, seed: 5 },
  );
});

test('answers lost, GitHub gone and ill by turns: the same end, and each deployment made once', async () => {
  const draws = fc.array(fc.constantFrom('lost', 'unreachable', 'ill', 'limited', 'fine'), {
    minLength: 5,
    maxLength: 40,
  });
  const order = fc.shuffledSubarray([...STORY.keys()], { minLength: STORY.length });
  await fc.assert(
    fc.asyncProperty(draws, order, async (faults, places) => {
      const at = stage();
      const left = [...faults];
      at.github.trouble = async () => {
        const fault = left.shift() ?? 'fine';
        if (fault === 'lost' || fault === 'unreachable') return fault;
        if (fault === 'ill') return answer(502, { message: 'Server Error' });
        if (fault === 'limited') return answer(429, { message: 'slow' }, { 'retry-after': '30' });
        return undefined;
      };
      for (const [place, index] of places.entries()) {
        const one = STORY[index];
        if (one !== undefined) at.announce({ ...one }, T0 + 60 * MINUTE + place - one.at);
      }
      await at.run();
      expect(shown(at)).toEqual(END);
      expect(at.github.deployed()).toEqual(DEPLOYED);
      expect(at.github.deployments).toHaveLength(3);
      expect(at.dead).toEqual([]);
      for (const n of [1, 2, 3]) {
        const states = at.github.statuses.filter(
          (one) => one.sha === sha(n) && one.context === WEB,
        );
        const end = states.findIndex(({ state }) => state !== 'pending');
        expect(states.slice(end).every(({ state }) => state !== 'pending')).toBe(true);
      }
    }),
    { numRuns: 80, seed: 6 },
  );
});

test('a late failure takes back success, and what runs again is active again', async () => {
  const at = stage();
  at.announce(told('proven', 1, 1, runs(1)));
  at.announce(told('proven', 2, 2, runs(2)));
  await at.run();
  expect(at.github.deployed()).toEqual({ [`${KEY}/1`]: 'inactive', [`${KEY}/2`]: 'success' });
  at.announce(told('rolled-back', 2, 3, runs(1)));
  await at.run();
  expect(at.github.deployed()).toEqual({ [`${KEY}/1`]: 'success', [`${KEY}/2`]: 'failure' });
  expect(at.github.shown(sha(2))).toEqual({ [WEB]: 'failure' });
  expect(at.github.deployments[0]?.statuses.map(({ state }) => state)).toEqual([
    'success',
    'inactive',
    'success',
  ]);
});

test("somebody else's deployment that stands makes ours inactive", async () => {
  const at = stage();
  at.announce(told('proven', 1, 1, runs(1)));
  const images = { app: withoutCommit(9) };
  const theirs = { ...runs(9, images).runs, release: 'adopted web:9' };
  at.announce(told('adopted', 9, 2, { images, runs: theirs }));
  await at.run();
  expect(at.github.deployed()).toEqual({ [`${KEY}/1`]: 'inactive' });
});

test('two containers of one commit share a status; of two commits each has its own', async () => {
  const at = stage();
  const sidecar = image(1, { repository: 'shop/sidecar' });
  at.announce(told('started', 1, 1, { images: { app: image(1), sidecar } }));
  await at.run();
  expect(at.github.statuses).toHaveLength(1);
  expect(at.github.deployments).toHaveLength(1);
  const images = { app: image(2), sidecar: image(3) };
  at.announce(told('proven', 2, 2, { images, ...runs(2, images) }));
  await at.run();
  expect(shown(at)).toMatchObject({ 2: { [WEB]: 'success' }, 3: { [WEB]: 'success' } });
  expect(at.github.deployments.map((one) => [one.sha, one.statuses.at(-1)?.state])).toEqual([
    [sha(1), 'in_progress'],
    [sha(2), 'success'],
    [sha(3), 'success'],
  ]);
});

test('GitHub down for ten minutes: it is told the end, in its right state, and no older word after it', async () => {
  const at = stage();
  const [from, to] = [T0 + 2 * MINUTE, T0 + 12 * MINUTE];
  at.github.trouble = async () =>
    at.now() >= from && at.now() < to ? answer(503, { message: 'Service Unavailable' }) : undefined;
  for (const one of STORY) at.announce(one);
  await at.run();
  expect(shown(at)).toEqual(END);
  expect(at.github.deployed()).toEqual(DEPLOYED);
  expect(at.dead).toEqual([]);
  const last = at.delivered.findLast(({ what }) => what.outcome === 'told');
  expect(last?.at).toBeLessThan(to + 15 * MINUTE);
  // The waits grow: ten minutes are no hundred tries.
  const tries = at.github.requests.length - at.github.statuses.length;
  expect(tries).toBeLessThan(80);
});

test('unreachable for two days: nothing is lost, and it is asked every quarter of an hour', async () => {
  const at = stage();
  const end = T0 + 48 * 60 * MINUTE;
  at.github.trouble = async () => (at.now() < end ? 'unreachable' : undefined);
  at.announce(told('proven', 1, 0, runs(1)));
  await at.run();
  expect(at.github.shown(sha(1))).toEqual({ [WEB]: 'success' });
  expect(at.delays.slice(0, 7)).toEqual([60, 60, 120, 240, 480, 900, 900]);
  expect(at.dead).toEqual([]);
});

test('after three days it is logged and given up', async () => {
  const at = stage();
  at.github.trouble = async () => 'unreachable';
  at.announce(told('proven', 1, 0, runs(1)));
  await at.run();
  expect(at.waiting()).toBe(0);
  expect(at.dead).toEqual([]);
  expect(at.delivered.at(-1)?.what).toEqual({
    outcome: 'given-up',
    because:
      'GitHub, POST /repos/{owner}/{repo}/statuses/{sha} of acme/shop: no answer: connect ETIMEDOUT 192.0.2.1:443',
  });
  expect(at.log.lines.at(-1)).toMatchObject({ level: 'warn' });
  expect(at.now()).toBeGreaterThan(T0 + 3 * 24 * 60 * MINUTE);
});

test('at a secondary limit nobody asks until it is over, and nothing is counted as failed', async () => {
  const at = stage();
  let asked = 0;
  const over = T0 + 60 * MINUTE + 200_000;
  at.github.trouble = async () => {
    if (at.now() >= over) return undefined;
    asked++;
    return answer(
      403,
      { message: 'You have exceeded a secondary rate limit. Please wait a few minutes.' },
      { 'retry-after': '200' },
    );
  };
  for (const one of STORY) at.announce(one, T0 + 60 * MINUTE - one.at);
  await at.run();
  expect(asked).toBe(1);
  expect(shown(at)).toEqual(END);
  expect(at.dead).toEqual([]);
});

test('the hourly limit: GitHub is left alone until its reset, by the clock of GitHub', async () => {
  const at = stage();
  let asked = 0;
  const reset = T0 + 50 * MINUTE;
  // GitHub's clock is a minute ahead of ours.
  const theirs = (ms: number) => ms + MINUTE;
  at.github.trouble = async () => {
    if (at.now() > reset) return undefined;
    asked++;
    return answer(
      403,
      { message: 'API rate limit exceeded for installation ID 1.' },
      {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(theirs(reset) / 1000),
        date: new Date(theirs(at.now())).toUTCString(),
      },
    );
  };
  at.announce(told('proven', 1, 0, runs(1)));
  await at.run();
  expect(asked).toBe(1);
  expect(at.delays).toEqual([900, 900, 900, 301]);
  expect(at.github.shown(sha(1))).toEqual({ [WEB]: 'success' });
});

test('a deployment whose answer was lost is found again, and made once', async () => {
  const at = stage();
  let lost = 0;
  at.github.trouble = async (request) => (creates(request) && lost++ === 0 ? 'lost' : undefined);
  at.announce(told('started', 1, 1));
  await at.run();
  expect(at.github.deployments).toHaveLength(1);
  expect(at.github.deployed()).toEqual({ [`${KEY}/1`]: 'in_progress' });
  expect(paths(at.github.requests)).toEqual([
    `POST /statuses/${sha(1)}`,
    'POST /deployments',
    'GET /deployments',
    'POST /deployments/9000/statuses',
  ]);
});

test('a deployment that never reached GitHub is searched for, and then made', async () => {
  const at = stage();
  let failed = 0;
  at.github.trouble = async (request) => {
    return creates(request) && failed++ === 0 ? 'unreachable' : undefined;
  };
  at.announce(told('started', 1, 1));
  await at.run();
  expect(at.github.deployments).toHaveLength(1);
  expect(at.github.requests.filter(creates)).toHaveLength(2);
});

test('one who is being told of by another handler is left alone: the older word never comes last', async () => {
  const at = stage();
  let isAsked: () => void = () => undefined;
  let letThrough: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    isAsked = resolve;
  });
  const through = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  at.github.trouble = async (request) => {
    if (!isStatus(request) || request.body.state !== 'pending') return undefined;
    isAsked();
    await through;
    return undefined;
  };
  const first = deliver(told('started', 1, 1), at.ports());
  await asked;
  expect(await deliver(told('proven', 1, 2, runs(1)), at.ports())).toMatchObject({
    outcome: 'later',
    seconds: 10,
  });
  letThrough();
  expect(await first).toEqual({ outcome: 'told' });
  expect(await deliver(told('proven', 1, 2, runs(1)), at.ports())).toEqual({ outcome: 'told' });
  expect(at.github.statuses.map(({ state }) => state)).toEqual(['pending', 'success']);
});

test('a handler that died in its turn is waited for, and then its word is told', async () => {
  const at = stage();
  const dying = at.ports();
  const save = dying.notes.save;
  let saves = 0;
  // It dies after GitHub was told, before it could note that.
  const notes = {
    ...dying.notes,
    save: (...args: Parameters<typeof save>) =>
      ++saves === 2 ? new Promise<never>(() => undefined) : save(...args),
  };
  void deliver(told('started', 1, 1), { ...dying, notes });
  await new Promise((resolve) => setImmediate(resolve));
  at.announce(told('proven', 1, 2, runs(1)));
  at.setNow(T0 + MINUTE);
  await at.run();
  expect(at.github.shown(sha(1))).toEqual({ [WEB]: 'success' });
});

test('what GitHub refuses is told to a person, and does not stop what it takes', async () => {
  const at = stage();
  at.github.trouble = async (request) =>
    isStatus(request)
      ? answer(
          403,
          { message: 'Resource not accessible by integration' },
          { 'x-accepted-github-permissions': 'statuses=write' },
        )
      : undefined;
  at.announce(told('started', 1, 1));
  await at.run();
  expect(at.dead).toHaveLength(1);
  expect(at.github.deployed()).toEqual({ [`${KEY}/1`]: 'in_progress' });
  const [line] = at.log.lines.filter(({ level }) => level === 'error');
  expect((line?.facts as { error?: Error } | undefined)?.error?.message).toBe(
    'GitHub, POST /repos/{owner}/{repo}/statuses/{sha} of acme/shop: 403: Resource not accessible by integration. ' +
      'Give the app or token in the secret slipway/github the permission statuses: write ' +
      '(GitHub says: statuses=write) on acme/shop.',
  );
});

test('a deployment that GitHub refuses fails for its own announcement only', async () => {
  const at = stage();
  at.github.trouble = async (request) =>
    creates(request) && request.body.ref === sha(1)
      ? answer(422, { message: `No ref found for: ${sha(1)}` })
      : undefined;
  at.announce(told('started', 1, 1));
  at.announce(told('started', 2, 2));
  at.announce(told('proven', 2, 3, runs(2)));
  await at.run();
  expect(at.dead.map((body) => JSON.parse(body).detail.id)).toEqual([`${KEY}#1.1`]);
  expect(at.github.deployed()).toEqual({ [`${KEY}/2`]: 'success' });
  expect(at.github.shown(sha(1))).toEqual({ [WEB]: 'pending' });
});

test.each([
  [401, 'Bad credentials', 'The credentials in the secret slipway/github are not taken'],
  [404, 'Not Found', 'do not see it: install the app there, with statuses: write'],
  [422, 'No commit found for SHA', 'It would be refused again'],
])('%i names what is to be mended', async (status, message, advice) => {
  const at = stage();
  at.github.trouble = async () => answer(status, { message });
  await expect(deliver(built('built', 1, 1), at.ports())).rejects.toThrow(GitHubRefuses);
  await expect(deliver(built('built', 2, 1), at.ports())).rejects.toThrow(advice);
});

test('no call begins with little time left: the message goes back and is not counted', async () => {
  const at = stage();
  expect(
    await deliver(
      told('started', 1, 1),
      at.ports(() => 9_000),
    ),
  ).toEqual({
    outcome: 'later',
    seconds: 1,
    because: 'too little time is left to ask GitHub',
  });
  expect(at.github.requests).toEqual([]);
  expect(at.notes.items.size).toBe(0);
});

test('a table that does not answer is waited for, like GitHub', async () => {
  const at = stage();
  const { TransientError } = await import('../../shared/ports.ts');
  const notes = { ...at.notes, load: () => Promise.reject(new TransientError('no table')) };
  expect(await deliver(told('started', 1, 0), { ...at.ports(), notes })).toEqual({
    outcome: 'later',
    seconds: 60,
    because: 'no table',
  });
});

test('nobody is asked about an image whose commit is not known', async () => {
  const at = stage();
  const images = { app: withoutCommit(1) };
  at.announce(told('started', 1, 1, { images }));
  at.announce(told('would-have', 1, 2));
  await at.run();
  expect(at.github.requests).toEqual([]);
  expect(at.delivered.map(({ what }) => what.outcome)).toEqual(['nothing', 'nothing']);
});

test('the token stands in no log line and in no note, whatever goes wrong', async () => {
  const at = stage();
  let n = 0;
  at.github.trouble = async () => {
    n++;
    if (n === 1) return answer(500, { message: `the token ${TOKEN} is odd` });
    if (n === 2) return 'unreachable';
    if (n < 6) return answer(422, { message: `Bearer ${TOKEN}` });
    return undefined;
  };
  for (const one of STORY) at.announce(one);
  await at.run();
  expect(at.github.requests[0]?.headers.authorization).toBe(`token ${TOKEN}`);
  const said = JSON.stringify(at.log.lines, (_, value) =>
    value instanceof Error ? { ...value, message: value.message, stack: value.stack } : value,
  );
  expect(said).toContain('[secret]');
  expect(said).not.toContain(TOKEN);
  expect([...at.notes.items.values()].join()).not.toContain(TOKEN);
});
