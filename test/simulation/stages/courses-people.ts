/** What several people say: who asks, who approves, who speaks in whose name, and words that cannot be meant. */
import type { Rules } from '../../../shared/core/model/rules.ts';
import { type Course, withRules } from './course.ts';
import { EVENTS } from './events.ts';
import { byHand } from './phases.ts';
import { MINUTE, type Stage } from './scene.ts';

const APPROVALS: NonNullable<Rules['approvals']> = {
  commands: ['deploy', 'unquarantine'],
  minutes: 30,
};

function deploy(stage: Stage, id: string, nth = -1): void {
  const image = stage.pushed.at(nth);
  if (image === undefined) return;
  const { registry } = stage.engine.pipeline;
  const { digest, tag } = image;
  const app = { registry, repository: 'shop/web', digest, tags: [tag] };
  stage.say({ do: 'deploy', images: { app } }, id);
}

/** Who asked is ana. */
function answers(stage: Stage, word: 'approve' | 'reject', of: string, by: string): void {
  stage.engine.log(() => `scene: ${by} says ${word} ${of}`);
  stage.deliver({ do: word, of }, `${word}-${by}-${stage.now}`, stage.now, by);
}

export const PEOPLE = {
  'a deploy that a second person approves': {
    phase: 'idle with two proven',
    configure: withRules({ approvals: APPROVALS }),
    happen: async (stage) => {
      deploy(stage, 'first', 0);
      await stage.pass(20);
      answers(stage, 'approve', 'first', 'ana');
      await stage.pass(20);
      answers(stage, 'approve', 'nothing', 'ben');
      await stage.pass(20);
      answers(stage, 'approve', 'first', 'ben');
    },
  },
  'a deploy that is rejected, and one that nobody approves': {
    phase: 'idle with two proven',
    configure: withRules({ approvals: { ...APPROVALS, by: ['ben'] } }),
    happen: async (stage) => {
      deploy(stage, 'first', 0);
      await stage.pass(20);
      answers(stage, 'approve', 'first', 'carla');
      await stage.pass(20);
      answers(stage, 'reject', 'first', 'carla');
      await stage.pass(20);
      deploy(stage, 'second', 0);
      await stage.pass(20);
      deploy(stage, 'third', 0);
      await stage.pass(35 * 60);
      answers(stage, 'approve', 'third', 'ben');
    },
  },
  'a word to a target that the config has just dropped': {
    phase: 'idle with two proven',
    happen: async (stage) => {
      const { pipeline } = stage.engine;
      EVENTS['out of the config'](stage);
      await stage.pass(30);
      stage.say({ do: 'rollback' });
      await stage.pass(60);
      stage.reconfigure(() => pipeline);
      await stage.pass(5 * 60);
    },
  },
  'more asks than may wait for a second person': {
    phase: 'rolled back from the third',
    configure: withRules({ approvals: APPROVALS }),
    happen: async (stage) => {
      for (const [i, { digest }] of [...stage.pushed, ...stage.pushed].entries()) {
        const other = digest.replace(/.$/, i.toString(16));
        stage.say({ do: 'unquarantine', digest: other }, `lift-${i}`);
        await stage.pass(15);
      }
    },
  },
  'words that name what is not there': {
    phase: 'idle',
    happen: async (stage) => {
      const { registry } = stage.engine.pipeline;
      const digest = stage.pushed[0]?.digest;
      const image = { registry, repository: 'shop/web', digest, tags: ['main-0'] };
      stage.say({ do: 'deploy', images: { sidecar: image } });
      await stage.pass(15);
      stage.say({ do: 'deploy', images: { app: { ...image, repository: 'shop/api' } } });
      await stage.pass(15);
      stage.deliver({ do: 'rollback' }, 'forged', stage.now, 'slipway-tick');
      await stage.pass(15);
      stage.deliver({ do: 'hold' }, 'early', stage.now + 40 * MINUTE);
    },
  },
  'a rollback to what was rolled back': {
    phase: 'rolled back',
    happen: (stage) => stage.say({ do: 'rollback', to: 'web:2' }),
  },
  'a rollback to another place than the one on its way': {
    phase: 'rolling back',
    happen: (stage) => stage.say({ do: 'rollback', to: 'adopted web:1' }),
  },
  'a rollback, and a deploy, before anything was looked at': {
    phase: 'not seen yet',
    happen: (stage) => stage.say({ do: 'rollback' }),
  },
  'a rollback in watch mode': {
    phase: 'idle with two proven',
    happen: async (stage) => {
      stage.reconfigure(withRules({ mode: 'watch' }));
      await stage.pass(30);
      stage.say({ do: 'rollback' });
    },
  },
  'the way back, and watch mode': {
    phase: 'stopping',
    happen: (stage) => stage.reconfigure(withRules({ mode: 'watch' })),
  },
  'two replace ours in one day': {
    phase: 'idle with two proven',
    happen: async (stage) => {
      const adopted = stage.told('adopted');
      byHand(stage);
      await stage.until(() => stage.told('adopted') > adopted, 30, 5);
      const proven = stage.told('proven');
      stage.push();
      await stage.until(() => stage.told('proven') > proven, 40, 5);
      byHand(stage);
    },
  },
  'by hand, and what follows it by hand fails': {
    phase: 'idle with two proven',
    happen: async (stage) => {
      byHand(stage);
      await stage.until(() => stage.deployment()?.status === 'SUCCESSFUL', 10);
      await stage.pass(10);
      byHand(stage, { exitCodeOnStart: 1 });
    },
  },
  'by hand, in watch mode, and its alarm rises': {
    phase: 'an external bake',
    happen: async (stage) => {
      stage.reconfigure(withRules({ mode: 'watch' }));
      await stage.pass(20);
      stage.alarm('ALARM');
    },
  },
  'the repository moves while an image waits': {
    phase: 'held by a person',
    happen: async (stage) => {
      const { containers } = stage.engine.pipeline.targets.web?.rules ?? {};
      const app = containers?.app;
      if (app === undefined) return;
      const moved = { ...app, repository: 'shop/sidecar' };
      stage.reconfigure(withRules({ containers: { app: moved } }));
      await stage.pass(20 * 60);
      stage.reconfigure(withRules({ containers: { app } }));
    },
  },
} as const satisfies Record<string, Course>;
