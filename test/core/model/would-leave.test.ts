/** What a rollback that is said now would leave, and when an event was so by our clock. */
import { describe, expect, test } from 'vitest';
import { momentOf } from '../../../shared/core/model/event.ts';
import { leavable, wouldLeave } from '../../../shared/core/model/would-leave.ts';
import {
  at,
  CHOOSING,
  condemned,
  fresh,
  pushed,
  record,
  registering,
  returning,
  revision,
  rolling,
  seen,
} from '../../build.ts';

describe('a rollback would leave', () => {
  const unnamed = condemned();
  const { revision: _, ...unregistered } = unnamed;

  test.each([
    ['what runs', record(), [revision(1)]],
    ['nothing, before anything was seen', fresh(), []],
    ['the release on its way', rolling(), [revision(2), 'ecs/production/web/2']],
    ['one whose revision is not registered', registering(), ['ecs/production/web/2']],
    ['what is left already', returning(CHOOSING), [revision(2), 'ecs/production/web/2']],
    [
      'and of that what is known',
      returning(CHOOSING, { condemned: unregistered }),
      ['ecs/production/web/2'],
    ],
  ])('%s', (_name, given, left) => {
    expect(leavable(given)).toEqual(left);
    expect(wouldLeave(given)).toBe(left[0]);
  });
});

test('a look was so when it began, what is out has no moment, and else it is said', () => {
  expect(momentOf({ type: 'Observed', observation: seen(record(), 7) })).toBe(at(7));
  expect(momentOf(pushed(2, { at: at(3) }))).toBe(at(3));
  const out = { type: 'Delivered', announcements: [], history: [], quarantine: [] } as const;
  expect(momentOf(out)).toBeUndefined();
});
