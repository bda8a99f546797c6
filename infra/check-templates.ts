/**
 * `npm run check:templates`: cfn-lint and cfn-guard on the templates of both stacks, where they are
 * installed. It says what it skips, and fails if one of them finds something.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pipeline from '../pipeline.config.ts';
import { EXAMPLE } from './example/names.ts';
import { ServiceStack } from './example/stack.ts';
import { createApp, synthesize } from './synth.ts';

/** W3005: CDK writes DependsOn beside a reference that says the same; harmless, and not ours. */
const LINT_ARGUMENTS = ['--ignore-checks', 'W3005', '--'];
/** A file or folder with rules, for example a copy of aws-cloudformation/aws-guard-rules-registry. */
const GUARD_RULES = process.env.CFN_GUARD_RULES;

const folder = mkdtempSync(join(tmpdir(), 'slipway-templates-'));
try {
  const templates = await writeTemplates(folder);
  const failed = [
    check('cfn-lint', 'pip install cfn-lint', [...LINT_ARGUMENTS, ...templates]),
    GUARD_RULES === undefined
      ? skip('cfn-guard', 'CFN_GUARD_RULES names no rules')
      : check('cfn-guard', 'see github.com/aws-cloudformation/cloudformation-guard', [
          ...['validate', '--rules', GUARD_RULES],
          ...templates.flatMap((template) => ['--data', template]),
        ]),
  ].filter((outcome) => outcome === 'failed');
  process.exitCode = failed.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true });
}

async function writeTemplates(out: string): Promise<readonly string[]> {
  await synthesize(pipeline, join(out, 'pipeline'));
  const app = createApp({ outdir: join(out, 'service') });
  new ServiceStack(app, 'Service', { names: EXAMPLE, image: { tag: 'main-1' } });
  app.synth();
  return [
    join(out, 'pipeline', 'Slipway.template.json'),
    join(out, 'service', 'Service.template.json'),
  ];
}

function check(command: string, install: string, args: readonly string[]) {
  const { error, status } = spawnSync(command, args, { stdio: 'inherit' });
  if (error !== undefined) return skip(command, `it is not installed: ${install}`);
  console.log(`${command}: ${status === 0 ? 'nothing found' : 'see above'}`);
  return status === 0 ? 'passed' : 'failed';
}

function skip(command: string, because: string): 'skipped' {
  console.log(`${command}: skipped, because ${because}`);
  return 'skipped';
}
