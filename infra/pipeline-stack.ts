/**
 * The pipeline in an account, in the order of the picture in the README: rules, functions that
 * listen, queues, the function that deploys, the table, the bus; the webhook and the builds, if the
 * config names sources; and what watches all of it.
 */
import { aws_iam as iam, type aws_lambda as lambda, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Pipeline } from '../shared/config/config.ts';
import { createBuilds } from './builds.ts';
import { createBus } from './bus.ts';
import { createFunctions } from './functions.ts';
import { createHookRole } from './hook-role.ts';
import { createAlarms } from './monitoring/alarms.ts';
import { createDashboard } from './monitoring/dashboard.ts';
import { createMetrics } from './monitoring/metrics.ts';
import { type FunctionName, stackName } from './names.ts';
import { acknowledgePermissions } from './permissions/nag.ts';
import { fittingPolicies } from './permissions/statements.ts';
import { createProofsRoles } from './proofs-role.ts';
import { createQueues } from './queues.ts';
import { createRules, createTick } from './rules.ts';
import { limitSenders } from './senders.ts';
import type { CheckedSettings } from './settings-check.ts';
import { createTable } from './table.ts';
import { createTrail } from './trail.ts';
import { createWebhook } from './webhook.ts';

export interface PipelineStackProps extends StackProps {
  readonly pipeline: Pipeline;
  readonly settings: CheckedSettings;
  /** The bundle of each function. */
  readonly codeOf: (name: FunctionName) => lambda.Code;
  /** In the app around it; in the account it has its own name. */
  readonly id?: string;
  /** Flags of the CDK that the app around it may not have set: the template is the same in every app. */
  readonly context?: Readonly<Record<string, unknown>>;
}

export class PipelineStack extends Stack {
  constructor(scope: Construct, given: PipelineStackProps) {
    const name = stackName(given.pipeline);
    const { pipeline, settings, codeOf, context = {}, id = name, ...props } = given;
    const { account, region } = pipeline;
    super(scope, id, {
      ...props,
      stackName: name,
      env: { account, region },
      // What it has seen and condemned is not taken away in passing.
      terminationProtection: true,
      description: 'Slipway: continuous deployment for containers on ECS.',
    });
    for (const [flag, value] of Object.entries(context)) this.node.setContext(flag, value);
    const { permissions, statements } = fittingPolicies(pipeline, settings);
    bound(this, settings.permissionsBoundary);

    const queues = createQueues(this, pipeline);
    createTable(this, pipeline, settings);
    const bus = createBus(this, pipeline);
    const functions = createFunctions(this, {
      pipeline,
      queues,
      settings,
      policies: statements,
      codeOf,
    });
    createHookRole(this, pipeline);
    createProofsRoles(this, pipeline, settings);
    createRules(this, { pipeline, functions, queues, bus });
    createTick(this, pipeline, functions.tick.function);
    const receiver = functions['github-push'];
    if (receiver !== undefined) createWebhook(this, receiver.function);
    const builders = createBuilds(this, pipeline, settings);
    limitSenders(queues, bus, {
      pipeline,
      permissions,
      people: settings.people,
      builders: builders.map(({ roleArn }) => roleArn),
    });
    if (settings.trail !== undefined) createTrail(this, pipeline, bus, settings.trail);

    const metrics = createMetrics(this, pipeline, functions);
    const topic = settings.alarmTopic;
    const alarms = createAlarms(this, {
      pipeline,
      queues,
      functions,
      metrics,
      ...(topic && { topic }),
    });
    createDashboard(this, { name, region, queues, functions, metrics, alarms });
    acknowledgePermissions(this, permissions);
  }
}

/** Every role of the stack can then do no more than the organisation lets any role do. */
function bound(stack: Stack, policy: string | undefined): void {
  if (policy === undefined) return;
  const boundary = iam.ManagedPolicy.fromManagedPolicyArn(stack, 'boundary', policy);
  iam.PermissionsBoundary.of(stack).apply(boundary);
}
