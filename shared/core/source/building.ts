/** What a look says of the builds: each is asked for, followed, stopped when it is superseded, and ended. */
import { buildStarted } from './build-answers.ts';
import { type Ended, endBuild } from './build-ends.ts';
import { isConfirmed } from './confirming.ts';
import { because, type SourceDecision, shortCommit } from './decision.ts';
import { buildsOf, replaceBuild, withBuilds } from './image-builds.ts';
import type { SourceObservation } from './observation.ts';
import { BUILDS_MAX, type Build, type SourceRecord } from './record.ts';
import type { ImageName } from './rules.ts';
import { dropWanted } from './wanting.ts';

/** A build that no look finds is asked for again, so often, this long after the last time. */
const REQUESTS_MAX = 3;
const ASK_AGAIN_MS = 60_000;
/** BatchGetBuilds may not know at once what StartBuild answered. (unverified) */
const KNOWN_AFTER_MS = 5 * 60_000;
const STOP_AGAIN_MS = 60_000;

/** What a look says of every build that is followed, and what follows from it. */
export function followBuilds(record: SourceRecord, observation: SourceObservation): SourceDecision {
  let next = record;
  const sentences: string[] = [];
  const hear = (decision: SourceDecision | undefined) => {
    if (decision === undefined) return;
    sentences.push(decision.because);
    next = decision.record;
  };
  for (const [image, { running }] of Object.entries(record.builds)) {
    for (const build of running) hear(follow(next, image, build, observation));
    hear(start(next, image, observation));
  }
  return because(next, sentences.join('; ') || 'nothing new of the builds');
}

/** Undefined: it goes on. */
function follow(
  record: SourceRecord,
  image: ImageName,
  build: Build,
  observation: SourceObservation,
): SourceDecision | undefined {
  const { id } = build;
  if (id === undefined) return seek(record, image, build, observation);
  const found = observation.builds?.[id];
  if (found?.state === 'ended') {
    return found.retry !== undefined && found.outcome !== 'SUCCEEDED'
      ? retried(record, image, build, found.retry, found.outcome, observation.at)
      : endBuild(record, image, build, found);
  }
  if (found?.state === 'missing' && observation.at > build.heardAt + KNOWN_AFTER_MS) {
    const why = `CodeBuild knows no build ${id}`;
    return endBuild(record, image, build, ended('FAULT', observation.at, why));
  }
  const heard = found?.state === 'running' ? { ...build, heardAt: observation.at } : build;
  const next = mustStop(heard, observation) ? stopBy(heard, observation) : heard;
  if (next === build) return undefined;
  return because(replaceBuild(record, image, build, next), `${id} runs`);
}

function ended(outcome: Ended['outcome'], endedAt: number, why: string): Ended {
  return { state: 'ended', outcome, endedAt, because: why };
}

/** A retry of CodeBuild's own takes the place of the build that it repeats. */
function retried(
  record: SourceRecord,
  image: ImageName,
  build: Build,
  id: string,
  outcome: Ended['outcome'],
  at: number,
): SourceDecision {
  return because(
    replaceBuild(record, image, build, { ...build, id, heardAt: at }),
    `${build.id} ended with ${outcome}; CodeBuild tries again: ${id}`,
  );
}

function mustStop({ stop }: Build, { at }: SourceObservation): boolean {
  return (
    stop !== undefined && (stop.acceptedAt === undefined || at > stop.acceptedAt + STOP_AGAIN_MS)
  );
}

function stopBy(build: Build, observation: SourceObservation): Build {
  const { acceptedAt: _, ...stop } = build.stop ?? { because: '' };
  return { ...build, stop: { ...stop, observation: observation.id } };
}

/** The answer to StartBuild was lost: the build is searched for before it is asked for again. */
function seek(
  record: SourceRecord,
  image: ImageName,
  build: Build,
  observation: SourceObservation,
): SourceDecision | undefined {
  const { token, request } = build;
  const asked = observation.question.lostBuilds?.some((lost) => lost.token === token);
  if (!asked) return undefined;
  const id = observation.found?.[token];
  if (id !== undefined) return buildStarted(record, image, build, id, observation.at);
  if (observation.at < request.lastAt + ASK_AGAIN_MS) return undefined;
  const stop = build.stop ?? whyUnneeded(record, image);
  if (stop !== undefined) {
    const stopped = { ...build, stop };
    const next = replaceBuild(record, image, build, stopped);
    return endBuild(next, image, stopped, ended('STOPPED', observation.at, 'it never began'));
  }
  if (request.count >= REQUESTS_MAX) {
    const why = `CodeBuild was asked ${REQUESTS_MAX} times and shows no build`;
    return endBuild(record, image, build, ended('FAULT', observation.at, why));
  }
  const again = {
    ...request,
    observation: observation.id,
    lastAt: observation.at,
    count: request.count + 1,
  };
  return because(
    replaceBuild(record, image, build, { ...build, request: again }),
    'asks for the build again',
  );
}

function whyUnneeded({ rules }: SourceRecord, image: ImageName): Build['stop'] {
  return rules.images[image] === undefined
    ? { because: `the config names no image "${image}" any more` }
    : undefined;
}

/** Written down before it is asked for, so that a lost answer is searched for and not repeated. */
function start(
  record: SourceRecord,
  image: ImageName,
  observation: SourceObservation,
): SourceDecision | undefined {
  const { wanted: all, running } = buildsOf(record, image);
  const [wanted] = all;
  const rules = record.rules.images[image];
  if (wanted === undefined) return undefined;
  if (rules === undefined) {
    const why = `the config names no image "${image}" any more`;
    return because(dropWanted(record, image, observation.at, why), why);
  }
  if (!isConfirmed(record, observation, wanted.commit)) return undefined;
  const isBeingBuilt = running.some(
    (one) => one.commit === wanted.commit && one.stop === undefined,
  );
  if (isBeingBuilt) {
    // A forced push went back to it while it was built.
    const dropped = withBuilds(record, image, (rest) => ({ ...rest, wanted: [] }));
    return because(dropped, `${shortCommit(wanted.commit)} is being built already`);
  }
  if (running.length >= BUILDS_MAX) return full(record, image, observation.at);
  const build: Build = {
    commit: wanted.commit,
    tag: wanted.tag,
    project: rules.project,
    // `observation.id` is never the same twice; a handling that is repeated finds the record written.
    token: `${observation.id}-${Object.keys(record.builds).indexOf(image)}`,
    request: { observation: observation.id, at: wanted.since, lastAt: observation.at, count: 1 },
    heardAt: observation.at,
  };
  const next = withBuilds(record, image, (rest) => ({
    ...rest,
    wanted: [],
    running: [build, ...running],
  }));
  return because(next, `asks for the build of ${wanted.tag}`);
}

/** GitHub is not asked again at once for it. */
function full(record: SourceRecord, image: ImageName, at: number): SourceDecision {
  const why = `${BUILDS_MAX} builds run already`;
  const waits = { at, failures: 0, because: why };
  const next = withBuilds(record, image, ({ wanted: [newest, ...others], ...rest }) => ({
    ...rest,
    wanted: newest === undefined ? [] : [{ ...newest, waits }, ...others],
  }));
  return because(next, why);
}
