/** From config and settings to templates: checks, bundles, builds the app. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type AppProps, aws_lambda as lambda } from 'aws-cdk-lib';
import flags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import type { Pipeline } from '../shared/config/config.ts';
import { BUNDLE_FILE, bundleFunction } from './bundle.ts';
import { type FunctionName, functionsOf } from './names.ts';
import { checkWithNag } from './permissions/nag.ts';
import { PipelineStack } from './pipeline-stack.ts';
import type { Settings } from './settings.ts';
import { checkSettings } from './settings-check.ts';

/** Throws `ConfigError` before anything is written. */
export async function synthesize(
  pipeline: Pipeline,
  settings: Settings,
  outdir: string,
): Promise<void> {
  const checked = checkSettings(pipeline, settings);
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bundles-'));
  try {
    const sourceMaps = await writeBundles(pipeline, folder);
    const app = createApp({ outdir });
    const codeOf = (name: FunctionName) => lambda.Code.fromAsset(join(folder, name));
    new PipelineStack(app, { pipeline, settings: checked, codeOf });
    app.synth();
    writeSourceMaps(sourceMaps, join(outdir, 'source-maps'));
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

async function writeBundles(
  pipeline: Pipeline,
  folder: string,
): Promise<ReadonlyMap<FunctionName, string>> {
  const bundles = await Promise.all(
    functionsOf(pipeline).map(
      async (name) => [name, await bundleFunction(name, pipeline)] as const,
    ),
  );
  for (const [name, { code }] of bundles) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, BUNDLE_FILE), code);
  }
  return new Map(bundles.map(([name, { sourceMap }]) => [name, sourceMap]));
}

/** For a person who reads a stack trace; Lambda gets none. */
function writeSourceMaps(sourceMaps: ReadonlyMap<FunctionName, string>, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of sourceMaps) writeFileSync(join(folder, `${name}.mjs.map`), text);
}
