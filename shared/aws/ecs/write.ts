/**
 * What we ask ECS to change: the writing half of the port `Services`. The client must be one that
 * retries on throttling only (`writeSettings`): none of these calls has an idempotency token.
 */
import {
  type ECSClient,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import type { TaskDefinitionArn } from '../../core/model/image.ts';
import { renderRevision } from '../../core/release/task-definition.ts';
import type { Services } from '../../ports.ts';
import { refused } from '../refusal.ts';
import { runMigration } from './migration.ts';
import { sendBody } from './raw-json.ts';
import type { ServicesRead } from './read.ts';

export type ServicesWrite = Pick<
  Services,
  'registerRevision' | 'runMigration' | 'startRollout' | 'stopRollout'
>;

export function writeServices(
  client: ECSClient,
  rawDefinition: ServicesRead['rawDefinition'],
): ServicesWrite {
  return {
    registerRevision: async (base, images, tags, overlay) => {
      const raw = await rawDefinition(base);
      if (raw === undefined) {
        const message = `The task definition ${base} does not exist; nothing was registered.`;
        return { ok: false, code: 'TaskDefinitionNotFound', message };
      }
      const rendered = renderRevision(raw.definition, raw.tags, images, tags, overlay);
      if (rendered.outcome === 'unchanged') return { ok: true, value: base };
      if (rendered.outcome === 'refused') {
        const message = `The task definition in git: ${rendered.because}. Nothing was registered.`;
        return { ok: false, code: 'DefinitionRefused', message };
      }
      if (rendered.outcome === 'missing') {
        const message =
          `The task definition ${base} has no container ${quoted(rendered.names)}; ` +
          `it has ${quoted(rendered.has)}. Nothing was registered.`;
        return { ok: false, code: 'ContainerNotFound', message };
      }

      const call = `ecs:RegisterTaskDefinition of ${rendered.input.family}`;
      const input = rendered.input as unknown as RegisterTaskDefinitionCommandInput;
      const command = new RegisterTaskDefinitionCommand(input);
      sendBody(command, rendered.input);
      try {
        const { taskDefinition } = await client.send(command);
        if (taskDefinition?.taskDefinitionArn === undefined)
          throw new Error('no ARN in the answer');
        return { ok: true, value: taskDefinition.taskDefinitionArn as TaskDefinitionArn };
      } catch (error) {
        return refused(call, error);
      }
    },

    runMigration: (ref, action) => runMigration(client, ref, action),

    startRollout: async ({ cluster, service }, { revision, deploymentConfiguration }) => {
      // Nothing else: what we do not name, ECS leaves as it is.
      const input = { cluster, service, taskDefinition: revision, deploymentConfiguration };
      const command = new UpdateServiceCommand(input as UpdateServiceCommandInput);
      sendBody(command, input);
      try {
        await client.send(command);
        return { ok: true, value: undefined };
      } catch (error) {
        return refused(`ecs:UpdateService of ${cluster}/${service}`, error);
      }
    },

    stopRollout: async (serviceDeploymentArn) => {
      try {
        await client.send(
          new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' }),
        );
        return { ok: true, value: undefined };
      } catch (error) {
        return refused(`ecs:StopServiceDeployment of ${serviceDeploymentArn}`, error);
      }
    },
  };
}

function quoted(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.map((name) => `"${name}"`).join(', ');
}
