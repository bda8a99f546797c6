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

/** Nothing tells it from a release that failed: nobody else was there to be compared with, at any time. */
const ENDS_WITH_IT = {
  fault: 'an outage that ends as the old revision has everything again looks like the release',
  facts: /it was the release: of [\d,]+ requests to web:\d+, \d+ failed/,
} as const;
const AS_IT_RETURNS: Scene = {
  phase: 'judged, with all of the traffic',
  event: 'both fail until the old one has everything again',
  ill: 'none',
};

/** The hook waits for the judge, which gets no request to count, and no look has seen a share that it could tell of. */
const NEVER_SEEN = {
  fault:
    'somebody takes the first share away before a look has seen it: where what cannot be measured is held, the shift waits for ever, untold',
  where: /^a (?:judged first share that is held|fix in).* \/ all of it goes to the first group/,
} as const;
const OF_WHAT_NEVER_ENDS = [
  '4. nothing waits',
  '4. the record knows what runs',
  '6. every release ends',
  '6. a fix runs in the end',
  'nothing stays owed',
  'a history replays',
] as const;
const TAKEN_AWAY: Scene = {
  phase: 'a judged first share that is held until it is known',
  event: 'all of it goes to the first group',
  ill: 'none',
};

export const KNOWN_FAULTS: readonly KnownFault[] = [
  { ...ENDS_WITH_IT, rule: '5. what the judge condemns was worse', scene: AS_IT_RETURNS },
  { ...ENDS_WITH_IT, rule: '5. what no evidence speaks against' },
  { ...ENDS_WITH_IT, rule: '6. the newest good image runs' },
  { ...NEVER_SEEN, rule: '4. when the faults stop', scene: TAKEN_AWAY },
  ...OF_WHAT_NEVER_ENDS.map((rule) => ({ ...NEVER_SEEN, rule })),
  {
    fault:
      'somebody forces a new deployment of our release when that has all of the traffic: ECS shifts it back to the other group, which is taken for a rule that somebody changed',
    rule: '8. what is said to run, runs',
    facts: /^[^:]+: \S+ at \S+: needs-attention: .*, web:\d+, but web:\d+ runs$/,
    where: /^a shift (?:with all of the traffic|in its bake|after its bake) \/ a forced deployment/,
    scene: { phase: 'a shift with all of the traffic', event: 'a forced deployment', ill: 'none' },
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
