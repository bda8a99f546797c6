/** Many services at once, for the sweep: DescribeServices, ten at a time. */
import { DescribeServicesCommand, type ECSClient, type Service } from '@aws-sdk/client-ecs';
import type { SweptService, Upkeep } from '../../ports.ts';
import { chunks } from '../chunks.ts';
import { refusalOf, transient } from '../refusal.ts';
import { foundService } from './answers.ts';

/** DescribeServices takes at most 10. (API_DescribeServices) */
const SERVICES_MAX = 10;

export function createFleet(client: ECSClient): Pick<Upkeep, 'servicesOf'> {
  return {
    servicesOf: async (cluster, services) => {
      const swept: SweptService[] = [];
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

function sweptService(service: Service): SweptService {
  const { status, desired, running, deployments, primary } = foundService(service, undefined);
  const name = service.serviceName ?? '';
  return { service: name, status, revision: primary.revision, desired, running, deployments };
}
