/** CodeBuild answers StartBuild or StopBuild, or says something of a build. */
import { expected } from '../model/defined.ts';
import { REASON_MAX, shorten } from '../model/text.ts';
import { endBuild } from './build-ends.ts';
import { announce, because, type SourceDecision } from './decision.ts';
import type { BuildAccepted, BuildRefused, BuildStopAccepted } from './event.ts';
import { buildsOf, findBuild, replaceBuild, withBuilds, withoutBuild } from './image-builds.ts';
import type { Build, SourceRecord } from './record.ts';
import type { ImageName } from './rules.ts';

/** CodeBuild's own limits pass; a build that they keep from starting for longer has failed. */
const REFUSED_FOR_MS = 2 * 60 * 60_000;
const PASSING: readonly string[] = ['AccountLimitExceededException', 'ThrottlingException'];

export function buildAccepted(record: SourceRecord, event: BuildAccepted): SourceDecision {
  const { image, build } = asked(record, event);
  return buildStarted(record, image, build, event.id, event.at);
}

/** Its answer is decided on the record that asked for it: who loses that write loses the answer, too. */
function asked(record: SourceRecord, { token }: Pick<BuildAccepted, 'token'>) {
  return expected(
    findBuild(record, (build) => build.token === token),
    'the build that CodeBuild was asked for',
  );
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
  const { image, build } = asked(record, event);
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
