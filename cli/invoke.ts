/** `slipway invoke`: one function on one event, in the default world, to its end. */
import { Option } from 'commander';
import type { FunctionName } from '../local/slipway/lambda.ts';
import type { CallMade, DecisionMade, Entry } from '../local/stories/timeline.ts';
import { type CommandDefinition, GROUPS, yesOption } from './command.ts';
import { connect } from './connect/connection.ts';
import { type CommonOptions, commonOptions } from './connect/options.ts';
import { readJson } from './connect/read-json.ts';
import { UsageError } from './output/command-error.ts';
import { confirmed } from './output/confirm.ts';
import { EXIT, type ExitCode } from './output/exit.ts';
import { nearest } from './output/nearest.ts';
import { colors, json, line, note } from './output/print.ts';
import { withProgress } from './output/progress.ts';
import { iso } from './output/words.ts';

export const invokeCommand: CommandDefinition = {
  usage: 'invoke <function> <file>',
  group: GROUPS.local,
  about: 'runs one function on an event, on the local AWS or with --aws in the account',
  more: 'Without --aws and --local it runs in a local AWS of its own, in which the services of the config are adopted and the images that the event names are in the registry. Prints the result, the decisions and the calls to AWS. Exit code 1: the function threw, as for an event that must reach the dead-letter queue.',
  arguments: {
    function: 'image-pushed, reconcile, tick, …',
    file: 'an event as JSON; samples are in events/',
  },
  options: [
    new Option(
      '--show-values',
      'what a task definition holds, too: plain environment variables, commands',
    ),
    new Option('--aws', 'in the account of the config, with your rights: what it decides is done'),
    yesOption(),
  ],
  examples: ['slipway invoke image-pushed events/ecr-image-pushed.json'],
  run: async ([name = '', file = ''], given) => {
    const options = {
      ...commonOptions(given),
      aws: given.aws === true,
      yes: given.yes === true,
      showValues: given.showValues === true,
    };
    return await invoke(name, file, options);
  },
};

/** By then every target is adopted. */
const SETTLED_MS = 3 * 60_000;
const INPUT_SHOWN = 160;

interface InvokeOptions extends CommonOptions {
  /** In the account of the config; else in a world of its own, or at `local`. */
  readonly aws: boolean;
  readonly yes: boolean;
  readonly showValues: boolean;
}

interface Invoked {
  readonly result?: unknown;
  readonly error?: { readonly name: string; readonly message: string };
  readonly decisions: readonly DecisionMade[];
  readonly calls: readonly CallMade[];
}

async function invoke(name: string, file: string, options: InvokeOptions): Promise<ExitCode> {
  const called = await functionNamed(name);
  const event = await readJson(file);
  const invoked =
    options.aws || options.local !== undefined
      ? await invokeThere(called, event, options)
      : await invokeHere(called, event, options);
  if (invoked === undefined) return EXIT.no;
  const shown = options.showValues
    ? invoked
    : { ...invoked, calls: invoked.calls.map((call) => ({ ...call, input: namesOnly(call) })) };
  if (options.json) printJson(shown);
  else print(shown);
  return invoked.error === undefined ? EXIT.done : EXIT.no;
}

/** What is the user's own in a task definition is none of a terminal's, nor of a log of CI. */
function namesOnly({ operation, input }: CallMade): CallMade['input'] {
  const { containerDefinitions } = input as { readonly containerDefinitions?: unknown };
  if (operation !== 'RegisterTaskDefinition' || !Array.isArray(containerDefinitions)) return input;
  const named = containerDefinitions.map((container: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(
      Object.entries(container).map(([key, value]) => [
        key,
        SHOWN.has(key) ? value : hidden(value),
      ]),
    ),
  );
  return { ...input, containerDefinitions: named };
}

const SHOWN = new Set(['name', 'image', 'essential', 'cpu', 'memory', 'memoryReservation']);

/** Of what has names, the names. */
function hidden(value: unknown): unknown {
  if (!Array.isArray(value)) return HIDDEN;
  return value.map((one: unknown) => {
    const name = typeof one === 'object' && one !== null && 'name' in one ? one.name : undefined;
    return typeof name === 'string' ? { name, value: HIDDEN } : HIDDEN;
  });
}

const HIDDEN = '(hidden: --show-values)';

async function functionNamed(name: string): Promise<FunctionName> {
  const { FUNCTION_NAMES } = await import('../local/slipway/lambda.ts');
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
  const connection = await connect(options);
  const question = `Run ${name} on this event, in ${connection.place}? What it decides is done there.`;
  if (!(await confirmed('invoke', question, options))) {
    note('nothing was invoked');
    return undefined;
  }
  const { connectFunctions } = await import('./connect/connected-functions.ts');
  const { run, entries } = await connectFunctions(connection, options);
  const outcome = await withProgress(`running ${name}`, () => outcomeOf(() => run(name, event)));
  return { ...outcome, decisions: only('decision', entries), calls: only('call', entries) };
}

/** The world is the same each time, so that what is printed is, too. */
async function invokeHere(
  name: FunctionName,
  event: unknown,
  options: InvokeOptions,
): Promise<Invoked> {
  const { loadPipeline } = await import('./connect/pipeline.ts');
  const { Cloud } = await import('../local/slipway/slipway-cloud.ts');
  const { BEGIN, worldOf } = await import('../local/stories/setup/scenario-world.ts');
  const { addImagesNamedIn } = await import('../local/stories/named-images.ts');
  const { takingPushes } = await import('../local/slipway/hand-pushed.ts');
  const pipeline = takingPushes(await loadPipeline(options));
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
