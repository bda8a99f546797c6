import { expect, test } from 'vitest';
import type { Call } from '../../shared/aws/connect/call-log.ts';
import { connectFeedback } from '../../shared/aws/connect/feedback.ts';
import { connectQueues } from '../../shared/aws/connect/queues.ts';
import { connect } from '../../shared/aws/connect/reconcile.ts';
import { connectTick } from '../../shared/aws/connect/tick.ts';
import { GITHUB_DEFAULTS } from '../../shared/config/sources.ts';
import type { TaskDefinitionArn } from '../../shared/core/model/image.ts';
import { reconcileLogs } from '../../shared/feedback/links.ts';
import { followingLog, withLog } from '../../shared/runtime/log.ts';
import { listeningLog, Trouble, throttled, wire } from './wire.ts';

const environment = {
  SLIPWAY_TABLE: 'slipway',
  SLIPWAY_URGENT_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/slipway-urgent',
  SLIPWAY_RELEASES_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/slipway-releases',
  SLIPWAY_BUS: 'slipway',
};

function connected() {
  const far = wire({
    DescribeTaskDefinition: [
      {
        taskDefinition: {
          family: 'web',
          containerDefinitions: [
            { name: 'app', image: 'a', environment: [{ name: 'PASSWORD', value: 'hunter2' }] },
          ],
        },
      },
    ],
    RegisterTaskDefinition: [throttled, { taskDefinition: { taskDefinitionArn: 'arn:x:2' } }],
    UpdateService: [new Trouble(400, 'ServiceNotActiveException')],
  });
  const log = listeningLog();
  const calls: Call[] = [];
  const connections = connect({
    environment,
    log: followingLog(log),
    clock: { now: () => 7, newId: () => 'id' },
    aws: far.settings,
    onCall: (call) => calls.push(call),
  });
  return { far, log, calls, ports: connections.ports(() => 9_000) };
}

const image = { registry: 'r', repository: 'a', digest: 'sha256:d' as never, tags: [] };
const base = 'arn:aws:ecs:eu-west-1:111122223333:task-definition/web:1' as TaskDefinitionArn;

test('each call is one line with its cause, its outcome and its attempts, and without secrets', async () => {
  const { log, ports } = connected();
  await withLog(log.with({ cause: 'event e1' }), async () => {
    await ports.services.registerRevision(base, { app: image }, {});
    await ports.services.startRollout(
      { cluster: 'production', service: 'web' },
      { type: 'StartRollout', revision: base, requestedAt: 0, deploymentConfiguration: {} },
    );
  });
  expect(log.lines).toEqual([
    {
      level: 'debug',
      message: 'called AWS',
      facts: {
        cause: 'event e1',
        call: {
          api: 'ecs:DescribeTaskDefinition',
          taskDefinition: base,
          outcome: 'ok',
          attempts: 1,
          ms: 0,
        },
      },
    },
    {
      level: 'info',
      message: 'called AWS',
      facts: {
        cause: 'event e1',
        call: {
          api: 'ecs:RegisterTaskDefinition',
          family: 'web',
          outcome: 'ok',
          attempts: 2,
          ms: 0,
        },
      },
    },
    {
      level: 'info',
      message: 'called AWS',
      facts: {
        cause: 'event e1',
        call: {
          api: 'ecs:UpdateService',
          cluster: 'production',
          service: 'web',
          taskDefinition: base,
          outcome: 'ServiceNotActiveException',
          attempts: 1,
          ms: 0,
        },
      },
    },
  ]);
  expect(JSON.stringify(log.lines)).not.toContain('hunter2');
});

test('whoever listens is told of every call with its whole input', async () => {
  const { calls, ports } = connected();
  await ports.services.registerRevision(base, { app: image }, {});
  expect(
    calls.map(({ service, operation, outcome }) => `${service}:${operation} ${outcome}`),
  ).toEqual(['ecs:DescribeTaskDefinition ok', 'ecs:RegisterTaskDefinition ok']);
  expect(calls[1]?.input).toMatchObject({ containerDefinitions: [{ image: 'r/a@sha256:d' }] });
});

test('the ports of a handling know how long it may run, and our clock', () => {
  const { clock } = connected().ports;
  expect([clock.now(), clock.newId(), clock.timeLeft()]).toEqual([7, 'id', 9_000]);
});

test.each(Object.keys(environment))(
  'without %s nothing starts, and the message names it',
  (name) => {
    const options = {
      environment: { ...environment, [name]: undefined },
      log: listeningLog(),
      clock: { now: () => 7, newId: () => 'id' },
    };
    expect(() => connect(options)).toThrow(name);
  },
);

test('who needs less is given less', () => {
  const options = { log: listeningLog(), clock: { now: () => 7, newId: () => 'id' } };
  const { SLIPWAY_BUS: _, ...noBus } = environment;
  expect(Object.keys(connectTick({ ...options, environment: noBus }))).toEqual([
    'queues',
    'upkeep',
  ]);
  const { SLIPWAY_TABLE: __, ...noTable } = noBus;
  expect(Object.keys(connectQueues({ ...options, environment: noTable }))).toEqual(['send']);
});

test.each(['0', '-1', '1.5', 'ninety', '9999'])('history is not kept for %s days', (days) => {
  const options = {
    environment: { ...environment, SLIPWAY_HISTORY_DAYS: days },
    log: listeningLog(),
    clock: { now: () => 7, newId: () => 'id' },
  };
  expect(() => connect(options)).toThrow(`SLIPWAY_HISTORY_DAYS is "${days}"`);
});

test('what stands on a commit links to the log of its own pipeline', () => {
  const { settings } = wire({});
  const home = { account: '111122223333', region: 'eu-west-1', targets: {}, sources: {} };
  const options = {
    environment: { ...environment, SLIPWAY_FEEDBACK_QUEUE_URL: 'https://sqs.eu-west-1.x/feedback' },
    log: listeningLog(),
    clock: { now: () => 7, newId: () => 'id' },
    aws: settings,
  };
  const github = GITHUB_DEFAULTS;
  const named = connectFeedback(options, { ...home, github, name: 'shop' });
  const link = reconcileLogs(
    named.ports(() => 1).home,
    { target: 'web', key: 'ecs/production/web' },
    0,
  );
  expect(link).toContain('shop-slipway-reconcile');
});
