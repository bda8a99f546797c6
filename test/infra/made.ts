/** The pipeline stack as a template, without bundles: what a test asks about is not in the code. */
import { aws_lambda as lambda } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PipelineStack } from '../../infra/pipeline-stack.ts';
import { checkSettings } from '../../infra/settings-check.ts';
import { createApp } from '../../infra/synth.ts';
import { type Pipeline, type PipelineInput, parsePipeline } from '../../shared/config/config.ts';
import type { Settings } from '../../shared/config/infra.ts';
import type { MigrationInput } from '../../shared/config/input.ts';
import type { Newer } from '../../shared/config/tags.ts';
import type { Strategy } from '../../shared/core/model/rules.ts';

/** Rights for every target, by the names that the local world has: the family is the service's. */
export function settingsFor(pipeline: Pipeline, more: Partial<Settings> = {}): Settings {
  const targets = Object.values(pipeline.targets);
  return {
    taskDefinitions: Object.fromEntries(
      targets.map(({ id, service }) => [
        id,
        { family: service, roles: [`${service}-task`, 'ecsTaskExecutionRole'] },
      ]),
    ),
    ...more,
  };
}

export function templateOf(pipeline: Pipeline, settings = settingsFor(pipeline)): Template {
  return Template.fromStack(stackOf(pipeline, settings));
}

export function stackOf(pipeline: Pipeline, settings = settingsFor(pipeline)): PipelineStack {
  const app = createApp();
  const codeOf = () => lambda.Code.fromInline('// not under test');
  return new PipelineStack(app, { pipeline, settings: checkSettings(pipeline, settings), codeOf });
}

export interface TargetSpec {
  readonly cluster?: string;
  readonly mode?: 'watch' | 'act';
  readonly alarms?: readonly string[];
  readonly commandQueue?: string;
  readonly strategy?: Strategy;
  readonly migration?: MigrationInput;
  readonly newer?: Newer;
}

/** A pipeline with these targets, each a service of its own name; `more`: sources, for example. */
export function pipelineWith(
  targets: Readonly<Record<string, TargetSpec>>,
  more: Partial<Pick<PipelineInput, 'name' | 'sources' | 'github' | 'notices'>> = {},
): Pipeline {
  return parsePipeline({
    ...more,
    account: '123456789012',
    region: 'eu-central-1',
    targets: Object.fromEntries(
      Object.entries(targets).map(
        ([
          id,
          {
            cluster = 'production',
            mode = 'act',
            alarms,
            commandQueue,
            strategy,
            migration,
            newer,
          },
        ]) => [
          id,
          {
            type: 'ecs-service',
            commandQueue,
            cluster,
            service: id,
            mode,
            ...(strategy && { strategy }),
            ...(migration && { migration }),
            containers: { app: { repository: `shop/${id}`, tags: { glob: '*' }, newer } },
            alarms: alarms ?? { noAlarmsBecause: 'a test' },
          },
        ],
      ),
    ),
  });
}

/** Built here: `web` for x86 and `api` for ARM by projects of the stack, `docs` by one of the user's own. */
export const withSources = pipelineWith(
  { web: {}, api: {}, docs: {} },
  {
    sources: {
      shop: {
        repository: 'acme/shop',
        images: {
          web: { repository: 'shop/web', dockerfile: 'web/Dockerfile' },
          api: { repository: 'shop/api', context: 'api', platforms: ['linux/arm64'] },
          docs: { repository: 'shop/docs', project: 'the-docs' },
        },
      },
    },
  },
);

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

export function resourcesOf(template: Template, type: string): readonly Resource[] {
  return Object.values(template.findResources(type)) as unknown as readonly Resource[];
}
