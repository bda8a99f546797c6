/** From the config to templates: checks, bundles, builds the app. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type AppProps, aws_lambda as lambda } from 'aws-cdk-lib';
import flags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import type { Pipeline } from '../shared/config/config.ts';
import type { Bundle } from './bundle.ts';
import { type FunctionName, functionName } from './names.ts';
import { noticesOf } from './notices.ts';
import { checkWithNag } from './permissions/nag.ts';
import { peoplePolicies } from './permissions/people.ts';
import { fittingPolicies } from './permissions/statements.ts';
import { PipelineStack } from './pipeline-stack.ts';
import { digestLine, sbomOf } from './sbom.ts';
import { checkSettings } from './settings-check.ts';
import { writeBundles } from './write-bundles.ts';

export interface Synthesized {
  /** What whoever deploys should know. */
  readonly notices: readonly string[];
  /** Of each bundle, as sha256sum prints it. */
  readonly digests: readonly string[];
}

/** Throws `ConfigError` before anything is written. */
export async function synthesize(pipeline: Pipeline, outdir: string): Promise<Synthesized> {
  const checked = checkSettings(pipeline);
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bundles-'));
  try {
    const bundles = await writeBundles(pipeline, folder);
    const app = createApp({ outdir });
    const codeOf = (name: FunctionName) => lambda.Code.fromAsset(join(folder, name));
    new PipelineStack(app, { pipeline, settings: checked, codeOf });
    app.synth();
    const all = [...bundles];
    writeAll(join(outdir, 'source-maps'), all, (_, { sourceMap }) => sourceMap, '.mjs.map');
    writePolicies(join(outdir, 'people'), peoplePolicies(pipeline, checked.table));
    writeAll(join(outdir, 'sbom'), all, sbomOf, '.cdx.json');
    return {
      notices: noticesOf(pipeline, checked, fittingPolicies(pipeline, checked)),
      digests: all.map(([name, bundle]) => digestLine(functionName(pipeline, name), bundle)),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Flags stand here and not in cdk.json, so that `node infra/app.ts` and `cdk` make the same. */
export function createApp(props: AppProps = {}): App {
  const app = new App({
    analyticsReporting: false,
    treeMetadata: false,
    context: { ...flags, '@aws-cdk/core:enableAdditionalMetadataCollection': false },
    ...props,
  });
  checkWithNag(app);
  return app;
}

/** For whoever gives rights to people: Slipway attaches none of them. */
function writePolicies(folder: string, policies: ReturnType<typeof peoplePolicies>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, Statement] of Object.entries(policies)) {
    const policy = { Version: '2012-10-17', Statement };
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(policy, null, 2)}\n`);
  }
}

/** One file for each function, beside the templates: Lambda gets none of them. */
function writeAll(
  folder: string,
  bundles: readonly (readonly [FunctionName, Bundle])[],
  textOf: (name: FunctionName, bundle: Bundle) => string,
  ending: string,
): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, bundle] of bundles) {
    writeFileSync(join(folder, `${name}${ending}`), textOf(name, bundle));
  }
}
