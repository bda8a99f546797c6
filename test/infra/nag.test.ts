/**
 * cdk-nag's AwsSolutions rules, and CloudFormation's own by the validation of CDK: no finding is left without
 * an answer, and every answer has a reason.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, aws_lambda as lambda, Stack, aws_sns as sns, aws_sqs as sqs } from 'aws-cdk-lib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { EXAMPLE } from '../../infra/example/names.ts';
import { ServiceStack } from '../../infra/example/stack.ts';
import { checkWithNag } from '../../infra/permissions/nag.ts';
import { PipelineStack } from '../../infra/pipeline-stack.ts';
import { checkSettings } from '../../infra/settings-check.ts';
import { createApp } from '../../infra/synth.ts';
import example from '../../pipeline.config.ts';
import { blueGreen, canary, linear } from '../../shared/config/config.ts';
import type { Settings } from '../../shared/config/infra.ts';
import { pipelineWith, settingsFor, withSources } from './made.ts';

const CONNECTION =
  'arn:aws:codeconnections:eu-central-1:123456789012:connection/0f6f1f7e-1d2c-4a55-9f2e-6a4b0f1e8a11';

/** All that a stack has only where it is asked for: together these make every property that the stack can have. */
const EVERYTHING: Partial<Settings> = {
  trail: { days: 30 },
  permissionsBoundary: 'team/bounds',
  alarmTopic: 'arn:aws:sns:eu-central-1:123456789012:on-call',
  people: { command: ['Deployers'], breakGlass: ['OnCall'] },
  readBy: [{ account: '210987654321', externalId: 'of-production-1' }],
  builds: { codeConnectionArn: CONNECTION, pullsFrom: ['docker-hub/*'], parallel: 3 },
};

// It takes ten times as long as to make a template, so that no other test of this room has it done.
beforeAll(() => void vi.stubEnv('CDK_VALIDATION', 'true'));
afterAll(() => void vi.unstubAllEnvs());

/** The findings that nobody answered. */
function findingsOf(app: App): readonly string[] {
  let failed = false;
  try {
    app.synth();
  } catch {
    failed = true;
  }
  const report = JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8')) as {
    pluginReports: { violations: { ruleName: string }[] }[];
  };
  const findings = report.pluginReports.flatMap(({ violations }) =>
    violations.map(({ ruleName }) => ruleName),
  );
  expect(failed).toBe(findings.length > 0);
  return findings;
}

const codeOf = () => lambda.Code.fromInline('// not under test');

describe('no finding is left', () => {
  test.each<[string, typeof example, Partial<Settings>?]>([
    ['in the example pipeline', example],
    ['in one that only watches', pipelineWith({ web: { mode: 'watch' } })],
    ['in one that builds for two processors and has a project of its own', withSources],
    ['in one that is asked for all that there is', withSources, EVERYTHING],
    [
      'in one whose targets shift traffic',
      pipelineWith({ web: { strategy: canary({ bakeMinutes: 10 }) }, worker: {} }),
    ],
  ])('%s', (_, pipeline, more = { builds: { codeConnectionArn: CONNECTION } }) => {
    const app = createApp();
    const settings = checkSettings(pipeline, settingsFor(pipeline, more));
    new PipelineStack(app, { pipeline, settings, codeOf });
    expect(findingsOf(app)).toEqual([]);
  });

  test('in one so large that its policies stand beside the role', () => {
    const names = Array.from({ length: 40 }, (_, i) => `service-of-a-long-name-${i}`);
    const pipeline = pipelineWith(Object.fromEntries(names.map((name) => [name, {}])));
    const app = createApp();
    const settings = checkSettings(pipeline, settingsFor(pipeline));
    const { templateFile } = new PipelineStack(app, { pipeline, settings, codeOf });
    expect(findingsOf(app)).toEqual([]);
    const template = readFileSync(join(app.outdir, templateFile), 'utf8');
    expect(template).toContain('AWS::IAM::ManagedPolicy');
  });

  test.each([
    ['without a service', {}],
    ['with one', { image: { tag: 'main-1' } }],
    [
      'with one that shifts traffic',
      { image: { tag: 'main-1' }, strategy: blueGreen({ bakeMinutes: 5 }) },
    ],
    [
      'with one that shifts it by one share, and then by all',
      { image: { tag: 'main-1' }, strategy: canary({ bakeMinutes: 5 }) },
    ],
    [
      'with one that shifts it by equal shares',
      { image: { tag: 'main-1' }, strategy: linear({ bakeMinutes: 5 }) },
    ],
    [
      'with a certificate',
      {
        image: { tag: 'main-1' },
        certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/x',
      },
    ],
  ])('in the service stack %s', (_, props) => {
    const app = createApp();
    new ServiceStack(app, 'Service', { names: EXAMPLE, ...props });
    expect(findingsOf(app)).toEqual([]);
  });
});

test('what CloudFormation would refuse is found', () => {
  const app = createApp();
  const topic = new sns.CfnTopic(new Stack(app, 'Wrong'), 'topic', { topicName: 'good' });
  topic.addPropertyOverride('TopicName', { no: 'text' });
  // F3012: its value is not of the type that CloudFormation takes.
  expect(findingsOf(app)).toContain('F3012');
});

test('a finding that nobody answers is found', () => {
  const app = new App();
  checkWithNag(app);
  new sqs.Queue(new Stack(app, 'Careless'), 'queue');
  expect(findingsOf(app)).toEqual(expect.arrayContaining([expect.stringContaining('SQS')]));
});
