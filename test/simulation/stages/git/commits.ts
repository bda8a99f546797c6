/** Images of commits whose pushes nobody heard of: they are held until GitHub has told where they stand. */
import { githubDown } from '@slipway/local-cloud/github/setup.ts';
import { type Course, commit, imageOf, withRules } from '../course.ts';
import { EVENT_HELPS } from '../events.ts';
import { MINUTE, type Pushed, type Stage } from '../scene.ts';

/** A push that was heard, and its image runs: from then on commits have an order. */
async function firstCommit(stage: Stage): Promise<string> {
  const sha = commit(stage);
  const before = stage.told('proven');
  await stage.pass(20);
  imageOf(stage, sha);
  await stage.until(() => stage.told('proven') > before, 30, 5);
  return sha;
}

function down(stage: Stage, minutes: number): void {
  githubDown(stage.world, { until: stage.now + minutes * MINUTE, how: 'unreachable' });
  stage.truth.faulty = true;
}

/** GitHub does not answer, its push was not heard of, and its image is there. */
async function unplaced(stage: Stage, minutes: number): Promise<Pushed> {
  await firstCommit(stage);
  down(stage, minutes);
  const pushed = imageOf(stage, commit(stage, { heard: false }));
  await stage.pass(60);
  return pushed;
}

const PUSHED = { git: 'pushed' } as const;

export const COMMITS = {
  'an image of a commit that nobody heard of': {
    phase: 'idle',
    settings: PUSHED,
    happen: async (stage) => {
      await firstCommit(stage);
      imageOf(stage, commit(stage, { heard: false }));
      await stage.pass(60);
      EVENT_HELPS.repeatPush(stage, -1);
    },
  },
  'an image of an unheard commit, and GitHub is silent for an hour: asks': {
    phase: 'idle',
    settings: PUSHED,
    happen: async (stage) => {
      await unplaced(stage, 75);
      await stage.pass(80 * 60);
    },
  },
  'an image of an unheard commit, and GitHub is silent for an hour: refuses': {
    phase: 'idle',
    settings: { ...PUSHED, afterHold: 'refuse' },
    happen: async (stage) => {
      await unplaced(stage, 75);
      await stage.pass(80 * 60);
    },
  },
  'an image of an unheard commit, and GitHub is silent for an hour: proceeds': {
    phase: 'idle',
    settings: { ...PUSHED, afterHold: 'proceed' },
    happen: async (stage) => {
      await unplaced(stage, 75);
      await stage.pass(50 * 60);
      EVENT_HELPS.repeatPush(stage, -1);
      await stage.pass(30 * 60);
    },
  },
  'an image of an unheard commit, and a person deploys it': {
    phase: 'idle',
    settings: PUSHED,
    happen: async (stage) => {
      await unplaced(stage, 45);
      EVENT_HELPS.deployOf(stage, -1);
      await stage.pass(50 * 60);
    },
  },
  'images of more unheard commits than are kept': {
    phase: 'idle',
    settings: PUSHED,
    happen: async (stage) => {
      await unplaced(stage, 25);
      for (let i = 0; i < 21; i++) {
        imageOf(stage, commit(stage, { heard: false }));
        await stage.pass(10);
      }
      await stage.pass(30 * 60);
    },
  },
  'a second image of a commit whose first was bad': {
    phase: 'idle',
    settings: PUSHED,
    happen: async (stage) => {
      await firstCommit(stage);
      const sha = commit(stage);
      await stage.pass(20);
      const before = stage.told('rolled-back');
      imageOf(stage, sha, 'main', { exitCodeOnStart: 1 });
      await stage.until(() => stage.told('rolled-back') > before, 30, 5);
      const again = imageOf(stage, sha, 'again');
      // Its own tasks would stand, but it is the commit that was bad.
      stage.pushed[stage.pushed.length - 1] = { ...again, isGood: false };
      await stage.pass(10 * 60);
    },
  },
  'an image of another branch than the container takes': {
    phase: 'idle',
    settings: PUSHED,
    happen: async (stage) => {
      await firstCommit(stage);
      const { containers } = stage.engine.pipeline.targets.web?.rules ?? {};
      const app = containers?.app;
      if (app === undefined) return;
      stage.reconfigure(withRules({ containers: { app: { ...app, branches: ['^main$'] } } }));
      const sha = commit(stage, { branch: 'next' });
      await stage.pass(20);
      imageOf(stage, sha, 'next');
      await stage.pass(5 * 60);
      stage.reconfigure(withRules({ containers: { app } }));
    },
  },
} as const satisfies Record<string, Course>;
