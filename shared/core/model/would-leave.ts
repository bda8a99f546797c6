/** What a rollback leaves: the release on its way, or what runs. */
import { backOf, ownRelease } from './record/phase.ts';
import type { TargetRecord } from './record/target-record.ts';

/** What a rollback that is said now would leave: what the person sees, and the command carries. */
export function wouldLeave(record: TargetRecord): string | undefined {
  return leavable(record)[0];
}

/** Its revision first, if it has one; then its release, whose revision may still be registered. */
export function leavable({ phase, runs }: TargetRecord): readonly string[] {
  const back = backOf(phase);
  if (back !== undefined) {
    const { revision, release } = back.condemned;
    return [revision, release].filter((one) => one !== undefined);
  }
  const onItsWay = ownRelease(phase);
  if (onItsWay === undefined) return runs === undefined ? [] : [runs.revision];
  const { attempt, release } = onItsWay;
  return [attempt.revision, release.id].filter((one) => one !== undefined);
}
