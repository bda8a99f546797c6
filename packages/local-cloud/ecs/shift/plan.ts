/** Which stages a strategy has, in their order (docs, canary-deployment, deployment-type-linear). Pure. */
import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import type { Shift, StageStep, Unknowns } from './state.ts';

const MINUTE_MS = 60_000;

/** API reference, CanaryConfiguration and LinearConfiguration. */
export const CANARY_DEFAULTS = { canaryPercent: 5, canaryBakeTimeInMinutes: 10 } as const;
export const LINEAR_DEFAULTS = { stepPercent: 10, stepBakeTimeInMinutes: 6 } as const;

/** `reconciles`: more than one revision stands when it begins. */
export function forwardPlan(
  config: DeploymentConfiguration,
  { reconciles }: { readonly reconciles: boolean },
): StageStep[] {
  return [
    ...(reconciles ? [{ stage: 'RECONCILE_SERVICE' } as const] : []),
    { stage: 'PRE_SCALE_UP' },
    { stage: 'SCALE_UP' },
    { stage: 'POST_SCALE_UP' },
    { stage: 'TEST_TRAFFIC_SHIFT', percent: 100 },
    { stage: 'POST_TEST_TRAFFIC_SHIFT' },
    ...stepsOf(config).flatMap((step): StageStep[] => [
      { stage: 'PRE_PRODUCTION_TRAFFIC_SHIFT' },
      { stage: 'PRODUCTION_TRAFFIC_SHIFT', ...step },
    ]),
    { stage: 'POST_PRODUCTION_TRAFFIC_SHIFT' },
    { stage: 'BAKE_TIME', bakeMs: (config.bakeTimeInMinutes ?? 0) * MINUTE_MS },
    { stage: 'CLEAN_UP' },
  ];
}

/**
 * The steps of production: one, two, or as many as it takes; the last one's bake is the deployment's own.
 * `stepPercent` 30: 30, 60, 90, 100 (the short last step is inferred).
 */
function stepsOf(config: DeploymentConfiguration): { percent: number; bakeMs?: number }[] {
  if (config.strategy === 'CANARY') {
    const { canaryPercent, canaryBakeTimeInMinutes } = {
      ...CANARY_DEFAULTS,
      ...config.canaryConfiguration,
    };
    const first = { percent: canaryPercent ?? 5, bakeMs: minutes(canaryBakeTimeInMinutes) };
    return [first, { percent: 100 }];
  }
  if (config.strategy === 'LINEAR') {
    const { stepPercent, stepBakeTimeInMinutes } = {
      ...LINEAR_DEFAULTS,
      ...config.linearConfiguration,
    };
    const size = stepPercent ?? 10;
    const count = Math.ceil(Math.round((100 / size) * 1_000) / 1_000);
    return Array.from({ length: count }, (_, index) =>
      index === count - 1
        ? { percent: 100 }
        : {
            percent: Math.round(size * (index + 1) * 10) / 10,
            bakeMs: minutes(stepBakeTimeInMinutes),
          },
    );
  }
  return [{ percent: 100 }];
}

function minutes(count: number | undefined): number {
  return (count ?? 0) * MINUTE_MS;
}

/**
 * The way back: what was shifted is shifted back, with the hooks of these stages once more (docs,
 * lambda-lifecycle-hooks); no stage says ROLLBACK. `refills`: the old revision lacks tasks.
 */
export function backPlan(
  { production, test }: Pick<Shift, 'production' | 'test'>,
  { rollbackOrder }: Unknowns,
  { refills }: { readonly refills: boolean },
): StageStep[] {
  const back: StageStep[] = [];
  if (production > 0) back.push({ stage: 'PRODUCTION_TRAFFIC_SHIFT', percent: 0 });
  if (test > 0) back.push({ stage: 'TEST_TRAFFIC_SHIFT', percent: 0 });
  if (rollbackOrder === 'test-first') back.reverse();
  return [...(refills ? [{ stage: 'SCALE_UP' } as const] : []), ...back];
}
