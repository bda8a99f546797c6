/** The task definition of `web` in git: it changes with a commit, is bad, or cannot be had. */
import { githubDown } from '@slipway/local-cloud/github/setup.ts';
import type { Course } from '../course.ts';
import { definitionOf, MINUTE, type Stage } from '../scene.ts';

const DEFINED = { git: 'elsewhere', hasDefinition: true } as const;

/** What no image bears whose variable says 0. */
const WITHOUT_POOL = {
  inEnvironment: { name: 'POOL_SIZE', value: '0', behaves: { exitCodeOnStart: 1 } },
} as const;

/** A commit whose task definition is good, and its image was proven. */
async function first(stage: Stage): Promise<void> {
  const before = stage.told('proven');
  stage.define(definitionOf('10'));
  await stage.pass(20);
  image(stage);
  await stage.until(() => stage.told('proven') > before, 30, 5);
}

function image(stage: Stage): void {
  stage.ci({ of: 'head', says: 'label', behaviour: WITHOUT_POOL });
}

/** Its image is taken, and then GitHub answers 503. */
async function hidden(stage: Stage, minutes: number): Promise<void> {
  const { ofSources } = stage.truth.trail;
  const before = ofSources.length;
  stage.define(definitionOf('30'));
  image(stage);
  await stage.until(() => ofSources.length > before, 5, 0.1);
  stage.truth.faulty = true;
  githubDown(stage.world, { until: stage.now + minutes * MINUTE, how: 'unavailable' });
}

/** The commit after it has this file. */
function defined(text: string): Course['happen'] {
  return async (stage) => {
    await first(stage);
    stage.define(text);
    await stage.pass(20);
    image(stage);
    await stage.pass(40 * 60);
  };
}

export const DEFINITIONS = {
  'a task definition changes with its commit': {
    phase: 'idle',
    settings: DEFINED,
    happen: defined(definitionOf('20', { cpu: '512', memory: '1024' })),
  },
  'a task definition stays as it is': {
    phase: 'idle',
    settings: DEFINED,
    happen: async (stage) => {
      await first(stage);
      stage.commit('main');
      image(stage);
      await stage.pass(20 * 60);
    },
  },
  'a bad task definition': {
    phase: 'idle',
    settings: DEFINED,
    happen: defined(definitionOf('0')),
  },
  'a task definition that is no JSON': {
    phase: 'idle',
    settings: DEFINED,
    happen: defined('{"containerDefinitions": ['),
  },
  'a task definition with a role of nobody': {
    phase: 'idle',
    settings: DEFINED,
    happen: defined(
      definitionOf('20', { taskRoleArn: 'arn:aws:iam::123456789012:role/somebody-else' }),
    ),
  },
  'a commit without a task definition': {
    phase: 'idle',
    settings: DEFINED,
    happen: async (stage) => {
      stage.commit('main');
      image(stage);
      await stage.pass(20 * 60);
    },
  },
  'a task definition that GitHub does not show for a while': {
    phase: 'idle',
    settings: DEFINED,
    happen: async (stage) => {
      await first(stage);
      await hidden(stage, 15);
      await stage.pass(40 * 60);
    },
  },
  'a task definition that GitHub does not show for an hour': {
    phase: 'idle',
    settings: DEFINED,
    happen: async (stage) => {
      await first(stage);
      await hidden(stage, 60);
      await stage.pass(80 * 60);
    },
  },
  'the same bits with another task definition': {
    phase: 'idle',
    settings: DEFINED,
    happen: async (stage) => {
      await first(stage);
      stage.define(definitionOf('40'));
      const { digest } = stage.ci({ of: 'head', says: 'tag' });
      await stage.pass(15 * 60);
      stage.define(definitionOf('50'));
      stage.ci({ of: 'head', says: 'tag', digest });
      await stage.pass(20 * 60);
    },
  },
} as const satisfies Record<string, Course>;
