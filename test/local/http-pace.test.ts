import { Pace } from '@slipway/local-cloud/server/pace.ts';
import { Turns } from '@slipway/local-cloud/server/turns.ts';
import { describe, expect, test } from 'vitest';
import type { PageEntry } from '../../local/server/page-state.ts';
import { Story } from '../../local/server/story.ts';
import type { Entry } from '../../local/stories/timeline.ts';

describe('virtual time follows the wall', () => {
  function paced(speed: number) {
    let wall = 500;
    const pace = new Pace(() => wall, 1_000_000, speed);
    return { pace, pass: (ms: number) => (wall += ms) };
  }

  test.each([
    [1, 1_000_250],
    [60, 1_015_000],
    [0.5, 1_000_125],
    [0, 1_000_000],
  ])('at speed %d a quarter of a second makes it %d', (speed, wanted) => {
    const { pace, pass } = paced(speed);
    pass(250);
    expect(pace.wanted(1_000_000)).toBe(wanted);
  });

  test('it never runs back, when handlers took it further than it should be', () => {
    const { pace, pass } = paced(1);
    pass(10);
    expect(pace.wanted(1_000_400)).toBe(1_000_400);
    pass(500);
    expect(pace.wanted(1_000_400)).toBe(1_000_510);
  });

  test('what a laptop slept through is not lived through afterwards', () => {
    const { pace, pass } = paced(10);
    pass(8 * 3_600_000);
    expect(pace.wanted(1_000_000)).toBe(1_020_000);
    pass(100);
    expect(pace.wanted(1_020_000)).toBe(1_021_000);
  });

  test('another speed counts from the moment when it was set', () => {
    const { pace, pass } = paced(100);
    pass(1_000);
    pace.change(1, 1_100_000);
    pass(1_000);
    expect(pace.wanted(1_100_000)).toBe(1_101_000);
    expect(pace.speed).toBe(1);
  });
});

describe('turns', () => {
  test('are taken one after the other, and one that fails holds up nobody', async () => {
    const turns = new Turns();
    const order: string[] = [];
    let release = () => {};
    const first = turns.take(async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      order.push('first');
    });
    const second = turns.take(() => {
      order.push('second');
      throw new Error('no');
    });
    const third = turns.take(() => order.push('third'));
    await Promise.resolve();
    expect(order).toEqual([]);
    release();
    await first;
    await expect(second).rejects.toThrow('no');
    await third;
    expect(order).toEqual(['first', 'second', 'third']);
  });
});

describe('the story', () => {
  const step = (text: string): Entry => ({ type: 'step', at: 0, text });
  const decision = (phase: string, because: string, target = 'web'): Entry => ({
    type: 'decision',
    at: 0,
    target,
    event: 'Observed',
    because,
    phase,
  });

  test('numbers what happens, and takes it out of the cloud’s list', () => {
    const story = new Story();
    const timeline = [step('a'), step('b')];
    expect(story.takeFrom(timeline).map(({ n }) => n)).toEqual([0, 1]);
    expect(timeline).toEqual([]);
    expect(story.takeFrom([step('c')]).map(({ n }) => n)).toEqual([2]);
    expect(story.since(1)).toMatchObject({ first: 0, next: 3, entries: [{ n: 1 }, { n: 2 }] });
    expect(story.since(3)).toEqual({ first: 0, next: 3, entries: [] });
  });

  test('keeps the newest five thousand, under their old numbers', () => {
    const story = new Story();
    for (let count = 0; count < 60; count++) {
      story.takeFrom(Array.from({ length: 100 }, () => step('x')));
    }
    expect(story.next).toBe(6_000);
    expect(story.first).toBeGreaterThanOrEqual(500);
    expect(story.all().length).toBeLessThanOrEqual(5_500);
    expect(story.since(0).entries[0]?.n).toBe(story.first);
    expect(story.since(0).entries).toHaveLength(1_000);
    expect(story.since(0).next).toBe(story.first + 1_000);
  });

  test('goes on from what was kept, with the numbers of then', () => {
    const kept: PageEntry[] = [
      { ...step('a'), n: 41 },
      { ...decision('deploying', 'a push'), n: 42 },
    ];
    const story = new Story(kept);
    expect([story.first, story.next]).toEqual([41, 43]);
    expect(story.ledTo('web')?.into.because).toBe('a push');
  });

  test('knows what led into a phase, and what came after', () => {
    const story = new Story();
    story.takeFrom([
      decision('idle', 'adopted'),
      decision('deploying', 'a push'),
      decision('deploying', 'ECS took it'),
      decision('idle', 'another', 'worker'),
    ]);
    expect(story.ledTo('web')).toMatchObject({
      into: { because: 'a push' },
      latest: { because: 'ECS took it' },
    });
    expect(story.ledTo('api')).toBeUndefined();
  });
});
