/** Releases are frozen: what is pushed waits, what a person deploys does not, and a rollback asks nobody. */
import { freezeOf } from '../../freeze-story.ts';
import { BEGIN } from '../../stage.ts';
import { type Course, withRules } from '../course.ts';
import { MINUTE, type Stage } from '../scene.ts';

function frozenFor(stage: Stage, minutes: number): void {
  const from = Math.floor((stage.now - BEGIN) / MINUTE);
  stage.reconfigure(
    withRules({ freeze: freezeOf('Europe/Berlin', [{ from, to: from + minutes }]) }),
  );
}

export const FREEZES = {
  'frozen for an hour, and a good push': {
    phase: 'idle',
    happen: async (stage) => {
      frozenFor(stage, 60);
      await stage.pass(30);
      stage.push();
    },
  },
  // What is told to do is done, and must work, while it is still frozen.
  'frozen for three hours, and a good push': {
    phase: 'idle',
    happen: async (stage) => {
      frozenFor(stage, 200);
      await stage.pass(30);
      stage.push();
    },
  },
  'frozen, and the alarm of what bakes rises': {
    phase: 'baking over two proven',
    happen: async (stage) => {
      frozenFor(stage, 200);
      await stage.pass(30);
      stage.alarm('ALARM');
      await stage.pass(5 * 60);
      stage.alarm('OK');
    },
  },
} as const satisfies Record<string, Course>;
