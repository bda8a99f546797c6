/** `slipway judge <target>`: what it says of releases of the past, from CloudWatch's own minutes. */

import { beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../../cli/connect/connection.ts';
import { entriesOf } from '../../../cli/connect/history-entries.ts';
import { judgeTarget, whichIn } from '../../../cli/judge/judge-target.ts';
import { UsageError } from '../../../cli/output/command-error.ts';
import { EXIT } from '../../../cli/output/exit.ts';
import { ChartShelf } from '../../../cli/view/chart-shelf.ts';
import { evidencePlot } from '../../../local/page/charts/evidence.ts';
import { evidenceView } from '../../../local/server/page-evidence.ts';
import { canary } from '../../../shared/config/config.ts';
import { numbered } from '../../local/page-world.ts';
import { badAfterPush, type Shifting, shifting } from '../../local/strategies/shift-world.ts';
import { judgeShape } from '../answer/json-answers.ts';
import { personIn } from '../view/person.ts';
import { COMMON, printed } from '../world.ts';

let web: Shifting;
let connection: Connection;

/** One answer in four fails. */
beforeAll(async () => {
  web = await shifting(canary({ bakeMinutes: 10, canaryBakeMinutes: 20 }));
  await badAfterPush(web, { errorRate: 0.25, minutes: 60 });
  connection = personIn(web.cloud);
});

const said = async (which: { release?: number; last: number }, json = true) =>
  await printed(() => judgeTarget(connection, 'web', { ...COMMON, json, ...which }));

test('it says in counts what it would have said, and how many failed answers earlier', async () => {
  const { code, stdout } = await said({ last: 20 }, false);
  expect(code).toBe(EXIT.done);
  expect(stdout).toMatch(
    /^#1 {2}web:2, 2026-11-20T1\d:\d\d:\S+, rolled-back\n {2}condemned by the comparison of both, after minute \d;/,
  );
  expect(stdout).toMatch(
    /of [\d,]+ requests to web:2, \d+ failed \(25 %\); of \d+,\d{3} to web:1 in the same minutes, 0 \(0 %\)/,
  );
  const [, until, all] =
    /failed answers of the new revision until then: (\d+) of (\d+)/.exec(stdout) ?? [];
  expect(Number(until)).toBeGreaterThan(0);
  expect(Number(until)).toBeLessThanOrEqual(Number(all));
});

test('--release names one, and one that was never started is a mistake', async () => {
  const one = JSON.parse((await said({ release: 1, last: 1 })).stdout);
  expect(one).toMatchObject({
    release: 1,
    revision: 'web:2',
    became: 'rolled-back',
    by: 'two-arm',
  });
  expect(judgeShape.parse(one)).toEqual(one);
  await expect(said({ release: 7, last: 1 })).rejects.toThrow(UsageError);
  expect(() => whichIn({ release: 'two', last: '1' })).toThrow('--release is "two"');
});

test('what CloudWatch keeps no longer is told, and not judged', async () => {
  const later = { ...connection, now: () => web.cloud.world.now + 16 * 24 * 3_600_000 };
  const { stdout } = await printed(() => judgeTarget(later, 'web', { ...COMMON, last: 1 }));
  expect(stdout).toContain(
    'cannot be judged: it is older than 15 days: CloudWatch keeps what was counted in a minute no longer',
  );
});

test("its charts show old and new side by side, and the evidence against the step's gate", async () => {
  const entries = await entriesOf(connection, 'ecs/production/web', 1_000);
  const { web: target } = connection.pipeline.targets;
  if (target === undefined) throw new Error('the world has no web');
  const { charts, notes, marks } = await new ChartShelf(connection).charts(target, entries, {});
  expect(notes).toEqual([]);
  const [errors, requests, evidence] = charts;
  expect(errors?.plot.lines.map(({ name }) => name)).toEqual(['web:1', 'web:2']);
  const most = (line: { values: readonly (number | null)[] } | undefined) =>
    Math.max(...(line?.values ?? []).map((value) => value ?? 0));
  expect(most(errors?.plot.lines[0])).toBeLessThan(1);
  expect(most(errors?.plot.lines[1])).toBeCloseTo(25, -1);
  expect(most(requests?.plot.lines[1])).toBeLessThan(400);
  expect(evidence?.plot.thresholds.map(({ value }) => Number(value.toFixed(1)))).toEqual([10.1, 3]);
  expect(most(evidence?.plot.lines.find(({ name }) => name === 'two-arm'))).toBeGreaterThan(10.1);
  expect(marks.map(({ kind }) => kind)).toContain('way-back-asked');
});

test('the page of `slipway local` draws the evidence that `slipway view` draws, with no call to AWS', async () => {
  const { world, timeline } = web.cloud;
  const { web: target } = connection.pipeline.targets;
  if (target === undefined) throw new Error('the world has no web');
  const entries = await entriesOf(connection, target.key, 1_000);
  const { charts, from, to } = await new ChartShelf(connection).charts(target, entries, {});
  const at = world.now;
  const evidence = evidenceView(world, target, numbered(timeline));
  if (evidence === undefined) throw new Error('the page draws no evidence');
  expect(evidencePlot(evidence, { from, to })).toEqual(
    charts.find(({ key }) => key === 'evidence')?.plot,
  );
  expect(world.now).toBe(at);
  const other = { ...target, key: 'ecs/production/worker' };
  expect(evidenceView(world, other, numbered(timeline))).toBeUndefined();
});
