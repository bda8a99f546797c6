/** A release is judged while its traffic is shifted: by the requests of both revisions in the same minutes. */
import { pushImage } from '@slipway/local-cloud/ecr/images.ts';
import { weightsAt } from '@slipway/local-cloud/elbv2/forward.ts';
import { addOutage } from '@slipway/local-cloud/traffic/state.ts';
import { expect, test } from 'vitest';
import { blueGreen, canary, judged, noAlarms } from '../../../shared/config/config.ts';
import type { EcsServiceInput } from '../../../shared/config/input.ts';
import { badAfterPush, type Shifting, shifting } from './shift-world.ts';

const MINUTE = 60_000;
const WEB = { cluster: 'production', service: 'web' };
const CANARY = canary({ percent: 5, canaryBakeMinutes: 20, bakeMinutes: 10 });
const NO_ALARMS = noAlarms('only the judge is tried');

/** With three quarters of an hour of history. */
async function judgedBy(
  strategy: EcsServiceInput['strategy'],
  more: Partial<EcsServiceInput> = {},
): Promise<Shifting> {
  const web = await shifting(strategy, 1, { judge: 'act', ...more });
  await pass(web, 30);
  return web;
}

async function pass({ cloud }: Shifting, minutes: number): Promise<void> {
  await cloud.runUntil(cloud.world.now + minutes * MINUTE);
}

function told({ cloud }: Shifting) {
  return cloud.timeline.flatMap((entry) =>
    entry.type === 'announcement' ? [entry.announcement] : [],
  );
}

const shares = ({ cloud, rule }: Shifting) =>
  (weightsAt(cloud.world, rule) ?? []).map(({ weight }) => weight).join('/');

test('a quarter of errors at 5 % of the traffic is condemned within six minutes, without any alarm', async () => {
  const web = await judgedBy(judged(), { alarms: NO_ALARMS });
  const bad = await badAfterPush(web, { errorRate: 0.25, minutes: 10 });
  const last = told(web).at(-1);
  expect(last).toMatchObject({ kind: 'rolled-back' });
  expect(last?.because).toMatch(
    /the judge finds it worse than what ran before: of \d+ requests to web:2, \d+ failed \(25 %\); of [\d,]+ to web:1 in the same minutes, 0 \(0 %\)$/,
  );
  expect(last?.next).toContain('push a fix; shop/web:main-1');
  expect(shares(web)).toBe('100/0');
  // 37.5 a minute. The figure of the method is 192, of which the balancer's own minute is not played here.
  expect(bad).toBeGreaterThan(100);
  expect(bad).toBeLessThan(192);
});

test('an outage that hits both condemns nobody, nor does the alarm that rings for it', async () => {
  const web = await judgedBy(CANARY);
  const { world } = web.cloud;
  pushImage(world, { repository: 'shop/web', tag: 'main-1' });
  await pass(web, 6);
  addOutage(world, WEB, { from: world.now, to: world.now + 5 * MINUTE, errorRate: 0.3 });
  await pass(web, 50);
  const all = told(web);
  expect(all.map(({ kind }) => kind)).toEqual(['adopted', 'started', 'proven']);
  expect(all.at(-1)?.because).toContain(
    'alarm web-5xx rose while what ran before suffered as well',
  );
});

test('what answers twice as slowly goes back, where the config says what is slow', async () => {
  const web = await judgedBy(canary({ percent: 50, canaryBakeMinutes: 20, bakeMinutes: 10 }), {
    alarms: NO_ALARMS,
    slowMs: 80,
  });
  pushImage(web.cloud.world, {
    repository: 'shop/web',
    tag: 'main-1',
    behaviour: { latencyMs: 100 },
  });
  await pass(web, 12);
  expect(told(web).at(-1)).toMatchObject({ kind: 'rolled-back' });
  expect(told(web).at(-1)?.because).toMatch(
    /of ([\d,]+) answers of web:2, \1 took longer than 80 ms \(100 %\); of [\d,]+ of web:1 in the same minutes, 0 \(0 %\)/,
  );
});

test('what starts in an outage is judged by the comparison: as bad as what ran before goes on', async () => {
  const web = await shifting(judged({ stepPercent: 50 }), 1, { judge: 'act' });
  const { world } = web.cloud;
  addOutage(world, WEB, { from: world.now, to: world.now + 60 * MINUTE, errorRate: 0.3 });
  await pass(web, 30);
  pushImage(world, { repository: 'shop/web', tag: 'main-1' });
  await pass(web, 14);
  expect(told(web).map(({ kind }) => kind)).toEqual(['adopted', 'started']);
  expect(told(web).at(-1)?.because).toContain('alarm web-5xx is red since before its start');
  // Without that rule this share would be held for 25 minutes.
  expect(shares(web)).toBe('0/100');
});

test('where everything moves at once there is nothing to compare: it goes back, and is quarantined when what ran before is well', async () => {
  const web = await judgedBy(blueGreen({ bakeMinutes: 10 }), { alarms: NO_ALARMS });
  const { world } = web.cloud;
  pushImage(world, { repository: 'shop/web', tag: 'main-1', behaviour: { errorRate: 0.25 } });
  await pass(web, 12);
  const last = told(web).at(-1);
  expect(last).toMatchObject({ kind: 'rolled-back' });
  expect(last?.because).toContain(
    'there is nothing to compare with, and an outage would look the same',
  );
  expect(last?.next).toContain('what ran before is looked at for five minutes');
  expect((await web.cloud.recordOf('ecs/production/web'))?.quarantine).toEqual([]);
  expect(shares(web)).toBe('100/0');
  await pass(web, 8);
  expect(told(web).at(-1)).toMatchObject({ kind: 'refused' });
  expect(told(web).at(-1)?.because).toMatch(
    /^it was the release: of 15,000 requests to web:1, 0 failed \(0 %\) in 5 minutes after it; of the last [\d,]+ to web:2 it had been [\d,]+ \(25 %\)$/,
  );
  expect((await web.cloud.recordOf('ecs/production/web'))?.quarantine).toHaveLength(1);
});

test('an outage that begins when there is nothing to compare with sends it back, clears it, and it comes again', async () => {
  const web = await judgedBy(blueGreen({ bakeMinutes: 10 }), { alarms: NO_ALARMS });
  const { world } = web.cloud;
  pushImage(world, { repository: 'shop/web', tag: 'main-1' });
  await pass(web, 4);
  addOutage(world, WEB, { from: world.now, to: world.now + 12 * MINUTE, errorRate: 0.3 });
  await pass(web, 42);
  const all = told(web);
  expect(all.map(({ kind }) => kind)).toEqual([
    'adopted',
    'started',
    'rolled-back',
    'held',
    'started',
    'proven',
  ]);
  expect(all[3]?.because).toMatch(
    /^it was not the release: in one minute after it of 2,250 requests to web:1, 675 failed \(30 %\)/,
  );
  expect((await web.cloud.recordOf('ecs/production/web'))?.quarantine).toEqual([]);
});
