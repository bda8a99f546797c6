/** Somebody, or a late call, is there in place of ours: what is told, what is concluded, and what is left to them. */
import { describe, expect, test } from 'vitest';
import {
  at,
  baking,
  CHOOSING,
  condemned,
  digest,
  looked,
  primary,
  record,
  returning,
  revision,
  rolling,
  rollout,
  service,
  waiting,
} from '../../build.ts';

const theirs = (minutes: number) => service(9, { primary: primary(9, { createdAt: at(minutes) }) });
const newer = (minutes: number) => ({
  service: theirs(minutes),
  rollouts: [rollout(9, { arn: 'rollout-9', createdAt: at(minutes) }), rollout(2)],
});

describe('a release of ours that somebody replaces', () => {
  test('ends untried while it rolls out, and is not followed any further', () => {
    const then = looked(rolling(), 5, newer(4));
    expect(then.kinds).toEqual(['superseded']);
    expect(then.told[0]?.because).toContain('somebody else deployed web:9 while shop/web:main-2');
    expect(then.told[0]?.because).toMatch(/ was rolling out$/);
    expect(then.told[0]?.next).toBe(
      'theirs is left alone and watched; deploy this image by hand, or push a newer one',
    );
    expect(then.record.finishedRollouts).toContain(rollout(2).arn);
    expect(then.standing).toBe('watching');
  });

  test('ends in its bake, and who did it is remembered', () => {
    const then = looked(baking(), 5, { service: theirs(4) });
    expect(then.told[0]?.because).toMatch(/ was baking$/);
    expect(then.record.takeovers).toEqual([{ at: at(5), ours: revision(2), theirs: revision(9) }]);
  });
});

describe('a rollback that somebody outruns', () => {
  const back = (roseAt?: number) =>
    returning(CHOOSING, {
      condemned: condemned(roseAt === undefined ? {} : { roseAt: at(roseAt) }),
    });
  const seen = (roseAt: number | undefined, minutes: number) =>
    looked(back(roseAt), 6, { service: theirs(minutes) });

  test.each<[string, number | undefined, number]>([
    ['the alarm rose after theirs', 5, 4.9],
    ['in that very moment', 5, 5],
  ])('blames no image of ours: %s', (_, roseAt, minutes) => {
    const then = seen(roseAt, minutes);
    expect(then.told[0]?.because).toBe(
      'somebody else had deployed web:9 before alarm web-5xx rose',
    );
    expect(then.told[0]?.next).toBe(
      'theirs is left alone and watched; nothing is quarantined: deploy this image by hand, or push a newer one',
    );
    expect(then.record.quarantine).toEqual([]);
  });

  test.each<[string, number | undefined, number]>([
    ['the alarm rose before theirs', 4.8, 4.9],
    ['what condemned it was no alarm', undefined, 4.9],
  ])('stays condemned: %s', (_, roseAt, minutes) => {
    const then = seen(roseAt, minutes);
    expect(then.told[0]?.because).toBe(
      'alarm web-5xx rose; somebody else deployed web:9 before the rollback ended',
    );
    expect(then.told[0]?.next).toBe('theirs is left alone and watched');
    expect(then.record.quarantine.map((one) => one.digest)).toEqual([digest(2)]);
  });
});

describe('a look that shows what ran before', () => {
  const stale = service(9, { primary: primary(9, { createdAt: at(-100) }) });
  const fresh = { runs: { ...record().runs, since: at(0) } as never };

  test('starts nothing at rest, and says that it is stale', () => {
    const then = looked(waiting(fresh), 1, { service: stale });
    expect([then.because, then.action, then.kinds]).toEqual(['a stale look', undefined, []]);
  });
});
