/**
 * Mutants of what decides while traffic is shifted, of freezes and of promotion. Scenes and worlds have none of these, so each
 * is played in a story, which must not end as it says.
 */
import type { Change } from './place.ts';

export interface StoryMutant extends Change {
  /** In `local/scenarios`. */
  readonly story: string;
  /** A part of what is not as it should be then. */
  readonly said: string;
}

const ANSWER = 'shared/core/hook/answer.ts';

export const STORY_MUTANTS: readonly StoryMutant[] = [
  {
    name: 'a freeze that freezes nothing',
    file: 'shared/core/gates/freeze-gate.ts',
    find: 'if (freeze === undefined || now === undefined) return undefined;',
    replace: 'if (freeze === undefined || now === undefined || now.until > 0) return undefined;',
    story: 'frozen-but-not-for-a-rollback',
    said: 'web runs in app: main-2',
  },
  {
    name: 'a promotion that waits for no proof',
    file: 'shared/core/gates/promotion-gate.ts',
    find: 'if (after === undefined || proofs === undefined) return undefined;',
    replace: 'if (after === undefined || proofs !== undefined) return undefined;',
    story: 'promoted-when-proven',
    said: 'web quarantined: main-1',
  },
  {
    name: 'a hook that says go on before its alarms have judged the share',
    file: ANSWER,
    find: "{ rule: 'its alarms have judged the share that it has', answer: notJudged, isUnsure: true },",
    replace: '',
    story: 'canary',
    said: 'web bad requests',
  },
  {
    name: 'a hook that says no where CloudWatch does not answer',
    file: ANSWER,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a text of our code
    find: 'return wait(`the state of alarm ${name} is unknown: ${alarm.because}`);',
    replace: "return { status: 'FAILED', because: 'it is unknown' };",
    story: 'hook-cannot-see-its-alarms',
    said: 'web runs in app: main-0000000',
  },
  {
    name: 'a way back that waits for the hook',
    file: 'shared/core/release/shift.ts',
    find: '...(current.lifecycleHooks === undefined ? {} : { lifecycleHooks: theirs }),',
    replace: '',
    also: [
      {
        file: ANSWER,
        find: "{ rule: 'a way back is never held', answer: takesBack },",
        replace: '',
      },
    ],
    story: 'blue-green-bad-after-its-bake',
    said: 'web',
  },
  {
    name: 'the weights of the load balancer are not compared with what ECS says',
    file: 'shared/core/phases/following.ts',
    find: 'broken: offCourse,',
    replace: 'broken: () => undefined,',
    story: 'rule-edited-in-the-middle',
    said: 'web runs in app: main-good001',
  },
];
