/**
 * The local CodeBuild: what it remembers, and the scenario's hand that decides how a build goes.
 * How builds run is in `phases.ts`, what a client calls in `operations.ts`.
 */
import type {
  BuildPhaseType,
  EnvironmentVariable,
  ProjectEnvironment,
  ProjectSource,
  StatusType,
} from '@aws-sdk/client-codebuild';
import type { Push } from '../ecr/images.ts';
import { table } from '../kernel/tables.ts';
import type { World } from '../kernel/world.ts';

export interface CodeBuildState {
  /** By name. */
  projects: Record<string, ProjectState>;
  /** By id (`project:uuid`), oldest first. */
  builds: Record<string, BuildState>;
  /** What StartBuild and RetryBuild were asked with a token; valid five minutes. */
  tokens: Record<string, TokenUse>;
  /** How builds of a commit go, by `planKey`; the first is the next one's. */
  plans: Record<string, BuildPlan[]>;
  /** The commit that an image of ours was built from, by digest: its revision label. */
  revisions: Record<string, string>;
  /**
   * How many builds of the account run at once; more wait in the queue, at most five times as many
   * (docs, builds-working). AWS has such a limit for each platform and compute type.
   */
  concurrentBuildLimit: number;
}

declare module '../kernel/world.ts' {
  interface ServiceStates {
    codebuild: CodeBuildState;
  }
}

export interface ProjectState {
  readonly name: string;
  readonly createdAt: number;
  readonly description?: string;
  readonly settings: BuildSettings;
  /** At this many builds, StartBuild is refused (docs, builds-working). */
  readonly concurrentBuildLimit?: number;
  /** Of its newest build; the first is 1. */
  lastBuildNumber: number;
}

/** What a build takes from its project, each of which StartBuild can override. */
export interface BuildSettings {
  readonly source: ProjectSource;
  readonly sourceVersion?: string;
  readonly environment: ProjectEnvironment & {
    readonly environmentVariables: EnvironmentVariable[];
  };
  readonly serviceRole: string;
  readonly timeoutInMinutes: number;
  readonly queuedTimeoutInMinutes: number;
  readonly autoRetryLimit: number;
}

export interface BuildState {
  readonly id: string;
  readonly project: string;
  readonly number: number;
  readonly startedAt: number;
  readonly initiator: string;
  readonly settings: BuildSettings;
  readonly plan: BuildPlan;
  /** The last one is the current one; it has no end until the next begins. */
  readonly phases: PhaseState[];
  status: StatusType;
  endedAt?: number;
  /** Known when the source is there. */
  resolvedSourceVersion?: string;
  exported: Record<string, string>;
  readonly retryNumber: number;
  /** Ids of builds. */
  readonly previousRetry?: string;
  nextRetry?: string;
}

export interface PhaseState {
  readonly type: BuildPhaseType;
  readonly startedAt: number;
  endedAt?: number;
  status?: StatusType;
  /** SUBMITTED and QUEUED have none, a phase that went well an empty one (public events). */
  contexts?: { readonly statusCode: string; readonly message: string }[];
}

interface TokenUse {
  readonly request: string;
  readonly build: string;
  readonly at: number;
}

/** How one build goes; part of the scenario. What is left out goes well. */
export interface BuildPlan {
  /** How long BUILD takes; 60 if absent. More than the project's timeout: it times out. */
  readonly seconds?: number;
  /**
   * What the build's status is in the end; SUCCEEDED if absent. TIMED_OUT is the documented status:
   * a build that really takes too long was seen to end FAILED, its phase TIMED_OUT.
   */
  readonly outcome?: Exclude<StatusType, 'IN_PROGRESS'>;
  /** Where it ends so; BUILD if absent. */
  readonly phase?: Exclude<BuildPhaseType, 'SUBMITTED' | 'COMPLETED'>;
  /** Why, as the phase's context says it. */
  readonly message?: string;
  /** After the event of its start none comes: CodeBuild's events are best effort. */
  readonly loseEvent?: boolean;
  /** Whether its BUILD pushes an image; if absent, when BUILD succeeds. */
  readonly pushes?: boolean;
  /** What is pushed, beside repository and tag, which the build's environment names. */
  readonly image?: Omit<Push, 'repository' | 'tag' | 'tags'>;
}

/** docs, limits: 20 for most compute types of an account that is not new. */
const CONCURRENT_BUILDS = 20;

export function emptyCodeBuild(): CodeBuildState {
  return {
    projects: table(),
    builds: table(),
    tokens: table(),
    plans: table(),
    revisions: table(),
    concurrentBuildLimit: CONCURRENT_BUILDS,
  };
}

export interface PlannedBuild {
  /** A project's name; every project's builds of the commit if absent. */
  readonly project?: string;
  /** As StartBuild's `sourceVersion` will name it. */
  readonly commit: string;
  readonly plan: BuildPlan;
}

/**
 * Decides how the builds of a commit go. Several plans of one commit are taken in turn, a retry
 * takes the next, and the last one stays.
 */
export function planBuild(world: World, { project, commit, plan }: PlannedBuild): void {
  const key = planKey(project, commit);
  world.codebuild.plans[key] = [...(world.codebuild.plans[key] ?? []), plan];
}

/** Takes the plan of the next build of this commit. What nobody planned goes well. */
export function takePlan(world: World, project: string, commit = ''): BuildPlan {
  const { plans } = world.codebuild;
  const waiting = plans[planKey(project, commit)] ?? plans[planKey(undefined, commit)] ?? [];
  const plan = waiting.length > 1 ? waiting.shift() : waiting[0];
  return plan ?? {};
}

function planKey(project: string | undefined, commit: string): string {
  return `${project ?? '*'} ${commit}`;
}

export function projectArn({ region, account }: World, name: string): string {
  return `arn:aws:codebuild:${region}:${account}:project/${name}`;
}

export function buildArn({ region, account }: World, id: string): string {
  return `arn:aws:codebuild:${region}:${account}:build/${id}`;
}

/** The uuid of a build's id: also the name of its log stream. */
export function logStreamOf({ id, project }: Pick<BuildState, 'id' | 'project'>): string {
  return id.slice(project.length + 1);
}

/** Whether it has not ended. */
export function isInProgress({ status }: Pick<BuildState, 'status'>): boolean {
  return status === 'IN_PROGRESS';
}

/** The phase that it is in, COMPLETED at the end. */
export function currentPhase({ phases, id }: BuildState): PhaseState {
  const phase = phases.at(-1);
  if (phase === undefined) throw new Error(`build ${id} has no phase: a build begins with one`);
  return phase;
}
