/** The config that a command works with: the one of this directory, or the one of `--config`. */
import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ConfigError, type Pipeline, parsePipeline } from '../../shared/config/config.ts';
import { UsageError } from '../output/command-error.ts';
import { readJson } from './read-json.ts';

const OWN = fileURLToPath(new URL('../../pipeline.config.ts', import.meta.url));

/** Throws `ConfigError` with every mistake, or `UsageError` for a file that cannot be read as one. */
export async function loadPipeline(file?: string): Promise<Pipeline> {
  const path = file === undefined ? OWN : resolve(file);
  const name = file ?? 'pipeline.config.ts';
  if (!existsSync(path)) throw new UsageError(`${name} does not exist`);
  if (extname(path) === '.json') return parsePipeline(await readJson(path));
  const config: unknown = (await importConfig(path, name)).default;
  if (config === undefined) {
    throw new UsageError(`${name} has no default export; expected one made by definePipeline`);
  }
  return isPipeline(config) ? config : parsePipeline(config);
}

async function importConfig(path: string, name: string): Promise<{ default?: unknown }> {
  try {
    return (await import(pathToFileURL(path).href)) as { default?: unknown };
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
