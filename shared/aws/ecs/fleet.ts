/** Many services at once, for the sweep: DescribeServices, ten at a time. */
import { DescribeServicesCommand, type ECSClient, type Service } from '@aws-sdk/client-ecs';
import type { ServiceNow } from '../../core/model/observation.ts';
import { plain } from '../../core/model/text.ts';
import type { SweptService } from '../../upkeep-ports.ts';
import { chunks } from '../chunks.ts';
import { refusalOf, transient } from '../refusal.ts';
import { foundService } from './answers.ts';

/** DescribeServices takes at most 10. (API_DescribeServices) */
const SERVICES_MAX = 10;
/** Of a hundred. */
const MESSAGES_MAX = 30;

/** As the sweep needs it, and with all of its deployments, as a person does. */
export type FleetService = SweptService &
  ServiceNow & {
    /** What ECS told of it last, newest first. */
    readonly messages: readonly { readonly at: number; readonly text: string }[];
    /** ARNs of those that its tasks are registered with. */
    readonly targetGroups: readonly string[];
  };

export interface Fleet {
  /** DescribeServices, ten at a time; a service that does not exist is left out. */
  servicesOf(cluster: string, services: readonly string[]): Promise<readonly FleetService[]>;
}

export function createFleet(client: ECSClient): Fleet {
  return {
    servicesOf: async (cluster, services) => {
      const swept: FleetService[] = [];
      for (const part of chunks(services, SERVICES_MAX)) {
        try {
          const command = new DescribeServicesCommand({ cluster, services: part });
          swept.push(...((await client.send(command)).services ?? []).map(sweptService));
        } catch (error) {
          if (refusalOf(error)?.code === 'ClusterNotFoundException') return [];
          throw transient(`ecs:DescribeServices in ${cluster}`, error);
        }
      }
      return swept;
    },
  };
}

function sweptService(service: Service): FleetService {
  const { status, desired, running, deployments, primary } = foundService(service, undefined);
  const name = service.serviceName ?? '';
  const byDeployment = (service.deployments ?? []).map((one) => ({
    revision: one.taskDefinition ?? '',
    status: one.status ?? '',
    desired: one.desiredCount ?? 0,
    running: one.runningCount ?? 0,
    pending: one.pendingCount ?? 0,
  }));
  const { revision } = primary;
  const messages = (service.events ?? []).slice(0, MESSAGES_MAX).map((event) => ({
    at: event.createdAt?.getTime() ?? 0,
    text: plain(event.message ?? ''),
  }));
  const targetGroups = (service.loadBalancers ?? []).flatMap(
    ({ targetGroupArn, advancedConfiguration: more }) =>
      [targetGroupArn, more?.alternateTargetGroupArn].filter((arn) => arn !== undefined),
  );
  return {
    service: name,
    status,
    revision,
    desired,
    running,
    deployments,
    byDeployment,
    messages,
    targetGroups,
  };
}
