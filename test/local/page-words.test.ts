import { describe, expect, test } from 'vitest';
import {
  clockText,
  dayText,
  digestText,
  durationText,
  imageText,
  latencyText,
  numberText,
  shareText,
  speedText,
} from '../../local/page/formats.ts';
import { phaseWords } from '../../local/page/phase-words.ts';
import { slowerOrFaster } from '../../local/page/speeds.ts';
import { newsOf } from '../../local/page/spoken.ts';
import { failuresOf, livesText, taskLife } from '../../local/page/task-life.ts';
import { titleText } from '../../local/page/title.ts';
import { pageAwaited, pageImage, pageTarget, pageTask, TEN } from './page-world.ts';

describe('how the page writes', () => {
  test('moments, in UTC', () => {
    expect(clockText(TEN + 3_661_000)).toBe('11:01:01');
    expect(dayText(TEN)).toBe('20 Nov 2026');
  });

  test.each([
    [0, '0 s'],
    [-5, '0 s'],
    [12_400, '12 s'],
    [60_000, '1 min'],
    [185_000, '3 min 5 s'],
    [7_500_000, '2 h 5 min'],
    [3_600_000 + 30_000, '1 h'],
    [273_600_000, '3 d 4 h'],
  ])('%d ms as %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });

  test.each([
    [0, '0 %'],
    [0.0004, '< 0.1 %'],
    [0.025, '2.5 %'],
    [0.05, '5 %'],
    [0.25, '25 %'],
    [0.994, '99.4 %'],
    [0.9996, '> 99.9 %'],
    [1, '100 %'],
  ])('a share of %d as %s', (share, text) => {
    expect(shareText(share)).toBe(text);
  });

  test('latency, numbers, speeds', () => {
    expect([50, 7.25, 999.6, 1250].map(latencyText)).toEqual([
      '50 ms',
      '7.3 ms',
      '1000 ms',
      '1.25 s',
    ]);
    expect([0.0042, 12_500].map(numberText)).toEqual(['0.004', '12,500']);
    expect([0, 1, 2.5, 3600].map(speedText)).toEqual(['paused', '1×', '2.5×', '3,600×']);
  });

  test('images by their tag, else by twelve letters of their digest', () => {
    const image = pageImage('main-1', 'a');
    expect(imageText(image)).toBe('shop/web:main-1');
    const { tag: _, ...untagged } = image;
    expect(imageText(untagged)).toBe('shop/web (sha256:aaaaaaaaaaaa)');
    expect(digestText('something else')).toBe('something else');
  });
});

describe('tasks', () => {
  test.each([
    ['PROVISIONING', 'RUNNING', false, 'starting'],
    ['RUNNING', 'RUNNING', false, 'running'],
    ['RUNNING', 'RUNNING', true, 'serving'],
    ['RUNNING', 'STOPPED', true, 'stopping'],
    ['DEPROVISIONING', 'STOPPED', false, 'stopping'],
    ['STOPPED', 'STOPPED', false, 'stopped'],
  ] as const)('%s, wanted %s, serving %s: %s', (lastStatus, desiredStatus, serving, life) => {
    expect(taskLife(pageTask({ lastStatus, desiredStatus, serving }))).toBe(life);
  });

  test('are counted in words', () => {
    const starting = pageTask({ lastStatus: 'PENDING', serving: false });
    expect(livesText([starting, pageTask(), pageTask()])).toBe('2 serving, 1 starting');
    expect(livesText([])).toBe('no tasks');
  });

  test('that failed say why, each reason once; those that a deployment let go do not', () => {
    const stopped = (stoppedReason: string, createdAt: number) =>
      pageTask({ stoppedReason, createdAt });
    const tasks = [
      stopped('Essential container in task exited', TEN),
      stopped('CannotPullContainerError', TEN + 1),
      stopped('Essential container in task exited', TEN + 2),
      stopped('Scaling activity initiated by (deployment ecs-svc/1)', TEN + 3),
    ];
    expect(failuresOf(tasks)).toEqual([
      'Essential container in task exited',
      'CannotPullContainerError',
    ]);
  });
});

describe('phases', () => {
  test('have an icon and a tone each, and say what they mean', () => {
    expect(phaseWords('rolling-back: stopping')).toEqual({
      tone: 'bad',
      icon: 'back',
      meaning: 'going back to a proven release',
    });
    expect(phaseWords('constructor').tone).toBe('quiet');
  });

  test('are told aloud when they change, and only then', () => {
    const web = pageTarget();
    const baking = pageTarget({ phase: 'baking', because: 'the bake goes on' });
    expect(newsOf([web], [baking])).toBe('web is baking: the bake goes on');
    expect(newsOf([web], [pageTarget({ because: 'another because' })])).toBeUndefined();
    expect(newsOf([], [web])).toBeUndefined();
  });

  test('leave what begins to wait for a word to be told aloud, once', () => {
    const waits = pageTarget({ awaited: [pageAwaited()] });
    expect(newsOf([pageTarget()], [waits])).toBe(
      "web waits for a person's word: the release of shop/web:main-2, before it gets traffic",
    );
    expect(newsOf([waits], [waits])).toBeUndefined();
  });

  test('that press stand in the title of the tab', () => {
    const returning = pageTarget({ phase: 'rolling-back: selecting' });
    const asking = pageTarget({ id: 'worker', phase: 'needs-attention' });
    expect(titleText([pageTarget()])).toBe('Slipway local');
    expect(titleText([returning])).toBe('web: rolling-back: selecting · Slipway local');
    expect(titleText([asking, returning])).toBe(
      'worker: needs-attention and 1 more · Slipway local',
    );
  });
});

test('slower and faster go to the next speed that is offered, from any speed', () => {
  expect(slowerOrFaster(1, 1)).toBe(10);
  expect(slowerOrFaster(30, 1)).toBe(60);
  expect(slowerOrFaster(30, -1)).toBe(10);
  expect(slowerOrFaster(0, -1)).toBe(0);
  expect(slowerOrFaster(3600, 1)).toBe(3600);
});
