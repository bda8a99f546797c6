/** Every rule of the template against every sample of what we hear, and against near misses. */
import { readdirSync, readFileSync } from 'node:fs';
import { matches } from '@slipway/local-cloud/eventbridge/pattern.ts';
import { describe, expect, test } from 'vitest';
import example from '../../pipeline.config.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import {
  announcementRoute,
  noticeRoute,
  PATTERN_MAX,
  routes,
} from '../../shared/runtime/routing.ts';
import { pipelineWith, resourcesOf, templateOf } from './made.ts';

interface Event {
  readonly 'detail-type': string;
  readonly detail: Record<string, unknown>;
  readonly [field: string]: unknown;
}

const folder = new URL('../../events/', import.meta.url);
const samples = new Map(
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map(
      (file) => [file, JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Event] as const,
    )
    .filter(([, event]) => 'detail-type' in event),
);
/** The example, whose image `web` is built by the project that the samples come from. */
const pipeline = builtBy(
  String(samples.get('codebuild-build-succeeded.json')?.detail['project-name']),
);
const rules = resourcesOf(templateOf(pipeline), 'AWS::Events::Rule').map(({ Properties }) => ({
  name: String(Properties.Name),
  bus: Properties.EventBusName as unknown,
  pattern: Properties.EventPattern as object,
  targets: Properties.Targets as readonly { Id: string; DeadLetterConfig: unknown }[],
}));

/** What each rule must match; everything else among the samples it must not. */
const MATCHED: Readonly<Record<string, readonly string[]>> = {
  'slipway-image-pushed-1': [
    'ecr-image-pushed-other-tag.json',
    'ecr-image-pushed-signature.json',
    'ecr-image-pushed-worker.json',
    'ecr-image-pushed.json',
  ],
  'slipway-rollout-changed-service-1': [
    'ecs-deployment-completed-web.json',
    'ecs-deployment-failed-web.json',
    'ecs-service-steady-web.json',
  ],
  'slipway-rollout-changed-task-1': ['ecs-task-stopped-worker.json'],
  'slipway-alarm-changed-1': ['alarm-web-5xx-ok.json', 'alarm-web-5xx.json'],
  'slipway-build-changed-1': [
    'codebuild-build-failed.json',
    'codebuild-build-in-progress.json',
    'codebuild-build-stopped.json',
    'codebuild-build-succeeded.json',
  ],
  // Of our own bus, where only announcements are.
  'slipway-announced-feedback': [],
  'slipway-announced-notice': [],
};

function builtBy(project: string): Pipeline {
  const copy = structuredClone(example);
  Object.assign(copy.sources.shop?.rules.images.web ?? {}, { project });
  const mail = 'arn:aws:sns:eu-central-1:123456789012:mail';
  return { ...copy, notices: { mail, of: ['rolled-back'] } };
}

test('there is a rule for each route, and no other', () => {
  expect(rules.map(({ name }) => name).sort()).toEqual(Object.keys(MATCHED).sort());
  expect(rules.map(({ pattern }) => pattern)).toEqual(
    expect.arrayContaining(
      [...routes(pipeline), announcementRoute(pipeline), noticeRoute(pipeline)].map(
        (route) => route?.pattern,
      ),
    ),
  );
});

describe.each(rules)('$name', ({ name, pattern, targets }) => {
  test('matches these samples, and none of the others', () => {
    const matched = [...samples]
      .filter(([, event]) => matches(pattern, event))
      .map(([file]) => file);
    expect(matched.sort()).toEqual([...(MATCHED[name] ?? [])].sort());
  });

  test.each(MATCHED[name] ?? [])('misses %s by one field', (file) => {
    const event = samples.get(file) as Event;
    expect(matches(pattern, event)).toBe(true);
    const near: readonly Partial<Event>[] = [
      { account: '999999999999' },
      { region: 'us-east-1' },
      { source: 'custom.app' },
      { 'detail-type': 'Something Else' },
      otherThing(event),
    ];
    for (const change of near) {
      expect(matches(pattern, { ...event, ...change }), JSON.stringify(change)).toBe(false);
    }
  });

  test('has one target, and keeps what cannot be delivered', () => {
    expect(targets).toHaveLength(1);
    expect(targets[0]?.DeadLetterConfig).toMatchObject({ Arn: expect.anything() });
  });

  test('fits', () => {
    expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(PATTERN_MAX);
  });
});

/** The same event, about something that the config does not name. */
function otherThing({ detail, 'detail-type': type }: Event): Partial<Event> {
  switch (type) {
    case 'ECR Image Action':
      return { detail: { ...detail, 'repository-name': 'shop/web2' } };
    case 'CloudWatch Alarm State Change':
      return { detail: { ...detail, alarmName: 'web-5xx-canary' } };
    case 'CodeBuild Build State Change':
      return { detail: { ...detail, 'project-name': 'shop-web-of-others' } };
    case 'ECS Task State Change':
      return { detail: { ...detail, group: 'service:worker-2' } };
    default:
      return { resources: ['arn:aws:ecs:eu-central-1:123456789012:service/production/web2'] };
  }
}

test('people are told of what is wanted of targets: off our bus, and not of sources', () => {
  const told = rules.find(({ name }) => name === 'slipway-announced-notice');
  expect(told?.bus).toMatchObject({ Ref: expect.stringMatching(/^bus/) });
  const announced = (kind: string, key: string) => ({
    source: 'slipway',
    account: '123456789012',
    region: 'eu-central-1',
    detail: { kind, key },
  });
  expect(matches(told?.pattern, announced('rolled-back', 'ecs/production/web'))).toBe(true);
  expect(matches(told?.pattern, announced('started', 'ecs/production/web'))).toBe(false);
  expect(matches(told?.pattern, announced('rolled-back', 'git/acme/shop/main'))).toBe(false);
});

test('a push that failed, or has no tag, or is a deletion, reaches nobody', () => {
  const pushed = samples.get('ecr-image-pushed.json') as Event;
  const pattern = rules.find(({ name }) => name === 'slipway-image-pushed-1')?.pattern;
  const { 'image-tag': _, ...untagged } = pushed.detail;
  for (const detail of [
    { ...pushed.detail, result: 'FAILURE' },
    { ...pushed.detail, 'action-type': 'DELETE' },
    untagged,
  ]) {
    expect(matches(pattern, { ...pushed, detail })).toBe(false);
  }
});

test('hundreds of targets have rules that fit, each with its permission', () => {
  const names = Array.from({ length: 400 }, (_, i) => `a-service-with-a-rather-long-name-${i}`);
  const many = templateOf(
    pipelineWith(
      Object.fromEntries(
        names.map((_, i) => [`a-service-with-a-long-name-${i}`, { mode: 'watch' as const }]),
      ),
    ),
  );
  const made = resourcesOf(many, 'AWS::Events::Rule');
  expect(made.length).toBeGreaterThan(10);
  for (const { Properties } of made) {
    expect(JSON.stringify(Properties.EventPattern).length).toBeLessThanOrEqual(PATTERN_MAX);
  }
  many.resourceCountIs('AWS::Lambda::Permission', made.length);
});
