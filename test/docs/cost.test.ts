/** What a month costs: how it is reckoned, and that the documents say what was reckoned. */
import { expect, test } from 'vitest';
import { billOf } from '../../bench/cost/bill.ts';
import type { Counted } from '../../bench/cost/counted.ts';
import { priceOf } from '../../bench/cost/prices.ts';
import { rowsOf, textOf } from './pages.ts';

test('six dollars at rest, nine with builds, as both READMEs say', () => {
  const rows = rowsOf('docs/cost.md');
  const dollars = (rows.find(([name]) => name === '**together**') ?? []).map((cell) =>
    Math.round(Number(cell.replaceAll('*', ''))),
  );
  const [, rest, , , many, building] = dollars;
  expect([rest, building]).toEqual([6, 9]);
  expect(textOf('README.md')).toMatch(/about six\s+dollars a month at rest, nine with builds/);
  const infra = textOf('infra/README.md');
  expect(infra).toContain('About six dollars a month at rest, nine with builds');
  expect(infra).toContain(`10,000 targets at rest are about $${many},`);
  const [, plain, sources] = rows.findLast(([name]) => name === 'alarms') ?? [];
  expect(infra).toContain(`alarms (${plain}, and ${sources} with sources)`);
});

test('each target and each release adds to what is there: alarms at ten cents, ten targets, 100 releases', () => {
  const counted: Counted = {
    ...{ alarms: 20, dashboards: 1, metrics: 10, polledQueues: 3, ticksAnHour: 60 },
    ...{ logDays: 30, layers: 0, secrets: 0 },
  };
  const bill = (targets: number, releases: number) =>
    billOf({ counted, targets, releases, builds: 0 });
  expect(bill(0, 0).get('alarms')).toBeCloseTo(2);
  expect(bill(0, 0).get('metrics, while they have data')).toBe(0);
  expect(bill(0, 1).get('metrics, while they have data')).toBeCloseTo(3);
  // Three queues, 15 times a minute for 730 hours; two sends an hour, each received and deleted.
  expect(bill(0, 0).get('queues: polls and messages')).toBeCloseTo(
    (3 * 15 * 60 * 730 + 2 * 3 * 730) * 0.0000004,
    6,
  );
  const table = (targets: number, releases: number) => bill(targets, releases).get('table') ?? 0;
  // Four write units an hour, twice, and three reads.
  expect(table(10, 0) - table(0, 0)).toBeCloseTo(10 * 730 * (8 * 0.000000625 + 3 * 0.000000125), 6);
  expect(table(0, 100) - table(0, 0)).toBeCloseTo(100 * (218 * 0.000000625 + 16 * 0.000000125), 6);
});

test('a price is of one, of a thousand or of a million', () => {
  expect(priceOf('alarm', 20)).toBeCloseTo(2);
  expect(priceOf('cloudwatchCalls', 5_000)).toBeCloseTo(0.05);
  expect(priceOf('writes', 2_000_000)).toBeCloseTo(1.25);
});
