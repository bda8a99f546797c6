/** Releases that run a migration before their rollout: it ends well, fails, or its call is never answered. */
import { type Course, trouble, withRules } from './course.ts';
import type { Stage } from './scene.ts';

const MIGRATES = withRules({
  migration: { command: ['npm', 'run', 'migrate'], container: 'app', minutes: 10 },
});

const ending = (exitCode: number, seconds = 60) => ({
  commands: { 'npm run migrate': { seconds, exitCode } },
});

async function migrated(stage: Stage): Promise<void> {
  stage.push(ending(0));
  await stage.pass(30 * 60);
}

export const MIGRATIONS = {
  'a release migrates before its rollout': {
    phase: 'idle with two proven',
    configure: MIGRATES,
    happen: migrated,
  },
  'a migration fails, and the next one ends well': {
    phase: 'idle with two proven',
    configure: MIGRATES,
    happen: async (stage) => {
      stage.push(ending(3));
      await stage.pass(10 * 60);
      await migrated(stage);
    },
  },
  'ECS does not say that it runs the migration': {
    phase: 'idle with two proven',
    configure: MIGRATES,
    happen: async (stage) => {
      trouble(stage, 'RunTask', 'answer-lost', 3);
      await migrated(stage);
    },
  },
  'a newer push while ECS is asked to run a migration': {
    phase: 'idle with two proven',
    configure: MIGRATES,
    happen: async (stage) => {
      trouble(stage, 'RunTask', 'answer-lost', 1);
      stage.push(ending(0));
      await stage.pass(25);
      stage.alarm('INSUFFICIENT_DATA');
      await migrated(stage);
    },
  },
  'the call for a migration is never answered': {
    phase: 'idle with two proven',
    configure: MIGRATES,
    happen: async (stage) => {
      trouble(stage, 'RunTask', 'unanswered', 4);
      await migrated(stage);
    },
  },
  'a rollback while a migration runs': {
    phase: 'idle with two proven',
    configure: MIGRATES,
    happen: async (stage) => {
      trouble(stage, 'RunTask', 'answer-lost', 1);
      stage.push(ending(0, 300));
      await stage.pass(90);
      stage.say({ do: 'rollback' });
      await stage.pass(30 * 60);
    },
  },
} as const satisfies Record<string, Course>;
