/** The list of `slipway status`: trouble first, names never cut, quiet ones folded, on any terminal. */
import { describe, expect, test } from 'vitest';
import type { TargetStatus } from '../../../cli/connect/target-status.ts';
import { asTyped } from '../../../cli/output/invocation.ts';
import { statusDetail } from '../../../cli/output/status/status-detail.ts';
import { statusLines } from '../../../cli/output/status/status-lines.ts';
import { byTrouble } from '../../../cli/output/status/trouble-first.ts';

const NOW = Date.UTC(2026, 10, 20, 12);

function target(name: string, state: TargetStatus['state'] = 'well'): TargetStatus {
  return {
    target: name,
    key: `ecs/production/${name}`,
    mode: 'act',
    state,
    headline:
      state === 'well'
        ? 'main-1 (web:2) runs, all 4 tasks.'
        : 'main-2 was rolled back: 25 % of answers were errors. main-1 (web:2) runs, all 4 tasks.',
    next: { by: 'nobody', what: 'the next push starts by itself' },
    actions: [],
    phase: 'idle',
    because: null,
    since: '2026-11-20T11:40:00.000Z',
    running: { isAsked: true, desired: 4, revisions: [] },
    shift: null,
    last: null,
    waiting: {},
    nextLook: null,
    alarms: {},
    hold: null,
    pending: [],
    quarantined: [],
    couldRollBack: { possible: false, because: 'nothing is proven yet' },
    unseen: [],
  };
}

const LONG = 'team-0-payments-gateway-european-union-1';
const twenty = byTrouble([
  ...Array.from({ length: 17 }, (_, i) => target(`team-${i}`)),
  target('web', 'baking'),
  target(LONG, 'rolled-back'),
  target('api', 'needs-attention'),
]);

test('trouble comes first, and what is well by its name', () => {
  expect(twenty.slice(0, 5).map((one) => one.target)).toEqual([
    'api',
    LONG,
    'web',
    'team-0',
    'team-1',
  ]);
  expect(twenty.at(-1)?.target).toBe('team-16');
});

describe('on a terminal', () => {
  test('of 20 targets the 17 quiet ones are one line', () => {
    const lines = statusLines(twenty, NOW, { folds: true, columns: 80 });
    expect(lines).toHaveLength(4);
    expect(lines[3]).toBe('17 are well (--all names them)');
  });

  test.each([40, 60, 80, 160])(
    'at %i columns no name is cut, and each target is one line',
    (columns) => {
      const lines = statusLines(twenty, NOW, { folds: false, columns });
      expect(lines).toHaveLength(20);
      expect(lines[1]).toMatch(new RegExp(`^${LONG}  rolled-back`));
      for (const line of lines) {
        expect(line).not.toContain('\n');
        if (columns >= 60) expect(line.length).toBeLessThan(columns);
      }
    },
  );

  test('two targets are both named, though they are well', () => {
    const lines = statusLines([target('web'), target('worker')], NOW, { folds: true, columns: 80 });
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['web', 'worker']);
  });

  test('a screen of two rows keeps the worst in sight, and says that there are more', () => {
    expect(statusLines(twenty, NOW, { folds: true, columns: 80, rows: 2 }).slice(1)).toEqual([
      expect.stringMatching(/^team-0-payments/),
      'and 1 more that are not well',
      '17 are well (--all names them)',
    ]);
  });
});

test('into a pipe every target is named, with its whole headline', () => {
  const lines = statusLines(twenty, NOW, { folds: false });
  expect(lines).toHaveLength(20);
  expect(lines[1]).toContain('main-1 (web:2) runs, all 4 tasks.');
});

test('a command to copy is as this person started us', () => {
  const command = 'slipway why web';
  expect(asTyped(command, {}, {})).toBe('slipway why web');
  expect(asTyped(command, { local: 'http://localhost:4566' }, { npm_command: 'exec' })).toBe(
    'npx slipway why web --local',
  );
  expect(asTyped(command, { local: 'http://localhost:4581', config: 'my config.ts' }, {})).toBe(
    "slipway why web --local http://localhost:4581 --config 'my config.ts'",
  );
  const run = { npm_command: 'run-script', npm_lifecycle_event: 'slipway' };
  expect(asTyped(command, {}, run)).toBe('npm run slipway -- why web');
});

test('a look whose moment has come is due now, and no look of the past', () => {
  const at = (moment: string) =>
    statusDetail({ ...target('web', 'baking'), nextLook: moment }, NOW).match(
      /next look +(.*)/,
    )?.[1];
  expect(at('2026-11-20T11:59:55.000Z')).toBe('due now');
  expect(at('2026-11-20T12:00:00.000Z')).toBe('due now');
  expect(at('2026-11-20T12:00:05.000Z')).toBe('12:00:05 UTC, in 5 s');
});

test('all about a target that shifts traffic tells the share of each revision, and where ECS is', () => {
  const shift = {
    stage: 'PRODUCTION_TRAFFIC_SHIFT',
    stageSince: '2026-11-20T11:50:00.000Z',
    shares: { 'web:3': 0.05, 'web:2': 0.95 },
    heardAt: '2026-11-20T11:59:00.000Z',
  };
  const text = statusDetail({ ...target('web', 'deploying'), shift }, NOW);
  expect(text).toMatch(/traffic +web:3 5 %, web:2 95 %, as the load balancer said 11:59:00 UTC/);
  expect(text).toMatch(/ECS is at PRODUCTION_TRAFFIC_SHIFT since 11:50:00 UTC/);
  const connects = { ...shift, shares: null, heardAt: null };
  expect(statusDetail({ ...target('web', 'deploying'), shift: connects }, NOW)).toMatch(
    /traffic +no load balancer tells it\n +ECS is at/,
  );
});
