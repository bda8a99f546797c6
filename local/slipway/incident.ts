/** The incident answer about a target of the local cloud: from its record and its world, as they are now. */
import type { Target } from '../../shared/config/config.ts';
import { couldReturn } from '../../shared/core/explain/can-roll-back.ts';
import { type Incident, incidentOf } from '../../shared/core/incident/incident.ts';
import type { Cloud } from './slipway-cloud.ts';

type TargetRecord = NonNullable<Awaited<ReturnType<Cloud['recordOf']>>>;

type Stopped = Awaited<ReturnType<Cloud['stopped']>>;

const UNKNOWN = { possible: false, because: 'nothing is proven yet' } as const;

/** Draws nothing from the world's chance and takes no time in it. */
export function incidentIn(
  { world }: Pick<Cloud, 'world'>,
  { cluster, service: name, rules }: Target,
  record: TargetRecord | undefined,
  stop: Stopped,
): Incident {
  const service = world.ecs.services[`${cluster}/${name}`];
  return incidentOf(record, {
    at: world.now,
    service: service && {
      status: service.status,
      desired: service.desiredCount,
      byDeployment: service.deployments.map((one) => ({
        revision: world.ecs.revisions[one.id]?.taskDefinition ?? '',
        status: one.status,
        desired: one.desiredCount,
        running: one.runningCount,
        pending: one.pendingCount,
      })),
    },
    redAlarms: rules.alarms.filter(
      (alarm) => world.cloudwatch.alarms[alarm]?.state.value === 'ALARM',
    ),
    couldRollBack: record === undefined ? UNKNOWN : couldReturn(record, world.now),
    stop,
  });
}
