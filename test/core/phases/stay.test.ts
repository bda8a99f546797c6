/** What is there when a rollback ends in attention or in watch mode: what ECS shows, and no more than that. */
import { describe, expect, test } from 'vitest';
import {
  at,
  CHOOSING,
  condemned,
  image,
  looked,
  observing,
  record,
  returning,
  revision,
  rules,
  service,
} from '../../build.ts';

const skipped = (gone?: true) => [
  { revision: revision(1), because: 'web:1 was deregistered', ...(gone && { gone }) },
];

describe('a person is asked', () => {
  test('and it is still tried, where what was skipped may come back', () => {
    const then = looked(returning(CHOOSING, { skipped: skipped() }), 6, { service: 2 });
    expect(then.record.needsAttention?.stillTried).toMatchObject({ nextAt: at(8) });
    expect(then.told[0]?.next).toBe(
      'it is tried again every few minutes; push a fix, or deploy by hand',
    );
  });

  test('and nothing is tried, where every place is gone', () => {
    const then = looked(returning(CHOOSING, { skipped: skipped(true) }), 6, { service: 2 });
    expect(then.record.needsAttention).not.toHaveProperty('stillTried');
    expect(then.told[0]?.next).toMatch(/^push a fix, or deploy /);
  });

  test('what runs is what ECS shows: the release, or something of which no image is known', () => {
    const none = { rollbackCandidates: [], runs: record().runs as never };
    const shown = looked(returning(CHOOSING, {}, none), 6, { service: 2 }).record.runs;
    expect(shown).toMatchObject({ revision: revision(2), images: { app: image(2) } });
    const late = { condemned: condemned({ images: {} }) };
    const unknown = looked(returning(CHOOSING, late, none), 6, { service: 2 }).record.runs;
    expect(unknown).toMatchObject({ revision: revision(2), images: {} });
  });
});

describe('in watch mode what would be left goes on running', () => {
  const watching = { rules: rules({ mode: 'watch' }), runs: record().runs as never };
  const runs = (n: number) =>
    looked(returning(CHOOSING, {}, watching), 6, { service: n }).record.runs?.revision;

  test('and is known, where ECS shows it', () => {
    expect([runs(2), runs(1)]).toEqual([revision(2), revision(1)]);
  });

  test('and what somebody put there instead is told by the next look', () => {
    const theirs = looked(returning(CHOOSING, {}, watching), 6, {
      service: service(9, { primary: { ...service(9).primary, createdAt: at(-100) } }),
    });
    expect(theirs.record.runs?.revision).toBe(revision(1));
  });
});

describe('ECS puts something back that was condemned', () => {
  const back = service(2);
  const shown = {
    ...back,
    primary: { ...back.primary, createdAt: at(4), returnedByEcs: true as const },
  };
  const bad = { condemnedRevisions: [{ revision: revision(2), digests: [] }] };

  test.each([
    ['it goes', {}, 'rolling-back', []],
    [
      'in watch mode it is watched',
      { rules: rules({ mode: 'watch' }) },
      'watching',
      ['superseded'],
    ],
    ['with nothing to return to, too', { rollbackCandidates: [] }, 'watching', ['superseded']],
  ])('%s', (_, change, standing, kinds) => {
    const then = looked(observing({}, { ...bad, ...change }), 5, { service: shown });
    expect([then.standing, then.kinds]).toEqual([standing, kinds]);
  });
});
