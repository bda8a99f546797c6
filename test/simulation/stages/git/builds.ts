/** Images that are built from commits: which commit is newer, what is built of it, and what makes way. */
import { gitPush } from '@slipway/local-cloud/github/commits/push.ts';
import { githubDown, loseWebhooks } from '@slipway/local-cloud/github/setup.ts';
import { deliveriesOf } from '@slipway/local-cloud/github/webhooks/deliveries.ts';
import { GitDeeds } from '../../git-deeds.ts';
import { GIT_REPOSITORY } from '../../stage.ts';
import type { GitDeed } from '../../story.ts';
import { type Course, trouble } from '../course.ts';
import { MINUTE, type Stage } from '../scene.ts';

function git(stage: Stage, deed: GitDeed): void {
  new GitDeeds(stage.engine, stage.truth.trail).perform(deed);
}

/** A commit that was built, and its image was proven. */
async function first(stage: Stage): Promise<void> {
  const before = stage.told('proven');
  stage.commit('main', { seconds: 20 });
  await stage.until(() => stage.told('proven') > before, 30, 5);
}

const BUILT = { git: 'built' } as const;

export const BUILDS = {
  'an older build ends after the newer one': {
    phase: 'idle',
    settings: { ...BUILT, whileBuilding: 'finish' },
    happen: async (stage) => {
      stage.commit('main', { seconds: 400 });
      await stage.pass(40);
      stage.commit('main', { seconds: 20 });
      await stage.pass(20 * 60);
    },
  },
  'an older build is not needed any more': {
    phase: 'idle',
    settings: BUILT,
    happen: async (stage) => {
      stage.commit('main', { seconds: 600 });
      await stage.pass(100);
      stage.commit('main', { seconds: 20 });
      await stage.pass(20 * 60);
    },
  },
  'a commit that nobody heard of': {
    phase: 'idle',
    settings: BUILT,
    happen: async (stage) => {
      await first(stage);
      loseWebhooks(stage.world, 1);
      stage.commit('main', { seconds: 20 });
      await stage.pass(30 * 60);
    },
  },
  'two commits, the older heard last': {
    phase: 'idle',
    settings: BUILT,
    happen: async (stage) => {
      await first(stage);
      loseWebhooks(stage.world, 1);
      stage.commit('main', { seconds: 20 });
      await stage.pass(5);
      stage.commit('main', { seconds: 20 });
      await stage.pass(10);
      git(stage, { do: 'redeliver', nth: 1 });
      await stage.pass(20 * 60);
      // And once more where the newer one runs, and no look at the head comes before the older one could start.
      const lost = deliveriesOf(stage.world).length;
      loseWebhooks(stage.world, 1);
      stage.commit('main', { seconds: 20 });
      await stage.pass(5);
      stage.commit('main', { seconds: 20 });
      await stage.pass(20 * 60);
      git(stage, { do: 'redeliver', nth: lost });
      await stage.pass(20 * 60);
    },
  },
  'a push that somebody forged': {
    phase: 'idle',
    settings: BUILT,
    happen: async (stage) => {
      await first(stage);
      git(stage, { do: 'forge', branch: 'main' });
      await stage.pass(10 * 60);
    },
  },
  'a push is delivered again': {
    phase: 'idle',
    settings: BUILT,
    happen: async (stage) => {
      await first(stage);
      git(stage, { do: 'redeliver', nth: 0 });
      await stage.pass(10 * 60);
      git(stage, { do: 'reset', branch: 'main', back: 1 });
      await stage.pass(10 * 60);
    },
  },
  'GitHub is silent for more than a day': {
    phase: 'idle',
    settings: BUILT,
    hours: 44,
    happen: async (stage) => {
      await first(stage);
      loseWebhooks(stage.world, 1);
      stage.commit('main', { seconds: 20 });
      await stage.pass(5);
      stage.commit('main', { seconds: 20 });
      githubDown(stage.world, { until: stage.now + 26 * 60 * MINUTE, how: 'unreachable' });
      stage.truth.faulty = true;
      await stage.pass(27 * 60 * 60);
    },
  },
  'a branch is made, built and deleted': {
    phase: 'idle',
    settings: BUILT,
    happen: async (stage) => {
      stage.commit('next', { seconds: 20 });
      await stage.pass(5 * 60);
      stage.commit('next', { seconds: 300 });
      await stage.pass(100);
      git(stage, { do: 'delete-branch', branch: 'next' });
      await stage.pass(10 * 60);
      stage.commit('next', { seconds: 20 });
      await stage.pass(10 * 60);
    },
  },
  'a branch is rewritten, and a build of it fails': {
    phase: 'idle',
    settings: BUILT,
    happen: async (stage) => {
      await first(stage);
      stage.commit('main', { seconds: 300 }, true);
      await stage.pass(30);
      stage.commit('main', { seconds: 20, outcome: 'FAILED', message: 'exit status 1' }, true);
      await stage.pass(15 * 60);
    },
  },
  'GitHub is silent, and then it is rewritten': {
    phase: 'idle',
    settings: BUILT,
    happen: async (stage) => {
      await first(stage);
      stage.truth.faulty = true;
      githubDown(stage.world, { until: stage.now + 20 * MINUTE, how: 'unreachable' });
      loseWebhooks(stage.world, 1);
      stage.commit('main', { seconds: 20 });
      await stage.pass(60);
      stage.commit('main', { seconds: 20 });
      await stage.pass(60);
      stage.commit('main', { seconds: 20 }, true);
      await stage.pass(40 * 60);
    },
  },
  'the answer of StartBuild is lost': {
    phase: 'idle',
    settings: BUILT,
    happen: async (stage) => {
      await first(stage);
      trouble(stage, 'StartBuild', 'answer-lost', 1);
      stage.commit('main', { seconds: 20, loseEvent: true });
      await stage.pass(15 * 60);
    },
  },
  'StartBuild is never answered': {
    phase: 'idle',
    settings: BUILT,
    happen: async (stage) => {
      await first(stage);
      trouble(stage, 'StartBuild', 'unanswered', 15);
      stage.commit('main', { seconds: 20 });
      await stage.pass(20 * 60);
    },
  },
  'CodeBuild tries again by itself': {
    phase: 'idle',
    settings: BUILT,
    happen: async (stage) => {
      await first(stage);
      for (const project of Object.values(stage.world.codebuild.projects)) {
        Object.assign(project.settings, { autoRetryLimit: 1 });
      }
      stage.commit('main', { seconds: 20, outcome: 'FAILED' });
      await stage.pass(10 * 60);
      stage.commit('main', { seconds: 20, outcome: 'FAILED', loseEvent: true });
      await stage.pass(15 * 60);
    },
  },
  'more commits than builds may run': {
    phase: 'idle',
    settings: { ...BUILT, whileBuilding: 'finish' },
    happen: async (stage) => {
      await first(stage);
      for (let i = 0; i < 7; i++) {
        stage.commit('main', { seconds: 500 });
        await stage.pass(20);
      }
      await stage.pass(20 * 60);
    },
  },
  'the account has no build left': {
    phase: 'idle',
    settings: BUILT,
    happen: async (stage) => {
      await first(stage);
      stage.truth.faulty = true;
      const { concurrentBuildLimit } = stage.world.codebuild;
      stage.world.codebuild.concurrentBuildLimit = 0;
      stage.commit('main', { seconds: 20 });
      await stage.pass(5 * 60);
      stage.world.codebuild.concurrentBuildLimit = concurrentBuildLimit;
      await stage.pass(15 * 60);
    },
  },
  'a commit that asks for no build': {
    phase: 'idle',
    settings: BUILT,
    happen: async (stage) => {
      await first(stage);
      gitPush(stage.world, {
        repository: GIT_REPOSITORY,
        branch: 'main',
        message: 'words alone [skip ci]',
        paths: ['README.md'],
      });
      await stage.pass(10 * 60);
    },
  },
  'a deletion is heard late': {
    phase: 'idle',
    settings: BUILT,
    happen: async (stage) => {
      stage.commit('next', { seconds: 20 });
      await stage.pass(3 * 60);
      loseWebhooks(stage.world, 1);
      git(stage, { do: 'delete-branch', branch: 'next' });
      await stage.pass(20);
      stage.commit('next', { seconds: 20 });
      await stage.pass(60);
      git(stage, { do: 'redeliver', nth: 1 });
      await stage.pass(10 * 60);
    },
  },
  'other builds of the source are stopped from now on': {
    phase: 'idle',
    settings: { ...BUILT, whileBuilding: 'finish' },
    happen: async (stage) => {
      await first(stage);
      stage.reconfigure((pipeline) => {
        const { shop } = pipeline.sources;
        if (shop === undefined) return pipeline;
        const rules = { ...shop.rules, whileBuilding: 'stop' } as const;
        return { ...pipeline, sources: { shop: { ...shop, rules } } };
      });
      stage.commit('main', { seconds: 20 });
      await stage.pass(10 * 60);
    },
  },
  'a branch goes back to a commit that is being built': {
    phase: 'idle',
    settings: { ...BUILT, whileBuilding: 'finish' },
    happen: async (stage) => {
      await first(stage);
      stage.commit('main', { seconds: 900 });
      await stage.pass(60);
      stage.truth.faulty = true;
      githubDown(stage.world, { until: stage.now + 3 * MINUTE, how: 'unreachable' });
      stage.commit('main', { seconds: 20 });
      await stage.pass(5);
      git(stage, { do: 'reset', branch: 'main', back: 1 });
      await stage.pass(30 * 60);
    },
  },
  'a branch leaves what nobody heard of for the commit that is being built': {
    phase: 'idle',
    settings: BUILT,
    happen: async (stage) => {
      await first(stage);
      stage.commit('main', { seconds: 600 });
      await stage.pass(60);
      loseWebhooks(stage.world, 1);
      stage.commit('main', { seconds: 20 });
      await stage.pass(1);
      git(stage, { do: 'reset', branch: 'main', back: 1 });
      await stage.pass(30 * 60);
    },
  },
  'the image of a commit that waits for GitHub leaves the config': {
    phase: 'idle',
    settings: BUILT,
    happen: async (stage) => {
      await first(stage);
      stage.truth.faulty = true;
      githubDown(stage.world, { until: stage.now + 10 * MINUTE, how: 'unreachable' });
      stage.commit('main', { seconds: 20 });
      await stage.pass(60);
      const { pipeline } = stage.engine;
      const { shop } = pipeline.sources;
      if (shop === undefined) throw new Error('the stage builds the source shop');
      const none = { ...shop, rules: { ...shop.rules, images: {} } };
      stage.reconfigure(() => ({ ...pipeline, sources: { shop: none } }));
      await stage.pass(15 * 60);
      stage.reconfigure(() => pipeline);
      // It counts from the next push.
      stage.commit('main', { seconds: 20 });
      await stage.pass(5 * 60);
      await stage.pass(30 * 60);
    },
  },
  'a build is stopped after it has pushed, and its branch goes back to it': {
    phase: 'idle',
    settings: BUILT,
    happen: async (stage) => {
      await first(stage);
      stage.commit('main', { seconds: 20 });
      const newest = () => Object.values(stage.world.codebuild.builds).at(-1);
      await stage.until(() => newest()?.phases.at(-1)?.type === 'POST_BUILD', 10, 0.2);
      stage.engine.asSomebody('codebuild', 'StopBuild', { id: newest()?.id });
      await stage.pass(3 * 60);
      stage.commit('main', { seconds: 20 });
      await stage.pass(15 * 60);
      git(stage, { do: 'reset', branch: 'main', back: 1 });
      await stage.pass(20 * 60);
    },
  },
  'StartBuild is refused': {
    phase: 'idle',
    settings: BUILT,
    happen: async (stage) => {
      await first(stage);
      trouble(stage, 'StartBuild', 'invalid', 5);
      stage.commit('main', { seconds: 20 });
      await stage.pass(10 * 60);
    },
  },
} as const satisfies Record<string, Course>;
