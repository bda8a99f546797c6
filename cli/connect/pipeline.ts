/** The config that a command works with: the one of this directory, or the one of `--config`. */
import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { ConfigError, type Pipeline, parsePipeline } from '../../shared/config/config.ts';
import { UsageError } from '../output/command-error.ts';
import { importConfig } from './config-file.ts';
import { readJson } from './read-json.ts';

const USUAL = 'pipeline.config.ts';

/** Throws `ConfigError` with every mistake, or `UsageError` for a file that cannot be read as one. */
export async function loadPipeline(file?: string): Promise<Pipeline> {
  const name = file ?? USUAL;
  const path = resolve(name);
  if (!existsSync(path)) throw new UsageError(missing(file));
  if (extname(path) === '.json') return parsePipeline(await readJson(path));
  const config: unknown = await moduleAt(path, name);
  if (config === undefined) {
    throw new UsageError(`${name} has no default export; expected one made by definePipeline`);
  }
  return isPipeline(config) ? config : parsePipeline(config);
}

function missing(file: string | undefined): string {
  if (file !== undefined) return `${file} does not exist`;
  return `there is no ${USUAL} here: \`slipway init\` writes one, or --config names another file`;
}

async function moduleAt(path: string, name: string): Promise<unknown> {
  try {
    return await importConfig(path);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new UsageError(`${name} cannot be loaded: ${why}`);
  }
}

/** `definePipeline` has checked it; what is plain input has not been. */
function isPipeline(config: unknown): config is Pipeline {
  return typeof config === 'object' && config !== null && 'registry' in config;
}
