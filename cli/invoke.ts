/** `slipway invoke`: one function on one event, in the default world, to its end. */

import { FUNCTION_NAMES, type FunctionName } from '../local/slipway/lambda.ts';
import { Cloud } from '../local/slipway/slipway-cloud.ts';
import { addImagesNamedIn } from '../local/stories/named-images.ts';
import { BEGIN, worldOf } from '../local/stories/scenario-world.ts';
import type { CallMade, DecisionMade, Entry } from '../local/stories/timeline.ts';
import type { Pipeline } from '../shared/config/config.ts';
import { readJson } from './files.ts';
import { colors, json, line, note } from './print.ts';
import { confirmed } from './speaking/confirm.ts';
import { connectAs } from './speaking/connection.ts';
import { EXIT, type ExitCode } from './speaking/exit.ts';
import type { CommonOptions } from './speaking/options.ts';
import { loadPipeline } from './speaking/pipeline.ts';
import { withProgress } from './speaking/progress.ts';
import { nearest, UsageError } from './speaking/usage.ts';

/** By then every target is adopted. */
const SETTLED_MS = 3 * 60_000;
const INPUT_SHOWN = 160;

export interface InvokeOptions extends CommonOptions {
  /** In the account of the config; else in a world of its own, or at `local`. */
  readonly aws: boolean;
  readonly yes: boolean;
}

interface Invoked {
  readonly result?: unknown;
  readonly error?: { readonly name: string; readonly message: string };
  readonly decisions: readonly DecisionMade[];
  readonly calls: readonly CallMade[];
}

export async function invoke(
  name: string,
  file: string,
  options: InvokeOptions,
): Promise<ExitCode> {
  const called = functionNamed(name);
  const event = await readJson(file);
  const invoked =
    options.aws || options.local !== undefined
      ? await invokeThere(called, event, options)
      : await invokeHere(await loadPipeline(options.config), called, event);
  if (invoked === undefined) return EXIT.no;
  if (options.json) printJson(invoked);
  else print(invoked);
  return invoked.error === undefined ? EXIT.done : EXIT.no;
}

function functionNamed(name: string): FunctionName {
  const found = FUNCTION_NAMES.find((each) => each === name);
  if (found !== undefined) return found;
  throw new UsageError(`there is no function "${name}"${nearest(name, FUNCTION_NAMES)}`);
}

/** With the clients of a real account, or of a running local one: what it decides is done there. */
async function invokeThere(
  name: FunctionName,
  event: unknown,
  options: InvokeOptions,
): Promise<Invoked | undefined> {
  const connection = await connectAs(options);
  const question = `Run ${name} on this event, in ${connection.place}? What it decides is done there.`;
  if (!(await confirmed('invoke', question, options))) {
    note('nothing was invoked');
    return undefined;
  }
  const { functionsThere } = await import('./functions-there.ts');
  const { run, entries } = await functionsThere(connection, options);
  const outcome = await withProgress(`running ${name}`, () => outcomeOf(() => run(name, event)));
  return { ...outcome, decisions: only('decision', entries), calls: only('call', entries) };
}

/** The world is the same each time, so that what is printed is, too. */
async function invokeHere(
  pipeline: Pipeline,
  name: FunctionName,
  event: unknown,
): Promise<Invoked> {
  const cloud = await Cloud.start({ world: worldOf(pipeline, {}, 1), pipeline, seed: 1 });
  await cloud.runUntil(BEGIN + SETTLED_MS);
  addImagesNamedIn(cloud.world, event);
  const before = cloud.timeline.length;
  const outcome = await outcomeOf(() => cloud.invoke(name, event));
  const entries = cloud.timeline.slice(before);
  return { ...outcome, decisions: only('decision', entries), calls: only('call', entries) };
}

async function outcomeOf(work: () => Promise<unknown>): Promise<Pick<Invoked, 'result' | 'error'>> {
  try {
    return { result: (await work()) ?? null };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { error: { name: error.name, message: error.message } };
  }
}

function only<T extends Entry['type']>(type: T, entries: readonly Entry[]) {
  return entries.filter((entry): entry is Extract<Entry, { type: T }> => entry.type === type);
}

function printJson({ result, error, decisions, calls }: Invoked): void {
  json({
    result: result ?? null,
    ...(error && { error }),
    decisions: decisions.map(({ type: _, at, ...decision }) => ({ at: iso(at), ...decision })),
    calls: calls.map(({ service, operation, input, outcome }) => ({
      service,
      operation,
      input,
      outcome,
    })),
  });
}

function print({ result, error, decisions, calls }: Invoked): void {
  if (error === undefined) line(`${colors.bold('result')}     ${JSON.stringify(result)}`);
  else line(`${colors.bold('error')}      ${colors.red(`${error.name}: ${error.message}`)}`);
  line(`${colors.bold('decisions')}  ${decisions.length === 0 ? 'none' : ''}`.trimEnd());
  for (const { target, event, because, phase, action } of decisions) {
    line(
      `  ${target} ${event} → ${phase}: ${because}${action === undefined ? '' : ` → ${action}`}`,
    );
  }
  line(`${colors.bold('calls')}      ${calls.length === 0 ? 'none' : ''}`.trimEnd());
  for (const { service, operation, input, outcome } of calls) {
    const end = outcome === 'ok' ? '' : colors.yellow(` (${outcome})`);
    line(`  ${service}:${operation}${end} ${colors.dim(cut(JSON.stringify(input)))}`);
  }
}

/** A record is long; `--json` prints all of it. */
function cut(text: string): string {
  return text.length <= INPUT_SHOWN ? text : `${text.slice(0, INPUT_SHOWN)}…`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
