/**
 * Words that identifiers use no more, and the field's word for each. Comments and strings are free, and
 * so are the sentences for people.
 */

export interface Banned {
  /** As in an identifier: `settle` is found in `settleBatch` and `toSettle`, `OperatorAsked` in itself. */
  readonly was: string;
  readonly use: string;
  /** Only as the whole name, and written like this: the parts of it mean something else, too. */
  readonly whole?: true;
}

export const BANNED: readonly Banned[] = [
  { was: 'settleBatch', use: 'reconcileBatch' },
  { was: 'settleFor', use: 'reconcile' },
  { was: 'SettleQueue', use: 'the queue of reconcile' },
  { was: 'handleSource', use: 'reconcileSource' },
  { was: 'ladder', use: 'rollbackCandidates' },
  { was: 'OperatorAsked', use: 'CommandReceived' },
  { was: 'RolloutAsked', use: 'RolloutAccepted' },
  { was: 'StopAsked', use: 'StopAccepted' },
  { was: 'Looked', use: 'Observed', whole: true },
  { was: 'Seen', use: 'Observation', whole: true },
  { was: 'WorldIsIll', use: 'TransientError' },
  { was: 'Stale', use: 'VersionConflict', whole: true },
  { was: 'skin', use: 'transport' },
  { was: 'sayWord', use: 'sendCommand' },
];

/** Rooms that speak these words; not the readers of what 0.2.0 stored. */
export const SPEAKING = /^(shared|functions|cli|infra|local)\/(?!.*\/format-1\.ts$)/;

export function isBanned(identifier: string, { was, whole }: Banned): boolean {
  if (whole) return identifier === was;
  const words = wordsOf(identifier);
  const parts = wordsOf(was);
  return words.some((_, at) =>
    parts.every((part, i) => words[at + i] === part || words[at + i] === `${part}s`),
  );
}

function wordsOf(identifier: string): readonly string[] {
  return identifier
    .split(/_|(?<=[a-z0-9])(?=[A-Z])/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}
