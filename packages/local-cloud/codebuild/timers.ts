/** What happens by itself in the local CodeBuild, by kind of timer. */
import type { World } from '../kernel/world.ts';
import { tellState } from './events.ts';
import { phaseTimers } from './phases.ts';
import { retryAutomatically } from './start.ts';

export const codebuildTimers = {
  ...phaseTimers,

  'codebuild.told': (world: World, { build: id }: Record<string, unknown>): void => {
    const build = world.codebuild.builds[String(id)];
    if (build === undefined) return;
    tellState(world, build);
    retryAutomatically(world, build);
  },
};
