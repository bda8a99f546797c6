/** The one next call that brings AWS closer to what we want. A value: print it, test it, or carry it out. */
import type { DefinitionRules, DefinitionVersion } from './definition/file.ts';
import type { ContainerName, ImageSet, Moment, TaskDefinitionArn } from './image.ts';
import type { Json } from './json.ts';

export type Action = RegisterRevision | RunMigration | StartRollout | StopRollout;

/** RegisterTaskDefinition: a copy of `base` in which only these containers' images differ, and what git says. */
export interface RegisterRevision {
  readonly type: 'RegisterRevision';
  readonly base: TaskDefinitionArn;
  readonly images: ImageSet;
  /** The version of the file that is laid over it; absent: none, as on every way back. */
  readonly definition?: DefinitionVersion & Pick<DefinitionRules, 'leave' | 'roles'>;
  /** Tags of the new revision, beside those that `base` carries. */
  readonly tags: Readonly<Record<string, string>>;
}

/** RunTask: one, where the tasks of the service run. The same token is the same task. */
export interface RunMigration {
  readonly type: 'RunMigration';
  readonly revision: TaskDefinitionArn;
  readonly container: ContainerName;
  readonly command: readonly string[];
  readonly token: string;
}

/** UpdateService. */
export interface StartRollout {
  readonly type: 'StartRollout';
  readonly revision: TaskDefinitionArn;
  readonly requestedAt: Moment;
  /** Whole: what DescribeServices returned, with what the config names changed. */
  readonly deploymentConfiguration: Readonly<Record<string, Json>>;
}

/** StopServiceDeployment with ROLLBACK. */
export interface StopRollout {
  readonly type: 'StopRollout';
  readonly rollout: string;
}
