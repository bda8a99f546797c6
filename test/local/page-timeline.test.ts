import { describe, expect, test } from 'vitest';
import { concerns, targetWords } from '../../local/page/entry-target.ts';
import { entryWords } from '../../local/page/entry-words.ts';
import { chosenEntries } from '../../local/page/timeline-choice.ts';
import type { PageEntry } from '../../local/server/page-state.ts';
import type { Entry } from '../../local/stories/timeline.ts';
import {
  alarmEvent,
  announced,
  called,
  decided,
  numbered,
  pageImage,
  pageTarget,
  step,
  TEN,
} from './page-world.ts';

const one = (entry: Entry): PageEntry => ({ ...entry, n: 0 });

function eventOf(detailType: string, detail: object, resources: string[] = []): PageEntry {
  const shape = alarmEvent(TEN, 'OK');
  if (shape.type !== 'event') throw new Error('no event');
  const event = { ...shape.event, 'detail-type': detailType, detail: { ...detail }, resources };
  return one({ ...shape, event });
}

describe('an entry in words', () => {
  test('an alarm that rose, without what CloudWatch adds', () => {
    const reason =
      'Threshold Crossed: 2 datapoints were greater than the threshold (5.0) (minimum 2 datapoints for OK -> ALARM transition).';
    expect(entryWords(one(alarmEvent(TEN, 'ALARM', reason)))).toEqual({
      depth: 'story',
      speaker: 'alarm',
      tone: 'bad',
      head: 'web-5xx: OK → ALARM',
      text: '2 datapoints were greater than the threshold (5.0).',
    });
  });

  test('an announcement, with what runs and what comes next', () => {
    expect(entryWords(one(announced(TEN, 'rolled-back', 'alarm web-5xx rose')))).toEqual({
      depth: 'story',
      speaker: 'slipway',
      tone: 'bad',
      head: 'rolled back: web main-8f3c2a1',
      text: 'alarm web-5xx rose',
      after: 'runs shop/web:main-1a2b3c4, web:2; a release that fails returns here',
    });
  });

  test('a call that changes what runs is part of the story, one that looks is not', () => {
    const update = { service: 'web', taskDefinition: 'arn:aws:ecs:…:task-definition/web:3' };
    expect(entryWords(one(called(TEN, 'UpdateService', update)))).toMatchObject({
      depth: 'story',
      head: 'ecs:UpdateService web web:3',
      after: 'by reconcile',
    });
    expect(entryWords(one(called(TEN, 'DescribeServices', {})))).toMatchObject({
      depth: 'everything',
      head: 'ecs:DescribeServices',
    });
  });

  test('a call that was refused says so', () => {
    const refused = one({
      ...called(TEN, 'UpdateService', {}),
      outcome: 'ThrottlingException',
    } as Entry);
    expect(entryWords(refused)).toMatchObject({
      tone: 'warn',
      text: 'was answered ThrottlingException',
    });
  });

  test('a deployment of ECS', () => {
    const arn = 'arn:aws:ecs:eu-central-1:123456789012:service/production/web';
    const detail = { eventName: 'SERVICE_DEPLOYMENT_FAILED', reason: 'alarm detected.' };
    expect(entryWords(eventOf('ECS Deployment State Change', detail, [arn]))).toMatchObject({
      speaker: 'ecs',
      tone: 'bad',
      head: 'web: deployment failed',
      text: 'alarm detected.',
    });
  });

  test('an event whose detail is none of what it should be is told all the same', () => {
    for (const type of [
      'CloudWatch Alarm State Change',
      'ECS Task State Change',
      'ECR Image Scan',
    ]) {
      expect(
        entryWords(eventOf(type, { state: 7, alarmName: null, group: [] })).depth,
      ).toBeDefined();
    }
  });

  test('an entry of a kind that this page does not know does not break it', () => {
    const unknown = { type: 'tomorrow', at: TEN, n: 0 } as unknown as PageEntry;
    expect(entryWords(unknown).depth).toBe('everything');
    expect(concerns(unknown, targetWords(pageTarget()))).toBe(false);
  });
});

describe('the entries of one target', () => {
  const web = targetWords(pageTarget());

  test.each<[string, Entry, boolean]>([
    ['its decision', decided(TEN, 'the bake goes on'), true],
    ["another target's decision", decided(TEN, 'nothing waits', 'worker'), false],
    ['its announcement', announced(TEN, 'proven', 'it stood'), true],
    ["another target's announcement", announced(TEN, 'proven', 'it stood', 'worker'), false],
    ['a push of its image', step(TEN, 'shop/web:main-1 is pushed'), true],
    ['a push of an image with a longer name', step(TEN, 'shop/web-admin:main-1 is pushed'), false],
    ['a push of an image below its name', step(TEN, 'shop/web/admin:main-1 is pushed'), false],
    ['a push of an image whose name ends so', step(TEN, 'my-shop/web:main-1 is pushed'), false],
    ['its alarm', alarmEvent(TEN, 'ALARM'), true],
    ['a call for its service', called(TEN, 'UpdateService', { service: 'web' }), true],
    ['a call for services', called(TEN, 'DescribeServices', { services: ['web', 'worker'] }), true],
    ['a call for another service', called(TEN, 'UpdateService', { service: 'worker' }), false],
    [
      'a call for its record',
      called(TEN, 'GetItem', { Key: { pk: 'ecs/production/web' } }, 'dynamodb'),
      true,
    ],
    [
      'a call for its tasks',
      called(TEN, 'DescribeServiceRevisions', {
        serviceRevisionArns: ['arn:aws:ecs:eu:1:service-revision/production/web/17'],
      }),
      true,
    ],
    [
      'a call for its task definition',
      called(TEN, 'DescribeTaskDefinition', {
        taskDefinition: 'arn:aws:ecs:eu:1:task-definition/web:7',
      }),
      true,
    ],
  ])('%s', (_, entry, expected) => {
    expect(concerns(one(entry), web)).toBe(expected);
  });

  test('an image that waits is its own, too', () => {
    const image = pageImage('main-2', 'b', 'shop/sidecar');
    const words = targetWords(pageTarget({ waiting: { sidecar: image } }));
    expect(concerns(one(step(TEN, 'shop/sidecar:main-2 is pushed')), words)).toBe(true);
  });
});

test('who wants to read more reads all of less as well, in order', () => {
  const entries = numbered([
    called(TEN, 'DescribeServices', { services: ['web'] }),
    decided(TEN, 'the bake goes on'),
    announced(TEN, 'proven', 'it stood'),
    decided(TEN, 'nothing waits', 'worker'),
  ]);
  const numbers = (list: readonly PageEntry[]) => list.map(({ n }) => n);
  expect(numbers(chosenEntries(entries, 'story', undefined))).toEqual([2]);
  expect(numbers(chosenEntries(entries, 'decisions', undefined))).toEqual([1, 2, 3]);
  expect(numbers(chosenEntries(entries, 'everything', undefined))).toEqual([0, 1, 2, 3]);
  const web = targetWords(pageTarget());
  expect(numbers(chosenEntries(entries, 'everything', web))).toEqual([0, 1, 2]);
});
