/** Until when a rollout may last: what ECS bakes itself, and what it waited for our hook, is not counted. */
import { forwardPlan } from '@slipway/local-cloud/ecs/shift/plan.ts';
import type { Target } from '../../../shared/config/config.ts';
import type { Reign, Truth } from './truth.ts';

const MINUTE = 60_000;
/** ECS asks each half minute for as long as it is told to wait. */
const ASKED_AGAIN_MS = 2 * MINUTE;

/** The moment from which on it took too long. */
export function lateFrom(truth: Truth, target: Target, { deployment, from }: Reign): number {
  const bakes = forwardPlan(deployment.deploymentConfiguration, { reconciles: false });
  const bakedMs = bakes.reduce((sum, { bakeMs = 0 }) => sum + bakeMs, 0);
  return from + target.rules.rolloutMinutes * MINUTE + bakedMs + waitedMs(truth, deployment.id);
}

/** From each "wait" to what it was told next. */
function waitedMs({ trail, now }: Truth, id: string): number {
  const mine = trail.asked.filter(({ deployment }) => deployment.endsWith(`/${id}`));
  return mine.reduce((sum, { at, answer }, index) => {
    if (answer.hookStatus !== 'IN_PROGRESS') return sum;
    const next = mine[index + 1]?.at ?? now;
    return sum + Math.min(next - at, ASKED_AGAIN_MS);
  }, 0);
}
