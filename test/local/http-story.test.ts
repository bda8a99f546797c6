/** The timeline of a cloud that runs for long: numbered, and kept within bounds. */
import { describe, expect, test } from 'vitest';
import type { PageEntry } from '../../local/server/page-state.ts';
import { Story } from '../../local/server/story.ts';
import type { Entry } from '../../local/stories/timeline.ts';

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
