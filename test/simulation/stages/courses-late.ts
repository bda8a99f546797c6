/** Calls of ours that land late, answers of ECS that are old or say little, and what somebody did meanwhile. */
import { type Course, withRules } from './course.ts';
import { byHand } from './phases.ts';
import type { Stage } from './scene.ts';

/** The call that asked for what is to go lands once more: its handler was not dead, only late. */
function landsLate(stage: Stage): void {
  const { trail } = stage.truth;
  const primary = stage.truth.primary('production/web');
  const late = trail.calls.findLast(
    ({ operation, input }) =>
      operation === 'UpdateService' &&
      (input as { taskDefinition?: string }).taskDefinition !== primary,
  );
  if (late === undefined) return;
  stage.truth.faulty = true;
  stage.engine.log(() => 'scene: a call of ours lands late');
  stage.ecs('UpdateService', late.input);
  trail.calls.push({ ...late, at: stage.now });
}

/** A person's rollback to a named release leaves what was asked for a moment before. */
async function leftAtOnce(stage: Stage): Promise<void> {
  const before = stage.calls('UpdateService');
  stage.push({ startSeconds: 100 });
  await stage.until(() => stage.calls('UpdateService') > before, 5, 0.2);
  await stage.pass(2);
  const asked = stage.calls('UpdateService');
  stage.say({ do: 'rollback', to: 'adopted web:1' });
  await stage.until(() => stage.calls('UpdateService') > asked, 3, 0.2);
}

export const LATE = {
  'the way back, and what it left lands late': {
    phase: 'idle with two proven',
    happen: async (stage) => {
      await leftAtOnce(stage);
      await stage.pass(3);
      landsLate(stage);
    },
  },
  'the way back, and what it left lands late again and again': {
    phase: 'idle with two proven',
    happen: async (stage) => {
      await leftAtOnce(stage);
      for (let i = 0; i < 4; i++) {
        await stage.pass(6);
        landsLate(stage);
      }
    },
  },
  'a stop, and what is to be stopped lands late': {
    phase: 'idle with two proven',
    happen: async (stage) => {
      const before = stage.calls('UpdateService');
      stage.push({ startSeconds: 100 });
      await stage.until(() => stage.calls('UpdateService') > before, 5, 0.2);
      await stage.pass(1);
      stage.say({ do: 'rollback' });
      await stage.until(() => stage.calls('StopServiceDeployment') > 0, 2, 0.1);
      const { trail } = stage.truth;
      const late = trail.calls.findLast(({ operation }) => operation === 'UpdateService');
      await stage.pass(4);
      if (late === undefined) return;
      stage.truth.faulty = true;
      stage.ecs('UpdateService', late.input);
      trail.calls.push({ ...late, at: stage.now });
    },
  },
  'in watch mode a call of ours lands late': {
    phase: 'idle with two proven',
    happen: async (stage) => {
      await leftAtOnce(stage);
      const before = stage.told('rolled-back');
      await stage.until(() => stage.told('rolled-back') > before, 10, 0.5);
      stage.reconfigure(withRules({ mode: 'watch' }));
      await stage.pass(5);
      landsLate(stage);
    },
  },
  'the images of the way back go, and come again': {
    phase: 'idle with two proven',
    happen: async (stage) => {
      const images = stage.world.ecr.repositories['shop/web']?.images;
      const [first] = stage.pushed;
      const kept = first && images?.[first.digest];
      if (images === undefined || kept === undefined) return;
      delete images[kept.digest];
      await stage.pass(100 * 60);
      images[kept.digest] = kept;
      await stage.pass(40 * 60);
    },
  },
  'what waits is deployed by hand': {
    phase: 'held by a person',
    happen: async (stage) => {
      const waiting = stage.pushed.at(-1);
      if (waiting === undefined) return;
      byHand(stage, {}, waiting.digest);
      await stage.pass(20);
      stage.say({ do: 'resume' });
    },
  },
} as const satisfies Record<string, Course>;
