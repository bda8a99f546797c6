/** What a message alone would withdraw is asked of CloudWatch's history first, and nothing else is. */
import { expect, test } from 'vitest';
import { asksHistory } from '../../../shared/core/events/alarm-changed.ts';
import { record, rose } from '../../build.ts';

/** Release 1 was watched from minute -90 to -70. */
test.each<[what: string, asked: boolean, change: Parameters<typeof rose>[1]]>([
  ['a rise inside the window of a proven release', true, {}],
  ['a rise outside of it', false, { changedAt: 0 }],
  ['an alarm that is well again', false, { to: 'OK' }],
  ['an alarm that was red before', false, { from: 'ALARM' }],
  ['an alarm that is muted', false, { muted: true }],
])('%s: %s', (_, asked, change) => {
  expect(asksHistory(record(), rose(-80, change))).toBe(asked);
});

test('of a target that left the config nothing is asked', () => {
  expect(asksHistory(record({ retired: true }), rose(-80))).toBe(false);
});
