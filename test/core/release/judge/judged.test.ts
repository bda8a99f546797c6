/** What the judge says of a release is evidence beside its alarms and failed tasks. */
import { describe, expect, test } from 'vitest';
import type {
  Judged,
  Observation,
  ObservedAlarm,
} from '../../../../shared/core/model/observation.ts';
import { ownRelease } from '../../../../shared/core/model/record/phase.ts';
import type { Evidence } from '../../../../shared/core/model/record/release.ts';
import { questionFor } from '../../../../shared/core/question.ts';
import { NOTHING_AGAINST } from '../../../../shared/core/release/evidence.ts';
import { withHeldRises } from '../../../../shared/core/release/judge/held-rises.ts';
import {
  at,
  attempt,
  baking,
  digest,
  green,
  looked,
  red,
  release,
  rise,
  rolling,
  rollout,
  rose,
  rules,
  when,
} from '../../../build.ts';
import { course, GREEN, RULE } from '../../traffic/a-shift.ts';

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

test('what it has said since when is kept as long as it says so', () => {
  const said = (record: ReturnType<typeof looked>['record']) =>
    ownRelease(record.phase)?.release.evidence.judged;
  const first = look('waiting', 'act').record;
  const again = looked(first, 6, { ...going, ...judged('waiting') }).record;
  expect(said(again)).toMatchObject({ state: 'waiting', at: at(6), since: at(5) });
  const other = looked(again, 7, { ...going, ...judged('harmless') }).record;
  expect(said(other)).toMatchObject({ state: 'harmless', at: at(7), since: at(7) });
});

test('alone, where it only watches: that it would go back without a quarantine', () => {
  const then = look('alone', 'watch');
  expect(then.told).toMatchObject([
    {
      kind: 'would-have',
      because: expect.stringMatching(
        /^the judge would have rolled it back, without a quarantine: the judge finds it worse than what ran before ever was: /,
      ),
    },
  ]);
  expect(look('condemned', 'watch').told[0]?.because).toMatch(
    /^the judge would have rolled it back, and quarantined it: the judge finds it worse than what ran before: /,
  );
  expect(look('suspicious', 'watch').kinds).toEqual([]);
});

test('when it runs already, what ran before is no longer known by its revision', () => {
  const runs = release({ rules: rules({ judge: 'act' }) });
  expect(questionFor(baking({ release: runs }), at(6)).judge?.names).toEqual({
    old: 'the revision before',
    new: 'web:2',
  });
});

test('where its traffic goes is counted by the group that it goes into', () => {
  const shift = attempt({ course: course() });
  const shifts = release({ rules: rules({ judge: 'act' }) });
  expect(questionFor(rolling({ release: shifts, attempt: shift }), at(6)).judge?.into).toEqual({
    [RULE]: GREEN,
  });
  const alone = looked(rolling({ release: shifts, attempt: shift }), 5, {
    ...going,
    ...judged('alone'),
  });
  expect(alone.record.phase).toMatchObject({
    condemned: {
      counted: { serviceRevision: rollout(2).serviceRevision, into: { [RULE]: GREEN } },
    },
  });
});

describe('which rises are held while both suffer', () => {
  const window = { from: at(0), alarms: ['web-5xx', 'web-slow'] };
  const seen = (minutes: number, state: Judged['state'], alarms = RED) =>
    ({ at: at(minutes), alarms, judged: { state, because: '' } }) as unknown as Observation;
  const RED: Record<string, ObservedAlarm> = { 'web-5xx': red(at(4)), 'web-slow': red(at(4)) };
  const QUIET: Record<string, ObservedAlarm> = { 'web-5xx': green(), 'web-slow': green() };
  const known = (rises: Evidence['rises'], heldRises?: Evidence['heldRises']): Evidence => ({
    ...NOTHING_AGAINST,
    rises,
    ...(heldRises && { heldRises }),
  });
  const held = (evidence: Evidence, observation: Observation, how: 'act' | 'watch' = 'act') =>
    withHeldRises(evidence, rules({ judge: how }), window, observation);
  const four = { alarm: 'web-5xx', at: at(4) };

  test('those that count, each once, whatever else rose at that moment', () => {
    expect(held(known([rise(4)]), seen(5, 'alike')).heldRises).toEqual([four]);
    const before = known([rise(-1)]);
    expect(held(before, seen(5, 'alike'))).toBe(before);
    const again = known([rise(4)], [four]);
    expect(held(again, seen(5, 'alike'))).toBe(again);
    const slow = { alarm: 'web-slow', at: at(4) };
    const both = known([rise(4), rise(4, { alarm: 'web-slow' })], [four]);
    expect(held(both, seen(5, 'alike')).heldRises).toEqual([four, slow]);
    const later = known([rise(4), rise(6)], [four]);
    expect(held(later, seen(7, 'alike')).heldRises).toEqual([four, { ...four, at: at(6) }]);
  });

  test('none while not both suffer, nor where the judge only watches', () => {
    const given = known([rise(4)]);
    expect(held(given, seen(5, 'suspicious'))).toBe(given);
    expect(held(given, seen(5, 'alike'), 'watch')).toBe(given);
  });

  test('after twenty minutes none that is red, and one that is quiet stays held', () => {
    const given = known([rise(4)], [four]);
    expect(held(given, seen(23.9, 'alike'))).toBe(given);
    expect(held(given, seen(24, 'alike')).heldRises).toEqual([]);
    expect(held(given, seen(24, 'harmless', QUIET))).toBe(given);
    const late = known([rise(4)]);
    expect(held(late, seen(24, 'alike'))).toBe(late);
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
