/** `slipway config check`: is this config right? It needs no account and no network. */
import { ConfigError, type Pipeline } from '../shared/config/config.ts';
import { colors, json, line } from './print.ts';
import { EXIT, type ExitCode } from './speaking/exit.ts';
import type { CommonOptions } from './speaking/options.ts';
import { loadPipeline } from './speaking/pipeline.ts';
import { table } from './speaking/table.ts';

export async function configCheck(
  file: string | undefined,
  options: CommonOptions,
): Promise<ExitCode> {
  try {
    const pipeline = await loadPipeline(file ?? options.config);
    if (options.json) json({ ok: true, ...summaryOf(pipeline) });
    else print(pipeline);
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const problems = error.problems.map(({ path, line: text }) => ({ path, problem: text }));
    if (options.json) json({ ok: false, problems });
    else line(error.message);
    return EXIT.no;
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

function print(pipeline: Pipeline): void {
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
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
