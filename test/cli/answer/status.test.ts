/** `slipway status`: where each target stands, and whether it could roll back now. */
import { beforeEach, describe, expect, test } from 'vitest';
import { statusOf } from '../../../cli/connect/target-status.ts';
import { holdOrResume } from '../../../cli/hold.ts';
import { status } from '../../../cli/status.ts';
import { COMMAND, COMMON, pipeline, printed, type Standing, standing } from '../world.ts';

const ONCE = { ...COMMON, watch: false, all: false, everyMs: 5_000 };
const web = [pipeline.targets.web].filter((target) => target !== undefined);

let here: Standing;
beforeEach(async () => {
  here = await standing();
});

const now = async () => (await statusOf(here.connection, web)).targets[0];

test('at rest: what runs, quiet alarms, no next look, and no way back yet', async () => {
  expect(await now()).toEqual({
    target: 'web',
    key: 'ecs/production/web',
    mode: 'act',
    state: 'well',
    headline: 'sha256:a087eaf300b3 (web:1) runs, all 4 tasks.',
    next: { by: 'nobody', what: 'the next push starts by itself' },
    actions: [],
    phase: 'idle',
    because: null,
    since: '2026-11-20T09:45:00.000Z',
    running: {
      isAsked: true,
      desired: 4,
      revisions: [
        {
          revision: 'web:1',
          images: { app: expect.objectContaining({ repository: 'shop/web', tags: [] }) },
          running: 4,
          pending: 0,
          isPrimary: true,
          traffic: 'all',
        },
      ],
    },
    shift: null,
    last: expect.objectContaining({ became: 'adopted', release: null, revision: 'web:1' }),
    waiting: {},
    nextLook: null,
    alarms: { 'web-5xx': 'OK' },
    hold: null,
    pending: [],
    quarantined: [],
    unseen: [],
    couldRollBack: {
      possible: false,
      because: expect.stringContaining('the only proven release runs already'),
    },
  });
});

test('a release on its way does not run before its tasks do, and what ran before is where it could return to', async () => {
  const digest = here.push('main-1');
  await here.pass(0.2);
  const rolling = await now();
  expect(rolling).toMatchObject({
    phase: 'deploying',
    state: 'deploying',
    // None of its tasks runs yet: it is not what runs.
    headline:
      'main-1 is being rolled out. sha256:a087eaf300b3 (web:1) runs, all 4 tasks, main-1 (web:2) has none yet.',
    running: {
      revisions: [
        { revision: 'web:2', images: { app: { digest } }, running: 0, traffic: 'none' },
        { revision: 'web:1', running: 4, traffic: 'all' },
      ],
    },
    last: { images: { app: { digest } }, became: 'deploying', revision: 'web:2' },
    actions: [{ command: 'slipway rollback web --because "why"' }],
    couldRollBack: { possible: true, release: 'adopted web:1', revision: 'web:1', isChecked: true },
  });
  expect(Date.parse(rolling?.nextLook ?? '')).toBeGreaterThan(here.cloud.world.now);
});

test('a place to return to whose image is gone is none, and the reason is told', async () => {
  here.push('main-1');
  await here.pass(20);
  expect((await now())?.couldRollBack).toMatchObject({ possible: true });
  const { images } = here.cloud.world.ecr.repositories['shop/web'] ?? { images: {} };
  const record = await here.cloud.recordOf('ecs/production/web');
  delete (images as Record<string, unknown>)[
    record?.rollbackCandidates[1]?.images.app?.digest ?? ''
  ];
  expect((await now())?.couldRollBack).toEqual({
    possible: false,
    because: expect.stringMatching(/^shop\/web \(sha256:[0-9a-f]{12}\) is no longer in ECR$/),
  });
});

test('in watch mode nothing is rolled back, and it says where it would go', async () => {
  here.push('main-1');
  await here.pass(20);
  // Its record still says act; what the config says now counts.
  const watching = web.map((one) => ({ ...one, rules: { ...one.rules, mode: 'watch' as const } }));
  const { targets } = await statusOf(here.connection, watching);
  expect(targets[0]).toMatchObject({
    mode: 'watch',
    couldRollBack: {
      possible: false,
      because: 'watch mode changes nothing; it would go to shop/web (sha256:a087eaf300b3)',
    },
  });
});

describe('for people', () => {
  test('one target is told with its answer first, then what it rests on', async () => {
    const { code, stdout } = await printed(() => status(here.connection, 'web', ONCE));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^the local AWS, 2026-11-20 10:03:00 UTC\n/);
    expect(stdout).toMatch(/\n\nsha256:a087eaf300b3 \(web:1\) runs, all 4 tasks\.\n\nNext/);
    expect(stdout).toMatch(/\nphase +idle\n/);
    expect(stdout).toMatch(/\ncould roll back now +no: the only proven release runs already/);
  });

  test('all targets are a line each, and into a pipe plain columns', async () => {
    const { stdout } = await printed(() => status(here.connection, undefined, ONCE));
    expect(stdout).toMatch(
      /\nweb {5}well {2}\d+ min {2}sha256:\w+ \(web:1\) runs, all 4 tasks\.\n/,
    );
    expect(stdout).toMatch(
      /\nworker {2}well {2}\d+ min {2}sha256:\w+ \(worker:1\) runs, both tasks\.\n/,
    );
    expect(stdout).not.toContain('\u001b');
    expect(stdout).not.toContain('│');
  });

  test('after a rollback the first thing that is read says what was rolled back, why, and what runs', async () => {
    here.push('main-1');
    await here.pass(20);
    here.push('main-bad', { errorRate: 1 });
    await here.pass(25);
    const { stdout } = await printed(() => status(here.connection, 'web', ONCE));
    expect(stdout).toMatch(
      /\n\nmain-bad was rolled back: alarm web-5xx rose at 10:\d\d:\d\d UTC, 1 minute after it was rolled out: up to [\d.]+ % of answers were errors for 2 minutes, and it allows 5 %\. main-1 \(web:2\) runs, all 4 tasks\.\n\nAWS says: Threshold Crossed/,
    );
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      / [\d,]+ of [\d,]+ answers were errors from 10:\d\d to 10:\d\d UTC, of both revisions together, as far as CloudWatch has counted\. Next \(you\): push a fix/,
    );
    const badAnswers = async () => {
      throw new Error('the permission cloudwatch:GetMetricData is missing');
    };
    const denied = { ...here.connection, aws: { ...here.connection.aws, badAnswers } };
    const without = await printed(() => status(denied, 'web', ONCE));
    expect(without.stdout).toMatch(/\nnot seen +how many answers were errors: the permission /);
    expect(without.stdout).toMatch(/\n\nmain-bad was rolled back: /);
    expect(stdout).toMatch(/\nquarantined +shop\/web:main-bad \(sha256:\w{12}\), since 10:/);
    expect(stdout).toMatch(/\n {2}slipway unquarantine web sha256:\w{12} --because "why"\n/);
    const { stdout: list } = await printed(() => status(here.connection, undefined, ONCE));
    expect(list.split('\n')[1]).toMatch(/^web +rolled-back +\d+ min +main-bad was rolled back: /);
  });

  test('a hold says who and why, of the target and of the account', async () => {
    const options = { ...COMMAND, all: false };
    await printed(() => holdOrResume(here.connection, 'hold', 'web', options));
    await printed(() =>
      holdOrResume(here.connection, 'hold', undefined, { ...options, all: true, because: 'all' }),
    );
    const { stdout } = await printed(() => status(here.connection, 'web', ONCE));
    expect(stdout).toMatch(/^all targets are held by ada since 10:03:\d\d UTC, 0 s ago: all$/m);
    expect(stdout).toMatch(/^phase +idle, held$/m);
    expect(stdout).toMatch(/^held +by ada since 10:03:\d\d UTC, \d+ s ago: try it$/m);
  });
});

test('an unknown target is refused with the nearest one', async () => {
  await expect(status(here.connection, 'wbe', ONCE)).rejects.toThrow(
    'there is no target "wbe"; did you mean web?',
  );
});

test('a target that nobody has looked at yet says so', async () => {
  const other = { ...web[0], id: 'api', key: 'ecs/production/api', service: 'api' } as never;
  const { targets } = await statusOf(here.connection, [other]);
  expect(targets[0]).toMatchObject({
    phase: 'unknown',
    state: 'unknown',
    running: { desired: null, revisions: [] },
    couldRollBack: { possible: false, because: 'nothing is proven yet' },
  });
});

test('--watch into a pipe tells only what is new', async () => {
  let rounds = 0;
  const wait = async () => {
    rounds++;
    if (rounds === 3) here.push('main-1');
    if (rounds === 5) throw new Error('enough');
    await here.pass(1);
  };
  const { stdout } = await printed(async () => {
    const watching = status({ ...here.connection, wait }, 'web', {
      ...ONCE,
      watch: true,
      json: true,
    });
    await expect(watching).rejects.toThrow('enough');
  });
  const phases = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).targets[0].phase);
  expect(phases).toEqual(['idle', 'deploying', 'deploying']);
});
