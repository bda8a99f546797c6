/** What tests of places say and ask: pushes that were heard, answers of GitHub, the line that follows. */
import type { Pushed } from '../../../shared/core/source/event.ts';
import type { Comparison } from '../../../shared/core/source/observation.ts';
import type { SourceRecord } from '../../../shared/core/source/record.ts';
import { lookedSource, type SourceStep, whenSource } from '../../build-source.ts';

/** `3 at 1.2`: commit 3, of line 1, second in it; newest first. */
export function line({ commits }: SourceRecord): readonly string[] {
  return commits.map(
    ({ commit: name, line, position }) => `${number(name)} at ${line}.${position}`,
  );
}

export function number(name: string): number {
  return Number(name.slice(1, 4));
}

export function heard(given: SourceRecord, ...pushes: readonly Pushed[]): SourceRecord {
  return pushes.reduce((record, one) => whenSource(record, one).record, given);
}

/** One look for each answer of GitHub. */
export function told(given: SourceRecord, ...answers: readonly Comparison[]): SourceStep {
  let record = given;
  let step: SourceStep | undefined;
  for (const comparison of answers) {
    step = lookedSource(record, 1, { comparison });
    record = step.record;
  }
  if (step === undefined) throw new Error('GitHub must say something');
  return step;
}

export const wanted = ({ builds }: SourceRecord) => builds.web?.wanted[0]?.commit;
export const asks = ({ builds }: SourceRecord) =>
  builds.web?.running.map((one) => one.commit) ?? [];
export const AHEAD = { state: 'ahead', by: 1 } as const;
export const BEHIND = { state: 'behind', by: 2 } as const;
export const DIVERGED = { state: 'diverged' } as const;
export const UNKNOWN = { state: 'unknown', because: 'HTTP 503' } as const;
