/** Releases that shift their traffic, and wait before a step: for a person's word, or for most of a day. */
import type { ReleaseApprovalRules } from '../../../shared/core/model/approval.ts';
import { awaitedRelease } from '../../../shared/core/release/word.ts';
import { type Course, withRules } from './course.ts';
import type { Stage } from './scene.ts';

function withWord(change: Partial<ReleaseApprovalRules>) {
  const release = { before: 'traffic', minutes: 20, otherwise: 'rollback', ...change } as const;
  return withRules({ approvals: { commands: [], minutes: 30, release } });
}

/** To what waits for a word now. */
async function says(stage: Stage, word: 'approve' | 'reject', by: string): Promise<void> {
  const record = stage.engine.records.get('ecs/production/web')?.record;
  const of = (record && awaitedRelease(record)?.id) ?? 'none';
  stage.note(word, of);
  stage.deliver({ do: word, of }, `${word}-${by}-${stage.now}`, stage.now, by);
  await stage.pass(20);
}

/** ECS has come to the step, and a person is asked. */
async function waits(stage: Stage): Promise<void> {
  await stage.pass(30);
  const before = stage.told('held');
  stage.push();
  await stage.until(() => stage.told('held') > before, 30, 5);
}

/** From now on nobody is asked. */
function noWord(stage: Stage): void {
  stage.reconfigure((pipeline) => {
    const { web } = pipeline.targets;
    if (web === undefined) return pipeline;
    const { approvals: _, ...rules } = web.rules;
    return { ...pipeline, targets: { web: { ...web, rules } } };
  });
}

/** What follows the word, to its end. */
async function ends(stage: Stage): Promise<void> {
  await stage.pass(40 * 60);
  noWord(stage);
}

export const TRAFFIC = {
  'a person lets it have traffic': {
    phase: 'idle after a shift',
    happen: async (stage) => {
      stage.reconfigure(withWord({}));
      await waits(stage);
      await stage.pass(5 * 60);
      await says(stage, 'approve', 'ben');
      await ends(stage);
    },
  },
  'a person lets it have all of the traffic': {
    phase: 'idle after a shift',
    happen: async (stage) => {
      stage.reconfigure(withWord({ before: 'full' }));
      await waits(stage);
      await stage.pass(5 * 60);
      await says(stage, 'approve', 'ben');
      await ends(stage);
    },
  },
  'a person lets it have no traffic': {
    phase: 'idle after a shift',
    happen: async (stage) => {
      stage.reconfigure(withWord({ before: 'full' }));
      await waits(stage);
      await says(stage, 'reject', 'ben');
      await ends(stage);
    },
  },
  'nobody says a word to its traffic: it goes back': {
    phase: 'idle after a shift',
    happen: async (stage) => {
      stage.reconfigure(withWord({}));
      await waits(stage);
      await ends(stage);
    },
  },
  'nobody says a word to its traffic: it goes on': {
    phase: 'idle after a shift',
    happen: async (stage) => {
      stage.reconfigure(withWord({ before: 'full', otherwise: 'proceed' }));
      await waits(stage);
      await ends(stage);
    },
  },
  'held for most of a day before a step': {
    phase: 'a shift before its last step',
    hours: 40,
    happen: async (stage) => {
      stage.say({ do: 'hold' });
      const before = stage.told('needs-attention');
      await stage.until(() => stage.told('needs-attention') > before, 23 * 60, 60);
      await stage.pass(10 * 60);
      stage.say({ do: 'resume' });
      await stage.pass(30 * 60);
    },
  },
} as const satisfies Record<string, Course>;
