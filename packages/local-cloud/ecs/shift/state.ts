/**
 * What a service deployment remembers that shifts traffic (BLUE_GREEN, CANARY, LINEAR): its stages, its
 * hooks, the groups that it moves between. And what AWS leaves open: a world plays one answer.
 */
import type {
  DeploymentLifecycleHookStage,
  ServiceDeploymentLifecycleStage,
} from '@aws-sdk/client-ecs';

/** The SDK's enum of a deployment's stages lacks one that its own text names. */
export type Stage = ServiceDeploymentLifecycleStage | DeploymentLifecycleHookStage;

export interface Shift {
  direction: 'forward' | 'back';
  /** The stages of this direction, in their order, and which of them it is in. */
  plan: StageStep[];
  at: number;
  phase: 'entering' | 'working' | 'hooks' | 'baking';
  /** Nothing happens before. */
  wakeAt?: number;
  enteredAt: number;
  /** What DescribeServiceDeployments shows. */
  stage?: Stage;
  /** Of all its stages so far. */
  hooks: HookRun[];
  /** What a hook's answers said, by its place in the configuration: it comes back with its next call. */
  remembered: Record<string, unknown>;
  /** One for each load balancer; none: headless, or Service Connect. */
  pairs: Pair[];
  /** The revision that has the traffic before, if there is one. */
  source?: string;
  /** What is requested for the target, in percent. */
  production: number;
  test: number;
}

export interface StageStep {
  readonly stage: Stage;
  /** Of a shift: the target's share after it, in percent. */
  readonly percent?: number;
  readonly bakeMs?: number;
}

export interface HookRun {
  readonly id: string;
  /** Its place in the configuration. */
  readonly index: number;
  readonly stage: Stage;
  readonly execution: string;
  readonly targetType: 'AWS_LAMBDA' | 'PAUSE';
  readonly targetArn?: string;
  status: 'AWAITING_ACTION' | 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
  readonly expiresAt: number;
  readonly timeoutAction: 'CONTINUE' | 'ROLLBACK';
}

/** A load balancer's rule (a listener, of a Network Load Balancer), and the two groups behind it. */
export interface Pair {
  readonly rule: string;
  readonly testRule?: string;
  readonly blue: string;
  readonly green: string;
}

/** What AWS does not say, or says in two ways: what this world plays. The first of each is the default. */
export interface Unknowns {
  /** 5 % was seen as 950/50, whole as 100/0. */
  weightScale?: 1000 | 100;
  /** Whether the hooks of PRODUCTION_TRAFFIC_SHIFT are asked before a step's bake or after it. */
  stepBake?: 'after-hooks' | 'before-hooks';
  /** What ECS does with a hook whose function is throttled. */
  throttledHook?: 'fails' | 'retried';
  /** Which rule goes back first; the hooks of the first one hold up the second. */
  rollbackOrder?: 'production-first' | 'test-first';
  /** Keys of the weights that a hook is told: ARNs (documentation), or `cluster/revision` (a public log). */
  weightKeys?: 'arn' | 'short';
  /** The group of a ROLLING deployment of a service that shifted traffic before. */
  rollingGroup?: 'configured' | 'live';
  /** No choice of ours: a rollback that fails and leaves the rule split (public log). */
  brokenRollback?: true;
}
