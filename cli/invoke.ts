/** `slipway invoke`: one function on one event, in the default world, to its end. */
import { Cloud } from '../local/cloud.ts';
import { FUNCTION_NAMES, type FunctionName } from '../local/lambda.ts';
import { addImagesNamedIn } from '../local/named-images.ts';
import { BEGIN, worldOf } from '../local/scenario-world.ts';
import type { CallMade, DecisionMade, Entry } from '../local/timeline.ts';
import pipeline from '../pipeline.config.ts';
import { COMMON_OPTIONS, nearest, readArguments, UsageError } from './arguments.ts';
import { readJson } from './files.ts';
import { colors, json, line } from './print.ts';

/** By then every target is adopted. */
const SETTLED_MS = 3 * 60_000;
const INPUT_SHOWN = 160;
const HELP = `slipway invoke <function> <event.json> [--json]

Runs one function of ${FUNCTION_NAMES.join(', ')}
on the event in the file, against the local AWS: the services of pipeline.config.ts run and are
adopted, and images that the event names are in the registry. Prints the result, the decisions and
the calls to AWS. Samples are in events/.

  --json   one object: { "result", "decisions", "calls" }

Exit code 0: it ran. 1: the function threw, as for an event that must reach the dead-letter queue.
2: it was asked wrongly.
`;

interface Invoked {
  readonly result?: unknown;
  readonly error?: { readonly name: string; readonly message: string };
  readonly decisions: readonly DecisionMade[];
  readonly calls: readonly CallMade[];
}

export async function invoke(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, COMMON_OPTIONS);
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const [name, file, tooMuch] = positionals;
  if (name === undefined || file === undefined) {
    throw new UsageError(
      'invoke needs a function and a file: slipway invoke <function> <event.json>',
    );
  }
  if (tooMuch !== undefined) throw new UsageError(`"${tooMuch}" is one word too many`);
  const invoked = await invokeIn(functionNamed(name), await readJson(file));
  if (values.json) printJson(invoked);
  else print(invoked);
  return invoked.error === undefined ? 0 : 1;
}

function functionNamed(name: string): FunctionName {
  const found = FUNCTION_NAMES.find((each) => each === name);
  if (found !== undefined) return found;
  throw new UsageError(`there is no function "${name}"${nearest(name, FUNCTION_NAMES)}`);
}

/** The world is the same each time, so that what is printed is, too. */
async function invokeIn(name: FunctionName, event: unknown): Promise<Invoked> {
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
