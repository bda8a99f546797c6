/** The service is gone: that answers everything else, and no image has done anything wrong. */
import { describe, expect, test } from 'vitest';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import {
  at,
  baking,
  CHOOSING,
  digest,
  image,
  looked,
  observing,
  order,
  pushed,
  record,
  returning,
  rolling,
  rollout,
  service,
  waiting,
  when,
} from '../../build.ts';

const GONE = [
  ['missing', 'missing', 'ECS knows no service'],
  [
    'DRAINING',
    service(1, { status: 'DRAINING' }),
    'the service is being deleted (ECS calls it DRAINING)',
  ],
  [
    'INACTIVE',
    service(1, { status: 'INACTIVE' }),
    'the service was deleted (ECS calls it INACTIVE)',
  ],
  ["another controller's", service(1, { controller: 'CODE_DEPLOY' }), 'CODE_DEPLOY'],
] as const;
const isGone = ({ needsAttention }: TargetRecord) => needsAttention?.gone;

describe.each(GONE)('a service that is %s', (_, found, because) => {
  const at7 = (given: TargetRecord, change = {}) => looked(given, 7, { service: found, ...change });

  test.each([
    ['rolls out', rolling()],
    ['bakes', baking()],
  ])('while a release %s: it fails without a verdict, and has its turn again', (_, given) => {
    const then = at7(given, { rollouts: [rollout(2, { status: 'STOPPED' })] });
    expect(then.kinds).toEqual(['failed', 'needs-attention']);
    expect(then.told[0]).toMatchObject({ release: 'ecs/production/web/2', runsNow: 'unknown' });
    expect(then.told[0]?.because).toContain(because);
    expect(then.record.quarantine).toEqual([]);
    expect(then.record.newest.app).toMatchObject({ digest: digest(2), again: true });
    expect(isGone(then.record)).toBe(true);
    expect(then.record.runs).toBeUndefined();
    expect(then.action).toBeUndefined();
  });

  test.each([
    ['at rest', record()],
    ['watched', observing()],
    ['on its way back', returning(CHOOSING)],
  ])('%s: attention is asked for', (_, given) => {
    const then = at7(given);
    expect(then.kinds).toEqual(['needs-attention']);
    expect(isGone(then.record)).toBe(true);
  });

  test('is told once', () => {
    const then = at7(at7(baking()).record);
    expect(then.kinds).toEqual([]);
    expect(isGone(then.record)).toBe(true);
  });

  test('what waits goes on waiting, and each image is told so once', () => {
    const then = at7(waiting());
    expect(then.kinds).toEqual(['needs-attention', 'held']);
    expect(then.record.waiting.app?.held?.reason).toBe('gone');
    const again = at7(then.record);
    expect(again.kinds).toEqual([]);
    expect(again.record.observeAt).toBe(at(12));
  });
});

test('attention names the images that wait or were condemned, and none where there are none', () => {
  const at7 = (given: TargetRecord) =>
    looked(given, 7, { service: 'missing' }).told.find(({ kind }) => kind === 'needs-attention');
  expect(at7(record())).not.toHaveProperty('images');
  expect(at7(waiting())).toMatchObject({ images: { app: image(2) } });
  const condemnedToo = at7(returning(CHOOSING));
  expect(condemnedToo).toMatchObject({ images: { app: image(2) } });
  expect(condemnedToo?.because).toMatch(/^alarm web-5xx rose; ECS knows no service/);
});

describe('when it is there again', () => {
  const gone = looked(baking(), 7, { service: 'missing' }).record;

  test('the newest image comes by itself, though it had its turn', () => {
    const swept = when(gone, pushed(2, { heardFrom: 'sweep' })).record;
    expect(swept.waiting.app?.image.digest).toBe(digest(2));
    const back = looked(swept, 60, { service: 1 });
    expect(back.standing).toBe('idle');
    expect(back.kinds).toEqual(['adopted']);
    expect(looked(back.record, 61, { service: 1 }).standing).toBe('deploying');
  });

  test('but not one that is quarantined', () => {
    const bad = record({
      runs: { revision: service(1).primary.revision, images: { app: image(1) }, since: at(-90) },
      quarantine: [{ digest: digest(2), at: at(0) }],
      newest: { app: order(2) },
    });
    const { newest } = looked(bad, 7, { service: 'missing' }).record;
    expect(newest.app).not.toHaveProperty('again');
  });
});

test('when it went AWS does not tell: what is told is when it was noticed', () => {
  const { told } = looked(baking(), 7, { service: 'missing' });
  expect(told.map(({ because }) => because)).toEqual(
    Array(2).fill(
      expect.stringMatching(/; noticed at 10:07:00 UTC, and AWS does not tell when it was$/),
    ),
  );
});
