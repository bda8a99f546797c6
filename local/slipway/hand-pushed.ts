/**
 * A pipeline that also takes what nobody built: in a world that people try, an image that is pushed into
 * ECR by hand stands for one that a build made. Stories that push to git do without.
 */
import type { Pipeline, Target } from '../../shared/config/config.ts';

export function takingPushes(pipeline: Pipeline): Pipeline {
  const targets: Record<string, Target> = Object.create(null);
  for (const [id, target] of Object.entries(pipeline.targets)) {
    const containers = Object.fromEntries(
      Object.entries(target.rules.containers).map(([name, { onlyBuiltFrom: _, ...rest }]) => [
        name,
        rest,
      ]),
    );
    targets[id] = { ...target, rules: { ...target.rules, containers } };
  }
  return { ...pipeline, targets };
}
