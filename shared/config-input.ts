/** What the user writes in `pipeline.config.ts`. Types and comments only: they show in the editor. */
import type { CircuitBreaker, Rules } from './core/rules.ts';
import type { Newer, TagFilter } from './tags.ts';

export interface PipelineInput {
  /** The AWS account, twelve digits in quotes. Events of other accounts are ignored. */
  readonly account: string;
  /** The region of services, images and alarms: `eu-central-1`. */
  readonly region: string;
  /** What is deployed to, each under a name of yours. The name is a label, used in messages. */
  readonly targets: Readonly<Record<string, EcsServiceTarget>>;
}

/** One ECS service. */
export interface EcsServiceInput {
  /** The cluster's name, not its ARN. */
  readonly cluster: string;
  /** The service's name, not its ARN. It exists already. */
  readonly service: string;
  /** The containers that are deployed, by their name in the task definition; others stay as they are. */
  readonly containers: Readonly<Record<string, ContainerInput>>;
  /**
   * CloudWatch alarms, metric or composite, by name. One that rises during a release or its bake
   * brings the last proven release back. A service without alarms says so: `noAlarms('why')`.
   */
  readonly alarms: readonly [string, ...string[]] | NoAlarms;
  /** How ECS rolls out. What is left out stays as the service has it. */
  readonly rollout?: RolloutInput | undefined;
  /** How tasks are replaced. Only ECS's rolling update for now; others come later. */
  readonly strategy?: 'rolling' | undefined;
  /** How long a release is watched after ECS says that it succeeded, 1 to 1440. Default 10. */
  readonly bakeMinutes?: number | undefined;
  /** This many failed tasks between start and end of bake condemn a release, 1 to 1000. Default 3. */
  readonly maxTaskFailures?: number | undefined;
  /** A rollout that takes longer is given up and rolled back, 1 to 1440. Default 60. */
  readonly rolloutMinutes?: number | undefined;
  /** A way back that takes longer is given up for the next one, 1 to 1440. Default 30. */
  readonly rollbackMinutes?: number | undefined;
  /** A new image while one of the alarms is red: wait until it is green, or go on. Default hold. */
  readonly whileAlarmRed?: Rules['whileAlarmRed'] | undefined;
  /** How long such a hold may last, 1 to 10080. Default 240. */
  readonly holdMinutes?: number | undefined;
  /** When it has lasted that long: refuse the image, go on with it, or ask a person. Default ask. */
  readonly afterHold?: Rules['afterHold'] | undefined;
  /** watch: say what would be done, and change nothing in AWS. Default act. */
  readonly mode?: Rules['mode'] | undefined;
}

export interface ContainerInput {
  /** The name of the ECR repository, slashes included: `shop/web`. */
  readonly repository: string;
  /**
   * Which tags deploy: `{ glob: 'main-*' }`, several in a list; `{ semver: '>=1.2' }`, without
   * pre-releases; `{ regex: '^build-(\\d+)$' }`, which is anchored only where it says so.
   */
  readonly tags: TagFilter;
  /**
   * Which of two images is newer: the one pushed later (the default), the one of the higher
   * version, or the one of the higher number. Version and number are the first capture group of
   * a regex; without one, the whole tag and its last group of digits (at most 15).
   */
  readonly newer?: Newer | undefined;
}

export interface RolloutInput {
  /** Tasks that must stay healthy, in percent of the desired count, rounded up; 0 to 100. */
  readonly minimumHealthyPercent?: number | undefined;
  /** Tasks that may exist, in percent of the desired count, rounded down; 100 to 1000. */
  readonly maximumPercent?: number | undefined;
  /** ECS's own guard against tasks that do not start or do not get healthy. */
  readonly circuitBreaker?: CircuitBreakerInput | undefined;
  /** ECS's own bake, before it says that a rollout succeeded, 0 to 1440. Default 0. */
  readonly ecsBakeMinutes?: number | undefined;
}

export interface CircuitBreakerInput {
  readonly enable: boolean;
  /** true (ECS's default): a healthy task sets the count of failures back to 0. */
  readonly resetOnHealthyTask?: boolean | undefined;
  /** COUNT: so many failures. The others: percent of the desired count, BOUNDED to 3 to 200. */
  readonly threshold?: NonNullable<CircuitBreaker['threshold']> | undefined;
}

/** Made by `noAlarms`. */
export interface NoAlarms {
  readonly noAlarmsBecause: string;
}

/** Made by `ecsService`. Other types of target come later. */
export interface EcsServiceTarget extends EcsServiceInput {
  readonly type: 'ecs-service';
}
