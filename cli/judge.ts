/** `slipway judge`: what the judge would have said of a release, when, and what it would have saved. */
import type { Played } from '../shared/judge/play.ts';
import { type CommandDefinition, GROUPS } from './command.ts';
import { type CommonOptions, commonOptions } from './connect/options.ts';
import type { ReadTrace } from './connect/trace.ts';
import { EXIT, type ExitCode } from './output/exit.ts';
import { clock, colors, json, line } from './output/print.ts';

export const judgeCommand: CommandDefinition = {
  usage: 'judge <trace>',
  group: GROUPS.local,
  about: 'plays a release of the past to the judge: what would it have said, and when',
  more: 'Compares the new revision with the old one over the same minutes, at every look with what could be read then. Nothing in the pipeline asks the judge yet: this is to see it on your own history first. Exit code 0, whatever it says; docs/judge.md has how it decides, and the format.',
  arguments: {
    trace: 'a JSON file with the minutes of the release, and those before it',
  },
  examples: ['slipway judge test/judge/traces/s02-the-story.json'],
  run: async ([file = ''], given) => await judgeTrace(file, commonOptions(given)),
};

async function judgeTrace(file: string, options: CommonOptions): Promise<ExitCode> {
  const { readTrace } = await import('./connect/trace.ts');
  const { play } = await import('../shared/judge/play.ts');
  const trace = await readTrace(file);
  const played = play(trace, trace.slowMs === undefined ? {} : { slowMs: trace.slowMs });
  if (options.json) json(forPrograms(played));
  else for (const text of inWords(trace, played)) line(text);
  return EXIT.done;
}

/** Every member is always there; null: it does not apply, or nobody knows. Of a log: nothing was measured. */
function forPrograms(played: Played) {
  const { state, because, by, minute, seconds, badUntilThen, badOfAll } = played;
  const { logs, phi, ref, states } = played;
  const finite = (log: number) => (Number.isFinite(log) ? log : null);
  return {
    state,
    minute: minute ?? null,
    by: by ?? null,
    seconds: seconds ?? null,
    badUntilThen: badUntilThen ?? null,
    badOfAll: badOfAll ?? null,
    logs: Object.fromEntries(Object.entries(logs).map(([name, log]) => [name, finite(log)])),
    phi,
    ref: ref ?? null,
    because,
    states,
  };
}

const BY: Readonly<Record<NonNullable<Played['by']>, string>> = {
  'two-arm': 'the comparison of both',
  history: 'history and the comparison',
  latency: 'the comparison of slow answers',
  'history alone': 'history alone',
};

function inWords({ id }: ReadTrace, played: Played): readonly string[] {
  const { state, because, by, minute, seconds, badUntilThen, badOfAll, phi, ref } = played;
  const name = id === undefined ? '' : `${id}: `;
  const when =
    seconds === undefined
      ? ', to the end'
      : ` by ${by === undefined ? '' : BY[by]}, after minute ${minute}; carried out ${clock(seconds)} after the shift`;
  const saved =
    badUntilThen === undefined || badOfAll === undefined
      ? []
      : [`bad answers until then: ${badUntilThen} of ${badOfAll}`];
  return [
    `${name}${colors.bold(state)}${when}`,
    `  ${because}`,
    ...saved.map((text) => `  ${text}`),
    `  after the shift: ${played.states.map((one) => `${one.state} from ${clock(one.seconds)}`).join(', ')}`,
    colors.dim(`  ln of the evidence after the last minute: ${evidence(played)}`),
    colors.dim(`  dispersion ${phi.toFixed(2)}, ${reference(ref)}`),
  ];
}

function evidence({ logs }: Played): string {
  const shown = (log: number) => (Number.isFinite(log) ? log.toFixed(2) : 'none');
  return [
    `two-arm ${shown(logs.two)}`,
    `history ${shown(logs.history)}`,
    `alone ${shown(logs.alone)}`,
    `harmless ${shown(logs.harmless)}`,
    ...(logs.latency === undefined ? [] : [`latency ${shown(logs.latency)}`]),
  ].join(', ');
}

function reference(ref: number | undefined): string {
  return ref === undefined ? 'no history' : `up to ${(ref * 100).toFixed(2)} % is no news`;
}
