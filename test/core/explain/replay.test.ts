/** A history that is decided again: whole, from its first entry, and where this code decides otherwise it says so. */
import { expect, test } from 'vitest';
import { decide, introduce } from '../../../shared/core/decide.ts';
import { asDecided, replay } from '../../../shared/core/explain/replay.ts';
import { at, pushed, rules } from '../../build.ts';

const KEY = 'ecs/production/web';
const first = introduce(KEY, { type: 'Configured', at: at(0), id: 'web', rules: rules() }).record;
const { record } = decide(first, pushed(2));
const history = record.outbox.history;
const [begun, heard] = history;
if (begun === undefined || heard === undefined) throw new Error('two decisions have two entries');

test('the same events lead to the same record, sentence by sentence', () => {
  const { record: again, steps } = replay(KEY, history);
  expect(again).toEqual({ ...record, outbox: first.outbox && again.outbox });
  expect(asDecided(again)).toEqual(asDecided(record));
  expect(steps.map(({ sequence, agrees }) => [sequence, agrees])).toEqual([
    [1, true],
    [2, true],
  ]);
  expect(steps[0]?.because).toBe('introduced by the config');
});

test.each([
  ['the phase', { phase: 'baking' as const }],
  ['the reason', { because: 'something else' }],
])('where %s was another one, it does not agree', (_, change) => {
  const { steps } = replay(KEY, [begun, { ...heard, ...change }]);
  expect(steps.map(({ agrees }) => agrees)).toEqual([true, false]);
});

test('a history with a gap, without a beginning, or without entries is refused, and says why', () => {
  expect(() => replay(KEY, [begun, { ...heard, sequence: 5 }])).toThrow(
    'the history of ecs/production/web has no entry 2: the next one is 5',
  );
  expect(() => replay(KEY, [{ ...heard, sequence: 1 }])).toThrow(
    'entry 1 of ecs/production/web is ImagePushed: a history begins with Configured',
  );
  expect(() => replay(KEY, [])).toThrow('the history of ecs/production/web is empty');
});
