/** `slipway hold --all`: the account's one stop switch. */
import { beforeEach, expect, test } from 'vitest';
import { statusOf } from '../../cli/connect/target-status.ts';
import { explain } from '../../cli/explain.ts';
import { holdOrResume } from '../../cli/hold.ts';
import { EXIT } from '../../cli/output/exit.ts';
import { COMMAND, COMMON, printed, type Standing, standing } from './world.ts';

const KEY = 'ecs/production/web';
const JSON_ALL = { ...COMMAND, json: true, all: true };

let here: Standing;
beforeEach(async () => {
  here = await standing();
});

async function turn(command: 'hold' | 'resume', because = 'black friday', by = 'ada') {
  const connection = { ...here.connection, by };
  const { code, stdout } = await printed(() =>
    holdOrResume(connection, command, undefined, { ...JSON_ALL, because }),
  );
  return { code, ...JSON.parse(stdout) };
}

const phase = async () => (await here.cloud.recordOf(KEY))?.phase.phase;

test('while it is on, nothing new starts; when it is off, what waits starts within two minutes', async () => {
  await turn('hold');
  here.push('main-1');
  await here.pass(10);
  expect(await phase()).toBe('idle');
  const held = (await here.cloud.recordOf(KEY))?.waiting.app?.held;
  expect(held).toMatchObject({
    reason: 'person',
    because: 'ada holds all targets of this account: black friday',
  });
  await turn('resume');
  await here.pass(2);
  expect(await phase()).toBe('deploying');
});

test('a rollback goes through while it is on', async () => {
  here.push('main-bad', { errorRate: 1 });
  await here.pass(1);
  expect(await phase()).toBe('deploying');
  await turn('hold');
  await here.pass(30);
  const record = await here.cloud.recordOf(KEY);
  expect(record?.phase.phase).toBe('idle');
  expect(record?.runs?.revision).toMatch(/web:1$/);
  expect(record?.quarantine).toHaveLength(1);
});

test('a hold is announced for each target that waits, with who and why', async () => {
  await turn('hold');
  here.push('main-1');
  await here.pass(10);
  const told = here.cloud.timeline.flatMap((entry) =>
    entry.type === 'announcement' && entry.announcement.kind === 'held' ? [entry.announcement] : [],
  );
  expect(told.map(({ target, because, next }) => [target, because, next])).toEqual([
    [
      'web',
      'ada holds all targets of this account: black friday',
      'it starts after `resume --all`',
    ],
  ]);
});

test('a second hold changes nothing: the first who and why stay', async () => {
  expect(await turn('hold')).toMatchObject({ code: EXIT.done, stopped: true, changed: true });
  expect(await turn('hold', 'again', 'bob')).toMatchObject({
    code: EXIT.done,
    stopped: true,
    changed: false,
    by: 'ada',
    because: 'black friday',
  });
});

test('a resume says who and why as well, and a second one changes nothing', async () => {
  await turn('hold');
  expect(await turn('resume', 'over', 'bob')).toMatchObject({ stopped: false, changed: true });
  expect(await turn('resume', 'twice')).toMatchObject({
    stopped: false,
    changed: false,
    by: 'bob',
    because: 'over',
  });
});

test('status shows it, and explain names it among the rules', async () => {
  await turn('hold');
  const { stop } = await statusOf(here.connection, []);
  expect(stop).toMatchObject({ by: 'ada', because: 'black friday' });
  const { stdout } = await printed(() => explain(here.connection, 'web', COMMON));
  expect(stdout).toMatch(
    /^ {2}no +nobody has stopped the account: ada holds all targets of this account: black friday$/m,
  );
});

test('without --yes and without a terminal it is not turned', async () => {
  const options = { ...JSON_ALL, yes: false };
  const asked = holdOrResume(here.connection, 'hold', undefined, options);
  await expect(asked).rejects.toThrow('hold --all asks first');
  expect(await here.connection.aws.stop.read()).toBeUndefined();
});
