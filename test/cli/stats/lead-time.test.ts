/** The lead time that the dashboard reads in the log is the one of `slipway stats`. */
import { expect, test } from 'vitest';
import { entriesOf } from '../../../cli/connect/history-entries.ts';
import { figuresOf } from '../../../cli/output/stats/figures.ts';
import { releaseTimes } from '../../../cli/output/stats/release-times.ts';
import { SERVES_EVERYBODY } from '../../../shared/runtime/log-lines.ts';
import { MINUTE, standing } from '../world.ts';

test('a release that serves everybody is one line, with the seconds since its push', async () => {
  const here = await standing();
  here.push('main-1');
  await here.pass(20);
  here.push('main-2', { errorRate: 0.25 });
  await here.pass(25);
  const lines = here.cloud.lines
    .map((line) => JSON.parse(line) as { message?: string; release?: string; leadSeconds?: number })
    .filter(({ message }) => message === SERVES_EVERYBODY);
  const until = here.connection.now();
  const entries = await entriesOf(here.connection, 'ecs/production/web', 500);
  const times = releaseTimes(entries);
  const { leadTime } = figuresOf([times], { since: until - 90 * MINUTE, until });
  expect(lines.map(({ release }) => release)).toEqual(
    times.filter(({ servingAt }) => servingAt !== undefined).map(({ release }) => release),
  );
  const seconds = lines.map(({ leadSeconds = 0 }) => Math.round(leadSeconds));
  expect(seconds).toHaveLength(leadTime.of);
  expect(Math.max(...seconds)).toBe(leadTime.longest);
});
