/**
 * Lambda functions as those see them who invoke them and wait: limits, and an answer some time later. What
 * a function does is not modelled: it answers by a script, or whoever runs functions takes its
 * invocations (`takeInvocations`) and answers them (`answerInvocation`).
 */
import { table } from '../kernel/tables.ts';
import { schedule, type TimerHandlers } from '../kernel/timers.ts';
import type { World } from '../kernel/world.ts';

export interface LambdaState {
  /** By name. */
  functions: Record<string, FunctionRecord>;
  /** By id; only those that have not ended. */
  invocations: Record<string, InvocationRecord>;
}

declare module '../kernel/world.ts' {
  interface ServiceStates {
    lambda: LambdaState;
  }
}

export interface FunctionRecord {
  readonly name: string;
  readonly timeoutSeconds: number;
  /** How many may run at a time; absent: as many as there are. */
  concurrency?: number;
  /** ARNs of the roles that may invoke it; absent: everybody. */
  readonly invokers?: readonly string[];
  /** What it answers, one after the other; the last one for ever. Absent: somebody else runs it. */
  script?: ScriptedAnswer[];
  /** What goes wrong with each invocation, for a while. */
  ill?: Illness;
}

export interface Illness {
  readonly how: 'throttled' | 'throws';
  readonly until: number;
}

export interface ScriptedAnswer {
  /** Longer than the function's time-out: it times out. */
  readonly afterSeconds?: number;
  /** JSON; absent: it throws. */
  readonly answer?: unknown;
}

interface InvocationRecord {
  readonly id: string;
  readonly function: string;
  readonly payload: unknown;
  readonly startedAt: number;
  taken: boolean;
  readonly hearer: Hearer;
}

/** The timer that hears the outcome: its kind, and what it gets beside `outcome`. */
interface Hearer {
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a synchronous invocation ends with. */
export type Outcome =
  | { readonly kind: 'answered'; readonly payload: unknown }
  /** The function threw, or ran out of its time. */
  | { readonly kind: 'function-error' };

export type Refusal = 'not-found' | 'not-authorized' | 'throttled';

export function emptyLambda(): LambdaState {
  return { functions: table(), invocations: table() };
}

/** `arn:aws:lambda:eu-west-1:123456789012:function:check`, also with a version or an alias behind it. */
function functionArn({ region, account }: World, name: string): string {
  return `arn:aws:lambda:${region}:${account}:function:${name}`;
}

/** Makes a function, or changes what was said of it. */
export function addFunction(world: World, given: FunctionRecord): string {
  world.lambda.functions[given.name] = given;
  return functionArn(world, given.name);
}

/** For a while it cannot be invoked, or throws; one that is not there stays so. */
export function makeIll(world: World, name: string, ill: Illness): void {
  const found = world.lambda.functions[name];
  if (found !== undefined) found.ill = ill;
}

/**
 * Invokes synchronously (API reference, Invoke: RequestResponse). Answers why not, or nothing:
 * the timer `hearer` gets the outcome.
 */
export function invoke(
  world: World,
  {
    arn,
    role,
    payload,
    hearer,
  }: {
    readonly arn: string;
    readonly role: string;
    readonly payload: unknown;
    readonly hearer: Hearer;
  },
): Refusal | undefined {
  const [name = ''] = arn.slice(arn.indexOf(':function:') + ':function:'.length).split(':');
  const found = world.lambda.functions[name];
  if (found === undefined) return 'not-found';
  if (found.invokers !== undefined && !found.invokers.includes(role)) return 'not-authorized';
  const running = Object.values(world.lambda.invocations).filter((one) => one.function === name);
  const { ill } = found;
  const how = ill !== undefined && world.now < ill.until ? ill.how : undefined;
  const isFull = found.concurrency !== undefined && running.length >= found.concurrency;
  if (how === 'throttled' || isFull) return 'throttled';
  const script = how === 'throws' ? [{}] : found.script;
  const id = `invocation-${world.sequence++}`;
  world.lambda.invocations[id] = {
    id,
    function: name,
    payload: structuredClone(payload),
    startedAt: world.now,
    taken: script !== undefined,
    hearer,
  };
  const endsAt = world.now + found.timeoutSeconds * 1_000;
  schedule(world, endsAt, 'lambda.end', { id, outcome: { kind: 'function-error' } });
  if (script !== undefined) planScripted(world, id, script[0]);
  // The last answer of a script is given for ever.
  if (script !== undefined && script === found.script && script.length > 1) {
    found.script = script.slice(1);
  }
  return undefined;
}

function planScripted(world: World, id: string, next: ScriptedAnswer | undefined): void {
  const { afterSeconds = 1, answer } = next ?? {};
  const outcome: Outcome =
    answer === undefined ? { kind: 'function-error' } : { kind: 'answered', payload: answer };
  schedule(world, world.now + afterSeconds * 1_000, 'lambda.end', { id, outcome });
}

export interface TakenInvocation {
  readonly id: string;
  readonly function: string;
  readonly payload: unknown;
}

/** The invocations that nobody runs yet; who takes them answers them. */
export function takeInvocations(world: World): TakenInvocation[] {
  const waiting: InvocationRecord[] = [];
  for (const id in world.lambda.invocations) {
    const one = world.lambda.invocations[id];
    if (one === undefined || one.taken) continue;
    one.taken = true;
    waiting.push(one);
  }
  return waiting.map(({ id, function: name, payload }) => ({
    id,
    function: name,
    payload: structuredClone(payload),
  }));
}

/** An answer after the function's time-out is nobody's. */
export function answerInvocation(world: World, id: string, outcome: Outcome): void {
  const invocation = world.lambda.invocations[id];
  if (invocation === undefined) return;
  delete world.lambda.invocations[id];
  const { kind, data } = invocation.hearer;
  schedule(world, world.now, kind, { ...data, outcome });
}

export const lambdaTimers: TimerHandlers = {
  'lambda.end': (world, { id, outcome }) =>
    answerInvocation(world, id as string, outcome as Outcome),
};
