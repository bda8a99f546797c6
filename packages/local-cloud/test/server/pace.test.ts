/** How virtual time follows the wall, and who has its turn when. */
import { describe, expect, test } from 'vitest';
import { Pace } from '../../server/pace.ts';
import { Turns } from '../../server/turns.ts';

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
