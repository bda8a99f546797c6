/**
 * What CodeBuild tells EventBridge of a build. Shapes: docs, sample-build-notifications, and events
 * that their receivers published (2018 to 2020), whose oddities are kept: dates for people, contexts
 * as one text, a phase's event stamped with the phase's beginning.
 */
import type { ProjectSource } from '@aws-sdk/client-codebuild';
import { emit } from '../eventbridge/state.ts';
import type { World } from '../kernel/world.ts';
import {
  type BuildState,
  buildArn,
  currentPhase,
  isInProgress,
  logStreamOf,
  type PhaseState,
} from './state.ts';

/** Of the start, or of the end. */
export function tellState(world: World, build: BuildState): void {
  const begins = isInProgress(build);
  if (isLost(build) && !begins) return;
  // Public events of the start show neither number nor phases yet.
  const { 'build-number': _number, phases: _phases, ...early } = information(world, build);
  tell(world, build, 'CodeBuild Build State Change', world.now, {
    'build-status': build.status,
    'project-name': build.project,
    'build-id': buildArn(world, build.id),
    'additional-information': begins ? early : information(world, build),
    'current-phase': currentPhase(build).type,
    'current-phase-context': contextText(build.phases.findLast(({ contexts }) => contexts)),
    version: '1',
  });
}

/** Of a phase that ended. None is sent of COMPLETED. */
export function tellPhase(world: World, build: BuildState, phase: PhaseState): void {
  if (isLost(build)) return;
  const { startedAt, endedAt = world.now } = phase;
  tell(world, build, 'CodeBuild Build Phase Change', startedAt, {
    'completed-phase': phase.type,
    'project-name': build.project,
    'build-id': buildArn(world, build.id),
    'completed-phase-context': contextText(phase),
    'additional-information': information(world, build),
    'completed-phase-status': phase.status,
    'completed-phase-duration-seconds': secondsOf(phase),
    version: '1',
    'completed-phase-start': dateText(startedAt),
    'completed-phase-end': dateText(endedAt),
  });
}

function isLost({ plan }: BuildState): boolean {
  return plan.loseEvent === true;
}

function tell(
  world: World,
  build: BuildState,
  detailType: string,
  time: number,
  detail: Readonly<Record<string, unknown>>,
): void {
  const resources = [buildArn(world, build.id)];
  emit(world, { source: 'aws.codebuild', detailType, resources, detail, time });
}

function information(world: World, build: BuildState) {
  const { settings } = build;
  const exported = Object.entries(build.exported);
  return {
    cache: { type: 'NO_CACHE' },
    'build-number': build.number,
    'timeout-in-minutes': settings.timeoutInMinutes,
    'build-complete': !isInProgress(build),
    initiator: build.initiator,
    'build-start-time': dateText(build.startedAt),
    source: sourceView(settings.source),
    ...(settings.sourceVersion !== undefined && { 'source-version': settings.sourceVersion }),
    artifact: { location: '' },
    environment: {
      image: settings.environment.image,
      'privileged-mode': settings.environment.privilegedMode ?? false,
      'image-pull-credentials-type': settings.environment.imagePullCredentialsType ?? 'CODEBUILD',
      'compute-type': settings.environment.computeType,
      type: settings.environment.type,
      'environment-variables': settings.environment.environmentVariables.map(
        ({ name, type, value }) => ({ name, type: type ?? 'PLAINTEXT', value }),
      ),
    },
    logs: logsView(world, build),
    phases: build.phases.map(phaseView),
    'queued-timeout-in-minutes': settings.queuedTimeoutInMinutes,
    ...(exported.length > 0 && {
      'exported-environment-variables': exported.map(([name, value]) => ({ name, value })),
    }),
  };
}

function sourceView(source: ProjectSource) {
  return {
    ...(source.reportBuildStatus !== undefined && {
      'report-build-status': source.reportBuildStatus,
    }),
    ...(source.buildspec !== undefined && { buildspec: source.buildspec }),
    ...(source.location !== undefined && { location: source.location }),
    ...(source.gitCloneDepth !== undefined && { 'git-clone-depth': source.gitCloneDepth }),
    type: source.type,
  };
}

function logsView(world: World, build: BuildState) {
  const { groupName, streamName } = logNames(build);
  const link = { 'deep-link': logLink(world, build) };
  if (groupName === undefined) return link;
  return { 'group-name': groupName, 'stream-name': streamName, ...link };
}

/** The log stream is made in PROVISIONING; before that the link says null. */
export function logLink({ region }: World, build: BuildState): string {
  const { groupName = 'null', streamName = 'null' } = logNames(build);
  return `https://console.aws.amazon.com/cloudwatch/home?region=${region}#logEvent:group=${groupName};stream=${streamName}`;
}

/** Group and stream of a build's log, once there is one. */
export function logNames(build: BuildState): { groupName?: string; streamName?: string } {
  const provisioned = build.phases.some(
    ({ type, endedAt }) => type === 'PROVISIONING' && endedAt !== undefined,
  );
  if (!provisioned) return {};
  return { groupName: `/aws/codebuild/${build.project}`, streamName: logStreamOf(build) };
}

function phaseView(phase: PhaseState) {
  const { type, startedAt, endedAt, status } = phase;
  const begin = { 'start-time': dateText(startedAt), 'phase-type': type };
  if (endedAt === undefined) return begin;
  return {
    'phase-context': contextTexts(phase),
    'start-time': dateText(startedAt),
    'end-time': dateText(endedAt),
    'duration-in-seconds': secondsOf(phase),
    'phase-type': type,
    'phase-status': status,
  };
}

/** ": " where nothing went wrong. */
function contextTexts({ contexts = [] }: Pick<PhaseState, 'contexts'>): string[] {
  return contexts.map(({ statusCode, message }) => `${statusCode}: ${message}`);
}

/** A text that looks like a list and is not JSON. */
function contextText(phase: PhaseState | undefined): string {
  return `[${contextTexts(phase ?? {}).join(', ')}]`;
}

function secondsOf({ startedAt, endedAt = startedAt }: PhaseState): number {
  return Math.floor((endedAt - startedAt) / 1000);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "Sep 1, 2017 4:12:29 PM": UTC, without saying so; day and hour are not padded. */
export function dateText(at: number): string {
  const date = new Date(at);
  const hour = date.getUTCHours();
  const padded = (part: number) => String(part).padStart(2, '0');
  const clock = `${hour % 12 || 12}:${padded(date.getUTCMinutes())}:${padded(date.getUTCSeconds())}`;
  const day = `${MONTHS[date.getUTCMonth()]} ${date.getUTCDate()}, ${date.getUTCFullYear()}`;
  return `${day} ${clock} ${hour < 12 ? 'AM' : 'PM'}`;
}
