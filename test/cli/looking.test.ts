/** `slipway history`, `explain` and `plan`: they say what is so, and change nothing. */
import { beforeAll, describe, expect, test } from 'vitest';
import { imagesOf, provenOf } from '../../cli/connect/completed-values.ts';
import { explain } from '../../cli/explain.ts';
import { history } from '../../cli/history.ts';
import { EXIT } from '../../cli/output/exit.ts';
import { plan } from '../../cli/plan.ts';
import { rollback } from '../../cli/rollback.ts';
import type { Tried } from '../../shared/core/explain/rule-result.ts';
import { COMMAND, COMMON, MINUTE, pipeline, printed, type Standing, standing } from './world.ts';

const KEY = 'ecs/production/web';
const JSON_ = { ...COMMON, json: true };
const HISTORY = { ...COMMON, decisions: false, limit: 20 };

let here: Standing;
/** A good push, a bad one, and then a good one that Ada rolls back; another waits behind its gate. */
beforeAll(async () => {
  here = await standing();
  here.push('main-1');
  await here.pass(20);
  here.push('main-bad', { errorRate: 1 });
  await here.pass(25);
  here.push('main-2');
  await here.pass(5);
  await printed(() => rollback(here.connection, 'web', { ...COMMAND, because: 'slow since noon' }));
  await here.pass(20);
});

const objects = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

test('what can be completed: the proven releases, and the newest images first', async () => {
  const targets = Object.values(pipeline.targets).slice(0, 1);
  expect(await provenOf(here.connection, { key: KEY })).toEqual(['main-1', 'web:1']);
  expect((await imagesOf(here.connection, targets)).slice(0, 3)).toEqual([
    'shop/web:main-2',
    'shop/web:main-bad',
    'shop/web:main-1',
  ]);
});

describe('history', () => {
  test('each release has its state, why, and who', async () => {
    const { code, stdout } = await printed(() =>
      history(here.connection, 'web', { ...HISTORY, json: true }),
    );
    expect(code).toBe(EXIT.done);
    const rows = objects(stdout);
    expect(rows.map(({ release, state, who }) => [release, state, who])).toEqual([
      [`${KEY}/3`, 'rolled-back', 'a push'],
      [`${KEY}/2`, 'rolled-back', 'a push'],
      [`${KEY}/1`, 'proven', 'a push'],
      [null, 'adopted', 'somebody else'],
    ]);
    expect(rows[0]).toMatchObject({
      images: { app: { repository: 'shop/web', tags: ['main-2'] } },
      revision: 'web:4',
      because: expect.stringContaining('ada asked: slow since noon'),
    });
    expect(rows[1].because).toMatch(/^alarm web-5xx rose at /);
  });

  test('the newest come first, as many as were asked for', async () => {
    const { stdout } = await printed(() =>
      history(here.connection, 'web', { ...HISTORY, limit: 1 }),
    );
    expect(stdout).toMatch(/^release {2}images +state +because +who +when\n/);
    expect(stdout).toMatch(/\n#3 {7}shop\/web:main-2/);
    expect(stdout).not.toContain('main-1');
  });

  test('--decisions tells each decision in its order, with whose word it was', async () => {
    const { stdout } = await printed(() =>
      history(here.connection, 'web', { ...HISTORY, decisions: true, json: true, limit: 1_000 }),
    );
    const rows = objects(stdout);
    expect(rows.map(({ sequence }) => sequence)).toEqual(rows.map((_, i) => i + 1));
    expect(rows.find(({ event }) => event === 'CommandReceived')).toMatchObject({
      by: 'ada',
      ask: { do: 'rollback' },
      phase: 'rolling-back',
    });
  });
});

describe('explain', () => {
  test('at rest: nothing waits, so there is no call', async () => {
    const { code, stdout } = await printed(() => explain(here.connection, 'web', COMMON));
    expect(code).toBe(EXIT.done);
    expect(stdout).toMatch(/^ {2}yes +the service exists, and ECS drives it$/m);
    expect(stdout).toMatch(/^ {2}no +an image waits: nothing is to be done$/m);
    expect(stdout).toMatch(/^the next call\n {2}none$/m);
    expect(stdout).toMatch(/^it looks again\n {2}when the next event comes$/m);
  });

  test('saves nothing, sends nothing, and asks ECS for nothing that changes it', async () => {
    const before = await here.connection.aws.records.load(KEY);
    const services = structuredClone(here.cloud.world.ecs.services);
    await printed(() => explain(here.connection, 'web', COMMON));
    expect(await here.connection.aws.records.load(KEY)).toEqual(before);
    expect(here.cloud.world.sqs.queues['slipway-commands']?.messages).toEqual([]);
    expect(here.cloud.world.ecs.services).toEqual(services);
  });

  test('an image that waits behind a hold: each rule with its answer, and no call', async () => {
    const there = await standing();
    await there.connection.aws.stop.turn('on', { by: 'ada', because: 'black friday' });
    there.push('main-1');
    await there.pass(2);
    const { stdout } = await printed(() => explain(there.connection, 'web', JSON_));
    const { looks, calls, record, lookAt } = JSON.parse(stdout);
    expect(calls).toEqual([]);
    expect(looks.at(-1).because).toBe('held: ada holds all targets of this account: black friday');
    const answers = looks
      .at(-1)
      .tried.map(({ rule, verdict }: Tried) => [
        rule.replace(/shop\/web:main-1 \(\S+\)/, 'it'),
        verdict,
      ]);
    expect(answers).toEqual([
      ['the service exists, and ECS drives it', 'yes'],
      ['what was left running, runs', 'yes'],
      ['an image waits', 'yes'],
      ['it can start in container "app"', 'yes'],
      ['it changes something', 'yes'],
      ["nobody's deployment is in flight", 'yes'],
      ['nobody has stopped the account', 'no'],
      ['nobody holds this target', 'yes'],
      ['no other pipeline releases this service', 'yes'],
      ['announcements are delivered', 'yes'],
      ['no other container runs a quarantined image', 'yes'],
      ['ECR says that the image is there', 'yes'],
      ['the service has what its strategy needs', 'yes'],
      ['the load balancer gives everything to what runs', 'yes'],
      ['the scan lets it through', 'yes'],
      ['its signature is good', 'yes'],
      ['the task definition of its commit can be read', 'yes'],
      ['the targets that it comes after have proven it', 'yes'],
      ['no freeze of the config is on', 'yes'],
      ['a person has said yes to it, where the config wants that', 'yes'],
      ['the alarms of the last release are OK', 'yes'],
      ['no red alarm keeps it from being guarded', 'yes'],
      ['it may act', 'yes'],
    ]);
    expect(record.waiting.app.image.tags).toEqual(['main-1']);
    expect(lookAt).toBe(looks.at(-1).seen.at + MINUTE);
  });

  test('a release that bakes says until when, and what is not asked yet', async () => {
    const there = await standing();
    there.push('main-1');
    await there.pass(6);
    const { stdout } = await printed(() => explain(there.connection, 'web', COMMON));
    expect(stdout).toMatch(
      /^ {2}no +it is watched for 10 minutes: its bake ends at 10:\d\d:\d\d UTC$/m,
    );
    expect(stdout).toMatch(
      /^ {2}unknown +nothing about it is in doubt: asked when those before it hold$/m,
    );
    expect(stdout).toMatch(/^ {2}so +baking: the bake goes on$/m);
  });
});

describe('plan, where the task definition stands in git', () => {
  const { web } = pipeline.targets;
  if (web?.rules.containers.app === undefined) throw new Error('no web');
  const app = { ...web.rules.containers.app, builtFrom: ['acme/shop'] };
  const definition = { file: 'web/taskdef.json', container: 'app', leave: [], roles: [] };
  const rules = { ...web.rules, containers: { app }, definition };
  const inGit = () => ({
    ...here.connection,
    pipeline: { ...pipeline, targets: { web: { ...web, rules } } },
  });
  const planned = async (file: object, options: object = JSON_) => {
    const given = { ...COMMON, ...options, definition: JSON.stringify(file) };
    return await printed(() => plan(inGit(), 'web', [':main-0000000'], given));
  };
  const FILE = {
    cpu: '1024',
    containerDefinitions: [{ name: 'app', environment: [{ name: 'KEY', value: 'hunter2' }] }],
  };

  test('shows field by field what the file changes, and no value of the environment', async () => {
    const { stdout } = await planned(FILE);
    const { because, calls } = JSON.parse(stdout);
    expect(because).toContain('web/taskdef.json at (local): cpu "512" -> "1024"; app: environment');
    const changed = calls[0].differences.filter(({ path }: { path: string }) =>
      /cpu|environment/.test(path),
    );
    expect(changed).toContainEqual({ path: 'cpu', before: '512', after: '1024' });
    expect(changed).toContainEqual({
      path: 'containerDefinitions.app.environment.KEY',
      after: '(hidden)',
    });
    expect(stdout).not.toContain('hunter2');
    const markdown = await planned(FILE, { markdown: true });
    expect(markdown.stdout).toContain('+ containerDefinitions.app.environment.KEY: (hidden)');
  });

  test('refuses what may not be changed, and calls nothing', async () => {
    const { code, stdout } = await planned({ networkMode: 'host' });
    expect([code, JSON.parse(stdout)]).toMatchObject([
      EXIT.no,
      { starts: false, because: expect.stringContaining('`networkMode` is not as it runs') },
    ]);
  });

  test('without a file and without eyes for GitHub, it says that nobody could read it', async () => {
    const { stdout } = await printed(() => plan(inGit(), 'web', [':main-0000000'], JSON_));
    expect(JSON.parse(stdout).because).toContain('nobody here may read GitHub');
  });

  test('a file for a target that has none in git is a mistake', async () => {
    const given = { ...COMMON, definition: '{}' };
    await expect(plan(here.connection, 'web', [':main-0000000'], given)).rejects.toThrow(
      'gives web no `definition`',
    );
  });
});

describe('plan', () => {
  test('shows the difference, the calls, and where a failure would return to', async () => {
    const { code, stdout } = await printed(() =>
      plan(here.connection, 'web', ['shop/web:main-1'], JSON_),
    );
    // It runs already: the way back led there.
    expect([code, JSON.parse(stdout).because]).toEqual([
      EXIT.no,
      'what waited already runs: nothing is registered and nothing started',
    ]);
    const old = await printed(() => plan(here.connection, 'web', [':main-0000000'], JSON_));
    expect(old.code).toBe(EXIT.done);
    const planned = JSON.parse(old.stdout);
    const image = (digest: string) =>
      `123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/web@${digest}`;
    const record = await here.cloud.recordOf(KEY);
    expect(planned).toMatchObject({ target: 'web', mode: 'act', starts: true });
    expect(planned.calls).toEqual([
      {
        call: 'ecs:RegisterTaskDefinition',
        what: 'a copy of web:2',
        differences: [
          {
            path: 'containerDefinitions.app.image',
            before: image(record?.runs?.images.app?.digest ?? ''),
            after: image(planned.images.app.digest),
          },
          { path: 'tags.slipway:release', before: `${KEY}/1`, after: `${KEY}/4` },
          { path: 'tags.slipway:image-tag', before: 'main-1', after: 'main-0000000' },
          { path: 'tags.slipway:commit', after: '0000000' },
        ],
      },
      {
        call: 'ecs:UpdateService',
        what: 'production/web to web:(next)',
        differences: expect.any(Array),
      },
    ]);
    expect(planned.couldRollBack).toMatchObject({ possible: true, revision: 'web:2' });
  });

  test('for people, it says which lines go and which come', async () => {
    const { stdout } = await printed(() => plan(here.connection, 'web', [':main-0000000'], COMMON));
    expect(stdout).toMatch(/^ {4}- containerDefinitions\.app\.image: .*@sha256:/m);
    expect(stdout).toMatch(/^ {4}\+ containerDefinitions\.app\.image: .*@sha256:/m);
    expect(stdout).toMatch(/^if it fails, could it roll back\?\n {2}yes, to shop\/web:main-1 /m);
    expect(stdout).toMatch(/\nNothing was changed\.\n$/);
  });

  test('of a quarantined image says so, and calls nothing', async () => {
    const { code, stdout } = await printed(() =>
      plan(here.connection, 'web', [':main-bad'], { ...JSON_, env: 'staging' }),
    );
    expect(code).toBe(EXIT.no);
    expect(JSON.parse(stdout)).toMatchObject({
      starts: false,
      because: expect.stringMatching(
        /^refused: shop\/web:main-bad \(.*\) is quarantined: alarm web-5xx rose at .* % of answers were errors/,
      ),
      next: expect.stringMatching(
        /^slipway unquarantine web sha256:[0-9a-f]{12} --because "why" --env staging$/,
      ),
      calls: [],
    });
  });

  test('in watch mode shows what mode act would call, and does not say that it starts', async () => {
    const { web } = pipeline.targets;
    if (web === undefined) throw new Error('no web');
    const rules = { ...web.rules, mode: 'watch' as const };
    const watching = { ...pipeline, targets: { web: { ...web, rules } } };
    const connection = { ...here.connection, pipeline: watching };
    const { code, stdout } = await printed(() => plan(connection, 'web', [':main-0000000'], JSON_));
    expect(code).toBe(EXIT.no);
    expect(JSON.parse(stdout)).toMatchObject({ mode: 'watch', starts: false });
    expect(JSON.parse(stdout).calls).toHaveLength(2);
  });

  test('while another release is on its way, it waits', async () => {
    const there = await standing();
    there.push('main-1');
    await there.pass(1);
    const { code, stdout } = await printed(() =>
      plan(there.connection, 'web', [':main-0000000'], JSON_),
    );
    expect(code).toBe(EXIT.no);
    expect(JSON.parse(stdout)).toMatchObject({
      starts: false,
      because: expect.stringMatching(/^it waits: shop\/web:main-1 \(.*\) is deploying$/),
      calls: [],
    });
  });
});
