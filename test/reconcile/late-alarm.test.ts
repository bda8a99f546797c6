/** A rise that is told late is asked of CloudWatch's history before it condemns what was proven. */
import { expect, test } from 'vitest';
import type { AlarmRise, ObservedRises } from '../../shared/core/model/observation.ts';
import { TransientError } from '../../shared/ports.ts';
import { heldAgainstHistory } from '../../shared/reconcile/late-alarm.ts';
import { at, candidate, record, rise, rolling, rose } from '../build.ts';

const proven = record({ rollbackCandidates: [candidate(1)] });
const { inHistory: _, ...late } = rose(-80);

function world(history: ObservedRises | undefined, now = at(1)) {
  const asked: unknown[] = [];
  const ports = {
    alarms: {
      states: async () => ({}),
      rises: async (names: readonly string[], since: number) => {
        asked.push([names, since]);
        return history === undefined ? {} : { 'web-5xx': history };
      },
    },
    clock: { now: () => now, newId: () => 'id', timeLeft: () => 30_000 },
  };
  return { asked, ports };
}

const known = (...rises: readonly AlarmRise[]): ObservedRises => ({ state: 'known', rises });

test('what the history shows counts in the place of what the message says', async () => {
  const shown = rise(-80, { reason: 'as CloudWatch says', breachEndsAt: at(-81) });
  const { ports, asked } = world(known(shown));
  const forged = { ...late, breachStartsAt: at(-85), reason: 'as somebody says' };
  expect(await heldAgainstHistory(forged, proven, ports)).toEqual({
    ...late,
    reason: 'as CloudWatch says',
    breachEndsAt: at(-81),
    inHistory: 'yes',
  });
  expect(asked).toEqual([[['web-5xx'], at(-80) - 1_000]]);
});

test('a rise that the history does not show, or shows at another moment, is said to be in none', async () => {
  for (const history of [known(), known(rise(-70))]) {
    const heard = await heldAgainstHistory(late, proven, world(history).ports);
    expect(heard).toEqual({ ...late, inHistory: 'no' });
  }
});

test('a history that does not answer, or may lag, is asked again: nothing is lost, nothing believed', async () => {
  const unknown: ObservedRises = { state: 'unknown', because: 'ThrottlingException' };
  for (const { ports } of [world(unknown), world(undefined), world(known(), at(-79))]) {
    await expect(heldAgainstHistory(late, proven, ports)).rejects.toThrow(TransientError);
  }
});

test('an alarm that withdraws nothing asks nobody: a rollback must not wait for a history', async () => {
  const { ports, asked } = world(known());
  const during = rose(2);
  expect(await heldAgainstHistory(during, rolling(), ports)).toBe(during);
  const muted = { ...late, muted: true };
  expect(await heldAgainstHistory(muted, proven, ports)).toBe(muted);
  expect(asked).toEqual([]);
});
