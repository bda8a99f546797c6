/**
 * Many services that run one image, so that one push concerns them all, and one beside them whose release
 * bakes meanwhile.
 */
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { worldOf } from '../../local/stories/setup/scenario-world.ts';
import type { TargetSetup } from '../../local/stories/setup/setup-format.ts';
import { definePipeline, ecsService, type Pipeline } from '../../shared/config/config.ts';

/** What all of them run. */
export const SHARED = 'shop/web';
/** What only the one beside them runs. */
export const BESIDE = { id: 'beside', repository: 'shop/beside' } as const;

export function floodPipeline(targets: number): Pipeline {
  const names = Array.from({ length: targets }, (_, i) => `web-${String(i + 1).padStart(4, '0')}`);
  const all = [
    ...names.map((name) => [name, target(name, SHARED, 10)] as const),
    [BESIDE.id, target(BESIDE.id, BESIDE.repository, 60)] as const,
  ];
  return definePipeline({
    account: '123456789012',
    region: 'eu-central-1',
    targets: Object.fromEntries(all),
  });
}

function target(service: string, repository: string, bakeMinutes: number) {
  return ecsService({
    mode: 'act',
    cluster: 'production',
    service,
    containers: { app: { repository, tags: { glob: 'main-*' } } },
    alarms: [alarmOf(service)],
    bakeMinutes,
  });
}

export function alarmOf(service: string): string {
  return `${service}-5xx`;
}

/** One task each, no requests, and an alarm that says what it is told. */
export function floodWorld(pipeline: Pipeline): World {
  const setups = Object.values(pipeline.targets).map(({ id, rules }) => {
    const alarms = Object.fromEntries(rules.alarms.map((name) => [name, { byHand: true }]));
    const setup: TargetSetup = { desiredCount: 1, requestsPerSecond: 0, alarms };
    return [id, setup] as const;
  });
  return worldOf(pipeline, { targets: Object.fromEntries(setups) }, 1);
}
