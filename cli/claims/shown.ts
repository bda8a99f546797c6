/** Images that others built and that no target was offered, as commands show them. */
import type { Target } from '../../shared/config/config.ts';
import type { ClaimStanding } from '../../shared/core/incident/claim-standing.ts';
import { asTyped, type Invoked } from '../output/invocation.ts';
import { when } from '../output/times.ts';
import { iso } from '../output/words.ts';
import type { ClaimsSeen } from './seen.ts';

export interface ClaimShown {
  readonly target: string;
  readonly state: ClaimStanding['state'];
  readonly image: string;
  readonly tag: string;
  readonly digest: string;
  readonly commit: string | null;
  /** Since when it waits, or when it was not taken. */
  readonly at: string;
  readonly because: string;
  readonly outlook: string;
  readonly command: string;
}

/** All that wait, and what was not taken since the last release of the target; undefined: it had none. */
export function claimsShown(
  target: Pick<Target, 'id' | 'key'>,
  { of }: Pick<ClaimsSeen, 'of'>,
  lastAt: string | undefined,
  invoked: Invoked,
): readonly ClaimShown[] {
  return (of.get(target.key) ?? [])
    .filter(({ state, at }) => state === 'waits' || lastAt === undefined || iso(at) > lastAt)
    .map(({ at, commit, command, ...told }) => ({
      target: target.id,
      ...told,
      commit: commit ?? null,
      at: iso(at),
      command: asTyped(command, invoked),
    }));
}

/** Of each target the first one, which is the one that waits, or else the newest; the others are counted. */
export function claimLines(claims: readonly ClaimShown[], now: number): readonly string[] {
  return [...new Set(claims.map(({ target }) => target))].flatMap((target) => {
    const [first, ...others] = claims.filter((one) => one.target === target);
    if (first === undefined) return [];
    const more =
      others.length === 0 ? '' : `; and ${others.length} more: slipway explain ${target}`;
    return [`${target}: ${first.because} (${when(Date.parse(first.at), now)})${more}`];
  });
}
