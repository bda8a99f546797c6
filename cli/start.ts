/** `npm start`: plays a scenario with our functions on the local AWS, and tells what happened. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Option } from 'commander';
import type { Outcome } from '../local/stories/outcome.ts';
import type { Played } from '../local/stories/scenario.ts';
import type { Scenario } from '../local/stories/scenario-format.ts';
import type { Pipeline } from '../shared/config/config.ts';
import { type CommandDefinition, GROUPS, option } from './command.ts';
import { type CommonOptions, commonOptions } from './connect/options.ts';
import { UsageError } from './output/command-error.ts';
import { EXIT, type ExitCode } from './output/exit.ts';
import { colors, json, line } from './output/print.ts';
import { withProgress } from './output/progress.ts';

export const startCommand: CommandDefinition = {
  usage: 'start',
  group: GROUPS.local,
  about: 'plays a scenario on the local AWS and tells its story',
  more: 'With our functions; a story that comes along is told of the config that it was written for, and a file of yours of the config of this directory. It ends with a comparison with ECS alone. Exit code 1: it did not end as the scenario expects.',
  options: [
    new Option(
      '--scenario <file>',
      'another one; the name of one that comes along, or a file: local/scenarios/README.md tells what it may say',
    ),
    option('--seed <n>', 'another course of chance; the same seed gives the same story', '1'),
    new Option(
      '--no-throttling',
      'AWS answers any number of calls; unless given, its published buckets count',
    ),
  ],
  examples: ['slipway start --scenario git-older-build-finishes-later'],
  run: async (_, given) => {
    const scenario = typeof given.scenario === 'string' ? { scenario: given.scenario } : {};
    return await start({
      ...commonOptions(given),
      ...scenario,
      seed: String(given.seed),
      throttling: given.throttling !== false,
    });
  },
};

const STORIES = fileURLToPath(new URL('../local/scenarios/', import.meta.url));
/** Of the package; in a checkout the stories are told of its own config. */
const EXAMPLE = join(STORIES, 'pipeline.config.js');

interface StartOptions extends CommonOptions {
  /** A file, or the name of a story that comes along; absent: the default one. */
  readonly scenario?: string;
  readonly seed: string;
  readonly throttling: boolean;
}

async function start(options: StartOptions): Promise<ExitCode> {
  const seed = seedOf(options.seed);
  const { loadPipeline } = await import('./connect/pipeline.ts');
  const { ScenarioError } = await import('../local/stories/scenario-format.ts');
  const { file, isOurs } = storyOf(options.scenario);
  const usesExample = isOurs && options.config === undefined && existsSync(EXAMPLE);
  const base = await loadPipeline(usesExample ? { ...options, config: EXAMPLE } : options);
  try {
    return await play(options, file, base, seed);
  } catch (error) {
    if (error instanceof ScenarioError) throw new UsageError(error.message);
    throw error;
  }
}

/** A file, or by its name one that comes along. */
function storyOf(said = 'default'): { readonly file: string; readonly isOurs: boolean } {
  const ours = join(STORIES, `${said}.json`);
  const isOurs = /^[\w/-]+$/.test(said) && !existsSync(said) && existsSync(ours);
  return { file: isOurs ? ours : said, isOurs };
}

async function play(
  options: StartOptions,
  file: string,
  base: Pipeline,
  seed: number,
): Promise<ExitCode> {
  const { playScenario, readScenario } = await import('../local/stories/scenario.ts');
  const { differences } = await import('../local/stories/expectation.ts');
  const began = performance.now();
  const scenario = await readScenario(file, base);
  const played = await withProgress('playing the scenario', () =>
    playScenario(scenario, base, { seed, throttling: options.throttling }),
  );
  const wrong = differences(scenario, played.outcome, played.cloud.timeline, played.cloud.labels);
  const wallMs = () => Math.round(performance.now() - began);
  if (options.json) printJson(played, wallMs());
  else await tell(scenario, base, played, seed, wrong, wallMs);
  if (options.json) for (const one of wrong) process.stderr.write(`not as expected: ${one}\n`);
  return wrong.length === 0 ? EXIT.done : EXIT.no;
}

function seedOf(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`--seed is "${text}", expected a whole number of at most nine digits`);
}

function printJson({ cloud, outcome }: Played, wallMs: number): void {
  for (const entry of cloud.timeline) json({ ...entry, at: new Date(entry.at).toISOString() });
  json(summaryOf(outcome, wallMs));
}

/** The last line of `--json`. */
function summaryOf({ targets, releases, calls, virtualSeconds }: Outcome, wallMs: number) {
  const shown = Object.entries(targets).map(([id, { phase, running, proven, quarantined }]) => [
    id,
    { phase, running, proven, quarantined },
  ]);
  const byId = Object.fromEntries(shown);
  return { type: 'summary', targets: byId, releases, calls, virtualSeconds, wallMs };
}

async function tell(
  scenario: Scenario,
  base: Pipeline,
  { cloud, outcome }: Played,
  seed: number,
  wrong: readonly string[],
  wallMs: () => number,
): Promise<void> {
  const { BEGIN } = await import('../local/stories/setup/scenario-world.ts');
  const { targetTable } = await import('./output/outcome-tables.ts');
  const { storyLines } = await import('./output/story.ts');
  if (scenario.about !== undefined) line(colors.bold(scenario.about));
  const clock = new Date(BEGIN).toISOString().slice(11, 16);
  line(colors.dim(`Times count from the beginning, which is ${clock} UTC.\n`));
  for (const text of storyLines(cloud.timeline, BEGIN, colors)) line(text);
  line();
  line(targetTable(outcome, cloud.labels, colors));
  await tellComparison(scenario, base, cloud, seed);
  line();
  line(
    `${Math.round(outcome.virtualSeconds / 60)} virtual minutes in ${(wallMs() / 1000).toFixed(1)} s, seed ${seed}`,
  );
  if (scenario.expect === undefined) {
    line('The scenario says nothing of how it should end.');
    return;
  }
  if (wrong.length === 0) {
    line(colors.green('It ended as expected.'));
    return;
  }
  line(colors.red('It did not end as expected:'));
  for (const one of wrong) line(`  ${one}`);
}

async function tellComparison(
  scenario: Scenario,
  base: Pipeline,
  cloud: Played['cloud'],
  seed: number,
): Promise<void> {
  const { pipelineOf } = await import('../local/stories/scenario-pipeline.ts');
  const { compareWithEcsAlone, TOLERANCE } = await import('../local/stories/comparison.ts');
  const { comparisonTable } = await import('./output/outcome-tables.ts');
  const pipeline = pipelineOf(scenario, base);
  const comparisons = await compareWithEcsAlone(scenario, pipeline, cloud, seed);
  if (comparisons.length === 0) return;
  const { share, failedTasks } = TOLERANCE;
  line();
  line('The same story with ECS alone at its best: its circuit breaker and its alarms, both with');
  line("rollback, with a bake as long as Slipway's or until the alarms have judged all of it,");
  line('whichever serves fewer bad requests here; and a pipeline that deploys whatever is pushed.');
  if (comparisons.some(({ ways }) => ways.length > 0)) {
    line(
      "Where Slipway's judge holds each step, ECS has its own canary, with an alarm on either target",
    );
    line('group, or its rolling update: the best of each is told.');
  }
  line(
    'In both runs the metrics are as late as a load balancer publishes them. What is bad counts',
  );
  line(
    `from the beginning to the end; "about the same" is within ${share * 100} %, or ${failedTasks} failed tasks.`,
  );
  line();
  line(comparisonTable(comparisons, colors));
  const judged = comparisons.flatMap(({ target, ways }) => (ways.length > 0 ? target : []));
  if (judged.some((target) => sentBackByAlarm(cloud, target))) {
    line();
    line(
      'An alarm on the new target group saw it before the judge: at a quarter of errors what is exposed',
    );
    line('decides, and the judge only held each step (docs/judge.md has where it decides).');
  }
}

/** The judge's own verdict says that it finds a release worse. */
function sentBackByAlarm({ timeline }: Played['cloud'], target: string): boolean {
  return timeline.some(
    (entry) =>
      entry.type === 'announcement' &&
      entry.announcement.kind === 'rolled-back' &&
      entry.announcement.target === target &&
      entry.announcement.because.includes('alarm '),
  );
}
