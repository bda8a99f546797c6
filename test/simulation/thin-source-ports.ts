/** The ports of a source over the direct client and the local GitHub: our adapters, the table in memory. */
import { createGithubFetch } from '@slipway/local-cloud/github/fetch.ts';
import { directClient } from '@slipway/local-cloud/wire/direct-client.ts';
import { TOKEN } from '../../local/slipway/git-setup.ts';
import { createBuilds } from '../../shared/aws/builds.ts';
import type { PlaceChange, SourceKey, SourceRecord } from '../../shared/core/source/record.ts';
import { createGitHubClient } from '../../shared/github/client.ts';
import { createCommits } from '../../shared/github/commits.ts';
import type { CommitPlaces, Secrets, StoredPlace } from '../../shared/ports.ts';
import type { SourcePorts } from '../../shared/source-ports.ts';
import { asPort, SILENT } from './as-port.ts';
import type { Outside } from './engine.ts';
import { rightsIn } from './rights.ts';

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
    builds: createBuilds(codebuildOf(outside) as never, 'https://github.com'),
    commits: commitsOf(outside),
    // No story of the simulation builds elsewhere.
    labels: { read: async () => ({ state: 'missing' }) },
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

function codebuildOf({ engine, pipeline, call }: Outside) {
  const { authorizer, build } = rightsIn(pipeline);
  const client = directClient(engine.world, 'codebuild', { authorizer }, build);
  return {
    send: async (command: { input: object }) => {
      const answer = await call(command.constructor.name.replace(/Command$/, ''), () =>
        asValue(client.send(command)),
      );
      return orThrow(await answer);
    },
  };
}

type Result<T> = { readonly value: T } | { readonly error: unknown };

function asValue<T>(promise: Promise<T>): Promise<Result<T>> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

function orThrow<T>(result: Result<T>): T {
  if ('error' in result) throw result.error;
  return result.value;
}

/** Octokit has much to do between two gates: until then nothing else goes on. */
function commitsOf({ engine, clock, call, pipeline }: Outside): SourcePorts['commits'] {
  const fetch = createGithubFetch({ world: engine.world });
  const gated: typeof globalThis.fetch = async (url, init) => {
    engine.working--;
    try {
      // Kept as a value until it has passed the gate on its way back.
      const answer = await call('GitHub', () => asValue(fetch(String(url), init)));
      return orThrow(await answer);
    } finally {
      engine.working++;
    }
  };
  const commits = createCommits(
    createGitHubClient({
      secrets: SECRETS,
      github: pipeline.github,
      clock,
      log: SILENT,
      fetch: gated,
      polite: false,
    }),
  );
  const busy = async <T>(work: Promise<T>): Promise<T> => {
    engine.working++;
    try {
      return await work;
    } finally {
      engine.working--;
    }
  };
  return {
    compare: (...asked) => busy(commits.compare(...asked)),
    onRef: (...asked) => busy(commits.onRef(...asked)),
    head: (...asked) => busy(commits.head(...asked)),
    message: (...asked) => busy(commits.message(...asked)),
    named: (...asked) => busy(commits.named(...asked)),
  };
}

const CREDENTIALS = JSON.stringify({ token: TOKEN });

const SECRETS: Secrets = {
  get: async () => [CREDENTIALS],
  versions: async () => [{ text: CREDENTIALS }],
};
