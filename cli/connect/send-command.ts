/** One way to send a command to one target: ask first, send, wait, and tell what was decided. */
import type { Target } from '../../shared/config/config.ts';
import type { HistoryEntry } from '../../shared/core/model/record/outbox.ts';
import { confirmed } from '../output/confirm.ts';
import { EXIT, type ExitCode } from '../output/exit.ts';
import { asTyped } from '../output/invocation.ts';
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
  else {
    line(`${colors.bold('asked')}    ${what} (${connection.by}: ${because})`);
    const isSeen = decided !== undefined || waitMs === 0 || (await isKnown(connection, target));
    if (isSeen) printOutcome(target, decided, options);
    else printUnknown(target, connection, options);
  }
  if (decided === undefined) return waitMs === 0 ? EXIT.done : EXIT.unprocessed;
  return refused === null ? await then() : EXIT.no;
}

/** Undecided is also what the deployed config does not name: no record of it is ever made. */
async function isKnown({ aws }: Connection, { key }: Target): Promise<boolean> {
  const stored = await aws.records.load(key).catch(() => 'unseen');
  return stored !== undefined;
}

function printUnknown({ id }: Target, { isLocal }: Connection, options: CommandOptions): void {
  const known = `after ${duration(options.waitMs)} Slipway still knows nothing of ${id}`;
  line(`${colors.bold('decided')}  nothing: ${known}; does the config that is deployed name it?`);
  const deployed = isLocal
    ? 'start `slipway local` with this config'
    : `deploy this one: ${asTyped('slipway infra deploy', options)}`;
  line(`${colors.bold('next')}     if it does not, ${deployed}; then say it again`);
}

function printOutcome(
  { id }: Target,
  decided: readonly HistoryEntry[] | undefined,
  { waitMs }: CommandOptions,
): void {
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
