/** CodeBuild answers StartBuild or StopBuild, or says something of a build. */
import { REASON_MAX, shorten } from '../model/text.ts';
import { endBuild } from './build-ends.ts';
import { announce, because, type SourceDecision } from './decision.ts';
import type { BuildAccepted, BuildHinted, BuildRefused, BuildStopAccepted } from './event.ts';
import { buildsOf, findBuild, replaceBuild, withBuilds, withoutBuild } from './image-builds.ts';
import type { Build, SourceRecord } from './record.ts';
import type { ImageName } from './rules.ts';

/** CodeBuild's own limits pass; a build that they keep from starting for longer has failed. */
const REFUSED_FOR_MS = 2 * 60 * 60_000;
const PASSING: readonly string[] = ['AccountLimitExceededException', 'ThrottlingException'];

export function buildAccepted(record: SourceRecord, event: BuildAccepted): SourceDecision {
  const found = findBuild(record, ({ token }) => token === event.token);
  // A look may have found it before.
  if (found === undefined || found.build.id === event.id) {
    return because(record, `${event.id} is known, or no longer wanted`);
  }
  return buildStarted(record, found.image, found.build, event.id, event.at);
}

/** CodeBuild answered, or a look found it. */
export function buildStarted(
  record: SourceRecord,
  image: ImageName,
  build: Build,
  id: string,
  at: number,
): SourceDecision {
  const next = replaceBuild(record, image, build, { ...build, id, heardAt: at });
  const told = announce(next, 'building', {
    at,
    commit: build.commit,
    image,
    tag: build.tag,
    build: id,
    because: `CodeBuild builds ${build.tag}`,
    next: 'the image is offered to its targets when it is built',
  });
  return because(told, `${id} builds ${build.tag}`);
}

/** CodeBuild's limits pass; everything else ends the build. */
export function buildRefused(record: SourceRecord, event: BuildRefused): SourceDecision {
  const found = findBuild(record, ({ token }) => token === event.token);
  if (found === undefined) return because(record, 'refused, and no longer wanted');
  const { image, build } = found;
  const why = `CodeBuild refused: ${event.code}: ${event.message}`;
  if (PASSING.includes(event.code) && event.at < build.request.at + REFUSED_FOR_MS) {
    // Its first moment is kept, so that this has an end.
    const { commit, tag, request } = build;
    const waits = { at: event.at, failures: 0, because: shorten(why, REASON_MAX) };
    const again = { commit, tag, since: request.at, waits };
    const { wanted } = buildsOf(record, image);
    const next = withBuilds(withoutBuild(record, image, build), image, (builds) => ({
      ...builds,
      wanted: wanted.length > 0 ? wanted : [again],
    }));
    return because(next, `${why}; it is asked for again`);
  }
  return endBuild(record, image, build, {
    state: 'ended',
    outcome: 'FAILED',
    endedAt: event.at,
    because: why,
  });
}

export function buildStopAccepted(record: SourceRecord, event: BuildStopAccepted): SourceDecision {
  const found = findBuild(record, ({ id }) => id === event.id);
  const stop = found?.build.stop && { because: found.build.stop.because, acceptedAt: event.at };
  const next = stop
    ? replaceBuild(record, found.image, found.build, { ...found.build, stop })
    : record;
  return because(next, 'CodeBuild takes the stop');
}

/** A retry of CodeBuild's own takes the place of the build that it repeats. */
export function buildHinted(record: SourceRecord, event: BuildHinted): SourceDecision {
  const { retry } = event;
  const found = retry === undefined ? undefined : findBuild(record, ({ id }) => id === retry.of);
  if (retry === undefined || found === undefined) {
    return because(record, `${event.cause}: a look follows`);
  }
  const next = { ...found.build, id: retry.id, heardAt: event.at };
  return because(
    replaceBuild(record, found.image, found.build, next),
    `CodeBuild tries again: ${retry.id} takes the place of ${retry.of}`,
  );
}
