/** Writes the bundle of each function into a folder; as a program, of the pipeline that stands on stdin. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pipeline } from '../shared/config/config.ts';
import { BUNDLE_FILE, type Bundle, bundleFunctions } from './bundle.ts';
import { type FunctionName, functionsOf } from './names.ts';
import { taskRightsOf } from './permissions/reconcile.ts';
import { checkSettings } from './settings-check.ts';

/** Throws `ConfigError`, or esbuild's error. */
export async function writeBundles(
  pipeline: Pipeline,
  folder: string,
): Promise<ReadonlyMap<FunctionName, Bundle>> {
  const taskRights = taskRightsOf(Object.values(pipeline.targets), checkSettings(pipeline));
  const bundles = await bundleFunctions(functionsOf(pipeline), { ...pipeline, taskRights });
  for (const [name, { code }] of bundles) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, BUNDLE_FILE), code);
  }
  return bundles;
}

if (import.meta.main) {
  const [folder = ''] = process.argv.slice(2);
  await writeBundles(JSON.parse(readFileSync(0, 'utf8')) as Pipeline, folder);
}
