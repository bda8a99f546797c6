/** The record stays small: every list in it has a bound, and every sentence. */

import { describe, expect, test } from 'vitest';
import type { Event } from '../../../shared/core/model/event.ts';
import { type Image, imageLabel } from '../../../shared/core/model/image.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import { FAILURE_MAX } from '../../../shared/core/model/text.ts';
import {
  at,
  attempt,
  baking,
  CHOOSING,
  candidate,
  crashed,
  digest,
  image,
  looked,
  observing,
  order,
  person,
  pushed,
  record,
  release,
  returning,
  revision,
  rise,
  rolling,
  rose,
  rules,
  scanRules,
  service,
  signatureRules,
  waiting,
  when,
} from '../../build.ts';

const BYTES_MAX = 36 * 1024;
const IN_FLIGHT_BYTES_MAX = 40 * 1024;
const bytes = (value: unknown) => JSON.stringify(value).length;

/** CloudWatch's reasons and ECS's have at most 1,024 characters. */
const LONG = 'x'.repeat(1_024);

/** As long as a real account makes them: 40 characters for each name. */
const FAMILY = 'a-service-with-a-long-name-in-production';
const longImage = (n: number): Image =>
  image(n, {
    repository: 'department/team/a-repository-with-a-long-name',
    tags: Array.from({ length: 5 }, (_, i) => `main-20261121-${'c'.repeat(40)}-${i}`),
  });

describe('each list has a bound', () => {
  test('the rollbackCandidates has at most ten candidates, the newest first', () => {
    const rollbackCandidates = Array.from({ length: 10 }, (_, i) => candidate(20 - i));
    const then = looked(baking({}, { rollbackCandidates: rollbackCandidates }), 16, { service: 2 });
    expect(then.record.rollbackCandidates).toHaveLength(10);
    expect(then.record.rollbackCandidates[0]?.revision).toBe(revision(2));
    expect(then.record.rollbackCandidates.map((one) => one.revision)).not.toContain(revision(11));
  });

  test('the same revision is never on it twice', () => {
    const then = looked(baking({}, { rollbackCandidates: [candidate(2), candidate(1)] }), 16, {
      service: 2,
    });
    expect(then.record.rollbackCandidates.map((one) => one.revision)).toEqual([
      revision(2),
      revision(1),
    ]);
  });

  test('the quarantine remembers the hundred newest; each is owed as an item of its own', () => {
    const quarantine = Array.from({ length: 100 }, (_, i) => ({
      digest: digest(1000 + i),
      at: at(-i),
    }));
    const then = when(rolling({}, { quarantine }), rose(2));
    expect(then.record.quarantine).toHaveLength(100);
    expect(then.record.quarantine[0]).toEqual({ digest: digest(2), at: at(2.5) });
    expect(then.record.outbox.quarantine).toMatchObject([{ change: 'added', digest: digest(2) }]);
    expect(then.record.outbox.quarantine[0]).toHaveProperty('because');
  });

  test('traces of late calls: ten of each', () => {
    let given = record();
    for (let i = 0; i < 30; i++) {
      const bad = rolling({
        release: release({ images: { app: image(100 + i) } }),
        attempt: attempt({ images: { app: image(100 + i) }, revision: revision(100 + i) }),
      });
      given = when({ ...given, phase: bad.phase }, rose(2)).record;
      given = looked({ ...given, phase: { ...returning(CHOOSING).phase } }, 6, {
        service: 2,
      }).record;
    }
    expect(given.condemnedRevisions).toHaveLength(10);
    expect(given.requests).toHaveLength(10);
    expect(given.finishedRollouts.length).toBeLessThanOrEqual(10);
  });

  test('words of persons: ten', () => {
    let given = record();
    for (let i = 0; i < 30; i++)
      given = when(given, person({ do: 'hold' }, { id: `w${i}` })).record;
    expect(given.handledCommands).toHaveLength(10);
  });

  test('what speaks against a release: three rises, ten failures and their number', () => {
    const shared = rules({ maxTaskFailures: 1000 });
    let given = rolling({ release: release({ rules: shared }) });
    for (let i = 0; i < 5; i++) {
      const tasks = Array.from({ length: 10 }, (_, n) => crashed(`${i}-${n}`, 2));
      given = looked(given, 3 + i, { rollouts: [], service: 2, stoppedTasks: tasks }).record;
    }
    const list = {
      state: 'known',
      rises: Array.from({ length: 50 }, (_, i) => rise(1 + i)),
    } as const;
    const watching = looked(observing(), 5, {
      service: service(9, { running: 1 }),
      rises: { 'web-5xx': list },
    });
    expect(watching.kinds).toEqual(['needs-attention']);
    expect(given.phase.phase).toBe('deploying');
  });

  test('announcements that do not get out: twenty, of which advice makes way, an end never', () => {
    let given = record({ newest: { app: order(99) } });
    const end = when(rolling({}, { outbox: given.outbox }), {
      type: 'CallRefused',
      at: at(0),
      action: 'StartRollout',
      code: 'x',
      message: 'y',
    }).record;
    given = { ...given, outbox: end.outbox, sequence: end.sequence };
    for (let i = 0; i < 60; i++) given = when(given, pushed(2 + i)).record;
    expect(given.outbox.announcements).toHaveLength(20);
    expect(given.outbox.announcements[0]?.kind).toBe('failed');
  });
});

describe('each sentence has a bound', () => {
  test.each<[rule: string, given: TargetRecord, event: Event]>([
    ['of an alarm', rolling(), rose(2, { reason: LONG })],
    [
      'of AWS that refuses',
      rolling(),
      { type: 'CallRefused', at: at(1), action: 'StartRollout', code: 'x', message: LONG },
    ],
    ['of a person', rolling(), person({ do: 'rollback' }, { because: LONG })],
    ['of a hold', record(), person({ do: 'hold' }, { because: LONG })],
  ])('%s', (_, given, event) => {
    const { outbox: __, ...after } = when(given, event).record;
    const { outbox: ___, ...before } = given;
    expect(bytes(after) - bytes(before)).toBeLessThan(1_500);
    for (const told of when(given, event).told)
      expect(told.because.length).toBeLessThanOrEqual(600);
  });

  test('of a task that stopped', () => {
    const tasks = ['a', 'b'].map((id) =>
      crashed(id, 2, { containers: [{ name: 'app', exitCode: 1, reason: LONG }] }),
    );
    const then = looked(rolling(), 3, { stoppedTasks: tasks, rollouts: [] }).record;
    const seenBytes = bytes(then.outbox);
    expect(bytes(then) - seenBytes).toBeLessThan(bytes(rolling()) + 1_000);
  });
});

/** Everything full at once, and every name long. */
function fullest(containers: readonly string[]): TargetRecord {
  const images = (n: number) =>
    Object.fromEntries(containers.map((name, i) => [name, longImage(n * 10 + i)]));
  const oneTag = (n: number) =>
    Object.fromEntries(
      Object.entries(images(n)).map(([name, one]) => [
        name,
        { ...one, tags: one.tags.slice(0, 1) },
      ]),
    );
  const names = Array.from({ length: 5 }, (_, i) => `${FAMILY}-alarm-${i}`);
  const key = `ecs/production/${FAMILY}`;
  const arn = (kind: string, n: number) =>
    `arn:aws:ecs:eu-central-1:123456789012:${kind}/production/${FAMILY}/${String(n).padStart(21, '0')}`;
  const full = rules({
    alarms: names,
    alarmsSharedWith: { [names[0] ?? '']: ['api', 'shop', 'worker'] },
    containers: Object.fromEntries(
      containers.map((name) => [name, { registry: '', repository: longImage(0).repository }]),
    ),
  });
  const sentence = 'x'.repeat(300);
  const bake = baking({
    release: release({
      id: `${key}/1234`,
      images: images(1),
      rules: full,
      evidence: {
        rises: Array.from({ length: 3 }, (_, i) =>
          rise(i, {
            alarm: names[0] ?? '',
            reason: 'x'.repeat(200),
            breachEndsAt: at(i),
            breachStartsAt: at(i - 2),
          }),
        ),
        failures: Array.from({ length: 5 }, (_, i) => ({
          task: 'f'.repeat(32) + i,
          because: 'x'.repeat(FAILURE_MAX),
          container: containers[0] ?? '',
        })),
        counted: Array.from({ length: 20 }, (_, i) => 'f'.repeat(31) + String(i).padStart(2, '0')),
        lastFailedAt: at(0),
        redBeforeAt: at(0),
        failed: 999,
      },
      by: 'somebody@example.org',
      redAtStart: names,
    }),
    judgesInMs: 3_600_000,
    extendedBecause: sentence,
    attempt: attempt({
      images: images(1),
      base: revision(1234, FAMILY),
      revision: revision(1235, FAMILY),
    }),
  });
  return record({
    key,
    rules: full,
    phase: bake.phase,
    runs: { revision: revision(1235, FAMILY), images: oneTag(1), since: at(0) },
    rollbackCandidates: Array.from({ length: 10 }, (_, i) =>
      candidate(i, {
        release: `${key}/${1200 + i}`,
        revision: revision(1200 + i, FAMILY),
        images: oneTag(20 + i),
        changed: containers,
        window: {
          from: at(0),
          to: at(1),
          judgedAt: at(2),
          alarms: names,
          ...(i === 0 ? { unmeasured: names } : {}),
        },
      }),
    ),
    quarantine: Array.from({ length: 100 }, (_, i) => ({
      digest: digest(500 + i),
      at: at(i),
      ...(i < 20 ? { source: `acme/${FAMILY}@8f3c2a1b9d04` } : {}),
    })),
    newest: Object.fromEntries(
      containers.map((name) => [
        name,
        { ...order(1), again: 'push' as const, label: imageLabel(longImage(1)) },
      ]),
    ),
    needsAttention: { because: 'x'.repeat(600), since: at(0) },
    lastRefusal: { digest: digest(1), because: 'x'.repeat(300), at: at(0) },
    mutedRises: Object.fromEntries(names.map((name) => [name, [5, 4, 3, 2, 1].map(at)])),
    holds: [
      { gate: 'alarm', since: at(0), escalated: true },
      { gate: 'scan', since: at(0), escalated: true },
    ],
    takeovers: Array.from({ length: 3 }, (_, i) => ({
      at: at(i),
      ours: revision(1200 + i, FAMILY),
      theirs: revision(1300 + i, FAMILY),
    })),
    ownBakeMinutes: 15,
    waiting: Object.fromEntries(
      containers.map((name, i) => [
        name,
        {
          image: longImage(300 + i),
          order: order(1),
          since: at(0),
          by: 'somebody@example.org',
          held: {
            reason: 'alarm' as const,
            because: sentence,
            next: sentence,
            since: at(0),
            escalated: true as const,
          },
        },
      ]),
    ),
    hold: { by: 'somebody@example.org', because: 'x'.repeat(200), since: at(0) },
    alarmsToClear: names,
    requests: Array.from({ length: 10 }, (_, i) => ({ revision: revision(i, FAMILY), at: at(i) })),
    condemnedRevisions: Array.from({ length: 10 }, (_, i) => ({
      revision: revision(i, FAMILY),
      digests: containers.map((_, n) => digest(i * 10 + n)),
    })),
    finishedRollouts: Array.from({ length: 10 }, (_, i) => arn('service-deployment', i)),
    handledCommands: Array.from(
      { length: 10 },
      (_, i) => `7bf73129-1428-4cd3-a780-95db273d160${i}`,
    ),
    observedAt: at(0),
    observeAt: at(0),
    actedAt: at(0),
  });
}

describe('the record stays under 36 KB at rest, and under 40 KB with a release on its way, every list and every optional field full', () => {
  const one = fullest(['app']);

  test('with a release on its way and another one held', () => {
    expect(bytes(one)).toBeLessThan(IN_FLIGHT_BYTES_MAX);
  });

  test('with two containers, at rest', () => {
    const { hold: _, ...two } = fullest(['app', 'sidecar']);
    const atRest = { ...two, phase: { phase: 'idle' } as const, waiting: {}, alarmsToClear: [] };
    expect(bytes(atRest)).toBeLessThan(BYTES_MAX);
  });

  test('the rules of its gates add 8 KB at most, and stand in it once', () => {
    const gates = {
      ...scanRules({
        except: Array.from({ length: 30 }, () => ({
          id: 'x'.repeat(40),
          until: '2026-12-31',
          because: 'x'.repeat(100),
        })),
      }),
      ...signatureRules({ publicKey: 'k'.repeat(1_000) }),
    };
    expect(bytes(gates)).toBeLessThan(8 * 1024);
    const started = looked(waiting({ rules: rules(gates) }), 1).record.phase;
    expect(bytes(started)).toBeLessThan(2_000);
  });

  test('a task definition in git adds 6 KB at most while its release is on its way', () => {
    const definition = {
      file: 'f'.repeat(100),
      container: 'app',
      leave: Array.from({ length: 20 }, () => 'x'.repeat(100)),
      roles: [FAMILY, FAMILY],
    };
    const changes = [...Array.from({ length: 5 }, () => 'x'.repeat(100)), 'and 999 more'];
    const sha = '8'.repeat(40);
    const version = {
      repository: `acme/${FAMILY}`,
      sha,
      file: 'f'.repeat(100),
      hash: 'f'.repeat(16),
      changes,
    };
    const given = waiting({ rules: rules({ definition }) });
    const started = looked(given, 1, { definitionFile: { state: 'read', ...version } }).record;
    const plain = looked(waiting(), 1).record;
    const { outbox: _, ...own } = started;
    const { outbox: __, ...other } = plain;
    expect(started.phase).toMatchObject({ release: { definition: version } });
    expect(bytes(own) - bytes(other)).toBeLessThan(6 * 1024);
  });

  test('and is not empty: a bound that nothing reaches proves nothing', () => {
    expect(bytes(one)).toBeGreaterThan(BYTES_MAX / 2);
  });

  test('twenty announcements that are owed add 32 KB at most', () => {
    let given = one;
    for (let i = 0; i < 40; i++) {
      const word = person({ do: 'hold' }, { id: `word-${i}`, because: LONG });
      given = when(given, word).record;
    }
    expect(given.outbox.announcements).toHaveLength(20);
    expect(bytes(given.outbox.announcements)).toBeLessThan(BYTES_MAX);
  });
});
