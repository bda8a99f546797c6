/** A release waits for a person's word before it starts; and a release that no rollback crosses. */
import type { ReleaseApprovalRules } from '../../../shared/core/model/approval.ts';
import { type Course, withRules } from './course.ts';
import type { Stage } from './scene.ts';

function withWord(otherwise: ReleaseApprovalRules['otherwise'], by?: readonly string[]) {
  const release = { before: 'start', minutes: 20, otherwise, ...(by && { by }) } as const;
  return withRules({ approvals: { commands: [], minutes: 30, release } });
}

/** What `slipway status` shows. */
function idOf(stage: Stage): string {
  return stage.engine.records.get('ecs/production/web')?.record.startWord?.asked?.id ?? 'none';
}

async function says(stage: Stage, word: 'approve' | 'reject', by: string, of = idOf(stage)) {
  stage.engine.log(() => `scene: ${by} says ${word} ${of}`);
  stage.deliver({ do: word, of }, `${word}-${by}-${stage.now}`, stage.now, by);
  await stage.pass(20);
}

/** From now on one person is enough. */
function noWord(stage: Stage): void {
  stage.reconfigure((pipeline) => {
    const { web } = pipeline.targets;
    if (web === undefined) return pipeline;
    const { approvals: _, ...rules } = web.rules;
    return { ...pipeline, targets: { web: { ...web, rules } } };
  });
}

async function waits(stage: Stage): Promise<void> {
  const before = stage.told('held');
  stage.push();
  await stage.until(() => stage.told('held') > before, 5, 5);
}

export const WORDS = {
  'a release that is let go, and whose word is said again': {
    phase: 'idle with two proven',
    happen: async (stage) => {
      stage.reconfigure(withWord('rollback', ['ben']));
      await waits(stage);
      const id = idOf(stage);
      await says(stage, 'approve', 'carla');
      await says(stage, 'approve', 'ben', id.replace(/-.*/, '-other'));
      await says(stage, 'approve', 'ben');
      await says(stage, 'approve', 'ben', id);
      const before = stage.told('proven');
      await stage.until(() => stage.told('proven') > before, 30, 5);
      await says(stage, 'approve', 'ben', id);
      noWord(stage);
    },
  },
  'a release that is rejected before it starts': {
    phase: 'idle with two proven',
    happen: async (stage) => {
      stage.reconfigure(withWord('rollback'));
      await waits(stage);
      await says(stage, 'reject', 'ben');
      noWord(stage);
    },
  },
  'a release that nobody says a word to: refused': {
    phase: 'idle with two proven',
    happen: async (stage) => {
      stage.reconfigure(withWord('rollback'));
      await waits(stage);
      await stage.pass(25 * 60);
      noWord(stage);
    },
  },
  'a release that nobody says a word to: proceeds': {
    phase: 'idle with two proven',
    happen: async (stage) => {
      stage.reconfigure(withWord('proceed'));
      await waits(stage);
      await stage.pass(25 * 60);
      noWord(stage);
    },
  },
  'a rollback that crosses what is not safe below': {
    phase: 'idle with two proven',
    happen: async (stage) => {
      stage.reconfigure(withRules({ notSafeBelow: 'main-1' }));
      await stage.pass(30);
      stage.say({ do: 'rollback' });
      await stage.pass(60);
      stage.alarm('ALARM');
      await stage.pass(10 * 60);
      stage.alarm('OK');
      await stage.pass(10 * 60);
      stage.say({ do: 'rollback', to: 'adopted web:1' });
      await stage.pass(10 * 60);
      stage.reconfigure((pipeline) => {
        const { web } = pipeline.targets;
        if (web === undefined) return pipeline;
        const { notSafeBelow: _, ...rules } = web.rules;
        return { ...pipeline, targets: { web: { ...web, rules } } };
      });
    },
  },
} as const satisfies Record<string, Course>;
