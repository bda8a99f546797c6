/**
 * The services of the local cloud, and what takes all of them: an empty world, a call, time that
 * passes. A new service is one more line in `SERVICES`; the compiler wants one for each part that
 * somebody added to the world.
 */
import { cloudwatch } from './cloudwatch/service.ts';
import { codebuild } from './codebuild/service.ts';
import { ecr } from './ecr/service.ts';
import { ecs } from './ecs/service.ts';
import { elbv2 } from './elbv2/service.ts';
import { eventbridge } from './eventbridge/service.ts';
import { github } from './github/service.ts';
import { accessDenied } from './kernel/access-denied.ts';
import { asCaller, type Call, executeWithFault, type Hooks } from './kernel/call.ts';
import { type Api, findOperation, type Service } from './kernel/service.ts';
import { runTimers, type TimerHandlers } from './kernel/timers.ts';
import {
  type ServiceStates,
  type World,
  type WorldOptions,
  worldWithoutServices,
} from './kernel/world.ts';
import { lambda } from './lambda/service.ts';
import { logs } from './logs/service.ts';
import { secrets } from './secrets/service.ts';
import { sns } from './sns/service.ts';
import { sqs } from './sqs/service.ts';
import { ssm } from './ssm/service.ts';
import { sts } from './sts/service.ts';
import { traffic } from './traffic/service.ts';

type Services = { readonly [Name in keyof ServiceStates]: Service<ServiceStates[Name]> } & {
  readonly logs: Service<undefined>;
  readonly sts: Service<undefined>;
};

/** By the name of its part of the world. */
const SERVICES = {
  ecs,
  ecr,
  cloudwatch,
  traffic,
  eventbridge,
  sns,
  sqs,
  ssm,
  github,
  codebuild,
  secrets,
  elbv2,
  lambda,
  logs,
  sts,
} as const satisfies Services;

const SERVICE_LIST: readonly Service<unknown>[] = Object.values(SERVICES);
const APIS: readonly Api[] = SERVICE_LIST.flatMap(({ api }) => api ?? []);
const TIMERS: TimerHandlers = Object.assign({}, ...SERVICE_LIST.map(({ timers }) => timers));

/** By the names that SigV4 signs with. */
export type ServiceName = ApiOf<(typeof SERVICES)[keyof typeof SERVICES]>;
type ApiOf<S> = S extends { readonly api: { readonly name: infer Name } } ? Name : never;

export const SERVICE_NAMES = APIS.map(({ name }) => name) as readonly ServiceName[];

/** The operations of a service, by the name that SigV4 signs with; undefined if there is none. */
export function operationsOf(service: string): Api['operations'] | undefined {
  return APIS.find(({ name }) => name === service)?.operations;
}

/** A world in which nothing was made yet. */
export function emptyWorld(options: WorldOptions): World {
  const states = Object.entries<Service<unknown>>(SERVICES)
    .map(([name, { emptyState }]) => [name, emptyState(options.seed)] as const)
    .filter(([, state]) => state !== undefined);
  return {
    ...worldWithoutServices(options),
    ...(Object.fromEntries(states) as unknown as ServiceStates),
  };
}

/** Lets everything happen that is due up to and including `until`; then it is `until`. */
export function advance(world: World, until: number): void {
  runTimers(world, until, TIMERS);
}

/** Executes one operation. Throws an AwsError where AWS answers with an error. */
export function execute(world: World, service: string, operation: string, input: object): unknown {
  return findOperation(APIS, service, operation)(world, input as never);
}

/** Executes a call with its fault. Throws an AwsError, or NoAnswer. */
export function executeCall(world: World, call: Call, hooks: Hooks = {}): unknown {
  const { service, operation, input, caller } = call;
  return executeWithFault(call, hooks, () => {
    refuseUnauthorized(world, call, hooks);
    return asCaller(world, caller, () => execute(world, service, operation, input));
  });
}

/** AWS asks IAM before it looks at anything else. Throws what the service says then. */
function refuseUnauthorized(world: World, call: Call, { authorizer }: Hooks): void {
  const { service, operation, input, caller } = call;
  if (authorizer === undefined || caller === undefined) return;
  const needs = APIS.find(({ name }) => name === service)?.needs?.[operation];
  for (const need of needs?.(world, input as never) ?? []) {
    const refusal = authorizer.refusalOf(caller, need);
    if (refusal !== undefined) throw accessDenied(service, refusal);
  }
}
