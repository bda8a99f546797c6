/** What an oracle says: which rule of `house.md`, of which target, and the facts. */
export interface Finding {
  readonly rule: Rule;
  readonly target: string;
  readonly at: number;
  readonly facts: string;
}

/** The rules that the world judges. Each begins with the number of the house's sentence. */
export const RULES = [
  '1. whoever changes AWS has just seen that the record is still its own',
  '1. no call is begun that the end of its time would cut',
  '2. no quarantined digest is started',
  '2. what was rolled back is quarantined',
  '2. at rest no quarantined digest runs untold',
  '3. a bad release does not stay',
  '3. what speaks against a release is acted upon at once',
  '3. a bad release whose last data lie in its bake does not stay',
  '4. a rollback goes to what the world proves',
  '4. a rollback goes to the newest that can be had',
  '4. a rollback goes where a person said',
  '4. ECS may return only to what the world proves',
  '4. a rollback is not undone by ECS',
  '5. what no evidence speaks against is never quarantined',
  '6. a fix runs in the end',
  '6. the newest good image runs',
  '6. what ran before us is adopted',
  '7. an older push never replaces a newer one',
  '7. what a person deployed is not replaced by what had its turn',
  '8. proven is true',
  '8. rolled back is said when it is',
  '8. the end of a release is told',
  '8. what is told of tasks is true',
  '8. the alarm that is named rose when it is said',
  '8. what is said to run, runs',
  '8. who is said to have deployed, did',
  '8. what is advised works',
  '9. evidence older than a release never speaks against it',
  '10. nothing is changed while a person holds the target',
  '10. nothing is changed while the account is stopped',
  '10. nothing is changed in watch mode, or without the config',
  '10. what somebody else deployed is never fought',
  '10. what somebody else deploys is waited for',
] as const;

export type Rule = (typeof RULES)[number];

export function describeFinding({ rule, target, at, facts }: Finding): string {
  return `${rule}: ${target} at ${new Date(at).toISOString().slice(11, 19)}: ${facts}`;
}
