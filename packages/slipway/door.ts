/**
 * `import { definePipeline, judged } from 'slipway'`: what a config is written with. What stands here is
 * kept from version to version; every other file of the package is ours to change.
 */
import type { Pipeline, PipelineInput } from '../../shared/config/config.ts';
import { type Environments, parseEnvironments } from '../../shared/config/environments.ts';

export {
  blueGreen,
  ConfigError,
  canary,
  definePipeline,
  type EcsServiceInput,
  ecsService,
  judged,
  linear,
  type NoAlarms,
  noAlarms,
  type Pipeline,
  type PipelineInput,
  rolling,
} from '../../shared/config/config.ts';

/**
 * One pipeline for each environment, from one file: `--env <name>` says which one a command is about. Throws
 * `ConfigError` with every mistake of all of them.
 */
export function defineEnvironments(
  inputs: Readonly<Record<string, PipelineInput | Pipeline>>,
): Environments {
  return parseEnvironments(inputs);
}
