/** `slipway replay`: the history of a target, decided again, decision by decision. */
import type { ReplayedStep } from '../shared/core/explain/replay.ts';
import { momentOf } from '../shared/core/model/event.ts';
import type { HistoryEntry } from '../shared/core/model/record/outbox.ts';
import { standingOf } from '../shared/core/model/standing.ts';
import { type CommandDefinition, GROUPS } from './command.ts';
import { type CommonOptions, commonOptions } from './connect/options.ts';
import { readJson } from './connect/read-json.ts';
import { UsageError } from './output/command-error.ts';
import { EXIT, type ExitCode } from './output/exit.ts';
import { colors, json, line } from './output/print.ts';

export const replayCommand: CommandDefinition = {
  usage: 'replay <file>',
  group: GROUPS.local,
  about: "decides a target's history again, to step through an incident",
  more: 'Prints each decision, and where this code decides otherwise than the code of that day. Exit code 1: one is not the same.',
  arguments: {
    file: '{ "key": "ecs/<cluster>/<service>", "history": [entries, the oldest first] }, as `npm run simulate -- --histories DIR` writes it',
  },
  examples: ['slipway replay test/replays/worker-answers-lost.json'],
  run: async ([file = ''], given) => await replay(file, commonOptions(given)),
};

export interface SavedHistory {
  readonly key: string;
  readonly history: readonly HistoryEntry[];
}

async function replay(file: string, options: CommonOptions): Promise<ExitCode> {
  const { key, history } = historyIn(file, await readJson(file));
  const { record, steps } = await decideAgain(file, key, history);
  if (options.json) {
    for (const step of steps) json({ type: 'decision', ...step });
    json({ type: 'record', record });
  } else {
    for (const step of steps) line(inWords(step));
    line();
    line(summary(key, standingOf(record), steps));
  }
  return steps.every(({ agrees }) => agrees) ? EXIT.done : EXIT.no;
}

function historyIn(file: string, input: unknown): SavedHistory {
  const { key, history } = (input ?? {}) as Partial<SavedHistory>;
  if (typeof key !== 'string' || !Array.isArray(history)) {
    throw new UsageError(
      `${file} is no history; expected { "key": "ecs/<cluster>/<service>", "history": [...] }`,
    );
  }
  return { key, history };
}

/** The file is outside text: whatever it makes the core say is a mistake in it. */
async function decideAgain(file: string, key: string, history: readonly HistoryEntry[]) {
  const { replay: replayHistory } = await import('../shared/core/explain/replay.ts');
  const { readEntry } = await import('../shared/core/model/format-1.ts');
  try {
    return replayHistory(key, history.map(readEntry));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${file} cannot be replayed: ${why}`);
  }
}

function inWords({ sequence, event, phase, because, agrees }: ReplayedStep): string {
  const at = momentOf(event);
  const time = at === undefined ? '' : new Date(at).toISOString().slice(11, 19);
  const mark = agrees ? ' ' : colors.red('≠');
  const words = `${event.type.padEnd(18)} ${phase.padEnd(10)} ${because}`;
  return `${String(sequence).padStart(4)} ${mark} ${colors.dim(time)} ${words}`;
}

function summary(key: string, phase: string, steps: readonly ReplayedStep[]): string {
  const others = steps.filter(({ agrees }) => !agrees);
  const verdict =
    others.length === 0
      ? 'every decision is the same'
      : `${others.length} decided otherwise, the first is ${others[0]?.sequence}`;
  return `${key}: ${steps.length} decisions, ${verdict}; it ends ${phase}.`;
}
