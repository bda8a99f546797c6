/** Calls that would be made, in words: what `explain` and `plan` print. */
import type { Action } from '../shared/core/model/action.ts';
import { type JsonRecord, READ_ONLY_FIELDS } from '../shared/core/release/task-definition.ts';
import { previewRevision, type ReadDefinition } from '../shared/reconcile/preview.ts';
import { type Difference, differences } from './difference.ts';
import { revisionName } from './speaking/words.ts';

export interface CallShown {
  /** `ecs:UpdateService` */
  readonly call: string;
  readonly what: string;
  /** Of a new revision: against the one that is copied. Of a rollout: of its configuration. */
  readonly differences: readonly Difference[];
}

interface Place {
  readonly cluster: string;
  readonly service: string;
  /** `deploymentConfiguration` as it is now. */
  readonly configuration: JsonRecord;
}

export async function callShown(
  action: Action,
  { cluster, service, configuration }: Place,
  rawDefinition: ReadDefinition,
): Promise<CallShown> {
  switch (action.type) {
    case 'RegisterRevision': {
      const change = await previewRevision(action, rawDefinition);
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
        differences: differences(before, rendered.input, READ_ONLY_FIELDS),
      };
    }
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

/** `- path: before` and `+ path: after`. */
export function differenceLines({ path, ...sides }: Difference): readonly string[] {
  const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return [
    ...('before' in sides ? [`- ${path}: ${shown(sides.before)}`] : []),
    ...('after' in sides ? [`+ ${path}: ${shown(sides.after)}`] : []),
  ];
}
