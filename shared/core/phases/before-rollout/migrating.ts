/**
 * The one-off task of a release, before any of its tasks serve: run by its own revision, and waited for. It
 * is asked for with a token of the release, so a call whose answer was lost is made again, and is the same.
 */
import { because, type Decision, inPhase } from '../../model/decision.ts';
import { lastPart, type Moment } from '../../model/image.ts';
import type { ObservedTask, StandingObservation } from '../../model/observation.ts';
import type { Forward } from '../../model/record/phase.ts';
import type { Attempt } from '../../model/record/release.ts';
import type { TargetRecord } from '../../model/record/target-record.ts';
import { MINUTE, type Migration } from '../../model/rules.ts';
import { REASON_MAX, shorten } from '../../model/text.ts';
import { fail } from '../../release/release-ends.ts';

/** An answer that was lost is asked for again after this; so is a task that ECS had no room for. */
const AGAIN_MS = MINUTE;

const NEXT = 'mend it and push again; or deploy it by hand: the migration is run again then';

/** It was asked for: how it goes. Undefined: there is none, it was not asked for, or it has ended well. */
export function followMigration(
  record: TargetRecord,
  phase: Forward,
  observation: StandingObservation,
): Decision | undefined {
  const { attempt, release } = phase;
  const { migration } = release.rules;
  const run = attempt.migration;
  if (migration === undefined || run === undefined || run.succeededAt !== undefined) return;
  if (run.task === undefined) return askAgain(record, phase, migration, observation);
  const seen = observation.migration;
  if (seen?.state === 'stopped') {
    if (seen.exitCode === 0) return;
    return fail(record, phase, observation, whyFailed(migration, seen), NEXT);
  }
  const over = overdue(migration, run.at, observation.at);
  if (over === undefined) return because(record, `its migration runs: ${lastPart(run.task)}`);
  const sentence = `${over}; task ${lastPart(run.task)} still runs, and nobody stops it in the middle`;
  return fail(record, phase, observation, sentence, `look what it does; then ${NEXT}`);
}

/** Noted by the look that saw it, so that the same look may go on. */
export function noteMigrated(
  attempt: Attempt,
  { at, migration }: Pick<StandingObservation, 'at' | 'migration'>,
): Attempt {
  const run = attempt.migration;
  if (run === undefined || run.succeededAt !== undefined) return attempt;
  const ended = migration?.state === 'stopped' && migration.exitCode === 0;
  return ended ? { ...attempt, migration: { ...run, succeededAt: at } } : attempt;
}

/** Written down before the call. Undefined: none is wanted, or it has ended well. */
export function startMigration(
  record: TargetRecord,
  phase: Forward,
  { at, id }: StandingObservation,
): Decision | undefined {
  const { attempt, release } = phase;
  const { migration } = release.rules;
  if (migration === undefined || attempt.migration !== undefined) return undefined;
  const next = { ...attempt, migration: { at, lastAt: at, observation: id } };
  return because(
    { ...inPhase(record, { ...phase, attempt: next }), actedAt: at },
    `runs its migration: ${commandOf(migration)}`,
  );
}

function askAgain(
  record: TargetRecord,
  phase: Forward,
  migration: Migration,
  { at, id }: StandingObservation,
): Decision | undefined {
  const run = phase.attempt.migration;
  // Nothing is known to run: in watch mode it waits again.
  if (run === undefined || record.rules.mode === 'watch') return undefined;
  const over = overdue(migration, run.at, at);
  if (over !== undefined) {
    const sentence = `${over}: ECS did not say that it began one`;
    return fail(record, phase, { at }, sentence, NEXT);
  }
  if (at - run.lastAt < AGAIN_MS) return because(record, 'ECS was asked to run its migration');
  const again = { ...run, lastAt: at, observation: id };
  const next = { ...phase, attempt: { ...phase.attempt, migration: again } };
  return because(
    { ...inPhase(record, next), actedAt: at },
    'ECS did not say that it runs the migration: asks again, with the same token',
  );
}

function overdue({ minutes }: Migration, since: Moment, at: Moment): string | undefined {
  return at > since + minutes * MINUTE
    ? `its migration has not ended within ${minutes} minutes`
    : undefined;
}

function whyFailed(
  migration: Migration,
  { exitCode, because: why, lines = [], log }: Extract<ObservedTask, { state: 'stopped' }>,
): string {
  const { container } = migration;
  const how =
    exitCode === undefined
      ? `container "${container}" did not run`
      : `container "${container}" exited with code ${exitCode}`;
  const reason = why === undefined ? '' : ` (${shorten(why, REASON_MAX)})`;
  const said = lines.length === 0 ? '' : `; its last lines: ${lines.join(' | ')}`;
  const where = lines.length === 0 && log !== undefined ? `; its log: ${log}` : '';
  return `its migration failed (${commandOf(migration)}): ${how}${reason}${said}${where}`;
}

function commandOf({ command }: Migration): string {
  return `\`${shorten(command.join(' '), REASON_MAX)}\``;
}
