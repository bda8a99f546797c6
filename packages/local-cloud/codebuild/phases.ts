/**
 * How a build of the local CodeBuild runs: phase after phase in virtual time, by its plan, within
 * the account's limit of builds at once and its two timeouts.
 */
import { createHash } from 'node:crypto';
import type { BuildPhaseType, StatusType } from '@aws-sdk/client-codebuild';
import { random } from '../kernel/random.ts';
import { schedule } from '../kernel/timers.ts';
import type { World } from '../kernel/world.ts';
import { runBuildspec } from './buildspec.ts';
import { tellPhase, tellState } from './events.ts';
import { AFTER_FAILURE, AFTER_SUCCESS, SECONDS } from './phase-order.ts';
import { type BuildState, currentPhase, isInProgress, type PhaseState } from './state.ts';

/** The event of the end came 1 to 14 s after it (public events). */
const TOLD_AFTER_MS = 1_000;

/** Lets a build that was just made run. It is queued at once (SUBMITTED: 0 s in public events). */
export function submit(world: World, build: BuildState): void {
  tellState(world, build);
  endPhase(world, build, { status: 'SUCCEEDED', next: 'QUEUED' });
  const { queuedTimeoutInMinutes } = build.settings;
  scheduleTimeout(world, build, queuedTimeoutInMinutes, 'queued');
}

/** Ends a build at once, wherever it is. One that has ended stays as it is. */
export function stop(world: World, build: BuildState): void {
  if (!isInProgress(build)) return;
  endPhase(world, build, { status: 'STOPPED', contexts: [], next: 'COMPLETED' });
  complete(world, build, 'STOPPED');
}

export const phaseTimers = {
  'codebuild.phase': (world: World, { build: id, step }: Record<string, unknown>): void => {
    const build = world.codebuild.builds[String(id)];
    // Phases are only added, so their number names the phase; the timer of a left one is stale.
    if (build === undefined || build.phases.length !== step || !isInProgress(build)) return;
    if (isQueued(build) && !willFail(build, 'QUEUED')) leaveQueue(world);
    else finishPhase(world, build);
  },

  'codebuild.timeout': (world: World, { build: id, kind }: Record<string, unknown>): void => {
    const build = world.codebuild.builds[String(id)];
    if (build === undefined || !isInProgress(build)) return;
    const queued = isQueued(build);
    if (kind === 'queued' && !queued) return;
    const contexts = contextsOf(build, 'TIMED_OUT', MESSAGES.TIMED_OUT);
    endPhase(world, build, { status: 'TIMED_OUT', contexts, next: 'COMPLETED' });
    // Observed (2026): a build that takes too long is FAILED, only its phase is TIMED_OUT. That the
    // documented status stands for the queue's timeout is unverified.
    complete(world, build, queued ? 'TIMED_OUT' : 'FAILED');
  },
};

/** Starts what waits while there is room; the oldest first (AWS promises no order). */
function leaveQueue(world: World): void {
  for (const build of Object.values(world.codebuild.builds)) {
    if (!isInProgress(build) || !isQueued(build)) continue;
    if (world.now < currentPhase(build).startedAt + SECONDS.QUEUED[0] * 1000) continue;
    if (runningBuilds(world) >= world.codebuild.concurrentBuildLimit) return;
    scheduleTimeout(world, build, build.settings.timeoutInMinutes, 'running');
    finishPhase(world, build);
  }
}

function runningBuilds(world: World): number {
  const builds = Object.values(world.codebuild.builds);
  return builds.filter((build) => isInProgress(build) && !isQueued(build)).length;
}

function isQueued(build: BuildState): boolean {
  return currentPhase(build).type === 'QUEUED';
}

function scheduleTimeout(
  world: World,
  build: BuildState,
  minutes: number,
  kind: 'queued' | 'running',
): void {
  schedule(world, world.now + minutes * 60_000, 'codebuild.timeout', { build: build.id, kind });
}

function willFail({ plan }: BuildState, phase: BuildPhaseType): boolean {
  return (plan.outcome ?? 'SUCCEEDED') !== 'SUCCEEDED' && (plan.phase ?? 'BUILD') === phase;
}

/** The phase's time is over: it ends as planned, and the next begins. */
function finishPhase(world: World, build: BuildState): void {
  const { type } = currentPhase(build);
  const planned = willFail(build, type) ? (build.plan.outcome ?? 'SUCCEEDED') : 'SUCCEEDED';
  if (planned === 'STOPPED') {
    stop(world, build);
    return;
  }
  const refusal = type === 'BUILD' ? runBuildspec(world, build, planned) : undefined;
  const status = planned === 'SUCCEEDED' && refusal !== undefined ? 'FAILED' : planned;
  if (type === 'DOWNLOAD_SOURCE' && status === 'SUCCEEDED') resolveSource(build);
  const quiet = type === 'QUEUED' && status === 'SUCCEEDED';
  const contexts = quiet ? undefined : contextsOf(build, status, refusal);
  switch (status) {
    case 'SUCCEEDED':
    case 'FAILED': {
      const next = (status === 'FAILED' ? AFTER_FAILURE : AFTER_SUCCESS)[type];
      endPhase(world, build, { status, contexts, next });
      if (next !== 'COMPLETED') return;
      const failed = build.phases.some((phase) => phase.status === 'FAILED');
      complete(world, build, failed ? 'FAILED' : 'SUCCEEDED');
      return;
    }
    case 'FAULT':
    case 'TIMED_OUT':
      endPhase(world, build, { status, contexts, next: 'COMPLETED' });
      complete(world, build, status);
  }
}

interface PhaseEnd {
  readonly status: StatusType;
  readonly contexts?: PhaseState['contexts'] | undefined;
  readonly next: BuildPhaseType;
}

/** The next phase begins at once: the event of the end shows it already (public events). */
function endPhase(world: World, build: BuildState, { status, contexts, next }: PhaseEnd): void {
  const phase = currentPhase(build);
  phase.endedAt = world.now;
  phase.status = status;
  if (contexts !== undefined) phase.contexts = contexts;
  build.phases.push({ type: next, startedAt: world.now });
  tellPhase(world, build, phase);
  if (next === 'COMPLETED') return;
  const [least, most] = SECONDS[next];
  const drawn = least + random(world) * (most - least);
  const seconds = next === 'BUILD' ? (build.plan.seconds ?? drawn) : drawn;
  schedule(world, world.now + Math.round(seconds * 1000), 'codebuild.phase', {
    build: build.id,
    step: build.phases.length,
  });
}

function complete(world: World, build: BuildState, status: StatusType): void {
  build.status = status;
  build.endedAt = world.now;
  schedule(world, world.now + TOLD_AFTER_MS, 'codebuild.told', { build: build.id });
  leaveQueue(world);
}

/** The codes: public events and answers; that of FAULT is unverified. */
const CODES = {
  SUCCEEDED: '',
  FAILED: 'COMMAND_EXECUTION_ERROR',
  FAULT: 'INTERNAL_SERVICE_ERROR',
  TIMED_OUT: 'BUILD_TIMED_OUT',
} as const;
const MESSAGES = {
  SUCCEEDED: '',
  FAILED: 'Error while executing command: docker buildx build. Reason: exit status 1',
  FAULT: 'Internal service error: try the build again',
  TIMED_OUT: 'Build has timed out. ',
} as const;

function contextsOf({ plan }: BuildState, status: keyof typeof CODES, message?: string) {
  const planned = status === 'SUCCEEDED' ? undefined : plan.message;
  return [{ statusCode: CODES[status], message: message ?? planned ?? MESSAGES[status] }];
}

/** The local AWS has no git: a commit is itself, a branch or tag a commit made of its name. */
function resolveSource(build: BuildState): void {
  const { source, sourceVersion = 'HEAD' } = build.settings;
  if (source.type === 'NO_SOURCE' || source.type === 'S3') return;
  build.resolvedSourceVersion = /^[0-9a-f]{40}$/.test(sourceVersion)
    ? sourceVersion
    : createHash('sha1').update(`${source.location} ${sourceVersion}`).digest('hex');
}
