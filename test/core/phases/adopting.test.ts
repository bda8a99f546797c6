/** At rest with nothing to return to, what runs is adopted as soon as it can be. */
import { expect, test } from 'vitest';
import { asking, at, image, looked, primary, record, revision, service } from '../../build.ts';

const images = { app: image(1) };
const pinned = primary(1, { images, pinned: true });
const bare = { rollbackCandidates: [] };

test('what runs is adopted where there is nothing to return to', () => {
  const then = looked(record(bare), 5);
  expect(then.kinds).toEqual(['adopted']);
  expect(then.record.rollbackCandidates).toMatchObject([
    { release: 'adopted web:1', revision: revision(1), images, pinned: true },
  ]);
});

test('and not again where there is', () => {
  expect(looked(record(), 5, { service: service(1, { primary: pinned }) }).kinds).toEqual([]);
});

test.each([
  [
    'that is wanted by nobody',
    { desired: 0, running: 0, primary: { ...pinned, desired: 0, running: 0 } },
  ],
  ['of which a task is missing', { running: 1, primary: { ...pinned, running: 1 } }],
  ['that ECS still rolls out', { primary: { ...pinned, rolloutState: 'IN_PROGRESS' as const } }],
])('a service %s is not adopted', (_, change) => {
  const then = looked(record(bare), 5, { service: service(1, change) });
  expect(then.kinds).toEqual([]);
  expect(then.record.rollbackCandidates).toEqual([]);
});

test('attention for want of a way back ends with it; what was asked for another reason stays', () => {
  const other = looked(asking({ because: 'a migration failed' }, bare), 6);
  expect(other.kinds).toEqual(['adopted']);
  expect(other.record.needsAttention).toEqual({ because: 'a migration failed', since: at(5) });
  const own = looked(asking({ untilAdopted: true }, bare), 6);
  expect(own.kinds).toEqual(['adopted']);
  expect(own.record.needsAttention).toBeUndefined();
});

test('a revision of which ECS does not say that it is pinned is not called so', () => {
  const unsaid = { images } as const;
  const { pinned: _, ...found } = primary(1, unsaid);
  const given = service(1, { primary: { ...found, pinned: undefined as never } });
  expect(looked(record(bare), 5, { service: given }).record.rollbackCandidates[0]?.pinned).toBe(
    false,
  );
});
