/** The target that a person means. */
import type { Pipeline, Target } from '../../shared/config/config.ts';
import { UsageError } from '../output/command-error.ts';
import { nearest } from '../output/nearest.ts';

/** By its name in the config, or by its key, `ecs/<cluster>/<service>`. Throws `UsageError`. */
export function targetNamed({ targets }: Pipeline, word: string): Target {
  const all = Object.values(targets);
  const found = targets[word] ?? all.find(({ key }) => key === word);
  if (found !== undefined) return found;
  throw new UsageError(
    `there is no target "${word}"${nearest(word, word.includes('/') ? all.map(({ key }) => key) : Object.keys(targets))}`,
  );
}

/** The one that was named, or all. */
export function targetsNamed(pipeline: Pipeline, word: string | undefined): readonly Target[] {
  return word === undefined ? Object.values(pipeline.targets) : [targetNamed(pipeline, word)];
}
