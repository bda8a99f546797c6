/** Calls that AWS refuses, or never answers, and ways back that lead nowhere. */
import type { Behaviour } from '@slipway/local-cloud/ecr/behaviour.ts';
import { type Course, trouble, withRules } from './course.ts';
import type { Stage } from './scene.ts';

/** From now on this image, of an older push, behaves otherwise. */
function turns(stage: Stage, nth: number, behaviour: Behaviour): void {
  const image = stage.pushed.at(nth);
  if (image !== undefined) stage.world.ecr.behaviours[image.digest] = behaviour;
  stage.truth.faulty = true;
}

/** The rollout that is on its way is stopped by somebody. */
function stopRollout(stage: Stage): void {
  const newest = Object.keys(stage.world.ecs.serviceDeployments).at(-1);
  stage.note('by-hand');
  stage.ecs('StopServiceDeployment', { serviceDeploymentArn: newest, stopType: 'ABORT' });
}

export const CALLS = {
  'the way back is forbidden for half an hour': {
    phase: 'baking over two proven',
    happen: async (stage) => {
      trouble(stage, 'UpdateService', 'refused', 30);
      stage.alarm('ALARM');
      await stage.pass(35 * 60);
    },
  },
  'the way back is refused': {
    phase: 'baking over two proven',
    happen: async (stage) => {
      trouble(stage, 'UpdateService', 'invalid', 3);
      stage.alarm('ALARM');
      await stage.pass(10 * 60);
    },
  },
  'the way back is refused for an alarm that is gone': {
    phase: 'baking over two proven',
    happen: async (stage) => {
      trouble(stage, 'UpdateService', 'alarm-gone', 0.2);
      stage.alarm('ALARM');
    },
  },
  'the way back is throttled for an hour': {
    phase: 'baking over two proven',
    happen: async (stage) => {
      trouble(stage, 'UpdateService', 'throttled', 60);
      stage.alarm('ALARM');
      await stage.pass(65 * 60);
    },
  },
  'the calls of the way back are never answered': {
    phase: 'baking over two proven',
    happen: async (stage) => {
      trouble(stage, 'UpdateService', 'unanswered', 30);
      stage.alarm('ALARM');
      await stage.pass(35 * 60);
    },
  },
  'the calls of a release are never answered': {
    phase: 'idle with two proven',
    happen: async (stage) => {
      trouble(stage, 'UpdateService', 'unanswered', 30);
      stage.push();
      await stage.pass(35 * 60);
    },
  },
  'a release whose call is not answered, and a rollback': {
    phase: 'idle with two proven',
    happen: async (stage) => {
      trouble(stage, 'UpdateService', 'unanswered', 6);
      stage.push();
      await stage.pass(30);
      stage.say({ do: 'rollback' });
    },
  },
  'a stop is throttled': {
    phase: 'in flight over two proven',
    happen: (stage) => {
      trouble(stage, 'StopServiceDeployment', 'throttled', 3);
      stage.alarm('ALARM');
    },
  },
  'the way back is throttled, and then watch mode': {
    phase: 'baking over two proven',
    happen: async (stage) => {
      trouble(stage, 'UpdateService', 'throttled', 10);
      stage.alarm('ALARM');
      await stage.pass(60);
      stage.reconfigure(withRules({ mode: 'watch' }));
      await stage.pass(15 * 60);
    },
  },
  'a person returns to what is gone': {
    phase: 'idle with two proven',
    happen: async (stage) => {
      const images = stage.world.ecr.repositories['shop/web']?.images;
      const [first] = stage.pushed;
      if (images !== undefined && first !== undefined) delete images[first.digest];
      await stage.pass(20);
      stage.say({ do: 'rollback', to: 'adopted web:1' });
    },
  },
  'a stop is refused': {
    phase: 'in flight over two proven',
    happen: (stage) => {
      trouble(stage, 'StopServiceDeployment', 'refused', 10);
      stage.alarm('ALARM');
    },
  },
  'somebody stops what is to be stopped': {
    phase: 'in flight over two proven',
    happen: async (stage) => {
      stage.alarm('ALARM');
      await stage.pass(0.3);
      stopRollout(stage);
    },
  },
  'somebody stops the way back': {
    phase: 'a rollback in flight',
    happen: stopRollout,
  },
  'what is returned to never gets ready': {
    phase: 'baking over two proven',
    happen: async (stage) => {
      turns(stage, -2, { startSeconds: 4_500 });
      stage.alarm('ALARM');
      await stage.pass(50 * 60);
      turns(stage, -2, {});
    },
  },
  'ECS returns, and what it returns to never gets ready': {
    phase: 'in flight over two proven',
    happen: async (stage) => {
      turns(stage, -2, { startSeconds: 4_500 });
      stage.scale(4);
      stage.alarm('ALARM');
      await stage.pass(50 * 60);
      turns(stage, -2, {});
    },
  },
  'ECS returns, and what it returns to crashes': {
    phase: 'in flight over two proven',
    happen: async (stage) => {
      turns(stage, -2, { exitCodeOnStart: 1 });
      stage.scale(4);
      stage.alarm('ALARM');
      await stage.pass(50 * 60);
      turns(stage, -2, {});
    },
  },
  'the copy to return to cannot be registered': {
    phase: 'idle with two proven',
    happen: async (stage) => {
      const before = stage.truth.reigns('production/web').at(-2)?.taskDefinition;
      stage.ecs('DeregisterTaskDefinition', { taskDefinition: before ?? 'web:1' });
      trouble(stage, 'RegisterTaskDefinition', 'throttled', 45);
      await stage.pass(20);
      stage.say({ do: 'rollback' });
      await stage.pass(50 * 60);
    },
  },
  'a newer push, and a hold, before ECS takes the older': {
    phase: 'registering',
    happen: async (stage) => {
      trouble(stage, 'UpdateService', 'throttled', 10);
      await stage.pass(10);
      stage.push();
      await stage.pass(10);
      stage.say({ do: 'hold' });
    },
  },
  'watch mode before ECS takes it': {
    phase: 'registering',
    happen: async (stage) => {
      trouble(stage, 'UpdateService', 'throttled', 10);
      await stage.pass(10);
      stage.reconfigure(withRules({ mode: 'watch' }));
    },
  },
  'a hold that ends in a refusal': {
    phase: 'held by a red alarm',
    settings: { afterHold: 'refuse' },
    happen: (stage) => stage.pass(40 * 60),
  },
  'a hold that ends by going on': {
    phase: 'held by a red alarm',
    settings: { afterHold: 'proceed' },
    happen: (stage) => stage.pass(40 * 60),
  },
} as const satisfies Record<string, Course>;
