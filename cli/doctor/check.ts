/** One thing that was looked at: it is well, it is not and this mends it, or nobody could see. */
import type { Found } from '../../shared/aws/examine.ts';

export interface Check {
  /** What was looked at: `role web-task`. */
  readonly name: string;
  readonly state: 'ok' | 'skipped' | 'failed';
  /** What was seen, in words. */
  readonly says: string;
  /** Of what failed: a command, or a line of the config. */
  readonly fix: string | null;
}

export interface CheckGroup {
  readonly name: string;
  readonly checks: readonly Check[];
}

export interface Examined {
  /** null: Slipway itself. */
  readonly target: string | null;
  readonly groups: readonly CheckGroup[];
}

export function ok(name: string, says: string): Check {
  return { name, state: 'ok', says, fix: null };
}

export function skipped(name: string, because: string): Check {
  return { name, state: 'skipped', says: because, fix: null };
}

export function failed(name: string, says: string, fix: string): Check {
  return { name, state: 'failed', says, fix };
}

/** What is missing has failed, what is unseen is skipped, and of what is seen `judge` decides. */
export function judged<T>(
  name: string,
  seen: Found<T>,
  missing: { readonly says: string; readonly fix: string },
  judge: (value: T) => Check,
): Check {
  switch (seen.state) {
    case 'seen':
      return judge(seen.value);
    case 'missing':
      return failed(name, missing.says, missing.fix);
    case 'unseen':
      return skipped(name, seen.because);
  }
}
