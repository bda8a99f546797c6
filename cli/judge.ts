/** `slipway judge`: what the judge would have said of a release, when, and what it would have saved. */
import { Option } from 'commander';
import { type CommandDefinition, GROUPS } from './command.ts';
import { type CommonOptions, commonOptions } from './connect/options.ts';
import { UsageError } from './output/command-error.ts';
import { EXIT, type ExitCode } from './output/exit.ts';
import { json, line } from './output/print.ts';

export const judgeCommand: CommandDefinition = {
  usage: 'judge <what>',
  group: GROUPS.look,
  about: 'what the judge would have said of a release, and when',
  more: "Compares the new revision with the old one over the same minutes, at every look with what could be read then. Of a target it reads CloudWatch's own minutes, which are kept for 15 days, and changes nothing. Exit code 0, whatever it says; docs/judge.md has how it decides, and the format of a trace.",
  arguments: {
    what: 'a target: its name in the config, or ecs/<cluster>/<service>; or a trace, a file that ends in .json',
  },
  options: [
    new Option(
      '--release <number>',
      'that release of the target, as `slipway history` counts them',
    ),
    new Option('--last <n>', 'without --release: so many of the newest (default: 1)').conflicts(
      'release',
    ),
  ],
  examples: ['slipway judge web --last 20', 'slipway judge test/judge/traces/s02-the-story.json'],
  run: async ([what = ''], given) => {
    const options = commonOptions(given);
    if (what.endsWith('.json')) {
      const chosen = (['release', 'last'] as const).find((name) => given[name] !== undefined);
      if (chosen !== undefined) {
        throw new UsageError(`--${chosen} chooses releases of a target, and ${what} is a trace`);
      }
      return await judgeTrace(what, options);
    }
    const { judgeTarget, whichIn } = await import('./judge/judge-target.ts');
    const which = whichIn(given);
    const { connect } = await import('./connect/connection.ts');
    return await judgeTarget(await connect(options, what), what, { ...options, ...which });
  },
};

async function judgeTrace(file: string, options: CommonOptions): Promise<ExitCode> {
  const { readTrace } = await import('./connect/trace.ts');
  const { play } = await import('../shared/judge/play.ts');
  const { forPrograms, inWords } = await import('./judge/in-words.ts');
  const trace = await readTrace(file);
  const played = play(trace, trace.slowMs === undefined ? {} : { slowMs: trace.slowMs });
  if (options.json) json(forPrograms(played));
  else for (const text of inWords(trace.id, played)) line(text);
  return EXIT.done;
}
