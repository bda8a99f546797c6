/** What the config wants two persons for waits for the second one, and is done, refused or over. */
import { describe, expect, test } from 'vitest';
import { mayApprove, personOf } from '../../../shared/core/model/approval.ts';
import type { CommandReceived } from '../../../shared/core/model/event.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import { at, digest, image, looked, person, record, rules, when } from '../../build.ts';

const ADA = 'AROADEPLOYERS:ada@example.com';
const BOB = 'AROADEPLOYERS:bob@example.com';
const TWO = { commands: ['deploy', 'unquarantine'], minutes: 60 } as const;
const guarded = (change: Partial<TargetRecord> = {}, approvals: object = {}) =>
  record({ rules: rules({ approvals: { ...TWO, ...approvals } }), ...change });

const deploy = (n = 2, change: Partial<CommandReceived> = {}) =>
  person({ do: 'deploy', images: { app: image(n) } }, { id: 'asked-it', sender: ADA, ...change });
const approve = (change: Partial<CommandReceived> = {}) =>
  person(
    { do: 'approve', of: 'asked-it' },
    { id: 'word-2', at: at(10), by: 'bob', sender: BOB, because: 'seen', ...change },
  );

const lift = (n: number, id: string) =>
  person({ do: 'unquarantine', digest: digest(n) }, { id, sender: ADA });

test('a deploy waits for a second person, and is told with until when', () => {
  const { record: then, told, kinds, because } = when(guarded(), deploy());
  expect(kinds).toEqual(['held']);
  expect(then.waiting).toEqual({});
  expect(then.pending).toEqual([
    {
      id: 'asked-it',
      of: { what: 'command', command: { do: 'deploy', images: { app: image(2) } } },
      by: 'ada',
      sender: ADA,
      because: 'it is slow',
      since: at(6),
      until: at(66),
    },
  ]);
  expect(because).toMatch(
    /^the deploy of shop\/web:main-2 .* waits for a second person: ada asked/,
  );
  expect(told[0]?.next).toBe(
    'another person says `slipway approve web` or `slipway reject web` until 11:06:00 UTC',
  );
  expect(then.observeAt).toBe(at(66));
});

test('another person approves: it is done as if it were said now, in both names', () => {
  const asked = when(guarded(), deploy()).record;
  const then = when(asked, approve());
  expect(then.record.pending).toBeUndefined();
  expect(then.record.waiting.app).toMatchObject({ since: at(10), by: 'ada, approved by bob' });
  expect(looked(then.record, 10).action?.type).toBe('RegisterRevision');
});

test('the approval of what is quarantined meanwhile does nothing', () => {
  const asked = when(guarded(), deploy()).record;
  const bad = { ...asked, quarantine: [{ digest: digest(2), at: at(8) }] };
  const then = when(bad, approve());
  expect(then.because).toMatch(/^refused: .* is quarantined$/);
  expect(then.record.waiting).toEqual({});
});

test('an earlier look stays, and what waits ends when its time is over, not before', () => {
  const early = when(guarded({ observeAt: at(20) }), deploy()).record;
  expect(early.observeAt).toBe(at(20));
  expect(when(early, approve({ at: at(66) })).kinds).not.toContain('refused');
});

test('where nobody is named every other person may approve', () => {
  const asked = when(guarded({}, { by: ['b*'] }), deploy()).record;
  expect(when(asked, approve()).record.pending).toBeUndefined();
});

test('who names what does not wait is told what does', () => {
  const other = approve({ command: { do: 'approve', of: 'other' } });
  const asked = when(guarded(), deploy()).record;
  expect(when(asked, other).told[0]?.next).toMatch(/^name what waits: asked-it \(the deploy of /);
  expect(when(guarded(), other).told[0]?.next).toBe('nothing: nothing waits');
});

test('what ends says so with what to do, and the others go on waiting', () => {
  const two = when(when(guarded(), deploy()).record, lift(5, 'lift')).record;
  expect(two.pending?.map(({ id }) => id)).toEqual(['asked-it', 'lift']);
  const newer = when(two, deploy(3, { id: 'newer-it', at: at(7) }));
  expect(newer.told[0]).toMatchObject({
    kind: 'superseded',
    images: { app: image(2) },
    next: 'nothing: the newer one waits',
  });
  expect(newer.record.pending?.map(({ id }) => id)).toEqual(['lift', 'newer-it']);
  const over = looked(two, 67);
  expect(over.told.map(({ next }) => next)).toEqual([
    'say the command again, if it is still meant',
    'say the command again, if it is still meant',
  ]);
  expect(over.told[1]).not.toHaveProperty('images');
});

test('the same digest takes the place of what waits for it; another one and another word do not', () => {
  const asked = when(guarded(), lift(5, 'first')).record;
  expect(when(asked, lift(5, 'again')).record.pending?.map(({ id }) => id)).toEqual(['again']);
  expect(when(asked, lift(6, 'other')).record.pending).toHaveLength(2);
  const deployed = when(guarded(), deploy()).record;
  expect(when(deployed, lift(2, 'lift-it')).record.pending).toHaveLength(2);
  expect(when(asked, deploy(5)).record.pending).toHaveLength(2);
});

describe('refused in one sentence, and what waits goes on waiting', () => {
  const asked = when(guarded(), deploy()).record;
  const named = when(guarded({}, { by: ['carol@example.com'] }), deploy()).record;
  test.each<[string, TargetRecord, CommandReceived, RegExp]>([
    ['who asked', asked, approve({ by: 'bob', sender: ADA }), /ada asked for it, and another/],
    [
      'who asked, by another role',
      asked,
      approve({ sender: 'AROAADMIN:ADA@example.com' }),
      /another/,
    ],
    ['nobody whom SQS names', asked, approve({ sender: undefined as never }), /another person/],
    [
      'a function of ours',
      asked,
      approve({ refused: 'it was sent by slipway-tick' }),
      /slipway-tick/,
    ],
    ['who is not named', named, approve(), /bob is not among those who may approve/],
    ['too late', asked, approve({ at: at(67) }), /it waited until 11:06:00 UTC, and that is over/],
    ['an old word', asked, approve({ saidAt: at(-30) }), /a command counts for 15 minutes/],
    [
      'something else than what waits',
      asked,
      approve({ command: { do: 'approve', of: 'other' } }),
      /nothing called other waits/,
    ],
  ])('%s', (_, given, event, refused) => {
    const then = when(given, event);
    expect(then.kinds).toEqual(['refused']);
    expect(then.because).toMatch(refused);
    expect(then.record.pending).toHaveLength(1);
    expect(then.record.waiting).toEqual({});
  });
});

test('it is rejected by anybody who may command, and told with its images', () => {
  const asked = when(guarded(), deploy()).record;
  const word = { do: 'reject', of: 'asked-it' } as const;
  const then = when(asked, person(word, { id: 'word-2', sender: ADA, because: 'a mistake' }));
  expect(then.record.pending).toBeUndefined();
  expect(then.told).toMatchObject([
    {
      kind: 'refused',
      images: { app: image(2) },
      because: expect.stringMatching(/^ada rejected it: a mistake/),
    },
  ]);
});

test('nobody approves: when its time is over it is refused and told, by a look', () => {
  const asked = when(guarded(), deploy()).record;
  const before = looked(asked, 66).record;
  expect(before.pending).toHaveLength(1);
  expect(before.observeAt).toBe(at(66) + 1);
  const then = looked(before, 67);
  expect(then.kinds).toEqual(['refused']);
  expect(then.told[0]?.because).toMatch(/^nobody approved it until 11:06:00 UTC/);
  expect(then.record.pending).toBeUndefined();
});

test('a newer deploy takes its place, so an approval of the older one does nothing', () => {
  const asked = when(guarded(), deploy()).record;
  const newer = when(asked, deploy(3, { id: 'newer-it', at: at(7) }));
  expect(newer.kinds).toEqual(['superseded', 'held']);
  const then = when(newer.record, approve());
  expect(then.kinds).toEqual(['refused']);
  expect(then.record.pending).toMatchObject([{ id: 'newer-it' }]);
});

test('no more than five wait at once', () => {
  const digests = [11, 12, 13, 14, 15, 16];
  const bad = guarded({ quarantine: digests.map((n) => ({ digest: digest(n), at: at(0) })) });
  const lift = (n: number) =>
    person({ do: 'unquarantine', digest: digest(n) }, { id: `lift-${n}`, sender: ADA });
  const full = digests.slice(0, 5).reduce((so, n) => when(so, lift(n)).record, bad);
  const then = when(full, lift(16));
  expect(then.kinds).toEqual(['refused']);
  expect(then.record.pending).toHaveLength(5);
  expect(then.record.quarantine).toHaveLength(6);
});

test('a quarantine is lifted when a second person approves it', () => {
  const bad = guarded({ quarantine: [{ digest: digest(2), at: at(0) }] });
  const word = { do: 'unquarantine', digest: digest(2) } as const;
  const asked = when(bad, person(word, { id: 'asked-it', sender: ADA })).record;
  expect(asked.quarantine).toHaveLength(1);
  expect(when(asked, approve()).record.quarantine).toEqual([]);
});

test('rollback, hold and resume ask for nobody else: what makes things safe must not wait', () => {
  for (const word of [{ do: 'hold' }, { do: 'resume' }, { do: 'rollback' }] as const) {
    expect(when(guarded(), person(word, { sender: ADA })).record.pending).toBeUndefined();
  }
  expect(when(record(), deploy()).record.pending).toBeUndefined();
});

test('a target that leaves the config ends what waited, and tells its images', () => {
  const asked = when(guarded(), deploy()).record;
  const then = when(asked, { type: 'Retired', at: at(7) });
  expect(then.record.pending).toBeUndefined();
  expect(then.told).toMatchObject([{ kind: 'retired', images: { app: image(2) } }]);
});

describe('who is who', () => {
  test.each([
    ['AROADEPLOYERS:Ada@Example.com', 'ada@example.com'],
    ['AIDAUSER', 'aidauser'],
  ])('%s is %s', (sender, name) => {
    expect(personOf(sender)).toBe(name);
  });

  test.each([
    [['bob@example.com'], true],
    [['*@example.com'], true],
    [['b*@*.com'], true],
    [['bob'], false],
    [['*bob'], false],
    [['AROADEPLOYERS:*'], true],
    [['AROAOTHER:*'], false],
    [['bob@example.com:*'], false],
  ])('%j may: %s', (by, may) => {
    expect(mayApprove({ by }, BOB)).toBe(may);
  });
});
