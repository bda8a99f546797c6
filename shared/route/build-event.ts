/**
 * What `build-changed` does: find the source that started the build, and hint that it should look.
 * Nothing is decided here, and nothing here can build or deploy.
 */
import type { Pipeline, Source } from '../config/config.ts';
import type { SourceKey } from '../core/source/record.ts';
import { type BuildTold, parseBuildEvent } from '../edge/build.ts';
import { bodyOf, type SourceEnvelope } from '../edge/message.ts';
import type { Queues } from '../ports.ts';
import { type BoundLog, withLog } from '../runtime/log.ts';
import { sourceOfKey } from './find-sources.ts';

export interface BuildEventDeps {
  readonly pipeline: Pipeline;
  readonly queues: Queues;
  readonly log: BoundLog;
}

export type BuildRouted = { readonly ignored: string } | { readonly source: SourceKey };

/**
 * Throws `UnreadableEvent` for a build event that cannot be read, and `TransientError` when the message
 * did not go: the event then comes again. Should it be lost, `tick` asks about the build.
 */
export async function handleBuildEvent(
  input: unknown,
  { pipeline, queues, log: root }: BuildEventDeps,
): Promise<BuildRouted> {
  const told = parseBuildEvent(input, pipeline);
  if (told.kind === 'ignored') return ignore(root, told.because);
  const { cause, id, status } = told;
  const found = sourceOfBuild(pipeline, told);
  if ('because' in found) return ignore(root.with({ cause }), found.because);

  const { key } = found;
  const envelope: SourceEnvelope = {
    source: key,
    message: { type: 'BuildHeard', cause: `${cause.detailType} ${status} of ${id}` },
    cause,
  };
  const log = root.with({ source: key, cause });
  await withLog(log, () => queues.send('builds', [{ body: bodyOf(envelope) }]));
  log.info('heard', { type: envelope.message.type, build: id, status });
  return { source: key };
}

/** The variable alone proves nothing, anybody who may start builds can set it: the project must fit. */
function sourceOfBuild(
  pipeline: Pipeline,
  { project, id, source: key }: Extract<BuildTold, { kind: 'build' }>,
): { readonly key: SourceKey } | { readonly because: string } {
  if (!Object.values(pipeline.sources).some((source) => builds(source, project))) {
    return { because: `${id} is a build of a project that is not ours` };
  }
  if (key === undefined) return { because: `${id} is a build that we did not start` };
  const found = sourceOfKey(pipeline, key);
  if (found === undefined) {
    return { because: `${id} was started for ${key}, which the config does not build` };
  }
  return builds(found.source, project)
    ? { key }
    : { because: `${id} says that it was started for ${key}, which is not built by ${project}` };
}

function builds({ rules }: Source, project: string): boolean {
  return Object.values(rules.images).some((image) => image.project === project);
}

function ignore(log: BoundLog, because: string): BuildRouted {
  log.info('ignored', { because });
  return { ignored: because };
}
