/** What a scenario does to a service as a whole: somebody, or Terraform, deletes it and makes it anew. */
import { execute } from '@slipway/local-cloud/services.ts';
import { createManually } from './manual-deploy.ts';
import type { Step } from './scenario-format.ts';
import { referencesOf, targetOf } from './scenario-names.ts';
import type { Stage } from './stage.ts';

type ServiceStep = Pick<Step, 'deleteService' | 'createService' | 'deleteCluster'>;

export function playServices(stage: Stage, step: ServiceStep): void {
  const { world } = stage;
  const { deleteService, createService, deleteCluster } = step;
  if (deleteService !== undefined) {
    const { cluster, service } = targetOf(stage, deleteService.target);
    stage.tell(`somebody deletes the service ${cluster}/${service}`);
    execute(world, 'ecs', 'DeleteService', { cluster, service, force: true });
  }
  if (createService !== undefined) {
    const { target: id, images = {} } = createService;
    const target = targetOf(stage, id);
    const named = Object.entries(images).map(([container, tag]) => `${container} ${tag}`);
    const what = named.length === 0 ? 'its first revision' : named.join(', ');
    stage.tell(`somebody creates the service of ${id} again, with ${what}`);
    createManually(world, target, referencesOf(target, images));
  }
  if (deleteCluster !== undefined) {
    const { cluster } = targetOf(stage, deleteCluster.target);
    stage.tell(`somebody deletes the cluster ${cluster}`);
    execute(world, 'ecs', 'DeleteCluster', { cluster });
  }
}
