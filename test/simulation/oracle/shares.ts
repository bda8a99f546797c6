/** How much of the traffic each deployment of `web` had, and when: as its rule changed. */
import { evaluationRangeMs } from '@slipway/local-cloud/cloudwatch/state.ts';
import type { ForwardChange } from '@slipway/local-cloud/elbv2/state.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import type { Target } from '../../../shared/config/config.ts';
import { groupOfRevision, ruleOf } from '../rule.ts';
import { MINUTE, type Reign, type Truth } from './truth.ts';

export interface Step {
  readonly at: number;
  /** 0 to 1. */
  readonly share: number;
  readonly before: number;
  /** Nobody but ECS moved it. */
  readonly byEcs: boolean;
}

/** Metrics come so late (docs/strategies.md: an alarm's period, times its periods, and two minutes). */
const METRICS_LATE_MS = 2 * MINUTE;

/** By the rule of the service; none: nothing is shifted there. */
export function changesOf({ world }: Truth, service: string): readonly ForwardChange[] {
  const rule = service === 'production/web' ? ruleOf(world) : undefined;
  return rule === undefined ? [] : world.elbv2.changes.filter(({ arn }) => arn === rule);
}

/** The group into which ECS brings the tasks of a deployment. */
export function groupOf(world: World, { deployment }: Pick<Reign, 'deployment'>): string {
  const revision = world.ecs.revisions[deployment.target];
  return (revision && groupOfRevision(revision)) ?? '';
}

export function partOf({ weights }: Pick<ForwardChange, 'weights'>, group: string): number {
  const all = weights.reduce((sum, { weight }) => sum + weight, 0);
  const own = weights.find(({ targetGroup }) => targetGroup === group)?.weight ?? 0;
  return all === 0 ? 0 : own / all;
}

/** Of a group, from `from` on, in the time of a deployment. */
export function stepsOf(truth: Truth, reign: Reign, until: number): readonly Step[] {
  const group = groupOf(truth.world, reign);
  const changes = changesOf(truth, reign.deployment.service);
  return changes.flatMap((change, i) => {
    const { at } = change;
    const previous = changes[i - 1];
    if (at < reign.from || at > until || previous === undefined) return [];
    const byEcs = !truth.trail.acts.some((act) => act.what === 'edit-rule' && act.at === at);
    return [{ at, share: partOf(change, group), before: partOf(previous, group), byEcs }];
  });
}

export function shareAt(truth: Truth, reign: Reign, at: number): number {
  const last = changesOf(truth, reign.deployment.service).findLast((change) => change.at <= at);
  return last === undefined ? 0 : partOf(last, groupOf(truth.world, reign));
}

/** So long after a share grew its alarms may still not have judged it. */
export function judgingMs({ world }: Truth, { rules }: Target): number {
  const ranges = rules.alarms.map((name) => evaluationRangeMs(world, name) ?? 0);
  return ranges.length === 0 ? 0 : Math.max(...ranges) + METRICS_LATE_MS;
}

export function shifts({ deployment }: Reign): boolean {
  return (deployment.deploymentConfiguration.strategy ?? 'ROLLING') !== 'ROLLING';
}

/** ECS could not ask a hook, or found the rule changed by hand: of the image that says nothing. */
export function wasTakenBackUnasked({ deployment }: Pick<Reign, 'deployment'>): boolean {
  const reason = deployment.rollback?.reason ?? deployment.statusReason ?? '';
  return /hook\(s\) failed|networking/.test(reason) && !/returned FAILED/.test(reason);
}
