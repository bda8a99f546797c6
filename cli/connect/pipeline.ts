/** The config that a command works with: the one of this directory, or the one of `--config`. */
import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import {
  ConfigError,
  isPipeline,
  type Pipeline,
  parsePipeline,
} from '../../shared/config/config.ts';
import { type Environments, parseEnvironments } from '../../shared/config/environments.ts';
import { UsageError } from '../output/command-error.ts';
import { nearest } from '../output/nearest.ts';
import { exportedNames, importConfig } from './config/config-file.ts';
import { loadTrouble } from './config/load-trouble.ts';
import { readJson } from './read-json.ts';

const USUAL = 'pipeline.config.ts';

/** What a config file has: one pipeline, or one for each environment. */
type Config = Pipeline | Environments;

export interface Chosen {
  /** Another file than the usual one. */
  readonly config?: string;
  /** Which environment, where there are several. */
  readonly env?: string;
}

/** Throws `ConfigError` with every mistake, or `UsageError` for a file that cannot be read as one. */
export async function loadPipeline(chosen: Chosen = {}): Promise<Pipeline> {
  const { config = USUAL, env } = chosen;
  const loaded = await loadConfig(chosen.config);
  if (!('environments' in loaded)) {
    if (env === undefined) return loaded;
    throw new UsageError(
      `${config} has no environments, so --env ${env} says nothing: leave it out`,
    );
  }
  const names = Object.keys(loaded.environments);
  if (env === undefined) {
    throw new UsageError(`${config} has ${names.join(' and ')}: say which, --env ${names[0]}`);
  }
  const found = loaded.environments[env];
  if (found !== undefined) return found;
  throw new UsageError(`${config} has no environment ${env}${nearest(env, names)}`);
}

/** All that it has, by environment; by `''` where it has none. */
export async function loadAll(file?: string): Promise<ReadonlyMap<string, Pipeline>> {
  const loaded = await loadConfig(file);
  return new Map('environments' in loaded ? Object.entries(loaded.environments) : [['', loaded]]);
}

async function loadConfig(file: string | undefined): Promise<Config> {
  const name = file ?? USUAL;
  const path = resolve(name);
  if (!existsSync(path)) throw new UsageError(missing(file));
  const config = extname(path) === '.json' ? await readJson(path) : await moduleAt(path, name);
  if (config === undefined) {
    throw new UsageError(`${name} has no default export; expected one made by definePipeline`);
  }
  if (isPipeline(config)) return config;
  if (typeof config !== 'object' || config === null || !('environments' in config)) {
    return parsePipeline(config);
  }
  return parseEnvironments(config.environments);
}

function missing(file: string | undefined): string {
  if (file !== undefined) return `${file} does not exist`;
  return `there is no ${USUAL} here: \`slipway init\` writes one, \`slipway init --example\` one to try it with, or --config names another file`;
}

async function moduleAt(path: string, name: string): Promise<unknown> {
  try {
    return await importConfig(path);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new UsageError(loadTrouble(error, { path, name }, await exportedNames()));
  }
}
