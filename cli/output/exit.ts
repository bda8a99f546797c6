/** What the exit codes mean: one table for the code, `--help` and the README. */

export const EXIT = {
  done: 0,
  no: 1,
  usage: 2,
  credentials: 3,
  permission: 4,
  unreachable: 5,
  unprocessed: 6,
  rolledBack: 10,
  failed: 11,
  superseded: 12,
  held: 13,
  attention: 14,
  timedOut: 15,
  bug: 70,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_CODES: readonly (readonly [ExitCode, string])[] = [
  [EXIT.done, 'done, or the answer is yes'],
  [EXIT.no, 'the answer is no: refused, declined, it did not end as expected'],
  [EXIT.usage, 'asked wrongly: nothing was done'],
  [EXIT.credentials, 'no credentials, expired ones, or those of another account'],
  [EXIT.permission, 'a permission is missing; the line says which'],
  [EXIT.unreachable, 'AWS, or the local one, cannot be reached, or has no Slipway in it'],
  [EXIT.unprocessed, 'sent, but not processed within the time that was waited'],
  [EXIT.rolledBack, 'what was waited for was rolled back, or is on its way back'],
  [EXIT.failed, 'what was waited for failed before it replaced anything'],
  [EXIT.superseded, 'a newer one took the place of what was waited for'],
  [EXIT.held, 'what was waited for was still held when the time was over'],
  [EXIT.attention, 'a person is needed'],
  [EXIT.timedOut, 'what was waited for did not come within the time'],
  [EXIT.bug, 'a mistake of Slipway; --debug shows where'],
];
