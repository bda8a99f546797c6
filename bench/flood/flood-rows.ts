/** What one push to many targets costs, beside what it cost in 0.2.0 (measured with the same buckets). */
import { type Flood, flood } from './flood.ts';

/** When the last rollout was asked for then, in seconds after the push. */
const LAST_START_THEN = { 100: 303, 400: 597, 1000: 1_024 } as const;

export async function measureFloods(): Promise<readonly Flood[]> {
  const measured: Flood[] = [];
  for (const targets of Object.keys(LAST_START_THEN)) {
    measured.push(await flood(Number(targets), { untilProven: true }));
  }
  return measured;
}

export function floodRows(floods: readonly Flood[]): readonly (readonly [string, string])[] {
  return floods.flatMap((one): readonly (readonly [string, string])[] => {
    const { targets, allowed, perTarget } = one;
    const then = LAST_START_THEN[targets as keyof typeof LAST_START_THEN];
    const share = ((100 * one.throttled) / one.calls).toFixed(2);
    const each = Object.entries(perTarget).map(([service, count]) => `${count} ${service}`);
    return [
      [
        `one push to ${targets} targets: last start, at most ${1.2 * allowed} s (in 0.2.0 ${then} s)`,
        `${one.lastStart} s`,
      ],
      ['  throttled, fewer than 2 %', `${share} %  (${one.throttled} of ${one.calls})`],
      ['  calls of a target until proven', each.join(', ')],
      [
        '  alarm to its way back, in flight and in the bake, at most 2 s',
        `${one.wayBackInFlight} s, ${one.wayBackInBake} s`,
      ],
    ];
  });
}
