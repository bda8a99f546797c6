/** `slipway config check`: is this config right? It needs no account and no network. */
import type { Pipeline } from '../shared/config/config.ts';
import type { ConfigWarning } from '../shared/config/warnings.ts';
import { type CommandDefinition, GROUPS } from './command.ts';
import { type CommonOptions, commonOptions } from './connect/options.ts';
import { EXIT, type ExitCode } from './output/exit.ts';
import { colors, json, line } from './output/print.ts';
import { firstOf } from './output/words.ts';

export const configCheckCommand: CommandDefinition = {
  usage: 'config check [file]',
  group: GROUPS.look,
  about: 'is the config right? Needs no account and no network',
  more: 'Exit code 1: it has mistakes; each is told with its path, the value, and what was expected. Warnings are printed apart, and change no exit code.',
  arguments: { file: 'pipeline.config.ts unless named; .ts, .js or .json' },
  examples: ['slipway config check', 'slipway config check staging.config.ts'],
  run: async ([file], given) => await configCheck(file, commonOptions(given)),
};

export async function configCheck(
  file: string | undefined,
  options: CommonOptions,
): Promise<ExitCode> {
  const { ConfigError } = await import('../shared/config/config.ts');
  const { loadAll, loadPipeline } = await import('./connect/pipeline.ts');
  const config = file ?? options.config;
  try {
    const pipelines =
      options.env === undefined
        ? await loadAll(config)
        : new Map([
            [options.env, await loadPipeline({ ...options, ...(config && { config }) })] as const,
          ]);
    for (const [env, pipeline] of pipelines) await check(env, pipeline, options);
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const problems = error.problems.map(({ path, line: text }) => ({ path, problem: text }));
    if (options.json) json({ ok: false, problems });
    else line(error.message);
    return EXIT.no;
  }
}

/** `env` is empty where the config has no environments. */
async function check(env: string, pipeline: Pipeline, options: CommonOptions): Promise<void> {
  const { checkSettings } = await import('../infra/settings-check.ts');
  const { inEnvironment } = await import('../shared/config/environments.ts');
  inEnvironment(env, () => void checkSettings(pipeline));
  const { warningsOf } = await import('../shared/config/warnings.ts');
  const warnings = warningsOf(pipeline, Date.now());
  const named = env === '' ? {} : { env };
  if (options.json) json({ ok: true, ...named, ...summaryOf(pipeline), warnings });
  else {
    if (env !== '') line(colors.bold(`\n${env}`));
    await print(pipeline, warnings);
  }
}

function summaryOf({ account, region, targets, sources }: Pipeline) {
  return {
    account,
    region,
    targets: Object.values(targets).map(({ id, key, rules, noAlarmsBecause }) => ({
      target: id,
      key,
      mode: rules.mode,
      repositories: Object.values(rules.containers).map(({ repository }) => repository),
      alarms: rules.alarms,
      ...(noAlarmsBecause === undefined ? {} : { noAlarmsBecause }),
    })),
    sources: Object.keys(sources),
  };
}

async function print(pipeline: Pipeline, warnings: readonly ConfigWarning[]): Promise<void> {
  const { table } = await import('./output/table.ts');
  const { account, region, targets, sources } = summaryOf(pipeline);
  line(
    `${colors.green('The config is right.')} Account ${account} in ${region}, ${count(targets.length, 'target')}, ${count(sources.length, 'source')}.`,
  );
  line(
    table(
      ['target', 'what it controls', 'mode', 'images of', 'guarded by'],
      targets.map(({ target, key, mode, repositories, alarms, noAlarmsBecause }) => [
        colors.bold(target),
        key,
        mode,
        repositories.join('\n'),
        alarms.join('\n') || `no alarms: ${noAlarmsBecause ?? ''}`,
      ]),
      colors,
    ),
  );
  const watching = targets.filter(({ mode }) => mode === 'watch').map(({ target }) => target);
  if (watching.length > 0) {
    line(colors.yellow(`\nOnly watched, never deployed or rolled back: ${firstOf(watching)}.`));
  }
  if (warnings.length > 0)
    line(colors.yellow(`\nIt is right, and ${count(warnings.length, 'thing')} may not be meant:`));
  for (const { path, warning } of warnings) line(`  ${path}: ${warning}`);
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
