/**
 * What only the infrastructure needs to know: the rights of `settle`, and whom the pipeline's own
 * alarms tell. The second file that you edit, and the one that your security team reads. It is
 * checked before anything is created.
 */

export interface Settings {
  /**
   * For each target that acts (mode 'act'), by its name in `pipeline.config.ts`. Slipway registers
   * revisions of these families only, and hands no other role to a task.
   */
  readonly taskDefinitions: Readonly<Record<string, TaskDefinitionRights>>;
  /** ARN of an SNS topic for the alarms that watch the pipeline itself. Without one they show on the dashboard only. */
  readonly alarmTopic?: string;
  /** How long the functions' logs are kept. Default 30; one of the numbers that CloudWatch Logs has. */
  readonly logDays?: number;
  /** How long history entries are kept, 1 to 3650. Default 90. */
  readonly historyDays?: number;
  /**
   * How many messages of each queue are settled at a time, 2 to 100. Their sum is reserved from the
   * account's Lambda concurrency, of which Lambda wants 100 left over. Default 10 each.
   */
  readonly concurrency?: { readonly urgent: number; readonly releases: number };
}

export interface TaskDefinitionRights {
  /** `family` in the service's task definition; its ARN ends in `task-definition/<family>:<number>`. */
  readonly family: string;
  /** `taskRoleArn` and `executionRoleArn` of the task definition, by name; with the path, if they have one. */
  readonly roles: readonly string[];
}

export const settings: Settings = {
  taskDefinitions: {
    web: { family: 'web', roles: ['web-task', 'web-execution'] },
    worker: { family: 'worker', roles: ['worker-task', 'worker-execution'] },
  },
};
