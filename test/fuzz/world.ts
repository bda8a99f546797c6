/** What handlers are given: queues and ports that keep what they get. No AWS, and nothing waits. */
import fc from 'fast-check';
import type { ImageDigest, TaskDefinitionArn } from '../../shared/core/model/image.ts';
import type { ObservedRollout } from '../../shared/core/model/observation.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import { type Outgoing, type Ports, type Queues, TransientError } from '../../shared/ports.ts';
import { createLog } from '../../shared/runtime/log.ts';
import { Broken, carriesNothingElse, LINE_MAX, tellsNoSecret } from './promises.ts';

export const NOW = Date.parse('2026-11-20T10:20:00Z');
/** DynamoDB takes 400 KB; ours stays far below. */
const RECORD_MAX = 32_768;

/** well: everything answers. ill: AWS does not. poor: the API budget is spent. */
export const mood = fc.constantFrom('well', 'well', 'well', 'ill', 'poor', 'red', 'deleted');
export type Mood = 'well' | 'ill' | 'poor' | 'red' | 'deleted';

/** One log for all inputs; a new one for each would be most of the time. */
export function keepingLog(name: string) {
  const lines: string[] = [];
  const log = createLog({
    name,
    level: 'DEBUG',
    now: () => NOW,
    write: (line) => lines.push(line),
  });
  return {
    log,
    /** The lines since the last time, each of them clean. */
    take: (): readonly LogLine[] =>
      lines.splice(0).map((line) => {
        tellsNoSecret(line, 'a log line', LINE_MAX);
        return JSON.parse(line) as LogLine;
      }),
  };
}

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly messageId?: string;
  readonly error?: { readonly name: string; readonly message: string; readonly stack?: string };
}

export function keepingQueues(mood: Mood) {
  const sent: Outgoing[] = [];
  const queues: Queues = {
    send: async (queue, messages) => {
      if (mood === 'ill' && messages.length > 0)
        throw new TransientError(`${queue} did not answer`);
      sent.push(...messages);
    },
  };
  return { sent, queues };
}

/** A small account in memory: every service is steady, and a rollout succeeds at once. */
export class MemoryWorld {
  readonly #mood: Mood;
  readonly #records = new Map<string, { json: string; version: number }>();
  readonly #running = new Map<string, { revision: string; since: number }>();
  readonly #rollouts = new Map<string, ObservedRollout[]>();
  readonly #containers: readonly string[];
  #ids = 0;

  constructor(mood: Mood, containers: readonly string[]) {
    this.#mood = mood;
    this.#containers = containers;
  }

  ports(log: Ports['log'], timeLeft: () => number): Ports {
    return {
      log,
      clock: { now: () => NOW + this.#ids, newId: () => `id-${++this.#ids}`, timeLeft },
      records: this.#store(),
      services: this.#services(),
      alarms: {
        states: async (names) => named(names, () => this.#alarm()),
        rises: async (names) => named(names, () => ({ state: 'known', rises: [] }) as const),
        mutedSince: async () => ({}),
      },
      balancers: { rules: async () => ({}) },
      requestCounts: { counts: async () => ({ state: 'unknown', because: 'nobody counts' }) },
      commits: {
        places: async () => [],
        commitOf: async () => undefined,
        revisionOf: async () => undefined,
      },
      images: {
        describe: async () => {
          this.#answer('ecr');
          if (this.#mood === 'deleted') return undefined;
          return { pushedAt: NOW - 60_000, tags: ['main-1', 'latest'], state: 'present' };
        },
        states: async (images) =>
          named(
            images.map(({ digest }) => digest),
            () => 'present' as const,
          ),
      },
      scans: {
        scan: async () => ({
          state: 'complete',
          counts: {},
          above: 0,
          findings: [],
          excepted: [],
        }),
      },
      signatures: { verify: async () => ({ state: 'verified' }) },
      announcements: {
        tell: async (announcements) => {
          this.#answer('eventbridge');
          for (const each of announcements) carriesNothingElse(JSON.stringify(each), each.id);
          return announcements.map(({ id }) => id);
        },
      },
      budget: {
        reserve: async () => NOW + (this.#mood === 'poor' ? 5_000 : 0),
        giveBack: async () => undefined,
      },
    };
  }

  #answer(who: string): void {
    if (this.#mood === 'ill') throw new TransientError(`${who} did not answer`);
  }

  #alarm() {
    return this.#mood === 'red'
      ? ({ state: 'ALARM', since: NOW - 1_000, reason: 'red' } as const)
      : ({ state: 'OK', since: NOW - 3_600_000 } as const);
  }

  #store(): Ports['records'] {
    return {
      load: async (key) => {
        const stored = this.#records.get(key);
        return stored && { record: JSON.parse(stored.json), version: stored.version };
      },
      stop: async () => undefined,
      version: async (key) => this.#records.get(key)?.version,
      save: async (record: TargetRecord, expected) => {
        const version = this.#records.get(record.key)?.version;
        if (version !== expected) return 'stale';
        const json = JSON.stringify(record);
        carriesNothingElse(json, 'a record');
        if (json.length > RECORD_MAX) throw new Broken(`a record has ${json.length} characters`);
        this.#records.set(record.key, { json, version: (version ?? 0) + 1 });
        return 'saved';
      },
      addHistory: async (_, entries) => carriesNothingElse(JSON.stringify(entries), 'history'),
      changeQuarantine: async () => {},
      quarantined: async () => undefined,
    };
  }

  #services(): Ports['services'] {
    return {
      shift: async () => undefined,
      migration: async () => ({ state: 'unknown' }),
      runMigration: async () => ({ ok: false, code: 'ClientException', message: 'no tasks here' }),
      arms: async () => ({ state: 'none', because: 'no load balancer' }),
      describe: async ({ cluster, service }) => {
        this.#answer('ecs');
        const { revision, since } = this.#runs(`${cluster}/${service}`, service);
        return {
          status: 'ACTIVE',
          controller: 'ECS',
          schedulingStrategy: 'REPLICA',
          desired: 1,
          running: 1,
          pending: 0,
          deployments: 1,
          deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 },
          serviceRevision: `${revision}-running`,
          primary: {
            id: `ecs-svc/${since}`,
            revision: revision as TaskDefinitionArn,
            createdAt: since,
            rolloutState: 'COMPLETED',
            desired: 1,
            running: 1,
            failedTasks: 0,
          },
        };
      },
      rollouts: async ({ cluster, service }) => this.#rollouts.get(`${cluster}/${service}`) ?? [],
      runningImages: async (_, __, containers) => ({
        images: named(containers, () => ({
          registry: '123456789012.dkr.ecr.eu-central-1.amazonaws.com',
          repository: 'shop/web',
          digest: `sha256:${'b'.repeat(64)}` as ImageDigest,
          tags: ['main-0'],
        })),
        pinned: true,
      }),
      definition: async (revision) => ({
        revision,
        containers: named(this.#containers, () => 'shop/web:main-0'),
        active: true,
        roles: [],
        family: 'web',
        platform: { os: 'linux', architecture: 'amd64' },
      }),
      stoppedTasks: async () => ({ failed: 0, newest: [] }),
      findRevision: async () => undefined,
      registerRevision: async (base, images) => {
        carriesNothingElse(JSON.stringify(images), 'a task definition');
        return { ok: true, value: `${base}${++this.#ids}` as TaskDefinitionArn };
      },
      startRollout: async ({ cluster, service }, { revision, requestedAt: askedAt }) => {
        const at = askedAt + 1;
        const arn = `rollout-${++this.#ids}`;
        this.#running.set(`${cluster}/${service}`, { revision, since: at });
        const rollout = { arn, status: 'SUCCESSFUL', createdAt: at, finishedAt: at } as const;
        const older = this.#rollouts.get(`${cluster}/${service}`) ?? [];
        const seen = { ...rollout, serviceRevision: `${revision}-running`, revision };
        this.#rollouts.set(`${cluster}/${service}`, [seen, ...older]);
        return { ok: true, value: undefined };
      },
      stopRollout: async () => ({ ok: false, code: 'X', message: 'it is over' }),
    };
  }

  #runs(key: string, service: string) {
    const arn = `arn:aws:ecs:eu-central-1:123456789012:task-definition/${service}:1`;
    return this.#running.get(key) ?? { revision: arn, since: NOW - 3_600_000 };
  }
}

function named<T>(names: readonly string[], make: () => T): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, make()]));
}
