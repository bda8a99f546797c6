/** `npm start`: plays a scenario with our functions on the local AWS, and tells what happened. */
import { fileURLToPath } from 'node:url';
import { type Comparison, compareWithEcsAlone, TOLERANCE } from '../local/stories/comparison.ts';
import { differences } from '../local/stories/expectation.ts';
import type { Outcome } from '../local/stories/outcome.ts';
import { type Played, playScenario, readScenario } from '../local/stories/scenario.ts';
import { type Scenario, ScenarioError } from '../local/stories/scenario-format.ts';
import { pipelineOf } from '../local/stories/scenario-pipeline.ts';
import { BEGIN } from '../local/stories/scenario-world.ts';
import type { Pipeline } from '../shared/config/config.ts';
import { colors, json, line } from './print.ts';
import { EXIT, type ExitCode } from './speaking/exit.ts';
import type { CommonOptions } from './speaking/options.ts';
import { loadPipeline } from './speaking/pipeline.ts';
import { withProgress } from './speaking/progress.ts';
import { UsageError } from './speaking/usage.ts';
import { storyLines } from './story.ts';
import { comparisonTable, targetTable } from './tables.ts';

const DEFAULT_SCENARIO = fileURLToPath(new URL('../local/scenarios/default.json', import.meta.url));

export interface StartOptions extends CommonOptions {
  /** A file; absent: the default story. */
  readonly scenario?: string;
  readonly seed: string;
}

export async function start(options: StartOptions): Promise<ExitCode> {
  const seed = seedOf(options.seed);
  const base = await loadPipeline(options.config);
  const began = performance.now();
  try {
    const scenario = await readScenario(options.scenario ?? DEFAULT_SCENARIO, base);
    const played = await withProgress('playing the scenario', () =>
      playScenario(scenario, base, { seed }),
    );
    const wrong = differences(scenario, played.outcome, played.cloud.timeline, played.cloud.labels);
    const wallMs = () => Math.round(performance.now() - began);
    if (options.json) printJson(played, wallMs());
    else await tell(scenario, base, played, seed, wrong, wallMs);
    if (options.json) for (const one of wrong) process.stderr.write(`not as expected: ${one}\n`);
    return wrong.length === 0 ? EXIT.done : EXIT.no;
  } catch (error) {
    if (error instanceof ScenarioError) throw new UsageError(error.message);
    throw error;
  }
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
  if (scenario.about !== undefined) line(`${colors.bold(scenario.about)}\n`);
  for (const text of storyLines(cloud.timeline, BEGIN, colors)) line(text);
  line();
  line(targetTable(outcome, cloud.labels, colors));
  const pipeline = pipelineOf(scenario, base);
  tellComparison(await compareWithEcsAlone(scenario, pipeline, cloud, seed));
  line();
  line(
    `${Math.round(outcome.virtualSeconds / 60)} virtual minutes in ${(wallMs() / 1000).toFixed(1)} s, seed ${seed}`,
  );
  if (wrong.length === 0) {
    line(colors.green('It ended as expected.'));
    return;
  }
  line(colors.red('It did not end as expected:'));
  for (const one of wrong) line(`  ${one}`);
}

function tellComparison(comparisons: readonly Comparison[]): void {
  if (comparisons.length === 0) return;
  const { share, failedTasks } = TOLERANCE;
  line();
  line('The same story with ECS alone at its best: its circuit breaker and its alarms, both with');
  line("rollback, with a bake as long as Slipway's or until the alarms have judged all of it,");
  line('whichever serves fewer bad requests here; and a pipeline that deploys whatever is pushed.');
  line(
    'In both runs the metrics are as late as a load balancer publishes them. What is bad counts',
  );
  line(
    `from the beginning to the end; "about the same" is within ${share * 100} %, or ${failedTasks} failed tasks.`,
  );
  line();
  line(comparisonTable(comparisons, colors));
}
