/** What `doctor` found, as a tree: failures with what mends them, what was skipped, and on demand what is well. */
import type { Connection } from '../connect/connection.ts';
import { colors, json, line } from '../output/print.ts';
import { firstOf, iso } from '../output/words.ts';
import type { Check, Examined } from './check.ts';

/** One more with each change that could break who reads it: docs/json/doctor.schema.json. */
export const DOCTOR_FORMAT = 'slipway.doctor/1';

const TOLD_ONE_BY_ONE = 10;

interface TellOptions {
  readonly json: boolean;
  readonly all: boolean;
}

/** True: nothing failed. */
export function tellDoctor(
  { place, now }: Connection,
  found: readonly Examined[],
  options: TellOptions,
): boolean {
  const checks = found.flatMap(({ groups }) => groups.flatMap((group) => group.checks));
  const count = (state: Check['state']) => checks.filter((one) => one.state === state).length;
  const counts = { ok: count('ok'), skipped: count('skipped'), failed: count('failed') };
  if (options.json) {
    json({ format: DOCTOR_FORMAT, at: iso(now()), place, ...counts, examined: found });
  } else {
    line(colors.dim(place));
    const quiet = found.length > TOLD_ONE_BY_ONE && !options.all ? found.filter(isQuiet) : [];
    for (const one of found) if (!quiet.includes(one)) tellOne(one, options.all);
    if (quiet.length > 0) {
      const names = quiet.flatMap(({ target }) => target ?? []);
      line(`\nNothing failed of ${firstOf(names)}. --all or a target's name shows them.`);
    }
    const say = counts.failed === 0 ? colors.green : colors.red;
    line(say(`\n${counts.failed} failed, ${counts.skipped} skipped, ${counts.ok} well`));
  }
  return counts.failed === 0;
}

/** Of many targets the trouble is to be seen. Slipway itself is always told. */
function isQuiet({ target, groups }: Examined): boolean {
  return (
    target !== null && groups.every(({ checks }) => checks.every(({ state }) => state !== 'failed'))
  );
}

function tellOne({ target, groups }: Examined, all: boolean): void {
  line(`\n${colors.bold(target ?? 'the stack')}`);
  for (const { name, checks } of groups) {
    const shown = checks.filter(({ state }) => all || state !== 'ok');
    const well = checks.length - shown.length;
    const rest = well === 0 ? '' : colors.dim(`  ${well} well`);
    line(`  ${name}${rest}`);
    for (const check of shown) tellCheck(check);
  }
}

const MARKS = {
  ok: colors.green('✓'),
  skipped: colors.yellow('–'),
  failed: colors.red('✗'),
} as const;

/** The mend stands alone on its line, to be copied. */
function tellCheck({ name, state, says, fix }: Check): void {
  line(`    ${MARKS[state]} ${name}: ${says}`);
  if (fix !== null) line(`        ${colors.bold(fix)}`);
}
