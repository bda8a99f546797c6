/**
 * Worlds in which others build the images of `web`: each push of it is a commit, and somebody's CI pushes the image
 * minutes later, or earlier, or of another commit than the branch has. By a stream of its own.
 */
import { type Chance, chanceOf } from './chance.ts';
import type { GitStory } from './git-story.ts';
import type { CiImageDeed, Step } from './story.ts';

const MINUTE = 60_000;
const SALT = 0xe163;
const SHARE = 0.12;

export function drawElsewhere(seed: number, story: readonly Step[], minutes: number): GitStory {
  const chance = chanceOf(seed ^ SALT);
  if (!chance.hits(SHARE)) return { settings: {}, story };
  const pushes = story.flatMap((step): readonly Step[] => {
    if (step.do !== 'push' || step.repository !== 'shop/web') return [step];
    const { at, behaviour, plan } = step;
    return drawPush(chance, at, { behaviour, ...(plan && { plan }) });
  });
  const mishaps = Array.from({ length: chance.whole(3, 6) }, () =>
    drawMishap(chance, chance.whole(2, minutes - 1) * MINUTE + chance.whole(0, 59) * 1_000),
  );
  return {
    settings: { git: 'elsewhere' },
    story: [...pushes, ...mishaps.flat()].sort((a, b) => a.at - b.at),
  };
}

type Made = Pick<CiImageDeed, 'behaviour' | 'plan'>;

/** Its image comes when its build has ended; now and then there is a second one. */
function drawPush(chance: Chance, at: number, made: Made): readonly Step[] {
  const built = at + chance.pick([5, 40, 120, 500]) * 1_000;
  const commit = { do: 'commit', branch: 'main', build: {} } as const;
  const again: readonly Step[] = chance.hits(0.15)
    ? [{ at: built + chance.whole(1, 900) * 1_000, ...image(chance, 'head', made) }]
    : [];
  return [{ at, ...commit }, { at: built, ...image(chance, 'head', made) }, ...again];
}

function image(chance: Chance, of: CiImageDeed['of'], made: Made): CiImageDeed {
  return { do: 'ci-image', of, says: chance.pick(['label', 'label', 'tag'] as const), ...made };
}

function drawMishap(chance: Chance, at: number): readonly Step[] {
  const soon = () => at + chance.whole(1, 400) * 1_000;
  switch (chance.whole(0, 9)) {
    case 0:
      return [
        { at, do: 'commit', branch: 'next', forced: true, build: {} },
        { at: soon(), ...image(chance, 'next', {}) },
        { at: at + chance.whole(1, 20) * MINUTE, do: 'fast-forward' },
      ];
    case 1:
      return [
        { at, do: 'commit', branch: 'main', forced: true, build: {} },
        { at: soon(), ...image(chance, chance.pick(['head', 'left'] as const), {}) },
      ];
    case 2:
      return [
        { at, do: 'reset', branch: 'main', back: chance.whole(1, 3) },
        { at: soon(), ...image(chance, chance.pick(['head', 'left'] as const), {}) },
      ];
    case 3:
      return [{ at, do: 'github-down', minutes: chance.pick([2, 10, 40]) }];
    case 4:
      return [{ at, do: 'redeliver', nth: chance.whole(0, 9) }];
    case 5:
      return [{ at, ...image(chance, chance.pick(['before', 'nobody', 'next'] as const), {}) }];
    case 6:
      return [
        { at, do: 'commit', branch: 'next', build: {} },
        { at: soon(), do: 'merge' },
        { at: at + chance.whole(1, 20) * MINUTE, ...image(chance, 'head', {}) },
      ];
    case 7:
      return [{ at, do: 'ci-image', of: 'head', says: 'nothing' }];
    default:
      return [
        { at, do: 'lose-webhooks', count: chance.whole(1, 3) },
        { at: at + 1_000, do: 'commit', branch: 'main', build: {} },
        { at: at + 2_000, do: 'commit', branch: 'main', build: {} },
        { at: soon() + 2_000, ...image(chance, chance.pick(['head', 'before'] as const), {}) },
      ];
  }
}
