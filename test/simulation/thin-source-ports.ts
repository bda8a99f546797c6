/** The ports of a source over the direct client and the local GitHub: our adapters, the table in memory. */
import { layersFetch } from '@slipway/local-cloud/ecr/blobs.ts';
import { directClient } from '@slipway/local-cloud/wire/direct-client.ts';
import { createBuilds } from '../../shared/aws/builds.ts';
import { createLabels } from '../../shared/aws/ecr/revision.ts';
import type { PlaceChange, SourceKey, SourceRecord } from '../../shared/core/source/record.ts';
import type { CommitPlaces, StoredPlace } from '../../shared/ports.ts';
import type { SourcePorts } from '../../shared/source-ports.ts';
import { asPort, SILENT } from './as-port.ts';
import type { Outside } from './engine.ts';
import { gated } from './gated.ts';
import { rightsIn } from './rights.ts';
import { thinCommits } from './thin-github.ts';

/** What the table knows of sources and commits. */
export class SourceTable {
  readonly records = new Map<
    SourceKey,
    { readonly record: SourceRecord; readonly version: number }
  >();
  readonly #places = new Map<
    string,
    { readonly repository: string; readonly place: StoredPlace }
  >();
  readonly #commits = new Map<string, string>();

  addPlaces({ repository, ref }: SourceRecord, changes: readonly PlaceChange[]): void {
    for (const { of: _, ...change } of changes) {
      if ('digest' in change) this.#commits.set(`${repository} ${change.digest}`, change.commit);
      else {
        const place = { ref, ...change } as StoredPlace;
        this.#places.set(`${repository} ${change.commit} ${ref}`, { repository, place });
      }
    }
  }

  places(repository: string, commit: string): readonly StoredPlace[] {
    return [...this.#places.values()]
      .filter((one) => one.repository === repository && one.place.commit.startsWith(commit))
      .map(({ place }) => place);
  }

  commitOf(repository: string, digest: string): string | undefined {
    return this.#commits.get(`${repository} ${digest}`);
  }
}

export function thinCommitPlaces(outside: Outside): CommitPlaces {
  const port = asPort(outside);
  const { sources } = outside.engine;
  return {
    places: (repository, commit) => port('places', () => sources.places(repository, commit)),
    commitOf: (repository, digest) => port('commitOf', () => sources.commitOf(repository, digest)),
    revisionOf: async () => undefined,
  };
}

export function thinSourcePorts(outside: Outside): SourcePorts {
  const { engine, clock, call } = outside;
  const port = asPort(outside);
  const { records } = engine.sources;
  return {
    clock,
    records: {
      load: (key) => port('load source', () => records.get(key)),
      save: (record, expected) =>
        port('save source', () => {
          if (records.get(record.key)?.version !== expected) return 'stale' as const;
          records.set(record.key, { record, version: (expected ?? 0) + 1 });
          return 'saved' as const;
        }),
      addHistory: (_, entries) => port('addHistory source', () => void entries.length),
      commitOf: (repository, digest) =>
        port('commitOf', () => engine.sources.commitOf(repository, digest)),
      addPlaces: (record, changes) =>
        port('addPlaces', () => engine.sources.addPlaces(record, changes)),
    },
    builds: createBuilds(awsOf(outside, 'codebuild') as never, 'https://github.com'),
    commits: thinCommits(outside),
    labels: createLabels(awsOf(outside, 'ecr') as never, layersFetch(engine.world)),
    announcements: {
      tell: (all) =>
        port('PutEvents', () => {
          if (engine.strikes('bus-down')) return [];
          for (const announcement of all) engine.announcedOfSource(announcement);
          return all.map(({ id }) => id);
        }),
    },
    queues: {
      send: async (queue, messages) => {
        await call('SendMessage', () => undefined);
        await engine.queues.send(queue, messages);
      },
    },
    log: SILENT,
  };
}

function awsOf(outside: Outside, service: 'codebuild' | 'ecr') {
  const { engine, pipeline } = outside;
  const { authorizer, build } = rightsIn(pipeline);
  return gated(directClient(engine.world, service, { authorizer }, build), outside);
}
