/** The production rule of `web`, as somebody changes it who is not ECS. */
import type { RevisionRecord } from '@slipway/local-cloud/ecs/state.ts';
import { weightsAt } from '@slipway/local-cloud/elbv2/forward.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import type { Engine } from './engine.ts';

/** Undefined: nothing is shifted there. */
export function ruleOf({ ecs }: Pick<World, 'ecs'>): string | undefined {
  const [balancer] = ecs.services['production/web']?.settings.loadBalancers ?? [];
  return balancer?.advancedConfiguration?.productionListenerRule;
}

/** Is ECS moving traffic, or about to? */
export function isShifting({ ecs }: Pick<World, 'ecs'>): boolean {
  return (ecs.services['production/web']?.open.length ?? 0) > 0;
}

/** Another group than that of what runs has some of the traffic. */
export function isAmissNow(world: World): boolean {
  const rule = ruleOf(world);
  const weights = rule === undefined ? [] : (weightsAt(world, rule) ?? []);
  const group = groupOfPrimary(world);
  return weights.some(({ targetGroup, weight }) => weight > 0 && targetGroup !== group);
}

/** In the order in which the rule names its groups. */
export function giveRule(engine: Engine, percents: readonly number[]): void {
  const rule = ruleOf(engine.world);
  if (rule === undefined) return;
  const TargetGroups = (weightsAt(engine.world, rule) ?? []).map(({ targetGroup }, index) => ({
    TargetGroupArn: targetGroup,
    Weight: percents[index] ?? 0,
  }));
  const actions = [{ Type: 'forward', ForwardConfig: { TargetGroups } }];
  // A Network Load Balancer has no rules: its listener forwards.
  if (rule.includes(':listener/')) {
    const input = { ListenerArn: rule, DefaultActions: actions };
    engine.asSomebody('elasticloadbalancing', 'ModifyListener', input);
    return;
  }
  engine.asSomebody('elasticloadbalancing', 'ModifyRule', { RuleArn: rule, Actions: actions });
}

/** Everything to the group in which the tasks of what runs are. */
export function giveRuleToTasks(engine: Engine): void {
  const { world } = engine;
  const rule = ruleOf(world);
  const group = groupOfPrimary(world);
  if (rule === undefined || group === undefined) return;
  const weights = weightsAt(world, rule) ?? [];
  giveRule(
    engine,
    weights.map(({ targetGroup }) => (targetGroup === group ? 100 : 0)),
  );
}

/** The group of the revision that is PRIMARY. */
export function groupOfPrimary({ ecs }: Pick<World, 'ecs'>): string | undefined {
  const primary = ecs.services['production/web']?.deployments[0];
  const revision = ecs.revisions[primary?.id ?? ''];
  return revision && groupOfRevision(revision);
}

/** Into which ECS brings its tasks; undefined: no load balancer. */
export function groupOfRevision(revision: RevisionRecord): string | undefined {
  const [named] = revision.settings.loadBalancers ?? [];
  return revision.targetGroups?.[0] ?? named?.targetGroupArn;
}
