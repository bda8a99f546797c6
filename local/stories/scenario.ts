/** Plays a scenario: with Slipway, and with ECS alone for comparison. */
import { readFile } from 'node:fs/promises';
import { GitError } from '@slipway/local-cloud/github/commits/git-error.ts';
import type { Hooks } from '@slipway/local-cloud/kernel/call.ts';
import { AwsError } from '@slipway/local-cloud/kernel/errors.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import { Cloud } from '../slipway/slipway-cloud.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { checkNames } from './scenario-check.ts';
import { parseScenario, type Scenario, ScenarioError } from './scenario-format.ts';
import { pipelineOf } from './scenario-pipeline.ts';
import { playStep } from './scenario-steps.ts';
import { BEGIN, worldOf } from './setup/scenario-world.ts';
import type { Stage } from './stage.ts';

const MINUTE_MS = 60_000;

export interface Played {
  readonly cloud: Cloud;
  readonly outcome: Outcome;
}

/** Reads and checks a scenario file. Throws `ScenarioError`. */
export async function readScenario(file: string, base: Pipeline): Promise<Scenario> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
    throw new ScenarioError([{ path: '', line: `${file}: ${why}` }]);
  }
  return scenarioOf(text, base);
}

/** A scenario from the text of a file. Throws `ScenarioError`. */
export function scenarioOf(text: string, base: Pipeline): Scenario {
  let input: unknown;
  try {
    // Editors of Windows begin a file with a byte order mark.
    input = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    throw new ScenarioError([{ path: '', line: `the file is not JSON: ${why}` }]);
  }
  const scenario = parseScenario(input);
  checkNames(scenario, pipelineOf(scenario, base));
  return scenario;
}

export interface PlayOptions {
  readonly seed: number;
  readonly hooks?: Hooks;
  /** Whether AWS throttles as it publishes; true unless told. */
  readonly throttling?: boolean;
  /** Looks at the world once in each virtual minute, and changes nothing. */
  readonly everyMinute?: (cloud: Cloud) => Promise<void>;
}

interface Playing {
  readonly refused?: (error: ScenarioError) => void;
  readonly everyMinute?: () => Promise<void>;
}

/** Plays it to its end, with Slipway. */
export async function playScenario(
  scenario: Scenario,
  base: Pipeline,
  { seed, hooks = {}, throttling = true, everyMinute }: PlayOptions,
): Promise<Played> {
  const pipeline = pipelineOf(scenario, base);
  const world = worldOf(pipeline, scenario, seed);
  const limits = throttling ? 'published' : 'none';
  const cloud = await Cloud.start({ world, pipeline, seed, hooks, limits });
  const watched = everyMinute && { everyMinute: () => everyMinute(cloud) };
  await playOn(cloud, scenario, watched);
  return { cloud, outcome: await outcomeOf(cloud, BEGIN) };
}

/**
 * Steps of one moment keep their order. Throws `ScenarioError` where AWS or GitHub refuses what a
 * step has somebody do; `refused`: that is told instead, and the story goes on.
 */
export async function playOn(
  stage: Stage,
  { steps, until }: Scenario,
  { refused = rethrow, everyMinute }: Playing = {},
): Promise<void> {
  const inOrder = steps.map((step, index) => ({ step, index }));
  for (const { step, index } of inOrder.toSorted((a, b) => a.step.at - b.step.at)) {
    if (step.at > until) break;
    await pass(stage, BEGIN + step.at, everyMinute);
    try {
      await playStep(stage, step);
    } catch (error) {
      if (!(error instanceof AwsError || error instanceof GitError)) throw error;
      refused(refusedStep(index, error));
    }
  }
  await pass(stage, BEGIN + until, everyMinute);
}

function rethrow(error: ScenarioError): never {
  throw error;
}

async function pass(
  stage: Stage,
  until: number,
  everyMinute: (() => Promise<void>) | undefined,
): Promise<void> {
  if (everyMinute !== undefined) {
    while (stage.world.now + MINUTE_MS < until) {
      await stage.runUntil(stage.world.now + MINUTE_MS);
      await everyMinute();
    }
  }
  await stage.runUntil(until);
  await everyMinute?.();
}

/** What AWS or git refuses is a mistake in the scenario, and only shows when the step is made. */
function refusedStep(index: number, { name, message }: Error): ScenarioError {
  const path = `steps.${index}`;
  const line = `${path}: is refused when it is its turn: ${message || name}`;
  return new ScenarioError([{ path, line }]);
}
