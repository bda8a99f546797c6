/** What a rollback leaves: the release on its way, or what runs. */
import type { TargetRecord } from './record.ts';

/** What a rollback that is said now would leave: what the person sees, and the command carries. */
export function wouldLeave(record: TargetRecord): string | undefined {
  return leavable(record)[0];
}

/** Its revision first, if it has one; then its release, whose revision may still be registered. */
export function leavable({ phase, runs }: TargetRecord): readonly string[] {
  switch (phase.phase) {
    case 'deploying':
    case 'baking': {
      const { revision } = phase.attempt;
      return [...(revision === undefined ? [] : [revision]), phase.release.id];
    }
    case 'rolling-back': {
      const { revision, release } = phase.condemned;
      return [revision, release].filter((one) => one !== undefined);
    }
    case 'new':
    case 'idle':
    case 'watching':
    case 'needs-attention':
    case 'retired':
      return runs === undefined ? [] : [runs.revision];
  }
}
