/** What is said of each announcement, without anybody to say it to. */
import { describe, expect, test } from 'vitest';
import { logGroupName } from '../../infra/names.ts';
import type { AnnouncementKind } from '../../shared/core/model/announcement.ts';
import { cut, DESCRIPTION_MAX, describe as sentence } from '../../shared/feedback/description.ts';
import { buildPage, reconcileLogGroup, reconcileLogs } from '../../shared/feedback/links.ts';
import { byAge, isNewer } from '../../shared/feedback/said.ts';
import { type AnyAnnouncement, feedbackFor } from '../../shared/feedback/say.ts';
import {
  built,
  HOME,
  image,
  KEY,
  runs,
  SHOP,
  sha,
  T0,
  told,
  withoutCommit,
  withoutRelease,
} from './announcements.ts';

const KINDS: readonly AnnouncementKind[] = [
  'adopted',
  'started',
  'proven',
  'rolled-back',
  'failed',
  'held',
  'refused',
  'superseded',
  'needs-attention',
  'would-have',
  'fought',
  'retired',
];
const WEB = { target: 'web', key: KEY };
const of = (announcement: AnyAnnouncement) => feedbackFor(announcement, HOME);
const statusOf = (announcement: AnyAnnouncement) =>
  of(announcement).flatMap(({ status }) => status ?? []);
const wordsOf = (announcement: AnyAnnouncement) =>
  of(announcement).flatMap(({ deployment }) => deployment ?? []);

describe('a target', () => {
  test.each(KINDS)(
    '%s: success is said of what is proven alone, on the commit and the deployment',
    (kind) => {
      const announcement = told(kind, 2, 1, runs(1));
      const states = [
        ...statusOf(announcement).map(({ state }) => state),
        ...wordsOf(announcement).flatMap((word) => (word.word === 'release' ? word.state : [])),
      ];
      expect(states.includes('success')).toBe(kind === 'proven');
    },
  );

  test.each([
    ['http://127.0.0.1:4580', 'http://127.0.0.1:4580/targets/web/releases/2'],
    ['https://ops.example/slipway/', 'https://ops.example/slipway/targets/web/releases/2'],
  ])(
    'with a view at %s a status links to its release there, and a log stays a log',
    (viewUrl, page) => {
      const announcement = told('rolled-back', 2, 3, { ...runs(1) });
      const [first] = feedbackFor(announcement, { ...HOME, viewUrl });
      expect(first).toMatchObject({
        status: { targetUrl: page },
        deployment: { logUrl: reconcileLogs(HOME, WEB, announcement.at) },
      });
    },
  );

  test('a rollback says why, and what runs now', () => {
    const announcement = told('rolled-back', 2, 3, {
      ...runs(1),
      because: 'alarm web-5xx rose at 10:02:00 UTC: 30 was greater than the threshold (5)',
    });
    const description =
      'rolled back: alarm web-5xx rose at 10:02:00 UTC: 30 was greater than the threshold (5); shop/web:main-1 (sha256:000000000000), web:1 runs';
    const logs = reconcileLogs(HOME, WEB, announcement.at);
    expect(of(announcement)).toEqual([
      {
        status: {
          repository: SHOP,
          sha: sha(2),
          context: 'slipway/web',
          state: 'failure',
          description,
          targetUrl: logs,
        },
        deployment: {
          word: 'release',
          environment: 'web',
          isProduction: true,
          repository: SHOP,
          sha: sha(2),
          release: `${KEY}/2`,
          state: 'failure',
          creates: true,
          description,
          summary: 'shop/web:main-2 (sha256:000000000000)',
          logUrl: logs,
        },
      },
      { deployment: { word: 'runs', environment: 'web', release: `${KEY}/1` } },
    ]);
  });

  test('what waits is pending with the reason, and has no deployment yet', () => {
    const held = withoutRelease(told('held', 2, 1, { because: 'the scan is not complete' }));
    expect(statusOf(held)).toMatchObject([
      { state: 'pending', description: 'held: the scan is not complete' },
    ]);
    expect(wordsOf(held)).toEqual([]);
  });

  test('who asks a person says what to do next', () => {
    const asking = told('needs-attention', 2, 1, {
      because: 'no candidate is left',
      next: 'push a fix',
    });
    expect(statusOf(asking)).toMatchObject([
      { state: 'error', description: 'a person is needed: no candidate is left; push a fix' },
    ]);
  });

  test('containers of one commit share a status, of two commits each has its own, of none nobody', () => {
    const both = { app: image(1), sidecar: image(1, { repository: 'shop/sidecar' }) };
    expect(statusOf(told('started', 1, 1, { images: both }))).toHaveLength(1);
    const two = { app: image(1), sidecar: image(2), other: withoutCommit(3) };
    expect(statusOf(told('started', 1, 1, { images: two })).map((one) => one.sha)).toEqual([
      sha(1),
      sha(2),
    ]);
    expect(of(told('started', 1, 1, { images: { app: withoutCommit(1) } }))).toEqual([]);
  });

  test.each([
    ['web', 'ecs/production/web', true],
    ['web-prod', 'ecs/main/web', true],
    ['live', 'ecs/main/web', true],
    ['web', 'ecs/staging/web', false],
    ['products', 'ecs/main/products', false],
    ['delivery', 'ecs/olive/web', false],
  ])('whether users meet %s of %s is told by its names: %s', (target, key, is) => {
    const announcement = told('started', 1, 1, { target, key });
    expect(wordsOf(announcement)).toMatchObject([{ isProduction: is }]);
  });
});

describe('a build', () => {
  test('success is said of what is built', () => {
    expect(of(built('built', 1, 1, { logs: 'https://logs.example/1' }))).toEqual([
      {
        status: {
          repository: SHOP,
          sha: sha(1),
          context: 'slipway/build/web',
          state: 'success',
          description: 'of a reason',
          targetUrl: 'https://logs.example/1',
        },
      },
    ]);
  });

  test('before it has a log, its page is shown', () => {
    expect(statusOf(built('building', 1, 1))[0]?.targetUrl).toBe(
      'https://eu-central-1.console.aws.amazon.com/codesuite/codebuild/123456789012/projects/slipway-shop-web/build/slipway-shop-web%3A0f6f1f7e-1d2c-4a55-9f2e-6a4b0f1e8a11/?region=eu-central-1',
    );
  });

  test('what is of the branch and not of an image says nothing', () => {
    expect([...of(built('rewritten', 1, 1)), ...of(built('unplaced', 1, 1))]).toEqual([]);
  });
});

describe('a description', () => {
  const points = (text: string) => [...text].length;

  test('a short one stands as it is, a long one is 140 characters with its beginning and its end', () => {
    expect(sentence('failed: ', 'it broke', '; web:1 runs')).toBe('failed: it broke; web:1 runs');
    const long = sentence('failed: ', 'x'.repeat(500), '; web:1 runs');
    expect(long).toBe(`failed: ${'x'.repeat(119)}…; web:1 runs`);
    expect(points(long)).toBe(DESCRIPTION_MAX);
  });

  test.each([
    ['emoji', '🚀'.repeat(300)],
    ['umlauts', 'ä'.repeat(300)],
    ['Chinese', '部署失败'.repeat(100)],
    ['half a character', `${'x'.repeat(50)}\ud83d`],
    ['lines', 'a\r\n\tb\n'.repeat(100)],
  ])('%s: never more than 140 characters, never half of one, one line', (_, text) => {
    for (const said of [sentence('failed: ', text, `; ${text} runs`), sentence('', text)]) {
      expect(points(said)).toBeLessThanOrEqual(140);
      expect(said.isWellFormed()).toBe(true);
      expect(said).not.toMatch(/[\r\n\t]/);
    }
  });

  test('140 characters of four bytes fit, one more is cut', () => {
    expect(sentence('', '🚀'.repeat(140))).toBe('🚀'.repeat(140));
    expect(sentence('', '🚀'.repeat(141))).toBe(`${'🚀'.repeat(139)}…`);
    expect(cut('abc', 2)).toBe('a…');
  });
});

describe('links', () => {
  test("the lines of one target, as CloudWatch's console encodes them", () => {
    expect(reconcileLogs(HOME, WEB, T0)).toBe(
      'https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1' +
        '#logsV2:log-groups/log-group/$252Faws$252Flambda$252Fslipway-reconcile/log-events' +
        '$3FfilterPattern$3D$257B$2520$2524.target$2520$253D$2520$2522ecs$252Fproduction$252Fweb$2522' +
        '$2520$257C$257C$2520$2524.target$2520$253D$2520$2522web$2522$2520$257D' +
        `$26start$3D${T0 - 7_200_000}$26end$3D${T0 + 7_200_000}`,
    );
  });

  test('the log group is that of the infrastructure', () => {
    const named = { name: 'shop' };
    expect(reconcileLogGroup(named)).toBe(logGroupName(named, 'reconcile'));
    expect(reconcileLogGroup({})).toBe('/aws/lambda/slipway-reconcile');
  });

  test.each([
    ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/'],
    ['us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/'],
  ])('%s has a console of its own', (region, begins) => {
    expect(reconcileLogs({ ...HOME, region }, WEB, T0).startsWith(begins)).toBe(true);
    expect(buildPage({ ...HOME, region }, 'a:b').startsWith(begins)).toBe(true);
  });
});

describe('which one is newer', () => {
  const said = (id: string, at: number) => ({ id, at });

  test('of one record its decisions count, whatever the clocks say', () => {
    expect(isNewer(said('git/a/b/refs/heads/x#10.1', 5), said('git/a/b/refs/heads/x#9.2', 9))).toBe(
      true,
    );
    expect(isNewer(said('a#9.2', 0), said('a#9.1', 0))).toBe(true);
    expect(isNewer(said('a#9.1', 1), said('a#9.1', 1))).toBe(false);
  });

  test('between two records time counts, and at the same time there is an order all the same', () => {
    expect(isNewer(said('a#1.1', 2), said('b#9.1', 1))).toBe(true);
    expect([said('b#1.1', 1), said('a#1.1', 1)].sort(byAge).map(({ id }) => id)).toEqual([
      'a#1.1',
      'b#1.1',
    ]);
  });
});
