/** `slipway doctor` before a local AWS: what is well, what is not, and what the model does not have. */
import { execute } from '@slipway/local-cloud/services.ts';
import { beforeEach, expect, test } from 'vitest';
import { doctor } from '../../../cli/doctor.ts';
import { EXIT } from '../../../cli/output/exit.ts';
import type { Call } from '../../../shared/aws/connect/call-log.ts';
import { TransientError } from '../../../shared/ports.ts';
import { doctorShape } from '../answer/json-shapes.ts';
import { COMMON, pipeline, printed, type Standing, standing } from '../world.ts';

const OPTIONS = { ...COMMON, json: true, all: false, readsSecrets: false };
const calls: Call[] = [];
let here: Standing;

beforeEach(async () => {
  here = await standing(pipeline, (call) => calls.push(call));
  here.push('main-1');
  await here.pass(20);
  calls.length = 0;
});

async function examined(name?: string) {
  const { code, stdout } = await printed(() => doctor(here.connection, name, OPTIONS));
  const told = JSON.parse(stdout);
  expect(doctorShape.parse(told)).toEqual(told);
  const { examined: found } = doctorShape.parse(told);
  const checks = found.flatMap(({ groups }) => groups.flatMap((group) => group.checks));
  return { code, checks, of: (check: string) => checks.find((one) => one.name === check) };
}

test('what is as it should be is well, and what the local AWS does not model is skipped and named', async () => {
  const { code, checks, of } = await examined('web');
  expect(checks.filter(({ state }) => state === 'failed')).toEqual([]);
  expect(code).toBe(EXIT.done);
  expect(of('service')).toMatchObject({ state: 'ok', says: 'web is ACTIVE, 4 wanted' });
  expect(of('table slipway')?.state).toBe('ok');
  expect(of('queue slipway-releases')?.state).toBe('ok');
  expect(of('alarm web-5xx')).toMatchObject({ state: 'ok' });
  expect(of('last day of alarm web-5xx')).toMatchObject({
    state: 'ok',
    says: 'data in 36 of 1,440 minutes; the highest is 0; never 2 of 3 points came above 5',
  });
  expect(of('way back')?.says).toMatch(/^a release that fails returns to shop\/web:main-1 /);
  expect(of('execution role ecsTaskExecutionRole')).toMatchObject({
    state: 'skipped',
    says: 'the local AWS does not model iam:GetRole',
  });
  expect(of('Lambda concurrency')).toMatchObject({
    state: 'skipped',
    says: 'the local AWS does not model lambda:GetAccountSettings',
  });
  expect(of('vCPUs for a rollout')).toMatchObject({
    state: 'skipped',
    says: 'CloudWatch has no point of Fargate On-Demand vCPUs in use in the last hour',
  });
  expect(of('log group /ecs/web')).toMatchObject({
    state: 'skipped',
    says: 'the local AWS does not model logs:DescribeLogGroups',
  });
  expect(calls.filter(({ operation }) => !/^(Describe|Get|List|Batch)/.test(operation))).toEqual(
    [],
  );
});

test('a config that the functions do not have is told, with what deploys it', async () => {
  const web = pipeline.targets.web;
  if (web === undefined) throw new Error('no web');
  const { of } = await examined('web');
  expect(of('deployed config')?.state).toBe('skipped');
  const account = { ...here.connection, isLocal: false };
  const rules = { ...web.rules, bakeMinutes: 99 };
  const changed = { ...pipeline, targets: { ...pipeline.targets, web: { ...web, rules } } };
  const deployed = async (connection: typeof account) => {
    const { stdout } = await printed(() =>
      doctor(connection, 'web', { ...OPTIONS, json: false, all: true }),
    );
    return /. deployed config: .*/.exec(stdout)?.[0];
  };
  expect(await deployed(account)).toMatch(/^✓/);
  expect(await deployed({ ...account, pipeline: changed })).toBe(
    '✗ deployed config: the functions have other rules for web',
  );
});

test('each trouble is told with what mends it, and the answer is no', async () => {
  const { world } = here.cloud;
  execute(world, 'ecs', 'UpdateService', {
    cluster: 'production',
    service: 'web',
    deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 110 },
  });
  execute(world, 'monitoring', 'DeleteAlarms', { AlarmNames: ['web-5xx'] });
  await here.pass(1);
  const { code, of } = await examined('web');
  expect(code).toBe(EXIT.no);
  expect(of('room for a rollout')).toMatchObject({
    state: 'failed',
    says: 'at least 4 and at most 4 tasks while 4 are wanted: ECS can neither start a new one nor stop an old one',
    fix: 'aws ecs update-service --cluster production --service web --deployment-configuration minimumHealthyPercent=100,maximumPercent=200',
  });
  expect(of('alarm web-5xx')).toMatchObject({
    state: 'failed',
    says: expect.stringContaining('no such alarm'),
  });
});

test('before the first deployment one line says that nothing is there yet, and what makes it', async () => {
  const { aws } = here.connection;
  const gone = async () => {
    const cause = Object.assign(new Error('not found'), { name: 'ResourceNotFoundException' });
    throw new TransientError('dynamodb:BatchGetItem gave no answer', { cause });
  };
  const bare = { ...here.connection, aws: { ...aws, loadMany: gone, queueUrl: gone } };
  const { code, stdout } = await printed(() => doctor(bare, 'web', { ...OPTIONS, json: false }));
  expect(code).toBe(EXIT.no);
  expect(stdout).toContain(
    '    ✗ stack: there is none at the local AWS yet: nothing is watched, deployed or rolled back\n        slipway infra deploy\n',
  );
  expect(stdout).not.toMatch(/queue|version|deployed config/);
});

test('for people: failures with their mend, the rest counted', async () => {
  execute(here.cloud.world, 'monitoring', 'DeleteAlarms', { AlarmNames: ['web-5xx'] });
  const { stdout } = await printed(() =>
    doctor(here.connection, 'web', { ...OPTIONS, json: false }),
  );
  expect(stdout).toMatch(/^ {4}✗ alarm web-5xx: CloudWatch has no such alarm.*\n {8}pipeline/m);
  expect(stdout).not.toContain('✓');
  expect(stdout).toMatch(/\n1 failed, \d+ skipped, \d+ well\n$/);
});
