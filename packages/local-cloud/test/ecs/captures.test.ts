/**
 * The local ECS against AWS: captured calls are replayed at their times and every field is
 * compared. AWS's timing varies from run to run and so does ours by seed; we ask for a seed with
 * which everything comes out as it did at AWS.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ecsOperations as ecs } from '../../ecs/operations.ts';
import type { World } from '../../kernel/world.ts';
import { advance, emptyWorld } from '../../services.ts';
import { type Call, type Difference, noIds, replay } from './replay.ts';

const NAME = 'stackd-ecs-svc-a4afa4ae3c';
const SEEDS_MOST = 400;

/** What stays different, and why. Keep in step with the list in README.md. */
const ACCEPTED: readonly { readonly path: RegExp; readonly reason: string }[] = [
  { path: /(^|\.)createdBy$/, reason: 'the local AWS knows one caller, not the capture’s user' },
  { path: /^serviceArns\[\d\]$/, reason: 'AWS lists services in a hash’s order, we newest first' },
];

function read(file: string): unknown {
  const path = new URL(`../captures/ecs/${file}`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8'));
}

const EARLY = read('services.calls_011-036.json') as Call[];
const LATE = read('services.calls_049-109.json') as Call[];

/** The cluster and the task definitions that the calls name; their making was not captured. */
function worldBefore(seed: number): World {
  const now = Date.parse('2026-09-16T22:26:00Z');
  const world = emptyWorld({ now, seed, account: '000000000000', region: 'us-east-1' });
  const container = {
    name: 'sleeper',
    image:
      'public.ecr.aws/lambda/python@sha256:3abb572d57e4988765dbd78b72027d2979024a9b46db52cdf67d53b10987577f',
  };
  ecs.CreateCluster(world, { clusterName: NAME });
  ecs.RegisterTaskDefinition(world, {
    family: `${NAME}-ec2`,
    networkMode: 'bridge',
    containerDefinitions: [{ ...container, memory: 128 }],
  });
  for (let revision = 1; revision <= 2; revision++) {
    ecs.RegisterTaskDefinition(world, {
      family: NAME,
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      containerDefinitions: [container],
    });
  }
  return world;
}

function replayAll(seed: number): Difference[] {
  const world = worldBefore(seed);
  const ids = noIds();
  const differences = EARLY.flatMap((call) => replay(world, call, ids));
  // Between the two files this service was created, with the token that call 49 repeats.
  advance(world, Date.parse('2026-09-16T22:28:02.532Z'));
  const input = LATE[0]?.input as unknown as Parameters<typeof ecs.CreateService>[1];
  ecs.CreateService(world, { ...input, taskDefinition: NAME });
  return [...differences, ...LATE.flatMap((call) => replay(world, call, ids))];
}

function isAccepted({ path }: Difference): boolean {
  return ACCEPTED.some((accepted) => accepted.path.test(path));
}

describe('captured calls', () => {
  let differences: Difference[] = [];
  let fewest = Number.POSITIVE_INFINITY;

  it('are answered as AWS answered them, with some seed', () => {
    for (let seed = 1; seed <= SEEDS_MOST && fewest > 0; seed++) {
      const found = replayAll(seed);
      const open = found.filter((difference) => !isAccepted(difference));
      if (open.length < fewest) {
        fewest = open.length;
        differences = found;
      }
    }
    expect(differences.filter((difference) => !isAccepted(difference))).toEqual([]);
  }, 60_000);

  it('need every accepted difference', () => {
    for (const { path, reason } of ACCEPTED) {
      const used = differences.some((difference) => path.test(difference.path));
      expect(used, `${path} (${reason}) is not needed any more`).toBe(true);
    }
  });

  it('list the same services, in another order', () => {
    const world = worldBefore(1);
    const ids = noIds();
    for (const call of EARLY) replay(world, call, ids);
    const listed = EARLY.find(({ sequence }) => sequence === 19)?.output as {
      serviceArns: string[];
    };
    const { serviceArns } = ecs.ListServices(world, { cluster: NAME });
    expect(new Set(serviceArns)).toEqual(new Set(listed.serviceArns));
  });
});

interface Rejection {
  readonly sequence: number;
  readonly label: string;
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly code: string;
  readonly message?: string;
  readonly hasMessageKey: boolean;
}

/** Rejections that need the world in another state than the two files leave it in. */
const LATER = new Set([131, 132, 133, 155, 168]);

describe('captured rejections', () => {
  const { errors } = read('services.errors.json') as { errors: Rejection[] };

  it('of the breaker’s thresholds, of a running service and of a busy cluster', () => {
    const world = worldBefore(1);
    const base = errors.find(({ label }) => label === 'replay-same-token-changed-definition');
    const input = base?.input as unknown as Parameters<typeof ecs.CreateService>[1];
    ecs.CreateService(world, { ...input, desiredCount: 1 });
    ecs.CreateService(world, { ...input, serviceName: `${NAME}-circuit` });
    advance(world, world.now + 120_000);
    for (const rejection of errors.filter(({ sequence }) => LATER.has(sequence))) {
      if (rejection.sequence === 168) {
        const { cluster = NAME } = input;
        for (const service of [`${NAME}-fargate`, `${NAME}-circuit`]) {
          ecs.DeleteService(world, { cluster, service, force: true });
        }
      }
      const call: Call = {
        ...rejection,
        finishedAt: new Date(world.now).toISOString(),
        error: rejection.message === undefined ? {} : { message: rejection.message },
      };
      expect(replay(world, call, noIds()), rejection.label).toEqual([]);
    }
  });

  it('are all replayed, here or among the calls', () => {
    const replayed = new Set([...EARLY, ...LATE].map(({ sequence }) => sequence));
    const missing = errors.filter(
      ({ sequence }) => !replayed.has(sequence) && !LATER.has(sequence),
    );
    expect(missing.map(({ label }) => label)).toEqual([]);
  });

  it('of a service that drains: update, and creation anew', () => {
    const world = worldBefore(1);
    const base = LATE[0]?.input as unknown as Parameters<typeof ecs.CreateService>[1];
    ecs.CreateService(world, base);
    const named = { cluster: NAME, service: base.serviceName };
    expect(ecs.DeleteService(world, named).service.status).toBe('DRAINING');
    expect(() => ecs.UpdateService(world, { ...named, desiredCount: 0 })).toThrow(
      'Service was not ACTIVE.',
    );
    expect(() => ecs.CreateService(world, base)).toThrow(
      'Unable to Start a service that is still Draining.',
    );
    // Sequence 47: the same token with another count.
    const other = { ...base, serviceName: 'other' };
    ecs.CreateService(world, other);
    expect(() => ecs.CreateService(world, { ...other, desiredCount: 1 })).toThrow(
      'Creation of service was not idempotent.',
    );
  });
});
