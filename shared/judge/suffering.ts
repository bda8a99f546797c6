/**
 * Whether the old revision suffers itself in a minute: it fails more than its history and three deviations of
 * chance allow. Then what the new one fails says nothing about it.
 */
import type { Baseline } from './baseline.ts';
import type { Counts } from './minute.ts';

export function suffers(
  baseline: Baseline,
  { oldN, oldE }: Pick<Counts, 'oldN' | 'oldE'>,
): boolean {
  return oldE > noNewsIn(baseline, oldN);
}

/** So many errors of so many requests of the old one are no news; without history, any number. */
export function noNewsIn({ phi, ref }: Baseline, oldN: number): number {
  return ref === undefined
    ? Number.POSITIVE_INFINITY
    : ref * oldN + 3 * Math.sqrt(phi * ref * oldN) + 1;
}
