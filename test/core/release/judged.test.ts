/** What the judge says of a release is evidence beside its alarms and failed tasks. */
import { describe, expect, test } from 'vitest';
import type { Judged, ObservedAlarm } from '../../../shared/core/model/observation.ts';
import { questionFor } from '../../../shared/core/question.ts';
import {
  at,
  digest,
  looked,
  red,
  release,
  rolling,
  rollout,
  rose,
  rules,
  when,
} from '../../build.ts';

const judged = (state: Judged['state']): { judged: Judged } => ({
  judged: { state, because: 'of 550 requests to web:2, 136 failed (24.7 %)' },
});
const shifting = (judge?: 'watch' | 'act') =>
  rolling({ release: release({ rules: rules(judge && { judge }) }) });
const going = { rollouts: [rollout(2)] };
const look = (state: Judged['state'], judge?: 'watch' | 'act') =>
  looked(shifting(judge), 5, { ...going, ...judged(state) });

test('of a release that is judged a look asks the judge, since its rollout began', () => {
  const found = look('waiting', 'act').record;
  expect(questionFor(found, at(6)).judge).toEqual({
    serviceRevision: rollout(2).serviceRevision,
    since: rollout(2).createdAt,
    names: { old: 'web:1', new: 'web:2' },
  });
  expect(questionFor(looked(shifting(), 5, going).record, at(6)).judge).toBeUndefined();
  const slow = rolling({ release: release({ rules: rules({ judge: 'act', slowMs: 800 }) }) });
  expect(questionFor(looked(slow, 5, going).record, at(6)).judge?.slowMs).toBe(800);
});

test('condemned: it goes back, and is quarantined', () => {
  const then = look('condemned', 'act');
  expect(then.because).toBe(
    'condemned: the judge finds it worse than what ran before: of 550 requests to web:2, 136 failed (24.7 %)',
  );
  expect(then.record.quarantine[0]?.digest).toBe(digest(2));
});

test('alone: it goes back, and is not quarantined', () => {
  const then = look('alone', 'act');
  expect(then.record.phase).toMatchObject({ phase: 'deploying', goal: 'back' });
  expect(then.record.quarantine).toEqual([]);
  expect(then.record.newest.app).not.toHaveProperty('again', true);
});

test.each(['alike', 'suspicious', 'harmless', 'waiting', 'unmeasured'] as const)(
  '%s condemns nobody',
  (state) => {
    const then = look(state, 'act');
    expect(then.standing).toBe('deploying');
    expect(then.kinds).toEqual([]);
  },
);

test('watch: it goes on, and what would have been done is told once, also when it is said again', () => {
  const then = look('condemned', 'watch');
  expect(then.standing).toBe('deploying');
  expect(then.kinds).toEqual(['would-have']);
  expect(looked(then.record, 6, { ...going, ...judged('condemned') }).kinds).toEqual([]);
});

test('condemned is never taken back', () => {
  const then = looked(look('condemned', 'watch').record, 6, { ...going, ...judged('harmless') });
  expect(then.record.phase).toMatchObject({
    release: { evidence: { judged: { state: 'condemned' } } },
  });
});

describe('an alarm that rises while both suffer', () => {
  const alarms: Record<string, ObservedAlarm> = { 'web-5xx': red(at(4), at(4)) };
  const state = (
    record: ReturnType<typeof looked>['record'],
    minutes: number,
    said: Judged['state'],
    more = alarms,
  ) => looked(record, minutes, { ...going, ...judged(said), alarms: more });

  test('is held, and stays so when they are well again', () => {
    const then = state(shifting('act'), 5, 'alike');
    expect(then.standing).toBe('deploying');
    const calm = state(then.record, 9, 'harmless', { 'web-5xx': { state: 'OK', since: at(8) } });
    expect(calm.standing).toBe('deploying');
  });

  test('condemns after twenty minutes, if it is red until then', () => {
    const then = state(shifting('act'), 5, 'alike');
    expect(state(then.record, 23, 'alike').standing).toBe('deploying');
    expect(state(then.record, 24, 'alike').because).toContain('condemned: alarm web-5xx rose');
  });

  test.each([
    ['act', 'waiting'],
    ['watch', 'alike'],
  ] as const)('with judge %s and %s it condemns at once', (judge, said) => {
    expect(state(shifting(judge), 5, said).because).toContain('condemned: alarm web-5xx rose');
  });

  test('is judged by the next look and not by its message', () => {
    const found = look('waiting', 'act').record;
    const then = when(found, rose(6));
    expect(then.standing).toBe('deploying');
    expect(then.because).toContain('the next look asks the judge');
    expect(when(look('waiting', 'watch').record, rose(6)).because).toContain('condemned');
  });
});
