/** How many calls `slipway status` makes: records, services and alarms are asked for in batches. */
import { expect, test } from 'vitest';
import { statusOf } from '../../../cli/connect/target-status.ts';
import type { Target } from '../../../shared/config/config.ts';
import { pipeline, standing } from '../world.ts';

/** Copies of one target, each with a service and an alarm of its own, none of which exists. */
function targets(count: number): readonly Target[] {
  const { web } = pipeline.targets;
  if (web === undefined) throw new Error('the example has no web');
  return Array.from({ length: count }, (_, i) => ({
    ...web,
    id: `web-${i}`,
    key: `ecs/production/web-${i}`,
    service: `web-${i}`,
    rules: { ...web.rules, alarms: [`web-${i}-5xx`] },
  }));
}

test.each([
  [20, { BatchGetItem: 1, GetItem: 1, DescribeServices: 2, DescribeAlarms: 1 }],
  [200, { BatchGetItem: 2, GetItem: 1, DescribeServices: 20, DescribeAlarms: 2 }],
])('%i targets', async (count, expected) => {
  const calls: Record<string, number> = {};
  const here = await standing(pipeline, ({ operation }) => {
    calls[operation] = (calls[operation] ?? 0) + 1;
  });
  const { targets: shown } = await statusOf(here.connection, targets(count));
  expect(shown).toHaveLength(count);
  expect(calls).toEqual(expected);
});

test('of one target it is asked besides whether it could really go back', async () => {
  const calls: string[] = [];
  const here = await standing(pipeline, ({ operation }) => calls.push(operation));
  here.push('main-1');
  await here.pass(20);
  await statusOf(here.connection, Object.values(pipeline.targets).slice(0, 1));
  expect(calls.toSorted()).toEqual(
    [
      'BatchGetItem',
      'DescribeAlarms',
      'DescribeImages',
      'DescribeServices',
      'DescribeTaskDefinition',
      'GetItem',
    ].toSorted(),
  );
});
