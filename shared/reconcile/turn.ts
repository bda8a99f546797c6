/**
 * May this observation be made now? Releases share the account's calls and wait for their turn, one
 * at a time for each target; rollbacks, alarms and persons are urgent and never ask.
 */
import type { Moment } from '../core/model/image.ts';
import type { Question } from '../core/model/observation.ts';
import type { TargetRecord } from '../core/model/record/target-record.ts';
import type { Budget, CallsWanted } from '../ports.ts';

/** A turn that came so long ago is over: others have taken theirs meanwhile. */
const KEPT_MS = 60_000;

/** taken: go on. kept: it has one already, to come at that moment. given: it got one just now. */
export type Turn =
  | { readonly turn: 'taken' }
  | { readonly turn: 'kept' | 'given'; readonly at: Moment };

export async function turnOf(
  { turnAt }: TargetRecord,
  question: Question,
  budget: Budget,
  now: Moment,
): Promise<Turn> {
  if (turnAt !== undefined && turnAt > now) return { turn: 'kept', at: turnAt };
  if (turnAt !== undefined && now - turnAt < KEPT_MS) return { turn: 'taken' };
  const at = await budget.reserve(callsOf(question));
  return at > now ? { turn: 'given', at } : { turn: 'taken' };
}

/** Could it lead to a release, with all that this asks of AWS? */
export function couldStart({ waiting, lostRevision }: Question): boolean {
  return waiting !== undefined || lostRevision !== undefined;
}

export const ONE_START: CallsWanted = { starts: 1 };

function callsOf(question: Question): CallsWanted {
  if (couldStart(question)) return ONE_START;
  const { rollouts, stoppedTasks, alarms = [], rises } = question;
  return {
    services: 1,
    ...(rollouts === undefined ? {} : { rollouts: 1 }),
    ...(stoppedTasks === undefined ? {} : { tasks: 2 }),
    ...(alarms.length === 0 ? {} : { alarms: 1 }),
    ...(rises === undefined ? {} : { histories: rises.alarms.length }),
  };
}
