/** What the judge could not say is told: while a share is held for it, and beside `proven`. */
import { describe, expect, test } from 'vitest';
import type { ShiftCourse } from '../../../../shared/core/model/balancer.ts';
import type { Judged } from '../../../../shared/core/model/observation.ts';
import type { Evidence } from '../../../../shared/core/model/record/release.ts';
import type { Rules } from '../../../../shared/core/model/rules.ts';
import {
  judgedInWords,
  tellInconclusive,
} from '../../../../shared/core/release/judge/inconclusive.ts';
import { at, attempt, release, rolling, rules } from '../../../build.ts';

const HELD: Partial<Rules> = {
  judge: 'act',
  strategy: {
    kind: 'linear',
    stepPercent: 5,
    stepBakeMinutes: 0,
    bakeMinutes: 0,
    heldByJudge: true,
  },
};
const COUNTS = 'of 60 requests to web:2, 0 failed (0 %)';

/** The first share is there since minute 2. */
function held(
  state: Judged['state'],
  minutes: number,
  { how = HELD, share = 0.05, measured = true, red = false } = {},
) {
  const course: ShiftCourse = {
    routes: [],
    steps: [{ share, after: at(1), seenAt: at(2) }],
    heardAt: at(2),
  };
  const judged = {
    state,
    because: COUNTS,
    at: at(minutes),
    since: at(3),
    isNotWorse: true,
    ...(measured && { from: at(2) }),
  } as const;
  const evidence: Evidence = { rises: [], failures: [], failed: 0, judged };
  const own = release({ rules: rules(how), evidence, ...(red && { redAtStart: ['web-5xx'] }) });
  const record = rolling({ release: own, attempt: attempt({ course }) });
  return tellInconclusive(record, at(minutes));
}
const told = (...of: Parameters<typeof held>) =>
  held(...of).outbox.announcements.map(({ kind }) => kind);

test('the first share is held for five minutes and twenty: then it is told, once', () => {
  expect(told('waiting', 26.9)).toEqual([]);
  const then = held('waiting', 27);
  expect(then.outbox.announcements).toMatchObject([
    {
      kind: 'held',
      because: `the judge is inconclusive at 5 % of the traffic after 25 minutes: waiting: ${COUNTS}`,
      next: 'the traffic goes on by one step, and is judged again; or roll it back',
    },
  ]);
  expect(tellInconclusive(then, at(28))).toBe(then);
});

test('what was never measured stays, and it is told how it goes on', () => {
  const { because, next } =
    held('unmeasured', 27, { measured: false }).outbox.announcements[0] ?? {};
  expect(because).toContain('unmeasured: ');
  expect(next).toMatch(
    /^the share stays at 5 % until it can be measured: .*afterInconclusive: 'proceed'$/,
  );
});

type Case = readonly [why: string, of: Parameters<typeof held>];

test.each<Case>([
  ['it is harmless', ['harmless', 60]],
  ['it goes back', ['condemned', 60]],
  ['it goes back, too', ['alone', 60]],
  ['it has all of the traffic', ['waiting', 60, { share: 1 }]],
  ['too few requests hold no later share', ['waiting', 60, { share: 0.5 }]],
  ['it has all of the traffic, whatever is said', ['suspicious', 60, { share: 1 }]],
  ['it only watches', ['waiting', 60, { how: { ...HELD, judge: 'watch' } }]],
  ['it may be the fix of an outage', ['alike', 60, { red: true }]],
])('nothing is told where %s', (_, of) => {
  expect(told(...of)).toEqual([]);
});

test('nothing is told before it has a share, or before anybody has looked', () => {
  const own = release({ rules: rules(HELD) });
  const course: ShiftCourse = { routes: [], steps: [], heardAt: at(2) };
  const none = rolling({ release: own, attempt: attempt({ course }) });
  expect(tellInconclusive(none, at(60))).toBe(none);
  const steps = [{ share: 0.05, after: at(1), seenAt: at(2) }];
  const unseen = rolling({ release: own, attempt: attempt({ course: { ...course, steps } }) });
  expect(tellInconclusive(unseen, at(60))).toBe(unseen);
});

describe('beside proven stands what the judge found', () => {
  const words = (state: Judged['state'], more: Partial<Evidence> = {}, judge?: 'watch' | 'act') => {
    const judged = { state, because: COUNTS, at: at(9), since: at(3) };
    const evidence: Evidence = { rises: [], failures: [], failed: 0, judged, ...more };
    return judgedInWords(release({ rules: rules(judge && { judge }), evidence }));
  };

  test.each([
    ['harmless', `the judge calls it harmless (${COUNTS})`],
    ['waiting', `the judge is inconclusive (waiting: ${COUNTS})`],
    ['alike', `the judge is inconclusive (alike: ${COUNTS})`],
    ['unmeasured', `the judge measured nothing (${COUNTS})`],
    ['disputed', `the judge measured nothing (${COUNTS})`],
    ['alone', `the judge would have sent it back (${COUNTS})`],
  ] as const)('%s', (state, sentence) => {
    expect(words(state, {}, 'watch')).toBe(sentence);
  });

  test('and that a share was inconclusive, whatever it said later', () => {
    const inconclusive = { share: 0.05, at: at(27), because: `waiting: ${COUNTS}` };
    expect(words('harmless', { inconclusive }, 'act')).toBe(
      `the judge was inconclusive at 5 % of the traffic (waiting: ${COUNTS})`,
    );
  });

  test('nothing where nobody asked it', () => {
    expect(words('harmless')).toBeUndefined();
  });
});
