/** The service itself: is it there and ours to drive, and can a rollout of it move at all? */
import type {
  BalancerFacts,
  Found,
  ServiceFacts,
  TargetGroupFacts,
} from '../../shared/aws/examine.ts';
import type { Target } from '../../shared/config/config.ts';
import { type Check, failed, judged, ok, skipped } from './check.ts';
import type { DefinitionFacts } from './definition-facts.ts';

export function serviceChecks(target: Target, service: ServiceFacts): readonly Check[] {
  return [isDriven(target, service), canRoll(target, service), isGuardedByEcs(target, service)];
}

/** Whether ECS has it at all; nothing else of it can be seen otherwise. */
export function isThere({ cluster, service }: Target, seen: Found<ServiceFacts>): Check {
  const name = 'service';
  const missing = {
    says: `ECS has no service ${service} in the cluster ${cluster}`,
    fix: `pipeline.config.ts: mend cluster and service; \`aws ecs list-services --cluster ${cluster}\` lists what is there`,
  };
  return judged(name, seen, missing, ({ status, desired }) => {
    if (status !== 'ACTIVE') return failed(name, `it is ${status}`, missing.fix);
    return ok(name, `${service} is ACTIVE, ${desired} wanted`);
  });
}

function isDriven({ cluster, service }: Target, { controller, scheduling }: ServiceFacts): Check {
  const name = 'controller';
  if (controller !== 'ECS') {
    return failed(
      name,
      `its deployments are ${controller}'s, and Slipway drives those of ECS only`,
      `aws ecs update-service --cluster ${cluster} --service ${service} --deployment-controller type=ECS, or leave it out of pipeline.config.ts`,
    );
  }
  if (scheduling !== 'REPLICA') {
    return failed(
      name,
      `it is a ${scheduling} service, and Slipway drives REPLICA ones only`,
      'leave it out of pipeline.config.ts',
    );
  }
  return ok(name, 'ECS, REPLICA');
}

/** ECS rounds the lower limit up and the upper one down. (API_DeploymentConfiguration) */
function canRoll({ cluster, service }: Target, facts: ServiceFacts): Check {
  const name = 'room for a rollout';
  const { desired, minimumHealthyPercent, maximumPercent } = facts;
  if (desired === 0) return skipped(name, 'it wants no tasks: nothing can be proven until it does');
  const least = Math.ceil((desired * minimumHealthyPercent) / 100);
  const most = Math.floor((desired * maximumPercent) / 100);
  if (most > desired || least < desired) {
    return ok(name, `between ${least} and ${most} tasks while ${desired} are wanted`);
  }
  return failed(
    name,
    `at least ${least} and at most ${most} tasks while ${desired} are wanted: ECS can neither start a new one nor stop an old one`,
    `aws ecs update-service --cluster ${cluster} --service ${service} --deployment-configuration minimumHealthyPercent=100,maximumPercent=200`,
  );
}

/** ECS rolls back by its own alarms, and Slipway would not know why. */
function isGuardedByEcs(
  { rules }: Target,
  { circuitBreaker, deploymentAlarms }: ServiceFacts,
): Check {
  const name = "ECS's own guards";
  const unknown = deploymentAlarms.filter((alarm) => !rules.alarms.includes(alarm));
  if (unknown.length > 0) {
    return failed(
      name,
      `ECS ends deployments for ${unknown.join(', ')}, of which the config says nothing: no bake would wait for ${unknown.length === 1 ? 'it' : 'them'}`,
      `pipeline.config.ts: alarms: [${[...rules.alarms, ...unknown].map((one) => `'${one}'`).join(', ')}]`,
    );
  }
  const breaker = circuitBreaker || rules.rollout.circuitBreaker?.enable === true;
  return ok(name, breaker ? 'circuit breaker' : 'no circuit breaker: maxTaskFailures alone counts');
}

export interface Balanced {
  readonly target: Target;
  readonly service: ServiceFacts;
  readonly definition: DefinitionFacts;
}

/** Requests reach a container by its name and port, as the task definition has them. */
export function balancerCheck(
  { target, service, definition }: Balanced,
  { container, port, targetGroup }: BalancerFacts,
  group: Found<TargetGroupFacts>,
): Check {
  const name = `port ${container}:${port}`;
  const found = definition.containers.find((one) => one.name === container);
  if (found === undefined) {
    const has = definition.containers.map((one) => one.name).join(', ');
    return failed(
      name,
      `the load balancer sends to the container ${container}, and the task definition has ${has}`,
      'mend containerName of the service, or the name in the task definition',
    );
  }
  if (!found.ports.includes(port)) {
    return failed(
      name,
      `the load balancer sends to port ${port}, and ${container} has ${found.ports.join(', ') || 'none'}`,
      `task definition ${definition.family}: portMappings: [{ containerPort: ${port} }] of ${container}`,
    );
  }
  const missing = {
    says: `its target group ${targetGroup ?? ''} is not there`,
    fix: 'mend loadBalancers of the service',
  };
  return judged(name, group, missing, (facts) => {
    const wanted = definition.networkMode === 'awsvpc' ? 'ip' : 'instance';
    if (facts.targetType !== wanted) {
      return failed(
        name,
        `the target group ${facts.name} has targets of the type ${facts.targetType}, and network mode ${definition.networkMode} needs ${wanted}`,
        `make a target group with --target-type ${wanted}, and give it to ${target.service}`,
      );
    }
    return startsInTime(service, found.startPeriod, ok(name, `target group ${facts.name}`));
  });
}

/** ELB's health check counts from the end of the grace period: a container that still starts is killed. */
function startsInTime(
  { graceSeconds }: ServiceFacts,
  startPeriod: number | undefined,
  well: Check,
): Check {
  if (startPeriod === undefined || graceSeconds >= startPeriod) return well;
  return failed(
    well.name,
    `its container may take ${startPeriod} s to start (startPeriod), and the load balancer's check counts after ${graceSeconds} s: ECS would kill it on its way up`,
    `aws ecs update-service … --health-check-grace-period-seconds ${startPeriod}`,
  );
}
