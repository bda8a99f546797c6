/** The calls that would be made next, beside what is there now: what `explain` and `plan` tell. */
import type { Target } from '../../shared/config/config.ts';
import type { Action } from '../../shared/core/model/action.ts';
import { revisionName } from '../../shared/core/model/image.ts';
import type { JsonRecord } from '../../shared/core/release/definition/containers.ts';
import { READ_ONLY_FIELDS } from '../../shared/core/release/task-definition.ts';
import { type Preview, previewRevision } from '../../shared/reconcile/preview.ts';
import type { CallShown } from '../output/plan/calls.ts';
import { type Difference, differences } from '../output/plan/difference.ts';
import type { Connection } from './connection.ts';

export async function nextCalls(
  { cluster, service }: Target,
  { actions, looks }: Preview,
  eyes: Eyes,
): Promise<readonly CallShown[]> {
  const seen = looks.at(-1)?.seen.service;
  const configuration = seen?.state === 'found' ? seen.deploymentConfiguration : {};
  const place = { cluster, service, configuration };
  return await Promise.all(actions.map((action) => shown(action, place, eyes)));
}

/** Of a container: what is written here may be a secret, and a plan is pasted into pull requests. */
const VALUES = ['environment', 'dockerLabels'];

/** That it differs is told, and not what it is. */
function withoutValue({ path, ...sides }: Difference): Difference {
  const [, , field = ''] = path.split('.');
  if (!VALUES.includes(field)) return { path, ...sides };
  return {
    path,
    ...('before' in sides && { before: '(hidden)' }),
    ...('after' in sides && { after: '(hidden)' }),
  };
}

type Eyes = ReturnType<Connection['aws']['eyes']>;

interface Place {
  readonly cluster: string;
  readonly service: string;
  /** `deploymentConfiguration` as it is now. */
  readonly configuration: JsonRecord;
}

async function shown(
  action: Action,
  { cluster, service, configuration }: Place,
  { rawDefinition, definitions }: Eyes,
): Promise<CallShown> {
  switch (action.type) {
    case 'RegisterRevision': {
      const change = await previewRevision(action, rawDefinition, definitions);
      const base = revisionName(action.base);
      const what = `a copy of ${base}`;
      if (change?.rendered.outcome !== 'rendered') {
        const why = change === undefined ? 'which ECS has no more' : change.rendered.outcome;
        return { call: 'ecs:RegisterTaskDefinition', what: `${what}, ${why}`, differences: [] };
      }
      const { before, rendered } = change;
      return {
        call: 'ecs:RegisterTaskDefinition',
        what,
        differences: differences(before, rendered.input, READ_ONLY_FIELDS).map(withoutValue),
      };
    }
    case 'RunMigration':
      return {
        call: 'ecs:RunTask',
        what: `${revisionName(action.revision)}, in container ${action.container}: ${action.command.join(' ')}`,
        differences: [],
      };
    case 'StartRollout':
      return {
        call: 'ecs:UpdateService',
        what: `${cluster}/${service} to ${revisionName(action.revision)}`,
        differences: differences(configuration, action.deploymentConfiguration).map((one) => ({
          ...one,
          path: `deploymentConfiguration.${one.path}`,
        })),
      };
    case 'StopRollout':
      return {
        call: 'ecs:StopServiceDeployment',
        what: `${action.rollout}, to return`,
        differences: [],
      };
  }
}
