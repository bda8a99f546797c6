/** Feeds every target its share of the inputs, and tells what came of them. */
import fc from 'fast-check';
import { handlers } from './handlers.ts';
import { parsers } from './parsers.ts';
import { Broken, INPUT_MS_MAX, unpolluted } from './promises.ts';
import { readers } from './readers.ts';
import type { FuzzTarget } from './target.ts';

export const targets: readonly FuzzTarget[] = [...parsers, ...readers, ...handlers];

export interface Settings {
  readonly inputs: number;
  readonly seed: number;
  /** Of one target only. */
  readonly target?: string;
  /** Of fast-check: exactly this input. */
  readonly path?: string;
  /** Told before each input. */
  readonly onInput?: (command: string, number: number) => void;
}

export interface Report {
  readonly target: string;
  readonly inputs: number;
  readonly seconds: number;
  /** How many inputs ended in which way. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly slowest: { readonly ms: number; readonly path: string };
  readonly places?: string;
  readonly failure?: Failure;
}

export interface Failure {
  readonly error: string;
  /** What it was fed, shrunk. */
  readonly input: string;
  readonly plan: string;
  readonly repeat: string;
}

const SHOWN_MAX = 3_000;

export async function* fuzz(settings: Settings): AsyncGenerator<Report> {
  const chosen = targets.filter(({ name }) => (settings.target ?? name) === name);
  const shares = chosen.reduce((sum, { share }) => sum + share, 0);
  for (const target of chosen) {
    const inputs = Math.ceil((settings.inputs * target.share) / shares);
    yield await fuzzTarget(target, inputs, settings);
  }
}

async function fuzzTarget(
  target: FuzzTarget,
  numRuns: number,
  settings: Settings,
): Promise<Report> {
  const kinds: Record<string, number> = {};
  const command = commandFor(target, numRuns, settings.seed);
  let inputs = 0;
  let slowest = { ms: 0, path: '' };
  const property = fc.asyncProperty(target.plan, async (plan) => {
    inputs++;
    settings.onInput?.(command, inputs);
    const input = target.input(plan);
    // Of the processor: how busy the machine is otherwise says nothing of the input.
    const began = process.threadCpuUsage();
    const kind = await target.feed(input);
    const { user, system } = process.threadCpuUsage(began);
    const ms = (user + system) / 1_000;
    if (ms > slowest.ms) slowest = { ms, path: settings.path ?? `${inputs - 1}` };
    if (ms > INPUT_MS_MAX) throw new Broken(`one input took ${Math.round(ms)} ms`);
    unpolluted();
    kinds[kind] = (kinds[kind] ?? 0) + 1;
  });
  const began = performance.now();
  const { seed, path } = settings;
  const first = target.first ?? [];
  const examples = numRuns >= 1.2 * first.length ? first : [];
  const details = await fc.check(property, {
    seed,
    // A path names one input.
    numRuns: path === undefined ? numRuns : 1,
    examples: examples.map((plan): [unknown] => [plan]),
    ...(path === undefined ? {} : { path }),
  });
  const seconds = (performance.now() - began) / 1_000;
  const places = target.places?.toString();
  const report = { target: target.name, inputs, seconds, kinds, slowest };
  return {
    ...report,
    ...(places === undefined ? {} : { places }),
    ...(details.failed ? { failure: failureOf(target, details, numRuns, seed) } : {}),
  };
}

/** The number of inputs decides whether every place comes first. */
function commandFor({ name }: FuzzTarget, inputs: number, seed: number): string {
  return `npm run fuzz -- --target '${name}' --inputs ${inputs} --seed ${seed}`;
}

function failureOf(
  target: FuzzTarget,
  { counterexample, counterexamplePath, errorInstance }: fc.RunDetails<[unknown]>,
  inputs: number,
  seed: number,
): Failure {
  const [plan] = counterexample ?? [];
  const error = errorInstance instanceof Error ? errorInstance : new Error(String(errorInstance));
  const isOurs = error instanceof Broken;
  return {
    error: cut(isOurs ? error.message : (error.stack ?? error.message)),
    input: cut(fc.stringify(target.input(plan))),
    plan: cut(fc.stringify(plan)),
    repeat: `${commandFor(target, inputs, seed)} --path ${counterexamplePath}`,
  };
}

function cut(text: string): string {
  return text.length <= SHOWN_MAX
    ? text
    : `${text.slice(0, SHOWN_MAX)}… (${text.length} characters)`;
}

export function describeFailure(target: string, { error, input, plan, repeat }: Failure): string {
  return [
    `${target} broke: ${error}`,
    `  input: ${input}`,
    `  drawn: ${plan}`,
    `  repeat: ${repeat}`,
  ].join('\n');
}
