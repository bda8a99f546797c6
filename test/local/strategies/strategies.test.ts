/** Slipway drives a service whose traffic ECS shifts: what a bad release costs, and where the traffic is after it. */
import { weightsAt } from '@slipway/local-cloud/elbv2/forward.ts';
import { describe, expect, test } from 'vitest';
import { blueGreen, canary, linear, rolling } from '../../../shared/config/config.ts';
import { badAfterPush, type Shifting, shifting } from './shift-world.ts';

function kinds({ cloud }: Shifting): string[] {
  return cloud.timeline.flatMap((entry) =>
    entry.type === 'announcement' ? [entry.announcement.kind] : [],
  );
}

/** The weights behind the production rule: of the group that was live before, and of the other one. */
function weights({ cloud, rule }: Shifting): number[] {
  return (weightsAt(cloud.world, rule) ?? []).map(({ weight }) => weight);
}

describe('a release that answers nothing but errors', () => {
  const cost = async (strategy: Parameters<typeof shifting>[0]) => {
    const web = await shifting(strategy);
    const bad = await badAfterPush(web, { errorRate: 1, minutes: 20 });
    expect(kinds(web)).toEqual(['adopted', 'started', 'rolled-back']);
    expect(weights(web)).toEqual([100, 0]);
    return { web, bad };
  };

  test('costs a canary of 5 % less than a tenth of what it costs a rolling update', async () => {
    const all = await cost(rolling());
    const few = await cost(canary({ bakeMinutes: 10 }));
    expect(all.bad).toBeGreaterThan(10_000);
    expect(few.bad / all.bad).toBeLessThan(0.1);
    const back = few.web.cloud.timeline.findLast((entry) => entry.type === 'announcement');
    expect(JSON.stringify(back)).toContain('at 5 % of the traffic: alarm web-5xx rose');
  });

  test.each([
    ['blue/green', blueGreen({ bakeMinutes: 10 })],
    ['linear', linear({ stepPercent: 25, stepBakeMinutes: 5, bakeMinutes: 10 })],
  ])('%s: the rule is back within 15 s of the alarm', async (_, strategy) => {
    const { web } = await cost(strategy);
    const rose = web.cloud.timeline.find(
      (entry) =>
        entry.type === 'event' &&
        entry.event['detail-type'] === 'CloudWatch Alarm State Change' &&
        JSON.stringify(entry.event.detail.state).includes('"ALARM"'),
    );
    const { changes } = web.cloud.world.elbv2;
    const back = changes.at(-1);
    expect((back?.at ?? 0) - (rose?.at ?? 0)).toBeGreaterThan(0);
    expect((back?.at ?? 0) - (rose?.at ?? 0)).toBeLessThan(15_000);
  });
});

test('a canary that turns bad after SUCCESSFUL goes back at once, by one shift of everything', async () => {
  const web = await shifting(canary({ bakeMinutes: 1 }));
  const { world } = web.cloud;
  await badAfterPush(web, { errorRate: 1, faultyAfterSeconds: 1_000, minutes: 30 });
  expect(kinds(web)).toEqual(['adopted', 'started', 'rolled-back']);
  const [back] = Object.values(world.ecs.serviceDeployments).slice(-1);
  expect(back).toMatchObject({
    status: 'SUCCESSFUL',
    deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 },
  });
  const shifted = world.elbv2.changes.at(-1)?.at ?? 0;
  expect(shifted - (back?.createdAt ?? 0)).toBeLessThan(120_000);
});
