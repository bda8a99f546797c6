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
    fault: 'core.md 5: the release before a hotfix is condemned for what came after it',
    rule: '5. what no evidence',
    facts: /alarm web-5xx rose/,
    where: /hotfix by hand, unheard/,
    scene: { phase: 'in flight', event: 'a hotfix by hand, unheard, and the alarm', ill: 'none' },
  },
  {
    fault: "stories.md 3: ECS's verdict by an alarm of before",
    rule: '5. what no evidence',
    facts: /ECS ended its rollout.*alarms entered/,
    scene: { phase: 'held by a red alarm', event: 'the alarm flaps', ill: 'none' },
  },
  {
    fault: 'new 1: alarms that left the config still guard our rollback',
    rule: '4. a rollback is not undone',
    facts: /"alarmNames"/,
    where: /no alarms|change-config/,
    scene: { phase: 'a bake with a failed task', event: 'no alarms', ill: 'none' },
  },
  {
    fault:
      'core.md 1: three requests whose answers were lost, and the next release down is taken (seed 426033)',
    rule: '4. a rollback goes to the newest',
    where: /"throttled":|"answer-lost":|UpdateService/,
  },
  {
    fault:
      'house.md, adoption remembers the newest push: what waited comes after a hotfix (seed 200134)',
    rule: '7. an older push',
    facts: /what somebody deployed/,
    where: /"do":"(deploy-by-hand|update-service|unpinned-by-hand)"/,
  },
  {
    fault:
      'new 5: the time that AWS did not take the request counts as time of the rollout (seed 200211)',
    rule: '5. what no evidence',
    facts: /did not finish within/,
    where: /"trouble"|"throttled":|"answer-lost":/,
  },
  {
    fault: 'new 4: the image beside one that somebody deployed, and that fails (seed 46)',
    rule: '5. what no evidence',
    facts: /tasks? failed/,
    where: /"do":"deploy-by-hand"/,
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
