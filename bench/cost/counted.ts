/** What of the synthesized template is paid for by the month, however little it does. */
import { aws_lambda as lambda } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PipelineStack } from '../../infra/pipeline-stack.ts';
import { checkSettings } from '../../infra/settings-check.ts';
import { createApp } from '../../infra/synth.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import { webhookSecrets } from '../../shared/config/git/webhook-secrets.ts';

export interface Counted {
  readonly alarms: number;
  readonly dashboards: number;
  /** Names of metrics of our own. */
  readonly metrics: number;
  /** Queues that Lambda asks for messages, again and again. */
  readonly polledQueues: number;
  /** Runs of all schedules in an hour. */
  readonly ticksAnHour: number;
  readonly logDays: number;
  /** Repositories for cached layers. */
  readonly layers: number;
  /** Made by hand, so they stand in no template: what the config names. */
  readonly secrets: number;
}

export function countStack(pipeline: Pipeline): Counted {
  const codeOf = () => lambda.Code.fromInline('// nothing is deployed');
  const settings = checkSettings(pipeline);
  const stack = new PipelineStack(createApp(), { pipeline, settings, codeOf });
  return countTemplate(pipeline, Template.fromStack(stack));
}

export function countTemplate(pipeline: Pipeline, template: Template): Counted {
  const all = (type: string) =>
    Object.values(template.findResources(type)).map(({ Properties }) => Properties);
  const filters = all('AWS::Logs::MetricFilter').flatMap((one) => one.MetricTransformations);
  const days = all('AWS::Logs::LogGroup').map((one) => Number(one.RetentionInDays));
  const schedules = all('AWS::Scheduler::Schedule').map((one) => String(one.ScheduleExpression));
  const hasSources = Object.keys(pipeline.sources).length > 0;
  return {
    alarms: all('AWS::CloudWatch::Alarm').length,
    dashboards: all('AWS::CloudWatch::Dashboard').length,
    metrics: new Set(filters.map(({ MetricName }) => MetricName)).size,
    polledQueues: all('AWS::Lambda::EventSourceMapping').length,
    ticksAnHour: schedules.reduce((sum, one) => sum + runsAnHour(one), 0),
    logDays: Math.max(...days),
    layers: all('AWS::ECR::Repository').length,
    secrets: hasSources ? webhookSecrets(pipeline).length + 1 : 0,
  };
}

function runsAnHour(expression: string): number {
  const [, minutes] = /^rate\((\d+) minutes?\)$/.exec(expression) ?? [];
  if (minutes === undefined) throw new Error(`${expression} is no rate in minutes`);
  return 60 / Number(minutes);
}
