/** One way to say a word to one target: ask first, send, wait, and tell what was decided. */
import type { Target } from '../../shared/config/config.ts';
import type { HistoryEntry } from '../../shared/core/model/record.ts';
import { colors, json, line, note } from '../print.ts';
import { confirmed } from './confirm.ts';
import type { Connection } from './connection.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { awaitHeard, sendWord, type Word } from './heard.ts';
import { withProgress } from './progress.ts';
import { duration } from './times.ts';
import type { WordOptions } from './word-options.ts';

/** `question`: asked first where it is given. `what`: of what was asked, in words. */
export async function sayWord(
  connection: Connection,
  target: Target,
  { command, what, question }: { command: Word['command']; what: string; question?: string },
  options: WordOptions,
): Promise<ExitCode> {
  if (question !== undefined && !(await confirmed(command.do, question, options))) {
    note('nothing was asked');
    return EXIT.no;
  }
  const { because, waitMs } = options;
  const id = await withProgress(`asking ${target.id}`, () =>
    sendWord(connection, target, { command, because }),
  );
  const asked = {
    target: target.id,
    key: target.key,
    ask: command,
    by: connection.by,
    because,
    id,
  };
  const decided =
    waitMs === 0
      ? undefined
      : await withProgress(`waiting until ${target.id} has heard it`, () =>
          awaitHeard(connection, target, id, waitMs),
        ).catch((error: unknown) => {
          note(`it was asked; \`slipway history ${target.id}\` shows what comes of it`);
          throw error;
        });
  const refused = refusalIn(decided ?? []);
  if (options.json) json({ ...asked, heard: decided !== undefined, refused, decisions: decided });
  else tell(`${what} (${connection.by}: ${because})`, target, decided, options);
  if (decided === undefined) return waitMs === 0 ? EXIT.done : EXIT.unheard;
  return refused === null ? EXIT.done : EXIT.no;
}

function tell(
  asked: string,
  { id }: Target,
  decided: readonly HistoryEntry[] | undefined,
  { waitMs }: WordOptions,
): void {
  line(`${colors.bold('asked')}    ${asked}`);
  if (decided === undefined) {
    const since = waitMs === 0 ? '' : ` after ${duration(waitMs)}`;
    line(
      `${colors.bold('heard')}    not yet${since}; \`slipway history ${id}\` shows what comes of it`,
    );
    return;
  }
  for (const [i, { because, phase }] of decided.entries()) {
    line(`${colors.bold((i === 0 ? 'decided' : '').padEnd(8))} ${phase}: ${because}`);
  }
  const next = decided.flatMap(({ announcements: told = [] }) => told)[0]?.next;
  if (next !== undefined) line(`${colors.bold('next')}     ${next}`);
}

/** Why it was not done; a target in watch mode does nothing either. */
function refusalIn(decided: readonly HistoryEntry[]): string | null {
  const told = decided.flatMap(({ announcements: some = [] }) => some);
  const no = told.find(({ kind }) => kind === 'refused' || kind === 'would-have');
  return no?.because ?? null;
}
