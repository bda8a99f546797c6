/** A service moves from rolling updates to a strategy and back, as docs/strategies.md says, and nobody notices. */
import { pushImage } from '@slipway/local-cloud/ecr/images.ts';
import { weightsAt } from '@slipway/local-cloud/elbv2/forward.ts';
import { execute } from '@slipway/local-cloud/services.ts';
import { servedBy } from '@slipway/local-cloud/traffic/state.ts';
import { expect, test } from 'vitest';
import { blueGreen, rolling } from '../../../shared/config/config.ts';
import { reconfigured, type Shifting, shifting } from './shift-world.ts';

const MINUTE = 60_000;

async function release({ cloud }: Shifting, tag: string, minutes: number) {
  pushImage(cloud.world, { repository: 'shop/web', tag });
  await cloud.runUntil(cloud.world.now + minutes * MINUTE);
  return cloud.timeline.flatMap((entry) =>
    entry.type === 'announcement' ? [entry.announcement.kind] : [],
  );
}

/** The group that has everything. */
function live({ cloud, rule }: Shifting): string {
  const served = (weightsAt(cloud.world, rule) ?? []).filter(({ weight }) => weight > 0);
  expect(served).toHaveLength(1);
  return served[0]?.targetGroup ?? '';
}

test('from rolling to blue/green and back', async () => {
  const before = await shifting(rolling());
  const { world } = before.cloud;
  const served = () => servedBy(world, 'production', 'web');
  const first = live(before);
  const { total, bad } = served();
  const shifts = await reconfigured(before, blueGreen({ bakeMinutes: 1 }));
  expect(await release(shifts, 'main-1', 32)).toEqual(['started', 'proven']);
  const second = live(shifts);
  expect(second).not.toBe(first);

  // The group that serves becomes the configured one, so that ECS rolls into it; our hook goes.
  execute(world, 'ecs', 'UpdateService', {
    cluster: 'production',
    service: 'web',
    loadBalancers: [{ targetGroupArn: second, containerName: 'app', containerPort: 8080 }],
    deploymentConfiguration: { strategy: 'ROLLING', lifecycleHooks: [], bakeTimeInMinutes: 0 },
  });
  const rolls = await reconfigured(shifts, rolling());
  await rolls.cloud.runUntil(world.now + 20 * MINUTE);
  expect(await release(rolls, 'main-2', 25)).toEqual(['started', 'proven']);
  expect(live(rolls)).toBe(second);
  expect(served().total - total).toBeGreaterThan(100_000);
  expect(served().bad - bad).toBe(0);
});
