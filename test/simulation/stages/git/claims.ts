/** Images that others build: which commit they say, and what GitHub says of that. */
import { githubDown, limitGithub, loseWebhooks } from '@slipway/local-cloud/github/setup.ts';
import { GitDeeds } from '../../git-deeds.ts';
import type { GitDeed } from '../../story.ts';
import { type Course, trouble } from '../course.ts';
import { MINUTE, type Stage } from '../scene.ts';

const ELSEWHERE = { git: 'elsewhere' } as const;

function git(stage: Stage, deed: GitDeed): void {
  new GitDeeds(stage.engine, stage.truth.trail).perform(deed);
}

/** A commit whose push was heard, and its image was proven. */
async function first(stage: Stage): Promise<void> {
  const before = stage.told('proven');
  stage.commit('main');
  await stage.pass(20);
  stage.ci({ of: 'head', says: 'label' });
  await stage.until(() => stage.told('proven') > before, 30, 5);
}

function unheard(stage: Stage, branch = 'main', forced = false): void {
  loseWebhooks(stage.world, 1);
  stage.commit(branch, {}, forced);
}

function down(
  stage: Stage,
  minutes: number,
  how: 'unreachable' | 'unavailable' = 'unreachable',
): void {
  githubDown(stage.world, { until: stage.now + minutes * MINUTE, how });
  stage.truth.faulty = true;
}

/** No event of ECR reaches anybody from now on. */
function loseEcr(stage: Stage): void {
  stage.engine.loses = ({ source }) => source === 'aws.ecr';
}

export const CLAIMS = {
  'an image whose commit GitHub has': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      await first(stage);
      stage.commit('main');
      await stage.pass(60);
      stage.ci({ of: 'head', says: 'tag' });
      await stage.pass(20 * 60);
    },
  },
  'an image before the push of its commit': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      await first(stage);
      stage.commit('next');
      stage.ci({ of: 'next', says: 'label' });
      await stage.pass(50);
      git(stage, { do: 'fast-forward' });
      await stage.pass(20 * 60);
    },
  },
  'an image long before the push of its commit': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      await first(stage);
      stage.commit('next');
      stage.ci({ of: 'next', says: 'label' });
      await stage.pass(30 * 60);
      git(stage, { do: 'fast-forward' });
      await stage.pass(20 * 60);
    },
  },
  'an image long before the push of its commit, which nobody hears of': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      await first(stage);
      stage.commit('next');
      stage.ci({ of: 'next', says: 'label' });
      await stage.pass(30 * 60);
      loseWebhooks(stage.world, 1);
      git(stage, { do: 'fast-forward' });
      await stage.pass(40 * 60);
    },
  },
  'an image of a commit whose push nobody heard': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      await first(stage);
      unheard(stage);
      await stage.pass(20);
      stage.ci({ of: 'head', says: 'label' });
      await stage.pass(20 * 60);
    },
  },
  'an image of others before any push was heard': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      unheard(stage);
      stage.ci({ of: 'head', says: 'label' });
      await stage.pass(20 * 60);
    },
  },
  'an older image after the newer one, whose pushes nobody heard': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      await first(stage);
      for (let i = 0; i < 5; i++) unheard(stage);
      stage.ci({ of: 'head', says: 'label' });
      await stage.pass(5);
      stage.ci({ of: 'before', says: 'label' });
      await stage.pass(20 * 60);
      // And once more where the newer one runs, and no sweep comes before the older one could start.
      for (let i = 0; i < 5; i++) unheard(stage);
      stage.ci({ of: 'head', says: 'label' });
      await stage.pass(20 * 60);
      stage.ci({ of: 'before', says: 'label' });
      await stage.pass(20 * 60);
    },
  },
  'an older image after the newer one is proven': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      await first(stage);
      unheard(stage);
      stage.commit('main');
      stage.ci({ of: 'head', says: 'label' });
      await stage.pass(20 * 60);
      stage.ci({ of: 'before', says: 'tag' });
      await stage.pass(20 * 60);
    },
  },
  'an image of another branch, of nobody, and of none': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      await first(stage);
      stage.commit('next');
      stage.ci({ of: 'next', says: 'label' });
      stage.ci({ of: 'nobody', says: 'label' });
      stage.ci({ of: 'head', says: 'nothing' });
      await stage.pass(20 * 60);
    },
  },
  'an image of a commit that a forced push took away': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      await first(stage);
      stage.commit('main');
      await stage.pass(20);
      stage.commit('main', {}, true);
      await stage.pass(20);
      stage.ci({ of: 'left', says: 'label' });
      await stage.pass(60);
      stage.ci({ of: 'head', says: 'label' });
      await stage.pass(20 * 60);
    },
  },
  'a forced push that nobody heard, and its image': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      await first(stage);
      unheard(stage, 'main', true);
      await stage.pass(20);
      stage.ci({ of: 'head', says: 'label' });
      await stage.pass(20 * 60);
    },
  },
  'a commit that is forced away after its image runs': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      await first(stage);
      stage.commit('main');
      stage.ci({ of: 'head', says: 'label' });
      await stage.pass(10 * 60);
      git(stage, { do: 'reset', branch: 'main', back: 1 });
      await stage.pass(20 * 60);
      // The sweep offers anew what was pushed within two hours: now nothing but the branch brings it back.
      stage.commit('main');
      stage.ci({ of: 'head', says: 'label' });
      await stage.pass(130 * 60);
      git(stage, { do: 'reset', branch: 'main', back: 1 });
      await stage.pass(20 * 60);
    },
  },
  'a commit that is forced away unheard, and its parent is built again': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      await first(stage);
      stage.commit('main');
      stage.ci({ of: 'head', says: 'label' });
      await stage.pass(10 * 60);
      loseWebhooks(stage.world, 1);
      git(stage, { do: 'reset', branch: 'main', back: 1 });
      await stage.pass(30);
      stage.ci({ of: 'head', says: 'label' });
      await stage.pass(40 * 60);
    },
  },
  'a commit that is taken away and comes back, its image between': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      await first(stage);
      stage.commit('next');
      git(stage, { do: 'fast-forward' });
      await stage.pass(30);
      git(stage, { do: 'reset', branch: 'main', back: 1 });
      await stage.pass(30);
      stage.ci({ of: 'next', says: 'label' });
      await stage.pass(10 * 60);
      git(stage, { do: 'fast-forward' });
      await stage.pass(20 * 60);
    },
  },
  'a branch that is put back, which nobody hears': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      await first(stage);
      stage.commit('main');
      stage.ci({ of: 'head', says: 'label' });
      await stage.pass(10 * 60);
      loseWebhooks(stage.world, 1);
      git(stage, { do: 'reset', branch: 'main', back: 1 });
      await stage.pass(30 * 60);
    },
  },
  'images of both sides of a merge': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      await first(stage);
      stage.commit('next');
      unheard(stage);
      stage.ci({ of: 'head', says: 'label' });
      await stage.pass(5 * 60);
      loseWebhooks(stage.world, 1);
      git(stage, { do: 'merge' });
      stage.ci({ of: 'next', says: 'label' });
      await stage.pass(10 * 60);
      stage.ci({ of: 'head', says: 'label' });
      await stage.pass(20 * 60);
    },
  },
  'an image of others while GitHub answers no more in this hour': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      await first(stage);
      stage.truth.faulty = true;
      limitGithub(stage.world, { perHour: 0 });
      unheard(stage);
      stage.ci({ of: 'head', says: 'tag' });
      await stage.pass(40 * 60);
      limitGithub(stage.world, { perHour: 5_000 });
      await stage.pass(75 * 60);
    },
  },
  'an image of others that ECR does not show': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      await first(stage);
      stage.commit('main');
      trouble(stage, 'BatchGetImage', 'throttled', 25);
      stage.ci({ of: 'head', says: 'label' });
      await stage.pass(60 * 60);
    },
  },
  'two images of one commit': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      await first(stage);
      stage.commit('main');
      stage.ci({ of: 'head', says: 'label' });
      await stage.pass(3);
      stage.ci({ of: 'head', says: 'tag' });
      await stage.pass(20 * 60);
    },
  },
  'a revert whose image is bit for bit the one before': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      await first(stage);
      stage.commit('main');
      const { digest } = stage.ci({ of: 'head', says: 'tag' });
      await stage.pass(12 * 60);
      stage.commit('main');
      stage.ci({ of: 'head', says: 'tag' });
      await stage.pass(12 * 60);
      stage.commit('main');
      stage.ci({ of: 'head', says: 'tag', digest });
      await stage.pass(20 * 60);
    },
  },
  'the image of the newest commit is pushed again as that of the one before': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      await first(stage);
      stage.commit('main');
      const { digest } = stage.ci({ of: 'head', says: 'tag' });
      await stage.pass(12 * 60);
      stage.ci({ of: 'before', says: 'tag', digest });
      await stage.pass(10 * 60);
    },
  },
  'the event of an image of others is lost': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      await first(stage);
      stage.commit('main');
      loseEcr(stage);
      stage.ci({ of: 'head', says: 'label' });
      await stage.pass(40 * 60);
    },
  },
  'an image of others while GitHub is unreachable for an hour': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      await first(stage);
      down(stage, 60);
      unheard(stage);
      stage.ci({ of: 'head', says: 'label' });
      await stage.pass(80 * 60);
    },
  },
  'an image of others while GitHub answers 503, by its tag': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      await first(stage);
      down(stage, 12, 'unavailable');
      unheard(stage);
      stage.ci({ of: 'head', says: 'tag' });
      await stage.pass(60 * 60);
    },
  },
  'an image of others while GitHub is silent for more than a day': {
    phase: 'idle',
    settings: ELSEWHERE,
    hours: 44,
    happen: async (stage) => {
      await first(stage);
      down(stage, 26 * 60);
      unheard(stage);
      stage.ci({ of: 'head', says: 'label' });
      await stage.pass(27 * 60 * 60);
    },
  },
  'images of others, the newer of another branch, and GitHub is silent for more than a day': {
    phase: 'idle',
    settings: ELSEWHERE,
    hours: 44,
    happen: async (stage) => {
      await first(stage);
      down(stage, 26 * 60);
      stage.commit('next');
      unheard(stage);
      stage.ci({ of: 'head', says: 'label' });
      await stage.pass(60);
      stage.ci({ of: 'next', says: 'label' });
      await stage.pass(27 * 60 * 60);
    },
  },
  'more images of others than may wait': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      await first(stage);
      down(stage, 40);
      for (let i = 0; i < 22; i++) {
        unheard(stage);
        stage.ci({ of: 'head', says: 'label' });
        await stage.pass(30);
      }
      await stage.pass(60 * 60);
    },
  },
  'the image of others leaves the config while it waits': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      await first(stage);
      down(stage, 10);
      unheard(stage);
      stage.ci({ of: 'head', says: 'label' });
      await stage.pass(60);
      const { pipeline } = stage.engine;
      const { shop } = pipeline.sources;
      if (shop === undefined) throw new Error('the stage has the source shop');
      const none = { ...shop, rules: { ...shop.rules, elsewhere: {} } };
      stage.reconfigure(() => ({ ...pipeline, sources: { shop: none } }));
      await stage.pass(25 * 60);
      stage.reconfigure(() => pipeline);
      await stage.pass(5 * 60);
    },
  },
  'a bad image of others': {
    phase: 'idle',
    settings: ELSEWHERE,
    happen: async (stage) => {
      await first(stage);
      stage.commit('main');
      stage.ci({ of: 'head', says: 'label', behaviour: { exitCodeOnStart: 1 } });
      await stage.pass(40 * 60);
    },
  },
} as const satisfies Record<string, Course>;
