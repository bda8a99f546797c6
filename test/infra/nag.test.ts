/** cdk-nag's AwsSolutions rules: no finding is left without an answer, and every answer has a reason. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, aws_lambda as lambda, Stack, aws_sqs as sqs } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { EXAMPLE } from '../../infra/example/names.ts';
import { ServiceStack } from '../../infra/example/stack.ts';
import { checkWithNag } from '../../infra/permissions/nag.ts';
import { PipelineStack } from '../../infra/pipeline-stack.ts';
import { checkSettings } from '../../infra/settings-check.ts';
import { createApp } from '../../infra/synth.ts';
import example from '../../pipeline.config.ts';
import { pipelineWith, settingsFor, withSources } from './made.ts';

const CONNECTION =
  'arn:aws:codeconnections:eu-central-1:123456789012:connection/0f6f1f7e-1d2c-4a55-9f2e-6a4b0f1e8a11';

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
  test.each([
    ['in the example pipeline', example],
    ['in one that only watches', pipelineWith({ web: { mode: 'watch' } })],
    ['in one that builds for two processors and has a project of its own', withSources],
    [
      'in one so large that its policies stand beside the role',
      pipelineWith(Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`service-${i}`, {}]))),
    ],
  ])('%s', (_, pipeline) => {
    const app = createApp();
    const builds = { codeConnectionArn: CONNECTION, pullsFrom: ['docker-hub/*'] };
    const settings = checkSettings(pipeline, settingsFor(pipeline, { builds }));
    new PipelineStack(app, { pipeline, settings, codeOf });
    expect(findingsOf(app)).toEqual([]);
  });

  test.each([
    ['without a service', {}],
    ['with one', { image: { tag: 'main-1' } }],
    [
      'with one that shifts traffic',
      { image: { tag: 'main-1' }, strategy: { kind: 'blueGreen', bakeMinutes: 5 } as const },
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

test('a finding that nobody answers is found', () => {
  const app = new App();
  checkWithNag(app);
  new sqs.Queue(new Stack(app, 'Careless'), 'queue');
  expect(findingsOf(app)).toEqual(expect.arrayContaining([expect.stringContaining('SQS')]));
});
