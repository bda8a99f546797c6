/** Whatever the judge is told, or not told: each has its state and its sentence, and none condemns. */
import { describe, expect, test } from 'vitest';
import { TransientError } from '../../shared/ports.ts';
import { judgeAftermath, judgeRelease } from '../../shared/reconcile/judge-release.ts';
import type { Counted, ObservedArms, ObservedCounts } from '../../shared/traffic-ports.ts';

const MINUTE = 60_000;
const SINCE = 100_000 * MINUTE;
const BLUE = 'targetgroup/web-blue/6d0ecf831eec9f09';
const GREEN = 'targetgroup/web-green/50dc6c495c0c9188';
const RULE = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/web/1/2/3';
const ARMS: ObservedArms = {
  state: 'known',
  pairs: [{ rule: RULE, loadBalancer: 'app/web/1', groups: [BLUE, GREEN], own: GREEN }],
};

type Row = readonly [minute: number, requests: number, errors: number];
const by = (rows: readonly Row[]) =>
  new Map<number, Counted>(
    rows.map(([minute, requests, errors]) => [SINCE + minute * MINUTE, { requests, errors }]),
  );
const HISTORY: readonly Row[] = Array.from({ length: 240 }, (_, i) => [i - 240, 3_000, 3]);
const known = (old: readonly Row[], fresh: readonly Row[]): ObservedCounts => ({
  state: 'known',
  groups: new Map([
    [BLUE, by(old)],
    [GREEN, by(fresh)],
  ]),
});
const OLD: readonly Row[] = [...HISTORY, ...[0, 1, 2].map((i): Row => [i, 2_850, 3])];
const BAD: readonly Row[] = [0, 1, 2].map((i) => [i, 150, 37]);

interface Told {
  readonly arms?: ObservedArms | Error;
  readonly counts?: ObservedCounts;
  readonly now?: number;
}
const asked = { serviceRevision: 'arn:service-revision/2', since: SINCE };
const names = { old: 'web:7', new: 'web:8' };
const ports = ({ arms = ARMS, counts = known(OLD, BAD) }: Told) => ({
  services: {
    arms: async () => {
      if (arms instanceof Error) throw arms;
      return arms;
    },
  },
  requestCounts: { counts: async () => counts },
});
const judged = async (told: Told) =>
  await judgeRelease({ ...asked, names }, ports(told), told.now ?? SINCE + 5 * MINUTE);

test('it speaks in counts', async () => {
  expect(await judged({})).toEqual({
    state: 'condemned',
    because:
      'of 450 requests to web:8, 111 failed (24.7 %); of 8,550 to web:7 in the same minutes, 9 (0.1 %)',
    from: SINCE,
    to: SINCE + 3 * MINUTE,
  });
});

describe('is not measured, and condemned by nobody', () => {
  test.each<[string, Told, string]>([
    [
      'no load balancer',
      { arms: { state: 'none', because: 'the service has no load balancer' } },
      'the service has no load balancer',
    ],
    [
      'ECS throttles',
      { arms: new TransientError('ecs:DescribeServiceRevisions: Rate exceeded') },
      'ecs:DescribeServiceRevisions: Rate exceeded',
    ],
    ['metrics denied', { counts: { state: 'unknown', because: 'AccessDenied' } }, 'AccessDenied'],
    [
      'too old',
      { now: SINCE + 16 * 1_440 * MINUTE },
      'it is older than 15 days: CloudWatch keeps what was counted in a minute no longer',
    ],
  ])('%s', async (_, told, because) => {
    expect(await judged(told)).toEqual({ state: 'unmeasured', because });
    const after = { ...asked, names, backAt: SINCE + 3 * MINUTE };
    const now = told.now ?? SINCE + 20 * MINUTE;
    expect(await judgeAftermath(after, ports(told), now)).toEqual({ state: 'untold', because });
  });

  test('a fault of ours is none of the world’s', async () => {
    await expect(judged({ arms: new TypeError('ours') })).rejects.toThrow('ours');
  });
});

test('swapped groups are disputed: the well one is not condemned for the ill one', async () => {
  const swapped = known(BAD, OLD);
  expect(await judged({ counts: swapped })).toMatchObject({ state: 'disputed' });
});

test.each<[string, ObservedCounts, string]>([
  ['no traffic', known([], []), 'no request has reached web:8 in any minute that is known'],
  [
    'none to the new one',
    known(OLD, []),
    'no request has reached web:8 in any minute that is known',
  ],
  ['no history', known(OLD.slice(-3), [[0, 150, 1]]), 'fewer than 30 minutes had requests'],
])('%s: it waits', async (_, counts, because) => {
  const said = await judged({ counts });
  expect(said.state).toMatch(/^(waiting|harmless)$/);
  expect(said.because).toContain(because);
});

test('our clock an hour behind sees nothing yet; an hour ahead it sees the same', async () => {
  expect((await judged({ now: SINCE - 60 * MINUTE })).state).toBe('waiting');
  expect((await judged({ now: SINCE + 65 * MINUTE })).state).toBe('condemned');
});

test('a group that disappears in the middle leaves what was counted, and minutes that are not known', async () => {
  const [first] = BAD;
  const gone = known(HISTORY, first === undefined ? [] : [first]);
  const said = await judged({ counts: gone, now: SINCE + 9 * MINUTE });
  expect(said.state).not.toBe('condemned');
  expect(said.because).toContain('minutes are not known');
});
