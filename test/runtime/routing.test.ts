/** Only what the config names is asked for, and every pattern is one that EventBridge takes. */
import { readdirSync, readFileSync } from 'node:fs';
import { matches } from '@slipway/local-cloud/eventbridge/pattern.ts';
import { describe, expect, test } from 'vitest';
import example from '../../pipeline.config.ts';
import { ANNOUNCEMENT_SOURCE } from '../../shared/aws/announcements.ts';
import { type Pipeline, parsePipeline } from '../../shared/config/config.ts';
import type { Message } from '../../shared/edge/message.ts';
import { parseAwsEvent } from '../../shared/edge/parse-aws-event.ts';
import { findTargets } from '../../shared/route/find-targets.ts';
import {
  announcementRoute,
  PATTERN_MAX,
  queueFor,
  type Route,
  RULES_MAX,
  routes,
} from '../../shared/runtime/routing.ts';

const folder = new URL('../../events/', import.meta.url);
const samples = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => [file, JSON.parse(readFileSync(new URL(file, folder), 'utf8'))] as const)
  .filter(([, event]) => 'detail-type' in event);

function reached(rules: readonly Route[], event: unknown): readonly string[] {
  return rules.filter(({ pattern }) => matches(pattern, event)).map((route) => route.function);
}

test('the rules of the example', () => {
  const base = { account: ['123456789012'], region: ['eu-central-1'] };
  const arn = 'arn:aws:ecs:eu-central-1:123456789012';
  expect(routes(example)).toEqual([
    {
      name: 'image-pushed-1',
      function: 'image-pushed',
      pattern: {
        ...base,
        source: ['aws.ecr'],
        'detail-type': ['ECR Image Action'],
        detail: {
          'action-type': ['PUSH'],
          result: ['SUCCESS'],
          'image-tag': [{ exists: true }],
          'repository-name': ['shop/web', 'shop/worker'],
        },
      },
    },
    {
      name: 'rollout-changed-service-1',
      function: 'rollout-changed',
      pattern: {
        ...base,
        source: ['aws.ecs'],
        'detail-type': ['ECS Deployment State Change', 'ECS Service Action'],
        resources: [`${arn}:service/production/web`, `${arn}:service/production/worker`],
      },
    },
    {
      name: 'rollout-changed-task-1',
      function: 'rollout-changed',
      pattern: {
        ...base,
        source: ['aws.ecs'],
        'detail-type': ['ECS Task State Change'],
        detail: {
          clusterArn: [`${arn}:cluster/production`],
          lastStatus: ['STOPPED'],
          group: ['service:web', 'service:worker'],
        },
      },
    },
    {
      name: 'alarm-changed-1',
      function: 'alarm-changed',
      pattern: {
        ...base,
        source: ['aws.cloudwatch'],
        'detail-type': ['CloudWatch Alarm State Change'],
        detail: { alarmName: ['web-5xx'] },
      },
    },
    {
      name: 'build-changed-1',
      function: 'build-changed',
      pattern: {
        ...base,
        source: ['aws.codebuild'],
        'detail-type': ['CodeBuild Build State Change'],
        detail: { 'project-name': ['slipway-shop-web', 'slipway-shop-worker'] },
      },
    },
  ]);
});

describe('a sample reaches a function', () => {
  test.each([
    ['ecr-image-pushed.json', ['image-pushed']],
    ['ecr-image-pushed-worker.json', ['image-pushed']],
    ['ecr-image-pushed-other-tag.json', ['image-pushed']],
    ['ecr-image-pushed-signature.json', ['image-pushed']],
    ['alarm-web-5xx.json', ['alarm-changed']],
    ['alarm-web-5xx-ok.json', ['alarm-changed']],
    ['ecs-deployment-failed-web.json', ['rollout-changed']],
    ['ecs-deployment-completed-web.json', ['rollout-changed']],
    ['ecs-service-steady-web.json', ['rollout-changed']],
    ['ecs-task-stopped-worker.json', ['rollout-changed']],
    ['codebuild-build-succeeded.json', ['build-changed']],
    ['codebuild-build-failed.json', ['build-changed']],
    ['codebuild-build-stopped.json', ['build-changed']],
    ['codebuild-build-in-progress.json', ['build-changed']],
  ])('%s', (file, functions) => {
    const event = samples.find(([name]) => name === file)?.[1];
    expect(reached(routes(example), event)).toEqual(functions);
  });

  test('and no other sample reaches any', () => {
    const lost = samples.filter(([, event]) => reached(routes(example), event).length > 0);
    expect(lost).toHaveLength(14);
  });

  test('whatever concerns a target, reaches exactly one', () => {
    for (const [file, event] of samples) {
      const parsed = parseAwsEvent(
        event,
        example.region === event.region ? example : { account: '-', region: '-' },
      );
      const concerns = parsed.kind === 'parsed' && findTargets(example, parsed.message).length > 0;
      if (concerns) expect(reached(routes(example), event), file).toHaveLength(1);
    }
  });
});

describe('scans are asked for only where a target waits for them', () => {
  const service = (name: string, rest: object) => ({
    ...{
      type: 'ecs-service',
      mode: 'act',
      cluster: 'c',
      service: name,
      alarms: { noAlarmsBecause: 'none' },
    },
    containers: { app: { repository: `shop/${name}`, tags: { glob: '*' } } },
    ...rest,
  });
  const pipeline = parsePipeline({
    account: '123456789012',
    region: 'eu-central-1',
    targets: {
      web: service('web', { scan: { highest: 'MEDIUM' } }),
      worker: service('worker', {}),
    },
  });

  test('by two rules, since Inspector names a repository by its ARN', () => {
    const base = { account: ['123456789012'], region: ['eu-central-1'] };
    expect(routes(pipeline).filter(({ name }) => name.startsWith('image-scanned'))).toEqual([
      {
        name: 'image-scanned-1',
        function: 'image-pushed',
        pattern: {
          ...base,
          source: ['aws.ecr'],
          'detail-type': ['ECR Image Scan'],
          detail: { 'repository-name': ['shop/web'] },
        },
      },
      {
        name: 'image-scanned-enhanced-1',
        function: 'image-pushed',
        pattern: {
          ...base,
          source: ['aws.inspector2'],
          'detail-type': ['Inspector2 Scan'],
          detail: {
            'repository-name': ['arn:aws:ecr:eu-central-1:123456789012:repository/shop/web'],
          },
        },
      },
    ]);
  });

  test.each(['ecr-image-scan.json', 'ecr-image-scan-clean.json', 'inspector2-scan.json'])(
    '%s reaches the one target',
    (file) => {
      const event = samples.find(([name]) => name === file)?.[1];
      expect(reached(routes(pipeline), event)).toEqual(['image-pushed']);
      const parsed = parseAwsEvent(event, pipeline);
      const found = parsed.kind === 'parsed' ? findTargets(pipeline, parsed.message) : [];
      expect(found.map(({ id }) => id)).toEqual(['web']);
    },
  );
});

/** As many targets as wanted, all with long names. */
function large(targets: number, clusters: number): Pipeline {
  const long = 'a-rather-long-name-of-a-team-and-of-what-it-makes';
  const names = Array.from(
    { length: targets },
    (_, i) => `${long}-${i.toString().padStart(4, '0')}`,
  );
  return parsePipeline({
    account: '123456789012',
    region: 'eu-central-1',
    targets: Object.fromEntries(
      names.map((name, i) => [
        `t${i}`,
        {
          type: 'ecs-service',
          mode: 'act',
          cluster: `cluster-${i % clusters}`,
          service: name,
          containers: { app: { repository: `team-${i % 7}/${name}`, tags: { glob: '*' } } },
          alarms: [`${name} is failing "badly" 🔥`],
        },
      ]),
    ),
  });
}

function eventsOf(pipeline: Pipeline): readonly [string, object][] {
  const base = { account: pipeline.account, region: pipeline.region };
  const arn = `arn:aws:ecs:${pipeline.region}:${pipeline.account}`;
  return Object.values(pipeline.targets).flatMap(({ cluster, service, rules }) => [
    [
      'image-pushed',
      {
        ...{ ...base, source: 'aws.ecr', 'detail-type': 'ECR Image Action' },
        detail: {
          ...{ 'action-type': 'PUSH', result: 'SUCCESS', 'image-tag': 'x' },
          'repository-name': rules.containers.app?.repository,
        },
      },
    ],
    [
      'rollout-changed',
      {
        ...{ ...base, source: 'aws.ecs', 'detail-type': 'ECS Service Action' },
        ...{ resources: [`${arn}:service/${cluster}/${service}`], detail: {} },
      },
    ],
    [
      'rollout-changed',
      {
        ...{ ...base, source: 'aws.ecs', 'detail-type': 'ECS Task State Change' },
        detail: {
          clusterArn: `${arn}:cluster/${cluster}`,
          group: `service:${service}`,
          lastStatus: 'STOPPED',
        },
      },
    ],
    [
      'alarm-changed',
      {
        ...{ ...base, source: 'aws.cloudwatch', 'detail-type': 'CloudWatch Alarm State Change' },
        detail: { alarmName: rules.alarms[0] },
      },
    ],
  ]);
}

describe.each([
  [30, 1],
  [30, 30],
  [600, 3],
  [2000, 200],
])('%i targets in %i clusters', (targets, clusters) => {
  const pipeline = large(targets, clusters);
  const rules = routes(pipeline);

  test('every pattern fits, and the rules are few', () => {
    for (const { name, pattern } of rules) {
      expect(JSON.stringify(pattern).length, name).toBeLessThanOrEqual(PATTERN_MAX);
      expect(name.length).toBeLessThanOrEqual(64);
    }
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
    expect(rules.length).toBeLessThanOrEqual(4 * RULES_MAX);
    expect(JSON.stringify(rules)).not.toContain('[]');
  });

  test('every event of a target reaches its function', () => {
    for (const [to, event] of eventsOf(pipeline).slice(-40)) {
      expect(new Set(reached(rules, event))).toEqual(new Set([to]));
    }
  });
});

test('names are whole while they fit, and cut to beginnings when they do not', () => {
  const text = (targets: number) => JSON.stringify(routes(large(targets, 1)).slice(0, -1));
  expect(text(100)).not.toContain('prefix');
  expect(text(2000)).toContain('"prefix":"team-0/a-rather');
});

test('a pipeline without alarms has no rule for them', () => {
  const web = {
    ...{
      type: 'ecs-service',
      mode: 'act',
      cluster: 'c',
      service: 's',
      alarms: { noAlarmsBecause: 'none yet' },
    },
    containers: { app: { repository: 'shop/web', tags: { glob: '*' } } },
  };
  const input = { account: '123456789012', region: 'eu-central-1', targets: { web } };
  expect(routes(parsePipeline(input)).map(({ name }) => name)).toEqual([
    'image-pushed-1',
    'rollout-changed-service-1',
    'rollout-changed-task-1',
  ]);
});

test('alarms and hints of condemned targets are urgent, and what a person says has its own queue', () => {
  const urgent: Message[] = [
    {
      type: 'AlarmChanged',
      alarm: 'a',
      from: 'OK',
      to: 'ALARM',
      changedAt: 0,
      muted: false,
      reason: '',
    },
    { type: 'Hinted', cause: 'x', urgent: true },
  ];
  const said: Message = {
    type: 'CommandReceived',
    by: 'ada',
    because: 'so',
    command: { do: 'hold' },
  };
  const image = { type: 'ImagePushed', registry: 'r', repository: 'a/b', tag: 't', at: 0 } as const;
  const releases: Message[] = [
    { ...image, digest: `sha256:${'a'.repeat(64)}` as never },
    { type: 'Hinted', cause: 'tick' },
  ];
  expect(urgent.map(queueFor)).toEqual(['urgent', 'urgent']);
  expect(queueFor(said)).toBe('commands');
  expect(releases.map(queueFor)).toEqual(['releases', 'releases']);
});

describe('what is announced', () => {
  const event = (source: string) => ({
    source,
    'detail-type': 'Slipway Release Proven',
    account: example.account,
    region: example.region,
    detail: {},
  });

  test('goes into the queue for GitHub, by a rule on our own bus', () => {
    expect(announcementRoute(example)).toEqual({
      name: 'feedback',
      queue: 'feedback',
      pattern: { source: ['slipway'], account: [example.account], region: [example.region] },
    });
    expect(announcementRoute(example)?.pattern.source).toEqual([ANNOUNCEMENT_SOURCE]);
    const { pattern } = announcementRoute(example) ?? { pattern: {} };
    expect(matches(pattern, event('slipway'))).toBe(true);
    expect(matches(pattern, event('aws.ecs'))).toBe(false);
  });

  test('goes nowhere without sources: of no image the commit is known', () => {
    expect(announcementRoute({ ...example, sources: {} })).toBeUndefined();
  });
});
