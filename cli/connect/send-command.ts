/** One way to send a command to one target: ask first, send, wait, and tell what was decided. */
import type { Target } from '../../shared/config/config.ts';
import type { HistoryEntry } from '../../shared/core/model/record/outbox.ts';
import { confirmed } from '../output/confirm.ts';
import { EXIT, type ExitCode } from '../output/exit.ts';
import { colors, json, line, note } from '../output/print.ts';
import { withProgress } from '../output/progress.ts';
import { duration } from '../output/times.ts';
import type { CommandOptions } from './command-options.ts';
import type { Connection } from './connection.ts';
import { awaitProcessed, enqueueCommand, type PersonCommand } from './queued-command.ts';

/**
 * `question`: asked first where it is given. `what`: what is asked for, in words. `then`: what follows
 * when it was processed and not refused.
 */
export async function sendCommand(
  connection: Connection,
  target: Target,
  { ask, what, question }: { ask: PersonCommand['ask']; what: string; question?: string },
  options: CommandOptions,
  then: () => Promise<ExitCode> = async () => EXIT.done,
): Promise<ExitCode> {
  if (question !== undefined && !(await confirmed(ask.do, question, options))) {
    note('nothing was asked');
    return EXIT.no;
  }
  const { because, waitMs } = options;
  const id = await withProgress(`asking ${target.id}`, () =>
    enqueueCommand(connection, target, { ask, because }),
  );
  const sent = { target: target.id, key: target.key, ask, by: connection.by, because, id };
  const decided =
    waitMs === 0
      ? undefined
      : await withProgress(`waiting until it is processed for ${target.id}`, () =>
          awaitProcessed(connection, target, id, waitMs),
        ).catch((error: unknown) => {
          note(`it was asked; \`slipway history ${target.id}\` shows what comes of it`);
          throw error;
        });
  const refused = refusalIn(decided ?? []);
  if (options.json) json({ ...sent, heard: decided !== undefined, refused, decisions: decided });
  else printOutcome(`${what} (${connection.by}: ${because})`, target, decided, options);
  if (decided === undefined) return waitMs === 0 ? EXIT.done : EXIT.unprocessed;
  return refused === null ? await then() : EXIT.no;
}

function printOutcome(
  what: string,
  { id }: Target,
  decided: readonly HistoryEntry[] | undefined,
  { waitMs }: CommandOptions,
): void {
  line(`${colors.bold('asked')}    ${what}`);
  if (decided === undefined) {
    const since = waitMs === 0 ? '' : ` after ${duration(waitMs)}`;
    line(
      `${colors.bold('decided')}  not yet${since}; \`slipway history ${id}\` shows what comes of it`,
    );
    return;
  }
  for (const [i, { because, phase }] of decided.entries()) {
    line(`${colors.bold((i === 0 ? 'decided' : '').padEnd(8))} ${phase}: ${because}`);
  }
  const next = decided.flatMap(({ announcements = [] }) => announcements)[0]?.next;
  if (next !== undefined) line(`${colors.bold('next')}     ${next}`);
}

/** Why it was not done; a target in watch mode does nothing either. */
function refusalIn(decided: readonly HistoryEntry[]): string | null {
  const announced = decided.flatMap(({ announcements = [] }) => announcements);
  const no = announced.find(({ kind }) => kind === 'refused' || kind === 'would-have');
  return no?.because ?? null;
}
