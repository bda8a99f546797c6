/** Calls of ours that land late, answers of ECS that are old or say little, and what somebody did meanwhile. */
import { type Course, trouble, withRules } from './course.ts';
import { EVENT_HELPS } from './events.ts';
import { byHand } from './phases.ts';
import { MINUTE, type Stage } from './scene.ts';

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

/** The newest call of ours for this revision lands once more. */
function landsAgain(stage: Stage, revision: string | undefined): void {
  const { trail } = stage.truth;
  const late = trail.calls.findLast(
    ({ operation, input }) =>
      operation === 'UpdateService' &&
      (input as { taskDefinition?: string }).taskDefinition === revision,
  );
  if (late === undefined) return;
  stage.truth.faulty = true;
  stage.engine.log(() => `scene: our call for ${revision} lands late`);
  stage.ecs('UpdateService', late.input);
  trail.calls.push({ ...late, at: stage.now });
}

/** The revision that we asked ECS for last. */
function lastAsked({ truth: { trail } }: Stage): string | undefined {
  const last = trail.calls.findLast(({ operation }) => operation === 'UpdateService');
  return (last?.input as { taskDefinition?: string } | undefined)?.taskDefinition;
}

/** A push, and our call for it. */
async function askedFor(stage: Stage): Promise<string | undefined> {
  const before = stage.calls('UpdateService');
  stage.push({ startSeconds: 100 });
  await stage.until(() => stage.calls('UpdateService') > before, 5, 0.2);
  return lastAsked(stage);
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
      const left = await askedFor(stage);
      await stage.pass(2);
      const asked = stage.calls('UpdateService');
      stage.say({ do: 'rollback', to: 'adopted web:1' });
      await stage.until(() => stage.calls('UpdateService') > asked, 3, 0.2);
      for (let i = 0; i < 6; i++) {
        await stage.pass(8);
        landsAgain(stage, left);
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
  'a stop, and what was left before it lands late': {
    phase: 'idle with two proven',
    happen: async (stage) => {
      const left = await askedFor(stage);
      const before = stage.told('rolled-back');
      stage.say({ do: 'rollback', to: 'adopted web:1' });
      await stage.until(() => stage.told('rolled-back') > before, 5, 0.5);
      await askedFor(stage);
      await stage.pass(3);
      stage.say({ do: 'rollback' });
      await stage.until(() => stage.calls('StopServiceDeployment') > 0, 1, 0.1);
      landsAgain(stage, left);
    },
  },
  'what a late call brought is deployed by a person': {
    phase: 'idle with two proven',
    happen: async (stage) => {
      const left = await askedFor(stage);
      const image = stage.pushed.at(-1);
      // Its events say something new.
      await stage.pass(8);
      byHand(stage);
      await stage.pass(40);
      trouble(stage, 'UpdateService', 'refused', 30);
      landsAgain(stage, left);
      const before = stage.told('needs-attention');
      await stage.until(() => stage.told('needs-attention') > before, 10, 1);
      if (image === undefined) return;
      const { registry } = stage.engine.pipeline;
      const { digest, tag } = image;
      const app = { registry, repository: 'shop/web', digest, tags: [tag] };
      stage.say({ do: 'deploy', images: { app } });
    },
  },
  'a call of ours lands late where there is nothing to return to': {
    phase: 'not seen yet',
    settings: { whileAlarmRed: 'proceed' },
    happen: async (stage) => {
      EVENT_HELPS.redForGood(stage, 40);
      await stage.pass(5 * 60);
      stage.introduce();
      await stage.until(() => stage.told('needs-attention') > 0, 20, 5);
      const left = await askedFor(stage);
      // Its events say something new.
      await stage.pass(8);
      byHand(stage);
      await stage.pass(40);
      landsAgain(stage, left);
    },
  },
  'what could not be adopted is, and a person is asked for another reason': {
    phase: 'not seen yet',
    settings: { whileAlarmRed: 'proceed' },
    happen: async (stage) => {
      EVENT_HELPS.redForGood(stage, 40);
      await stage.pass(5 * 60);
      stage.introduce();
      await stage.until(() => stage.told('needs-attention') > 0, 20, 5);
      trouble(stage, 'RegisterTaskDefinition', 'refused', 5);
      stage.push();
      await stage.pass(40 * 60);
    },
  },
  'the service goes while its rollout is looked at': {
    phase: 'in flight',
    happen: async (stage) => {
      trouble(stage, 'ListServiceDeployments', 'late', 1);
      stage.alarm('INSUFFICIENT_DATA');
      await stage.pass(6);
      stage.note('delete');
      stage.ecs('DeleteService', { service: 'web', force: true });
    },
  },
  'a stop comes when its rollout has ended': {
    phase: 'in flight over two proven',
    happen: async (stage) => {
      trouble(stage, 'StopServiceDeployment', 'late', 1);
      stage.alarm('ALARM');
      await stage.pass(8);
      const newest = Object.keys(stage.world.ecs.serviceDeployments).at(-1);
      stage.note('by-hand');
      stage.ecs('StopServiceDeployment', { serviceDeploymentArn: newest, stopType: 'ABORT' });
    },
  },
  'an alarm that is watched no longer, and one of a release before': {
    phase: 'idle with two proven',
    happen: async (stage) => {
      const finishedAt = stage.deployment()?.finishedAt ?? stage.now;
      await stage.pass(5 * 60);
      byHand(stage);
      await stage.pass(60);
      EVENT_HELPS.tellLate(stage, finishedAt + MINUTE, finishedAt + 2 * MINUTE);
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
      await stage.pass(120 * 60);
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
