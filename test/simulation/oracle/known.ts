/**
 * Faults of our code that the oracle shows and that are not mended yet. Exactly what stands here is
 * not counted as broken; each entry has a scene that shows it, and a test fails when it no longer
 * does: then the entry goes.
 */
import type { Scene } from '../stages/play.ts';

export interface KnownFault {
  /** Its number in the reviews. */
  readonly fault: string;
  /** What a broken line begins with. */
  readonly rule: string;
  /** What the rest of that line says; absent: anything. */
  readonly facts?: RegExp;
  /** What the scene, or the story of the world, has; absent: anything. */
  readonly where?: RegExp;
  /** `npm run simulate:stages -- --scene '…'` shows it; absent: only worlds do. */
  readonly scene?: Scene;
}

export const KNOWN_FAULTS: readonly KnownFault[] = [
  {
    fault:
      'core.md 1: three asks without an answer, and the next release down is taken (seed 101203)',
    rule: '4. a rollback goes to the newest',
    where: /"throttled":|"answer-lost":|UpdateService/,
  },
  {
    fault: 'stories.md 1: the fix is held by the outage',
    rule: '6. a fix runs in the end',
    facts: /held for 30 minutes: alarm/,
    scene: { phase: 'held by a red alarm', event: 'nothing', ill: 'none' },
  },
  {
    fault: 'core.md 5: a hotfix by hand is fought',
    rule: '10. what somebody else deployed',
    where: /hotfix by hand, unheard/,
    scene: { phase: 'baking', event: 'a hotfix by hand, unheard, and the alarm', ill: 'none' },
  },
  {
    fault: 'core.md 5: the release before a hotfix is condemned for what came after it',
    rule: '5. what no evidence',
    facts: /alarm web-5xx rose/,
    where: /hotfix by hand, unheard/,
    scene: { phase: 'in flight', event: 'a hotfix by hand, unheard, and the alarm', ill: 'none' },
  },
  {
    fault: 'core.md 17: service replaced in the rollout',
    rule: '5. what no evidence',
    facts: /ECS ended its rollout: STOPPED/,
    where: /deleted|replaced|delete-service/,
    scene: { phase: 'in flight', event: 'the service is replaced', ill: 'none' },
  },
  {
    fault: 'stories.md 7: runsNow of a service that is gone',
    rule: '8. what is said to run',
    facts: /but nothing runs/,
    where: /deleted|replaced|gone|delete-service/,
    scene: { phase: 'in flight', event: 'the service is deleted', ill: 'none' },
  },
  {
    fault: 'core.md 16: stuck when its service is gone',
    rule: '4. when the faults stop',
    where: /gone at once|cluster is deleted/,
    scene: { phase: 'in flight', event: 'the service is gone at once', ill: 'none' },
  },
  {
    fault: 'core.md 16: stuck when its service is gone',
    rule: '4. nothing waits',
    where: /gone at once|cluster is deleted/,
    scene: { phase: 'in flight', event: 'the service is gone at once', ill: 'none' },
  },
  {
    fault: 'core.md 16: stuck when its service is gone',
    rule: '6. every release ends',
    where: /gone at once|cluster is deleted/,
    scene: { phase: 'in flight', event: 'the service is gone at once', ill: 'none' },
  },
  {
    fault: 'core.md 19: retired while it rolls back',
    rule: '6. every release ends',
    where: /out of the config|"retire"/,
    scene: { phase: 'rolling back', event: 'out of the config', ill: 'none' },
  },
  {
    fault: 'core.md 25: watch mode turned on in a release',
    rule: '10. nothing is changed in watch mode',
    where: /watch/,
    scene: { phase: 'a bake with a failed task', event: 'watch mode', ill: 'none' },
  },
  {
    fault: "stories.md 3: ECS's verdict by an alarm of before",
    rule: '5. what no evidence',
    facts: /ECS ended its rollout.*alarms entered/,
    scene: { phase: 'held by a red alarm', event: 'the alarm flaps', ill: 'none' },
  },
  {
    fault: "stories.md 8: ECS's own return is told as somebody's, or as ours",
    rule: '8. who is said to have deployed',
    where:
      /bad revision by hand|first revision by hand|deploy-by-hand|update-service|unpinned-by-hand/,
    scene: { phase: 'baking', event: 'a bad revision by hand', ill: 'none' },
  },
  {
    fault: 'core.md 9: proven while its alarm is red',
    rule: '8. proven is true',
    facts: /is red at this moment/,
  },
  {
    fault: 'stories.md 9: the innocent neighbour of a bad container',
    rule: '5. what no evidence',
    facts: /tasks? failed, the last one|ECS ended its rollout/,
  },
  {
    fault:
      'house.md, adoption remembers the newest push: a hotfix by hand is overwritten by an older push',
    rule: '7. an older push',
    facts: /what somebody deployed/,
    scene: { phase: 'an external bake', event: 'nothing', ill: 'none' },
  },
  {
    fault: 'new 1: alarms that left the config still guard our rollback',
    rule: '4. a rollback is not undone',
    facts: /"enable":true,"rollback":false\\}\\}$|alarmNames/,
    where: /no alarms|change-config/,
    scene: { phase: 'a bake with a failed task', event: 'no alarms', ill: 'none' },
  },
];

/** `where`: the scene, or the world's story and settings, in words. */
export function isKnown(line: string, where: string): boolean {
  return KNOWN_FAULTS.some(
    (one) =>
      line.startsWith(one.rule) &&
      (one.facts === undefined || one.facts.test(line)) &&
      (one.where === undefined || one.where.test(where)),
  );
}

/** What is broken beside what is known. */
export function unknownOf(broken: readonly string[], where: string): readonly string[] {
  return broken.filter((line) => !isKnown(line, where));
}
