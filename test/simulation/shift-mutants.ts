/** Semantic mutants of what decides while traffic is shifted: the hook, the weights, the way back. */
import type { RuleMutant, SemanticMutant } from './semantic-mutants.ts';

const ANSWER = 'shared/core/hook/answer.ts';
const BEFORE_LAST = 'a shift before its last step';

export const SHIFT_MUTANTS: readonly SemanticMutant[] = [
  {
    name: 'a shift that is condemned goes on',
    breaks: 3,
    file: 'shared/core/phases/stopping.ts',
    find: 'if (way.stop !== undefined && observation.at < way.stop.at + MINUTE) {',
    replace: 'if (observation.at >= 0) {',
    also: [
      {
        file: 'shared/core/phases/selecting.ts',
        find: 'phase.started >= TRIES_MAX',
        replace: 'phase.started >= 0',
      },
    ],
  },
  {
    name: 'a hook that says go on before its alarms have judged the share',
    breaks: 3,
    file: ANSWER,
    find: "{ rule: 'its alarms have judged the share that it has', answer: notJudged, isUnsure: true },",
    replace: '',
  },
  {
    name: 'a hook that does not mind a red alarm',
    breaks: 3,
    file: ANSWER,
    find: "{ rule: 'none of its alarms rose since it began', answer: rose, isUnsure: true },",
    replace: '',
  },
  {
    name: 'a way back that waits for the hook',
    breaks: 3,
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
  },
  {
    name: 'a hook that says no where CloudWatch does not answer',
    breaks: 5,
    file: ANSWER,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a text of our code
    find: 'return wait(`the state of alarm ${name} is unknown: ${alarm.because}`);',
    replace: "return { status: 'FAILED', because: 'it is unknown' };",
  },
  {
    name: 'a hook that says no where the table does not answer',
    breaks: 5,
    file: 'shared/reconcile/lifecycle-hook.ts',
    find: "const wait = { status: 'IN_PROGRESS', because, seconds: TROUBLE_SECONDS } as const;",
    replace: "const wait = { status: 'FAILED', because, seconds: TROUBLE_SECONDS } as const;",
  },
  {
    name: "a hook that says no to somebody else's deployment",
    breaks: 5,
    file: ANSWER,
    find: "return goOn('the deployment is none of ours, and is let through');",
    replace: "return { status: 'FAILED', because: 'the deployment is none of ours' };",
  },
  {
    name: 'a resume that the hook does not hear',
    breaks: 6,
    file: ANSWER,
    find: 'const hold = seen.stop ?? record.hold;',
    replace: `const memory = globalThis as { hold?: typeof record.hold };
  const hold = seen.stop ?? record.hold ?? memory.hold;
  memory.hold = hold;`,
  },
  {
    name: 'the weights of the load balancer are not compared with what ECS says',
    breaks: 8,
    file: 'shared/core/phases/following.ts',
    find: 'broken: offCourse,',
    replace: 'broken: () => undefined,',
  },
  {
    name: 'the weights of the load balancer are trusted when it is proven',
    breaks: 8,
    file: 'shared/core/phases/baking.ts',
    find: 'return amiss?.isUnknown ? undefined : amiss?.because;',
    replace: 'return amiss?.isUnknown ? undefined : undefined;',
    also: [
      {
        file: 'shared/core/phases/baking.ts',
        find: 'broken: (at) => amissInBake(at)?.because,',
        replace: 'broken: () => undefined,',
      },
    ],
  },
  {
    name: 'the share that evidence is told with is that of the first step',
    breaks: 8,
    file: 'shared/core/traffic/course.ts',
    find: 'return steps.findLast(({ seenAt }) => seenAt <= moment)?.share ?? 0;',
    replace: 'return steps.find(({ seenAt }) => seenAt <= moment)?.share ?? 0;',
  },
  {
    name: 'a split that somebody leaves behind is not told',
    breaks: 6,
    file: 'shared/core/release/ways-back.ts',
    find: 'return whyNoShiftNow(record, observation);',
    replace: "return record.key === '' ? whyNoShiftNow(record, observation) : undefined;",
  },
  {
    name: 'a rollback to a chosen release comes in the middle of a shift',
    breaks: 3,
    file: 'shared/core/release/condemn.ts',
    find: 'const shifts = release.rules.strategy !== undefined && attempt.rollout !== undefined;',
    replace: "const shifts = release.rules.strategy !== undefined && attempt.rollout?.arn === '';",
  },
  {
    name: 'a hold that the hook does not hear',
    breaks: 10,
    file: ANSWER,
    find: "{ rule: 'nobody holds it', answer: held },",
    replace: '',
  },
  {
    name: 'a word that the hook does not wait for',
    breaks: 10,
    file: ANSWER,
    find: "{ rule: 'a person has said yes to the step, where the config wants that', answer: wordAwaited },",
    replace: '',
  },
];

export const SHIFT_RULE_MUTANTS: readonly RuleMutant[] = [
  {
    name: 'a shift that is condemned goes on',
    scene: 'a shift in its bake / the alarm rises / none',
    rule: '3. a bad release keeps no traffic',
  },
  {
    name: 'a hook that says go on before its alarms have judged the share',
    scene: `${BEFORE_LAST} / nothing / none`,
    rule: '3. a share grows',
  },
  {
    name: 'a hook that does not mind a red alarm',
    scene: `${BEFORE_LAST} / the alarm rises unheard, just before the next step / none`,
    rule: '3. a share grows',
  },
  {
    name: 'a way back that waits for the hook',
    scene: `${BEFORE_LAST} / a rollback after the bake, under a hold / none`,
    rule: '3. a way back waits',
  },
  {
    name: 'a hook that says no where CloudWatch does not answer',
    scene: `${BEFORE_LAST} / CloudWatch throttles for five minutes / none`,
    rule: '5. our hook refuses',
  },
  {
    name: 'a hook that says no where the table does not answer',
    scene: `${BEFORE_LAST} / the table does not answer for five minutes / none`,
    rule: '5. our hook refuses',
  },
  {
    name: "a hook that says no to somebody else's deployment",
    scene: 'idle after a shift / a good revision by hand / none',
    rule: '5. our hook refuses',
  },
  {
    name: 'a resume that the hook does not hear',
    scene: `${BEFORE_LAST} / held for seven minutes / none`,
    rule: '6. a fix runs',
  },
  {
    name: 'the weights of the load balancer are trusted when it is proven',
    scene: `${BEFORE_LAST} / the rule is edited just before it is proven / none`,
    rule: '8. what is said of the traffic',
  },
  {
    name: 'the share that evidence is told with is that of the first step',
    scene: 'a shift in its bake / the alarm rises unheard / none',
    rule: '8. what is said of the traffic',
  },
  {
    name: 'the weights of the load balancer are not compared with what ECS says',
    scene: `${BEFORE_LAST} / the rule is edited / none`,
    rule: '8. a rule that somebody changes',
  },
  {
    name: 'a hold that the hook does not hear',
    scene: `${BEFORE_LAST} / held for seven minutes / none`,
    rule: '10. while a person holds',
  },
  {
    name: 'a word that the hook does not wait for',
    scene: 'idle after a shift / a person lets it have all of the traffic / none',
    rule: '10. no share grows without',
  },
  {
    name: 'a rollback to a chosen release comes in the middle of a shift',
    scene: 'a shift in its first step / rollback to the first / none',
    rule: '3. after a way back',
  },
  {
    name: 'a split that somebody leaves behind is not told',
    scene: 'a shift in its first step / a good revision by hand / none',
    rule: '8. traffic that stays split',
  },
];
