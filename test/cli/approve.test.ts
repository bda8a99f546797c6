/** Two persons: one asks, another one approves or rejects; who asked may not approve. */
import { beforeEach, expect, test } from 'vitest';
import { sayToPending } from '../../cli/approve.ts';
import { deploy } from '../../cli/deploy.ts';
import { holdOrResume } from '../../cli/hold.ts';
import { EXIT } from '../../cli/output/exit.ts';
import { status } from '../../cli/status.ts';
import { definePipeline, ecsService, noAlarms } from '../../shared/config/config.ts';
import { COMMAND, printed, type Standing, standing } from './world.ts';

const KEY = 'ecs/production/web';
const config = definePipeline({
  account: '123456789012',
  region: 'eu-central-1',
  approvals: { deploy: 1 },
  targets: {
    web: ecsService({
      mode: 'act',
      cluster: 'production',
      service: 'web',
      containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
      alarms: noAlarms('a test'),
    }),
  },
});

let here: Standing;
beforeEach(async () => {
  here = await standing(config);
  here.push('fix-1');
});

const askToDeploy = () =>
  printed(() => deploy(here.connection, 'web', ['shop/web:fix-1'], COMMAND));
const say = (command: 'approve' | 'reject', options: object = {}) =>
  printed(() => sayToPending(here.connection, command, 'web', { ...COMMAND, ...options }));
const record = () => here.cloud.recordOf(KEY);

test('what is asked waits and says what is next; who asked is refused; somebody else has it done', async () => {
  const asked = await askToDeploy();
  expect(asked.code).toBe(EXIT.done);
  expect(asked.stdout).toContain('waits for a second person');
  expect(asked.stdout).toContain('another person says `slipway approve web`');
  const { stdout } = await printed(() =>
    status(here.connection, 'web', { ...COMMAND, watch: false, all: false, everyMs: 1000 }),
  );
  expect(stdout).toMatch(/waits for a person's word +[0-9a-f]{8}: the deploy of shop\/web:fix-1/);

  const own = await say('approve');
  expect(own.code).toBe(EXIT.no);
  expect(own.stdout).toContain('another person must approve it');

  const { world, pipeline } = here.cloud;
  const [pending] = (await record())?.pending ?? [];
  const target = pipeline.targets.web;
  if (pending === undefined || target === undefined) throw new Error('nothing waits');
  const command = { do: 'approve', of: pending.id } as const;
  const word = { type: 'CommandReceived', by: 'bob', because: 'seen', saidAt: world.now } as const;
  here.cloud.ask(target, { ...word, command });
  await here.pass(1);
  expect((await record())?.phase).toMatchObject({
    phase: 'deploying',
    release: { by: 'ada, approved by bob' },
  });
});

test('who asked may take it back', async () => {
  await askToDeploy();
  const { stdout } = await say('reject');
  expect(stdout).toContain('ada rejected it: try it');
  expect((await record())?.pending).toBeUndefined();
});

test('nothing that waits, and something else than what waits, is a wrong use and sends nothing', async () => {
  await expect(say('approve')).rejects.toThrow("nothing of web waits for a person's word");
  await askToDeploy();
  await expect(say('approve', { of: 'other' })).rejects.toThrow(
    /nothing called other waits for a person's word; what waits: [0-9a-f]{8} \(the deploy of/,
  );
});

test('a target with a queue of its own is commanded by that queue', async () => {
  const own = definePipeline({
    account: '123456789012',
    region: 'eu-central-1',
    targets: {
      web: ecsService({
        mode: 'act',
        cluster: 'production',
        service: 'web',
        commandQueue: 'web',
        containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
        alarms: noAlarms('a test'),
      }),
    },
  });
  here = await standing(own);
  const held = { ...COMMAND, all: false };
  const { code } = await printed(() => holdOrResume(here.connection, 'hold', 'web', held));
  expect(code).toBe(EXIT.done);
  expect((await record())?.hold).toMatchObject({ by: 'ada' });
});

test('a release of a push that waits for a word is shown, and goes on by it', async () => {
  const wanting = definePipeline({
    account: '123456789012',
    region: 'eu-central-1',
    approvals: { release: { before: 'start', within: '4h' } },
    targets: {
      web: ecsService({
        mode: 'act',
        cluster: 'production',
        service: 'web',
        containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
        alarms: noAlarms('a test'),
      }),
    },
  });
  here = await standing(wanting);
  here.push('main-1');
  await here.pass(2);
  const { stdout } = await printed(() =>
    status(here.connection, 'web', { ...COMMAND, watch: false, all: false, everyMs: 1000 }),
  );
  expect(stdout).toMatch(
    /waits for a person's word +[0-9a-f]{8}-[0-9a-z]+: the release of shop\/web:main-1 .*, before it starts, asked by a push/,
  );
  expect(stdout).toMatch(/slipway approve web --of [0-9a-f]{8}-[0-9a-z]+ --because/);
  const said = await say('approve');
  expect(said.code).toBe(EXIT.done);
  await here.pass(1);
  expect((await record())?.phase).toMatchObject({
    phase: 'deploying',
    release: { word: { given: { by: 'ada' } } },
  });
});
