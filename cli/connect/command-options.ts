/** What the commands that change something have in common, read and checked. */

import { UsageError } from '../output/command-error.ts';
import { type CommonOptions, commonOptions, secondsIn } from './options.ts';

export interface CommandOptions extends CommonOptions {
  readonly because: string;
  readonly yes: boolean;
  /** In ms; 0: it is sent, and nobody waits. */
  readonly waitMs: number;
}

const BECAUSE_MAX = 500;
const WAIT_SECONDS_MAX = 900;

/** Of commander. Throws `UsageError`. */
export function commandOptions(given: Readonly<Record<string, unknown>>): CommandOptions {
  const { because, yes, wait } = given;
  return {
    ...commonOptions(given),
    because: reasonIn(String(because)),
    yes: yes === true,
    waitMs: wait === false ? 0 : secondsIn('--wait', String(wait), WAIT_SECONDS_MAX) * 1000,
  };
}

/** It stands in announcements and logs. */
function reasonIn(text: string): string {
  const reason = text.trim();
  if (reason === '') throw new UsageError('--because is empty; say why in a sentence');
  if (/\p{Cc}/u.test(reason)) {
    throw new UsageError('--because has control characters; say why in one line');
  }
  if (reason.length <= BECAUSE_MAX) return reason;
  throw new UsageError(
    `--because has ${reason.length} characters, at most ${BECAUSE_MAX} are recorded`,
  );
}
