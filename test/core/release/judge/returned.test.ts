/** What was returned alone is not blamed until what ran before has told, within five minutes, what it was. */
import { describe, expect, test } from 'vitest';
import type { ObservedAftermath } from '../../../../shared/core/model/observation.ts';
import type { TargetRecord } from '../../../../shared/core/model/record/target-record.ts';
import { questionFor } from '../../../../shared/core/question.ts';
import {
  at,
  condemned,
  digest,
  image,
  looked,
  order,
  restoring,
  returning,
  revision,
  rolling,
  rollout,
  rules,
} from '../../../build.ts';

const COUNTED = { serviceRevision: 'arn:service-revision/2', since: at(1) };
const SAID = 'of 15,000 requests to web:1, 15 failed (0.1 %) in 5 minutes after it';

/** web:2 was judged alone at minute 5; at minute 6 web:1 has everything again. */
function back(change: Partial<TargetRecord> = {}, counted: typeof COUNTED | 'nobody' = COUNTED) {
  const alone = condemned({
    alarms: [],
    blamed: [],
    innocent: 'incomparable',
    ...(counted !== 'nobody' && { counted }),
  });
  const record = returning(
    restoring(),
    { condemned: alone },
    {
      quarantine: [],
      newest: { app: { ...order(2), again: 'push' } },
      condemnedRevisions: [{ revision: revision(2), digests: [] }],
      ...change,
    },
  );
  const own = rollout(1, { status: 'SUCCESSFUL', createdAt: at(5), revision: revision(1) });
  return looked(record, 6, { rollouts: [own] });
}
const told = (
  record: TargetRecord,
  minutes: number,
  state: ObservedAftermath['state'],
  isCalm?: true,
) => looked(record, minutes, { aftermath: { state, because: SAID, ...(isCalm && { isCalm }) } });

test('it is back: what ran before is looked at each minute, and nobody is blamed', () => {
  const then = back();
  expect(then.kinds).toEqual(['rolled-back']);
  expect(then.told[0]?.next).toMatch(
    /^what ran before is looked at for five minutes: if it fails as well, \S+.* is offered again, and if it does not, quarantined$/,
  );
  expect(questionFor(then.record, at(7)).aftermath).toEqual({
    ...COUNTED,
    backAt: at(6),
    names: { old: 'web:1', new: 'web:2' },
  });
  expect(then.record.observeAt).toBe(at(7));
  expect(told(then.record, 7, 'waiting').kinds).toEqual([]);
});

test('where nobody counted, a person is asked as before', () => {
  const then = back({}, 'nobody');
  expect(then.record.returned).toBeUndefined();
  expect(then.told[0]?.next).toContain('is not blamed: deploy it by hand');
});

test('what ran before does not fail: it was the release, which is quarantined now', () => {
  const then = told(back().record, 13, 'worse');
  expect(then.record.quarantine[0]?.digest).toBe(digest(2));
  expect(then.told).toMatchObject([
    { kind: 'refused', release: 'ecs/production/web/2', because: `it was the release: ${SAID}` },
  ]);
  expect(then.record.lastEnded).toMatchObject({
    kind: 'rolled-back',
    next: expect.stringContaining('stays quarantined: '),
  });
  expect(then.record.returned).toBeUndefined();
});

describe('what ran before fails as well', () => {
  const cleared = told(back().record, 9, 'alike');

  test('it was not the release, which waits until that is over', () => {
    expect(cleared.told).toMatchObject([
      { kind: 'held', because: `it was not the release: ${SAID}` },
    ]);
    expect(cleared.record.quarantine).toEqual([]);
    const still = told(cleared.record, 10, 'alike');
    expect(still.kinds).toEqual([]);
    expect(still.record.waiting).toEqual({});
    expect(still.record.observeAt).toBe(at(11));
  });

  test('and is offered again by itself when two minutes were well', () => {
    const calm = told(cleared.record, 12, 'alike', true);
    expect(calm.record.waiting.app?.image).toEqual(image(2));
    const started = looked(calm.record, 13);
    expect(started.because).toContain('starts');
    expect(started.standing).toBe('deploying');
  });

  test('unless something newer was pushed meanwhile', () => {
    const newer = { ...cleared.record, newest: { app: order(3) } };
    const calm = told(newer, 12, 'alike', true);
    expect(calm.record.waiting).toEqual({});
    expect(questionFor(calm.record, at(13)).aftermath).toBeUndefined();
  });

  test('what does not end within four hours is a person’s', () => {
    expect(told(cleared.record, 248, 'alike').kinds).toEqual([]);
    expect(told(cleared.record, 249, 'alike').kinds).toEqual(['refused']);
  });

  test('it is offered again once, and not for ever', () => {
    const { returned } = told(cleared.record, 12, 'alike', true).record;
    if (returned === undefined) throw new Error('nothing was returned');
    const again = back({ returned }).record;
    const second = told(again, 9, 'alike');
    expect(second.told[0]?.because).toContain('that was so once before');
    expect(second.record.returned).toBeUndefined();
  });
});

test('another release is given its own second chance', () => {
  const { returned } = told(told(back().record, 9, 'alike').record, 12, 'alike', true).record;
  if (returned === undefined) throw new Error('nothing was returned');
  const other = back({ returned: { ...returned, images: { app: image(7) } } }).record;
  expect(told(other, 9, 'alike').kinds).toEqual(['held']);
  const { offered: _, ...never } = returned;
  expect(told(back({ returned: never }).record, 9, 'alike').kinds).toEqual(['held']);
});

describe('nobody is asked what ran before does', () => {
  const { record } = back();
  const aftermath = (change: Partial<TargetRecord>) =>
    questionFor({ ...record, ...change }, at(8)).aftermath;

  test('while the next release is on its way, nor in watch mode', () => {
    expect(aftermath({})?.names).toEqual({ old: 'web:1', new: 'web:2' });
    expect(aftermath({ phase: rolling().phase })).toBeUndefined();
    expect(aftermath({ rules: rules({ mode: 'watch' }) })).toBeUndefined();
  });

  test('and a release whose revision nobody knows has no name', () => {
    const { revision: _, ...unnamed } = record.returned ?? { revision: undefined };
    expect(aftermath({ returned: unnamed as never })?.names.new).toBe('the release');
  });
});

test('what ran before and was deployed anew tells nothing of it either', () => {
  const { record } = back();
  const { runs } = record;
  if (runs === undefined) throw new Error('nothing runs');
  const anew = told({ ...record, runs: { ...runs, since: at(6) + 1 } }, 8, 'worse');
  expect([anew.record.returned, anew.record.quarantine]).toEqual([undefined, []]);
});

test('how another release ended stays as it was told', () => {
  const { record } = back();
  const { lastEnded } = record;
  if (lastEnded === undefined) throw new Error('nothing has ended');
  const other = { ...lastEnded, release: 'ecs/production/web/7' };
  expect(told({ ...record, lastEnded: other }, 13, 'worse').record.lastEnded).toEqual(other);
});

test('nobody can tell: after a quarter of an hour a person decides, and nothing is quarantined', () => {
  const { record } = back();
  expect(told(record, 20, 'untold').kinds).toEqual([]);
  const then = told(record, 21, 'untold');
  expect(then.told).toMatchObject([{ kind: 'refused', because: expect.stringContaining(SAID) }]);
  expect(then.told[0]?.next).toContain('is not blamed: deploy it by hand');
  expect(then.record.quarantine).toEqual([]);
});

test('what was deployed meanwhile tells nothing of it', () => {
  const { record } = back();
  const { runs } = record;
  if (runs === undefined) throw new Error('nothing runs');
  const other = looked({ ...record, runs: { ...runs, revision: revision(7) } }, 8, {
    service: 7,
    aftermath: { state: 'worse', because: SAID },
  });
  expect(other.record.returned).toBeUndefined();
  expect(other.record.quarantine).toEqual([]);
});
