/** At rest, once an hour: a rollback that would fail is told before somebody needs it. */
import { describe, expect, test } from 'vitest';
import { couldReturn } from '../../../shared/core/explain/can-roll-back.ts';
import type { ObservedWay } from '../../../shared/core/model/observation.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import { whyForbidden, whyUnprepared } from '../../../shared/core/release/ways-back.ts';
import {
  asking,
  at,
  candidate,
  image,
  looked,
  pushed,
  record,
  revision,
  seen,
  when,
} from '../../build.ts';

const there = (n: number): ObservedWay => ({ state: 'usable', revision: revision(n) });
const gone = (n: number): ObservedWay => ({
  state: 'gone',
  revision: revision(n),
  because: `shop/web@${n} is no longer in ECR`,
});
const forbidden = (n: number): ObservedWay => ({
  state: 'forbidden',
  revision: revision(n),
  because: 'infra.taskDefinitions does not let Slipway pass the role web-old',
});
const unknown = (n: number): ObservedWay => ({
  state: 'unknown',
  revision: revision(n),
  because: 'throttled',
});

/** `web:3` runs and is proven; below it stand `web:2` and `web:1`. */
const three = (change: Partial<TargetRecord> = {}) =>
  record({
    rollbackCandidates: [candidate(3), candidate(2), candidate(1)],
    runs: { revision: revision(3), images: { app: image(3) }, since: at(-60) },
    ...change,
  });
const lookedAt = (given: TargetRecord, minutes: number, ...waysBack: readonly ObservedWay[]) =>
  looked(given, minutes, { service: 3, waysBack });

test('every way is open: nobody is asked, and it is remembered when that was seen', () => {
  const { record: then, kinds, because } = lookedAt(three(), 0, there(3), there(2), there(1));
  expect(kinds).toEqual([]);
  expect(because).not.toContain('would work again');
  expect(then.needsAttention).toBeUndefined();
  expect(then.waysBack).toEqual({ checkedAt: at(0) });
  expect(then.observeAt).toBeUndefined();
});

describe('an hourly look', () => {
  const open = [there(3), there(2), there(1)];
  const first = lookedAt(three(), 0, ...open).record;

  test('that finds everything as it was is no entry of the history: it is remembered when', () => {
    const again = lookedAt(first, 60, ...open);
    expect(again.record.waysBack).toEqual({ checkedAt: at(60) });
    expect(again.record.sequence).toBe(first.sequence);
    expect(again.record.outbox.history).toEqual(first.outbox.history);
  });

  test('that finds a way closed is one, and so is the look that finds it open again', () => {
    const closed = lookedAt(first, 60, there(3), gone(2), gone(1)).record;
    expect(closed.sequence).toBe(first.sequence + 1);
    const mended = lookedAt(closed, 75, ...open).record;
    expect(mended.sequence).toBe(first.sequence + 2);
  });

  test('is one the first time: until then nobody knew', () => {
    expect(first.sequence).toBe(three().sequence + 1);
  });
});

describe('a person is asked', () => {
  test('when every place to return to is gone, each with its reason', () => {
    const { record: then, kinds, told } = lookedAt(three(), 0, there(3), gone(2), gone(1));
    expect(kinds).toEqual(['needs-attention']);
    expect(then.needsAttention).toMatchObject({ unprepared: true, since: at(0) });
    expect(told[0]?.because).toBe(
      'a rollback would fail now: web:2: shop/web@2 is no longer in ECR; web:1: shop/web@1 is no longer in ECR',
    );
    expect(told[0]?.next).toMatch(/restore the image/);
  });

  test('when the first that is there is one that IAM would refuse: it is not passed over', () => {
    const { told } = lookedAt(three(), 0, there(3), forbidden(2), there(1));
    expect(told[0]?.because).toBe(
      'a rollback would fail now: web:2: infra.taskDefinitions does not let Slipway pass the role web-old',
    );
    expect(told[0]?.next).toMatch(/name it in infra.taskDefinitions/);
  });

  test('when the image of what runs is gone: the next release that fails returns there', () => {
    const { told } = lookedAt(three(), 0, gone(3), there(2), there(1));
    expect(told[0]?.because).toMatch(/^what runs could not be returned to: web:3/);
  });

  test('when nothing could be registered as a copy of what runs', () => {
    const { told } = lookedAt(three(), 0, forbidden(3), there(2), there(1));
    expect(told[0]?.because).toMatch(/^no release could start: web:3/);
  });

  test('once, and again when it is for another reason', () => {
    const first = lookedAt(three(), 0, there(3), gone(2), gone(1)).record;
    const same = lookedAt(first, 15, there(3), gone(2), gone(1));
    expect(same.kinds).toEqual([]);
    expect(same.record.observeAt).toBe(at(30));
    const other = lookedAt(same.record, 30, gone(3), there(2), there(1));
    expect(other.kinds).toEqual(['needs-attention']);
    expect(other.record.needsAttention?.since).toBe(at(0));
  });
});

describe('nobody is asked', () => {
  test('when a place is gone and the one below it is there: it is passed over', () => {
    expect(lookedAt(three(), 0, there(3), gone(2), there(1)).kinds).toEqual([]);
  });

  test('when nothing but what runs is proven yet: that was said when it was adopted', () => {
    expect(looked(record(), 0, { waysBack: [there(1)] }).kinds).toEqual([]);
  });

  test('when AWS did not answer', () => {
    expect(lookedAt(three(), 0, there(3), unknown(2), gone(1)).kinds).toEqual([]);
  });

  test('when a person is asked for another reason, which stays', () => {
    const other = asking({ because: 'the image of a release is gone' });
    const then = looked(other, 0, { waysBack: [gone(1)] });
    expect(then.kinds).toEqual([]);
    expect(then.record.needsAttention).toMatchObject({ because: 'the image of a release is gone' });
  });
});

test('the attention goes away when it is mended, and not while that is not known', () => {
  const asked = lookedAt(three(), 0, there(3), gone(2), gone(1)).record;
  const unsure = lookedAt(asked, 15, there(3), unknown(2), gone(1)).record;
  expect(unsure.needsAttention).toBeDefined();
  const then = lookedAt(unsure, 30, there(3), there(2), gone(1));
  expect(then.record.needsAttention).toBeUndefined();
  expect(then.because).toContain('a rollback would work again');
  expect(then.record.observeAt).toBeUndefined();
});

test('a release starts all the same, and the attention is over with it', () => {
  const asked = lookedAt(three(), 0, there(3), gone(2), gone(1)).record;
  const waits = when(asked, pushed(4)).record;
  expect(looked(waits, 1, { service: 3 }).action?.type).toBe('RegisterRevision');
});

describe('status says the same', () => {
  const ladders: readonly (readonly ObservedWay[])[] = [
    [there(3), there(2), there(1)],
    [there(3), gone(2), there(1)],
    [there(3), gone(2), gone(1)],
    [there(3), forbidden(2), there(1)],
    [there(3), gone(2), forbidden(1)],
  ];
  test.each(ladders)('%j', (...waysBack) => {
    const seenNow = seen(three(), 0, { service: 3, waysBack });
    const fails = whyUnprepared(three(), seenNow) !== undefined;
    const after = lookedAt(three(), 0, ...waysBack).record;
    const lost = waysBack.flatMap((way) =>
      way.state === 'gone' ? [{ revision: way.revision, because: way.because }] : [],
    );
    const answer = couldReturn(after, at(1), { gone: lost });
    expect(answer.possible).toBe(!fails);
  });

  test('no, because IAM would refuse the role: a person who looks does not know the settings', () => {
    const after = lookedAt(three(), 0, there(3), forbidden(2), there(1)).record;
    expect(couldReturn(after, at(1))).toEqual({
      possible: false,
      because:
        'ecs/production/web/2: infra.taskDefinitions does not let Slipway pass the role web-old',
    });
  });
});

describe('what IAM would refuse', () => {
  const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
  const rights = { families: ['web'], roles: [role('team/web-task'), role('web-execution')] };
  test.each([
    ['its own family and roles', { family: 'web', roles: rights.roles }, false, undefined],
    [
      'a role that nobody named',
      { family: 'web', roles: [role('team/web-old'), role('web-execution')] },
      true,
      'infra.taskDefinitions does not let Slipway pass the role team/web-old',
    ],
    [
      'a family that nobody named, where it must be registered anew',
      { family: 'web2', roles: rights.roles },
      false,
      'infra.taskDefinitions does not let Slipway register revisions of the family web2',
    ],
    ['the same, where it is started as it is', { family: 'web2', roles: [] }, true, undefined],
  ] as const)('%s', (_, definition, asItIs, refused) => {
    expect(whyForbidden(definition, asItIs, rights)).toBe(refused);
  });
});
