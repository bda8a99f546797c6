/**
 * Tasks while traffic is shifted: the new revision comes up to the desired count beside the old one,
 * which stays whole until CLEAN_UP (docs, blue-green-deployment-how-it-works: twice the tasks).
 * The percents of a rolling update mean nothing here (unverified).
 */
import type { World } from '../../kernel/world.ts';
import type {
  DeploymentRecord,
  ServiceDeploymentRecord,
  ServiceRecord,
  TaskRecord,
} from '../state.ts';
import { wantedTasks } from '../task/facts.ts';
import { start, stopTasks } from '../task/placement.ts';

export function adjustShifting(
  world: World,
  service: ServiceRecord,
  record: ServiceDeploymentRecord,
): void {
  const { shift } = record;
  if (shift === undefined) return;
  // Scaled out in the middle: both revisions follow at once.
  service.raised = false;
  const scaleUp = shift.plan.findIndex(({ stage }) => stage === 'SCALE_UP');
  const isUp = shift.direction === 'back' || shift.at >= scaleUp;
  for (const deployment of service.deployments) {
    if (deployment.id === record.target && shift.direction === 'forward') {
      if (isUp) fill(world, service, deployment);
      else deployment.desiredCount = 0;
    } else if (deployment === service.deployments[0] || deployment.id === shift.source) {
      fill(world, service, deployment);
    } else if (deployment.id !== record.target) {
      // What an overtaken deployment left behind, and takes no traffic.
      stopTasks(world, service, wantedTasks(world, deployment));
      deployment.desiredCount = 0;
    }
  }
}

/** A changed desired count holds for both revisions (unverified). */
function fill(world: World, service: ServiceRecord, deployment: DeploymentRecord): void {
  if (deployment.halted) return;
  const desired = service.status === 'ACTIVE' ? service.desiredCount : 0;
  deployment.desiredCount = desired;
  const tasks = wantedTasks(world, deployment);
  if (tasks.length > desired) stopTasks(world, service, newest(tasks, tasks.length - desired));
  if (deployment.retryAt !== undefined && deployment.retryAt > world.now) return;
  start(world, service, deployment, desired - tasks.length);
}

function newest(tasks: readonly TaskRecord[], many: number): TaskRecord[] {
  return [...tasks].sort((a, b) => b.createdAt - a.createdAt).slice(0, many);
}
