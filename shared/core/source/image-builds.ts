/** The builds of a record, found and changed. */
import type { Build, ImageBuilds, SourceRecord } from './record.ts';
import type { ImageName } from './rules.ts';

const NO_BUILDS: ImageBuilds = { wanted: [], running: [] };

export function buildsOf({ builds }: SourceRecord, image: ImageName): ImageBuilds {
  return builds[image] ?? NO_BUILDS;
}

export function withBuilds(
  record: SourceRecord,
  image: ImageName,
  change: (builds: ImageBuilds) => ImageBuilds,
): SourceRecord {
  return { ...record, builds: { ...record.builds, [image]: change(buildsOf(record, image)) } };
}

export interface FoundBuild {
  readonly image: ImageName;
  readonly build: Build;
}

export function findBuild(
  record: SourceRecord,
  is: (build: Build) => boolean,
): FoundBuild | undefined {
  for (const [image, { running }] of Object.entries(record.builds)) {
    const build = running.find(is);
    if (build !== undefined) return { image, build };
  }
  return undefined;
}

/** `build` is one of the record's own. */
export function replaceBuild(
  record: SourceRecord,
  image: ImageName,
  build: Build,
  next: Build,
): SourceRecord {
  return withBuilds(record, image, (builds) => ({
    ...builds,
    running: builds.running.map((one) => (one === build ? next : one)),
  }));
}

export function withoutBuild(record: SourceRecord, image: ImageName, build: Build): SourceRecord {
  return withBuilds(record, image, (builds) => ({
    ...builds,
    running: builds.running.filter((one) => one !== build),
  }));
}
