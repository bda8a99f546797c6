/** DORA's four figures of releases, and how fast the way back was. What is not known is not guessed. */
import type { Moment } from '../../../shared/core/model/image.ts';
import type { ReleaseTimes } from './release-times.ts';

const DAY = 86_400_000;

/** Seconds, of so many releases; null: of none is it known. */
export interface Spread {
  readonly of: number;
  readonly median: number | null;
  readonly longest: number | null;
}

export interface Figures {
  /** Releases that ECS took. */
  readonly releases: number;
  readonly perDay: number;
  /** Of those, that ended proven. */
  readonly proven: number;
  /** Rolled back, failed, or a person was needed. */
  readonly failed: number;
  /** failed of proven and failed; null: none has ended so. */
  readonly failureRate: number | null;
  /** Replaced by a newer one before they were judged; those on their way. Neither is in the rate. */
  readonly superseded: number;
  readonly onTheWay: number;
  /** From the push of the image to where it serves everybody. */
  readonly leadTime: Spread;
  /** From where a release that failed began to where something good served everybody again. */
  readonly restore: Spread;
  readonly notRestored: number;
  /** From the evidence to the old version serving everybody, of those that were rolled back. */
  readonly wayBack: Spread;
  /** Of those, so many whose evidence dates itself (an alarm, a person); the others count from when it was seen. */
  readonly wayBackDated: number;
}

/** `all`: of one target, oldest first, those before `since` as well. */
export function figuresOf(
  targets: readonly (readonly ReleaseTimes[])[],
  { since, until }: { readonly since: Moment; readonly until: Moment },
): Figures {
  const days = (until - since) / DAY;
  const counted = targets.flatMap((all) =>
    all.flatMap((one, i) =>
      one.startedAt >= since && one.startedAt <= until
        ? [{ ...one, restoredAt: restoredAt(one, all.slice(i + 1)) }]
        : [],
    ),
  );
  const ended = (kinds: readonly string[]) =>
    counted.filter(({ end }) => end !== undefined && kinds.includes(end.kind));
  const failed = ended(['rolled-back', 'failed', 'needs-attention']);
  const proven = ended(['proven']).length;
  const judged = proven + failed.length;
  const back = ended(['rolled-back']);
  return {
    releases: counted.length,
    perDay: round(counted.length / days, 2),
    proven,
    failed: failed.length,
    failureRate: judged === 0 ? null : round(failed.length / judged, 3),
    superseded: ended(['superseded']).length,
    onTheWay: counted.filter(({ end }) => end === undefined).length,
    leadTime: spread(counted.map(({ offeredAt, servingAt }) => between(offeredAt, servingAt))),
    restore: spread(failed.map(({ startedAt, restoredAt: at }) => between(startedAt, at))),
    notRestored: failed.filter(({ restoredAt: at }) => at === undefined).length,
    wayBack: spread(back.map(({ evidence, end }) => between(evidence?.at, end?.at))),
    wayBackDated: back.filter(({ evidence }) => evidence !== undefined && evidence.of !== 'look')
      .length,
  };
}

/** By its own way back, or by the next release that was proven. */
function restoredAt({ end }: ReleaseTimes, later: readonly ReleaseTimes[]): Moment | undefined {
  if (end?.kind === 'rolled-back') return end.at;
  return later.find((one) => one.end?.kind === 'proven')?.servingAt;
}

function between(from: Moment | undefined, to: Moment | undefined): number | undefined {
  return from === undefined || to === undefined || to < from ? undefined : (to - from) / 1000;
}

function spread(all: readonly (number | undefined)[]): Spread {
  const known = all.filter((one) => one !== undefined).sort((a, b) => a - b);
  const half = known.length / 2;
  const [low, high] = [known[Math.ceil(half) - 1], known[Math.floor(half)]];
  return {
    of: known.length,
    median: low === undefined || high === undefined ? null : round((low + high) / 2, 0),
    longest: known.length === 0 ? null : round(known.at(-1) ?? 0, 0),
  };
}

function round(value: number, digits: number): number {
  const power = 10 ** digits;
  return Math.round(value * power) / power;
}
