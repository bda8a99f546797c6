/** What the user configured for one target, as the core needs it. Made by `config.ts`. */
import type { ContainerName } from './image.ts';

export interface Rules {
  /** watch: look, decide and announce; call nothing that changes AWS. */
  readonly mode: 'watch' | 'act';
  /** Which container takes images of which repository. */
  readonly containers: Readonly<Record<ContainerName, ContainerSource>>;
  /** Names of CloudWatch alarms, metric or composite. */
  readonly alarms: readonly string[];
  /** Ids of the other targets that name the same alarm, by alarm. */
  readonly alarmsSharedWith: Readonly<Record<string, readonly string[]>>;
  /** What to do with a release while one of its alarms is red before it starts. */
  readonly whileAlarmRed: 'hold' | 'proceed';
  /** How long a release is held for its alarms, and what happens then. */
  readonly holdMinutes: number;
  readonly afterHold: 'proceed' | 'refuse' | 'ask';
  /** How long a release is watched after ECS says SUCCESSFUL. */
  readonly bakeMinutes: number;
  /** This many failed tasks between start and end of bake condemn the release. */
  readonly maxTaskFailures: number;
  /** A rollout that takes longer is condemned. */
  readonly rolloutMinutes: number;
  /** A way back that takes longer is given up: the next one is tried, or a person is asked. */
  readonly rollbackMinutes: number;
  readonly rollout: RolloutSettings;
}

export interface ContainerSource {
  /** Host of the registry: `<account>.dkr.ecr.<region>.amazonaws.com`. */
  readonly registry: string;
  readonly repository: string;
}

/** The part of ECS's `deploymentConfiguration` that the config names; what is absent stays as it is. */
export interface RolloutSettings {
  readonly minimumHealthyPercent?: number;
  readonly maximumPercent?: number;
  readonly circuitBreaker?: CircuitBreaker;
  /** ECS's own bake, before it says SUCCESSFUL. Always sent; 0 unless configured. */
  readonly ecsBakeMinutes: number;
}

export interface CircuitBreaker {
  readonly enable: boolean;
  readonly resetOnHealthyTask?: boolean;
  readonly threshold?: {
    readonly type: 'COUNT' | 'BOUNDED_PERCENT' | 'UNBOUNDED_PERCENT';
    readonly value: number;
  };
}

export const MINUTE = 60_000;
