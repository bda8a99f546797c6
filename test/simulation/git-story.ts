/**
 * Worlds in which the images of `web` are built from commits: pushes, builds that take their time or fail, a
 * branch that is rewritten or deleted, webhooks that are lost, GitHub that does not answer. By a stream of its
 * own, so that the worlds of other seeds stay what they are.
 */
import type { BuildPlan } from '@slipway/local-cloud/codebuild/state.ts';
import { defined } from '../../shared/core/model/defined.ts';
import { type Chance, chanceOf } from './chance.ts';
import { drawElsewhere } from './elsewhere-story.ts';
import type { Settings } from './stage.ts';
import type { CommitDeed, Step } from './story.ts';

const MINUTE = 60_000;
const SALT = 0x617;
const SHARE = 0.25;

export interface GitStory {
  readonly settings: Pick<Settings, 'git' | 'whileBuilding' | 'hasDefinition'>;
  readonly story: readonly Step[];
}

/** Each push of `shop/web` becomes a commit, and git has its own mishaps. */
export function drawGit(seed: number, story: readonly Step[], minutes: number): GitStory {
  const chance = chanceOf(seed ^ SALT);
  if (!chance.hits(SHARE)) return drawElsewhere(seed, story, minutes);
  const whileBuilding = chance.pick(['stop', 'stop', 'finish'] as const);
  const commits = story.map((step): Step => {
    if (step.do !== 'push' || step.repository !== 'shop/web') return step;
    const { at, behaviour, plan } = step;
    return { at, ...drawCommit(chance, { behaviour, ...plan }) };
  });
  const mishaps = Array.from({ length: chance.whole(2, 5) }, () =>
    drawMishap(chance, chance.whole(2, minutes - 1) * MINUTE + chance.whole(0, 59) * 1_000),
  );
  return {
    settings: { git: 'built', whileBuilding },
    story: [...commits, ...mishaps.flat()].sort((a, b) => a.at - b.at),
  };
}

function drawCommit(chance: Chance, image: BuildPlan['image']): CommitDeed {
  return {
    do: 'commit',
    branch: chance.hits(0.85) ? 'main' : 'next',
    build: { ...drawBuild(chance), ...(image && { image: defined(image) }) },
  };
}

function drawBuild(chance: Chance): BuildPlan {
  const seconds = chance.pick([20, 60, 60, 200, 500]);
  const loseEvent = chance.hits(0.1) ? { loseEvent: true } : {};
  const outcome = chance.whole(0, 11);
  if (outcome === 0) return { seconds, ...loseEvent, outcome: 'FAILED', message: 'exit status 1' };
  if (outcome === 1) return { seconds, ...loseEvent, outcome: 'TIMED_OUT' };
  return { seconds, ...loseEvent };
}

function drawMishap(chance: Chance, at: number): readonly Step[] {
  switch (chance.whole(0, 9)) {
    case 0:
    case 1:
      // The older build takes longer.
      return [
        { at, do: 'commit', branch: 'main', build: { seconds: 500 } },
        { at: at + chance.whole(2, 90) * 1_000, ...drawCommit(chance, {}) },
      ];
    case 2:
      return [{ at, do: 'commit', branch: 'main', forced: true, build: drawBuild(chance) }];
    case 3:
      return [{ at, do: 'reset', branch: 'main', back: chance.whole(1, 3) }];
    case 4:
      return [
        { at, do: 'commit', branch: 'next', build: drawBuild(chance) },
        { at: at + chance.whole(10, 600) * 1_000, do: 'delete-branch', branch: 'next' },
      ];
    case 5:
      return [{ at, do: 'redeliver', nth: chance.whole(0, 9) }];
    case 7:
      return [{ at, do: 'forge', branch: 'main' }];
    case 6:
      return [{ at, do: 'github-down', minutes: chance.pick([2, 10, 40]) }];
    default:
      return [
        { at, do: 'lose-webhooks', count: chance.whole(1, 2) },
        { at: at + 1_000, ...drawCommit(chance, {}) },
      ];
  }
}
