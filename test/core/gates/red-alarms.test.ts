/** An outage never holds its own fix; a person's deploy passes every gate of alarms. */

import { describe, expect, test } from 'vitest';
import { ownRelease } from '../../../shared/core/model/record/phase.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import { standingOf } from '../../../shared/core/model/standing.ts';
import {
  at,
  digest,
  image,
  looked,
  type ObservationChange,
  order,
  person,
  pushed,
  record,
  red,
  revision,
  rules,
  scanRules,
  twoContainers,
  waiting,
  when,
} from '../../build.ts';

const RED: ObservationChange = { alarms: { 'web-5xx': red(at(-5)) } };
const proceed = rules({ whileAlarmRed: 'proceed' });
const deploy = (n: number) =>
  person({ do: 'deploy', images: { app: image(n) } }, { id: `deploy ${n}`, at: at(1) });

describe('a release may start under a red alarm', () => {
  test('and says so', () => {
    const started = looked(waiting({ rules: proceed }), 1, RED);
    expect(started.action?.type).toBe('RegisterRevision');
    expect(started.because).toContain('while alarm web-5xx is red since before its start');
    expect(started.record.phase).toMatchObject({ release: { redAtStart: ['web-5xx'] } });
  });

  test('without a word of it when no alarm is red', () => {
    const { phase } = looked(waiting({ rules: proceed }), 1).record;
    expect(ownRelease(phase)).toMatchObject({ phase: 'deploying' });
    expect(ownRelease(phase)?.release).not.toHaveProperty('redAtStart');
  });

  test.each<[state: string, seen: ObservationChange]>([
    ['does not exist', { alarms: { 'web-5xx': { state: 'missing' } } }],
    ['is unknown', { alarms: { 'web-5xx': { state: 'unknown', because: 'HTTP 503' } } }],
  ])('but not when an alarm %s: that is no outage', (_, seen) => {
    expect(looked(waiting({ rules: proceed }), 1, seen).kinds).toEqual(['held']);
  });
});

describe('after a rollback', () => {
  const runs = { revision: revision(1), images: { app: image(1) }, since: at(-2) };
  const after = waiting({ rules: proceed, alarmsToClear: ['web-5xx'], runs });

  test('the next image waits for the alarm that condemned, for one bake at most', () => {
    const held = looked(after, 1, RED);
    expect(held.kinds).toEqual(['held']);
    expect(held.told[0]?.next).toContain('at 10:08:00 UTC at the latest');
    expect(looked(held.record, 7.9, RED).action).toBeUndefined();
    expect(looked(held.record, 8, RED).action?.type).toBe('RegisterRevision');
    expect(looked(held.record, 2).action?.type).toBe('RegisterRevision');
  });

  test('nothing is waited for where the condemned release runs on', () => {
    const stuck = { ...after, condemnedRevisions: [{ revision: revision(1), digests: [] }] };
    expect(looked(stuck, 1, RED).action?.type).toBe('RegisterRevision');
  });
});

describe("a person's deploy passes the gates of alarms", () => {
  test.each<[gate: string, given: TargetRecord, seen: ObservationChange]>([
    ['red', record(), RED],
    ['missing', record(), { alarms: { 'web-5xx': { state: 'missing' } } }],
    ['unknown', record(), { alarms: { 'web-5xx': { state: 'unknown', because: '503' } } }],
    ['not clear', record({ alarmsToClear: ['web-5xx'], rules: proceed }), RED],
  ])('%s', (_, given, seen) => {
    const asked = when(given, deploy(2)).record;
    expect(looked(asked, 2, seen).action?.type).toBe('RegisterRevision');
  });

  test('and takes nobody with it: another image goes on being held', () => {
    const two = record({ rules: twoContainers() });
    const push = pushed(7, { containers: { sidecar: order(7) } });
    const asked = when(when(two, push).record, deploy(2)).record;
    const definition = { revision: revision(1), containers: { app: 'a:1', sidecar: 'b:1' } };
    const started = looked(asked, 2, { ...RED, definition });
    expect(started.action).toMatchObject({ type: 'RegisterRevision', images: { app: image(2) } });
    expect(Object.keys(started.record.waiting)).toEqual(['sidecar']);
  });

  test.each<[gate: string, given: TargetRecord, seen: ObservationChange]>([
    ["a person's hold", record({ hold: { by: 'bob', because: 'why', since: at(0) } }), RED],
    [
      'a scan that is not complete',
      record({ rules: rules(scanRules()) }),
      { ...RED, scans: { [digest(2)]: { state: 'pending', because: 'IN_PROGRESS' } } },
    ],
  ])('but not %s', (_, given, seen) => {
    expect(looked(when(given, deploy(2)).record, 2, seen).kinds).toEqual(['held']);
  });
});

describe('a hold has one clock, and it is the gate that it belongs to', () => {
  /** A push each half hour, and a look after each. */
  const busy = (given: TargetRecord, hours: number, seen = RED) => {
    const kinds: string[] = [];
    let now = given;
    for (let minute = 0; minute <= hours * 60; minute += 30) {
      const push = pushed(3 + minute / 30, { at: at(minute) });
      now = when(now, push).record;
      for (const later of [1, 29]) {
        const step = looked(now, minute + later, seen);
        kinds.push(...step.kinds);
        now = step.record;
      }
    }
    return { kinds, now };
  };

  test('newer pushes do not begin it anew: a person is asked after holdMinutes, once', () => {
    const { kinds } = busy(waiting(), 5);
    expect(kinds.filter((kind) => kind === 'needs-attention')).toHaveLength(1);
    expect(kinds.indexOf('needs-attention')).toBeLessThan(5);
  });

  test('it ends: where the config says proceed, the newest one starts', () => {
    const { now } = busy(waiting({ rules: rules({ afterHold: 'proceed' }) }), 1);
    expect(standingOf(now)).toBe('deploying');
  });

  test('it goes on behind another gate', () => {
    const given = waiting({ rules: rules({ ...scanRules() }) });
    const scans = { [digest(2)]: { state: 'pending', because: 'IN_PROGRESS' } } as const;
    const behind = looked(given, 1, { ...RED, scans }).record;
    const alone = looked(behind, 20, RED);
    expect(alone.kinds).toEqual(['held']);
    expect(looked(alone.record, 61, RED).kinds).toEqual(['needs-attention']);
  });

  test('the next hold has a clock of its own', () => {
    const held = looked(waiting(), 1, RED).record;
    const over = looked({ ...held, hold: { by: 'b', because: 'c', since: at(2) } }, 2).record;
    const again = looked({ ...over, rules: rules() }, 50, {
      alarms: { 'web-5xx': red(at(49)) },
    }).record;
    expect(again.holds).toEqual([
      { gate: 'person', since: at(2) },
      { gate: 'alarm', since: at(50) },
    ]);
  });

  test('where nothing waits any more, nothing is held', () => {
    const refusing = waiting({ rules: rules({ afterHold: 'refuse' }) });
    const refused = looked(looked(refusing, 1, RED).record, 61, RED).record;
    expect(refused.holds).toBeUndefined();
    const next = when(refused, pushed(3, { at: at(90) })).record;
    expect(looked(looked(next, 91, RED).record, 120, RED).kinds).toEqual([]);
  });
});
