/** Calls to AWS that would be made, for people: each with what it would change. */

import { colors, line } from '../print.ts';
import type { Difference } from './difference.ts';

export interface CallShown {
  /** `ecs:UpdateService` */
  readonly call: string;
  readonly what: string;
  /** Of a new revision: against the one that is copied. Of a rollout: of its configuration. */
  readonly differences: readonly Difference[];
}

export function heading(text: string): void {
  line();
  line(colors.bold(text));
}

export function printCalls(calls: readonly CallShown[]): void {
  if (calls.length === 0) line('  none');
  for (const { call, what, differences } of calls) {
    line(`  ${colors.bold(call)}  ${what}`);
    for (const text of differences.flatMap(differenceLines)) {
      line(`    ${text.startsWith('-') ? colors.red(text) : colors.green(text)}`);
    }
  }
}

/** `- path: before` and `+ path: after`. */
export function differenceLines({ path, ...sides }: Difference): readonly string[] {
  const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return [
    ...('before' in sides ? [`- ${path}: ${shown(sides.before)}`] : []),
    ...('after' in sides ? [`+ ${path}: ${shown(sides.after)}`] : []),
  ];
}
