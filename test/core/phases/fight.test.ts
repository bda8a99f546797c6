/** Somebody else puts their revision in place of ours, again and again. */
import { describe, expect, test } from 'vitest';
import type { TaskDefinitionArn } from '../../../shared/core/model/image.ts';
import { noteReplaced } from '../../../shared/core/phases/external.ts';
import { record } from '../../build.ts';

const HOUR = 3_600_000;
const web = (n: number) =>
  `arn:aws:ecs:eu-central-1:123456789012:task-definition/web:${n}` as TaskDefinitionArn;
const kinds = (given: ReturnType<typeof record>) =>
  given.outbox.announcements.map(({ kind }) => kind);

describe('a fight is told with both names, and not fought', () => {
  const once = noteReplaced(record(), web(5), web(1), HOUR);

  test('one replacement is no fight', () => {
    expect(kinds(once)).toEqual([]);
  });

  test('the second within a day is', () => {
    const twice = noteReplaced(once, web(6), web(2), 24 * HOUR);
    expect(kinds(twice)).toEqual(['fought']);
    expect(twice.outbox.announcements[0]?.because).toBe(
      'somebody else replaced our web:6 by web:2, and our web:5 by web:1 less than a day before',
    );
    expect(twice.phase).toBe(once.phase);
  });

  test('the second after a day is none', () => {
    expect(kinds(noteReplaced(once, web(6), web(2), 25 * HOUR))).toEqual([]);
  });

  test('only the newest three are remembered', () => {
    let given = once;
    for (let i = 2; i < 9; i++) given = noteReplaced(given, web(i), web(1), i * 30 * HOUR);
    expect(given.takeovers.map(({ ours }) => ours)).toEqual([web(8), web(7), web(6)]);
  });
});
