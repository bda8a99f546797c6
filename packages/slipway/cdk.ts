/** `import { SlipwayStack } from 'slipway/cdk'`: the pipeline as a stack of an app of your own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { aws_lambda as lambda, type StackProps } from 'aws-cdk-lib';
import flags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import type { Construct } from 'constructs';
import { PipelineStack } from '../../infra/pipeline-stack.ts';
import { checkSettings } from '../../infra/settings-check.ts';
import type { Pipeline } from '../../shared/config/config.ts';

const ENDING = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
const WRITE = new URL(`../../infra/write-bundles${ENDING}`, import.meta.url);

export interface SlipwayStackProps extends Omit<StackProps, 'env' | 'description' | 'stackName'> {
  /** What `definePipeline` gave; it says the account and the region. */
  readonly pipeline: Pipeline;
}

/**
 * Everything that Slipway is in an account, under its own name: `slipway infra synth` makes the same.
 * Throws `ConfigError` before anything is made.
 */
export class SlipwayStack extends PipelineStack {
  constructor(scope: Construct, id: string, { pipeline, ...props }: SlipwayStackProps) {
    const settings = checkSettings(pipeline);
    const folder = bundled(pipeline);
    const codeOf = (name: string) => lambda.Code.fromAsset(join(folder, name));
    super(scope, { ...props, id, pipeline, settings, codeOf, context: flags });
  }
}

/** A constructor cannot wait, and esbuild takes plugins only where one does: so another process does. */
function bundled(pipeline: Pipeline): string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bundles-'));
  const { status, stderr, error } = spawnSync(process.execPath, [fileURLToPath(WRITE), folder], {
    input: JSON.stringify(pipeline),
    encoding: 'utf8',
  });
  if (status === 0) return folder;
  throw new Error(`Slipway's functions could not be bundled: ${error?.message ?? stderr}`);
}
