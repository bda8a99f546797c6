/** How a run ended: what ECS runs, what Slipway remembers, and what became of every release. */

import { isPullable } from '@slipway/local-cloud/ecr/state.ts';
import { findTaskDefinition, lastPart } from '@slipway/local-cloud/ecs/names.ts';
import type { TaskDefinitionRecord } from '@slipway/local-cloud/ecs/state.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { badRequestsBetween } from '@slipway/local-cloud/traffic/state.ts';
import type { Target } from '../../shared/config/config.ts';
import { standingOf } from '../../shared/core/model/standing.ts';
import { bundled } from '../slipway/policies.ts';
import type { Cloud } from '../slipway/slipway-cloud.ts';
import type { Announced, Entry } from './timeline.ts';

export interface Outcome {
  readonly targets: Readonly<Record<string, TargetOutcome>>;
  readonly releases: readonly ReleaseOutcome[];
  /** By commit, as far as it was told: the newest state of each context. */
  readonly commits: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** `ecs:UpdateService` and how often. */
  readonly calls: Readonly<Record<string, number>>;
  readonly virtualSeconds: number;
}

export interface TargetOutcome {
  readonly phase: string;
  /** The digest that the service's PRIMARY deployment has; of several containers, joined by ` + `. */
  readonly running: string;
  /** Digests, the newest release first. */
  readonly proven: readonly string[];
  readonly quarantined: readonly string[];
  /** By container. */
  readonly images: Readonly<Record<string, string>>;
  /** In the whole run. */
  readonly badRequests: number;
  /** Was a person's attention asked for at any time? */
  readonly attentionAsked: boolean;
  /** Could it roll back now, and to what; or why not. */
  readonly wayBack: WayBack;
}

export type WayBack =
  | { readonly possible: true; readonly to: string; readonly digests: readonly string[] }
  | { readonly possible: false; readonly because: string };

export type ReleaseState =
  | 'proven'
  | 'rolled-back'
  | 'failed'
  | 'superseded'
  | 'refused'
  | 'held'
  | 'needs-attention'
  | 'deploying';

export interface ReleaseOutcome {
  readonly target: string;
  readonly digest: string;
  readonly tag: string;
  readonly state: ReleaseState;
  readonly because: string;
  /** ISO times. */
  readonly startedAt: string;
  readonly endedAt?: string;
}

export async function outcomeOf(cloud: Cloud, from: number): Promise<Outcome> {
  const targets: Record<string, TargetOutcome> = {};
  for (const [id, target] of Object.entries(cloud.pipeline.targets)) {
    targets[id] = await targetOutcome(cloud, target, from);
  }
  return {
    targets,
    releases: releasesIn(cloud.timeline),
    commits: commitsIn(cloud.timeline),
    calls: callsIn(cloud.timeline),
    virtualSeconds: Math.round((cloud.world.now - from) / 1000),
  };
}

async function targetOutcome(
  cloud: Cloud,
  { id, key, cluster, service, rules }: Target,
  from: number,
): Promise<TargetOutcome> {
  const { world, timeline } = cloud;
  const record = await cloud.recordOf(key);
  const containers = Object.keys(rules.containers);
  const running = runningImages(world, cluster, service);
  const images = Object.fromEntries(containers.map((name) => [name, running[name] ?? 'nothing']));
  const rollbackCandidates = record?.rollbackCandidates ?? [];
  const digestsOf = (candidate: (typeof rollbackCandidates)[number]) =>
    Object.values(candidate.images).map(({ digest }) => digest);
  const current = Object.values(images);
  const others = rollbackCandidates.filter((candidate) =>
    digestsOf(candidate).some((it) => !current.includes(it)),
  );
  return {
    phase: record === undefined ? 'unknown' : standingOf(record),
    running: [...new Set(current)].join(' + '),
    proven: [...new Set(rollbackCandidates.flatMap(digestsOf))],
    quarantined: (record?.quarantine ?? []).map(({ digest }) => digest),
    images,
    badRequests: badRequestsBetween(world, { cluster, service }, from, world.now),
    attentionAsked: timeline.some(
      (entry) =>
        entry.type === 'announcement' &&
        entry.announcement.target === id &&
        entry.announcement.kind === 'needs-attention',
    ),
    wayBack: wayBack(world, others, bundled(cloud.pipeline).taskRights?.roles),
  };
}

interface Place {
  readonly release: string;
  readonly revision: string;
  readonly images: Readonly<
    Record<string, { readonly repository: string; readonly digest: string }>
  >;
}

/**
 * The newest proven release that does not run and that ECS could still start. `passable`: ARNs of the roles
 * that IAM lets Slipway pass; absent: any.
 */
export function wayBack(
  world: World,
  rollbackCandidates: readonly Place[],
  passable?: readonly string[],
): WayBack {
  const gone: string[] = [];
  for (const { revision, images } of rollbackCandidates) {
    const definition = findTaskDefinition(world, revision);
    const lost = Object.values(images).find(
      ({ repository, digest }) => !isPullable(world, repository, digest),
    );
    if (definition?.status !== 'ACTIVE') gone.push(`${lastPart(revision)} was deregistered`);
    else if (lost !== undefined) gone.push(`the image of ${lastPart(revision)} is gone`);
    else if (hasForeignRole(definition, passable)) {
      return { possible: false, because: `IAM refuses to pass a role of ${lastPart(revision)}` };
    } else {
      const digests = Object.values(images).map(({ digest }) => digest);
      return { possible: true, to: lastPart(revision), digests };
    }
  }
  return {
    possible: false,
    because: gone.length === 0 ? 'no other release is proven' : gone.join(', '),
  };
}

function hasForeignRole(
  { registered: { taskRoleArn, executionRoleArn } }: TaskDefinitionRecord,
  passable: readonly string[] | undefined,
): boolean {
  const roles = [taskRoleArn, executionRoleArn].filter((role) => role !== undefined);
  return passable !== undefined && roles.some((role) => !passable.includes(role));
}

function commitsIn(timeline: readonly Entry[]): Outcome['commits'] {
  const commits: Record<string, Record<string, string>> = {};
  for (const entry of timeline) {
    if (entry.type !== 'status') continue;
    commits[entry.sha] = { ...commits[entry.sha], [entry.context]: entry.state };
  }
  return commits;
}

/** How often each operation was called, by name. */
function callsIn(timeline: readonly Entry[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const entry of timeline) {
    if (entry.type !== 'call') continue;
    const name = `${entry.service}:${entry.operation}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const ENDS: Readonly<Record<string, ReleaseState>> = {
  proven: 'proven',
  'rolled-back': 'rolled-back',
  failed: 'failed',
  superseded: 'superseded',
  refused: 'refused',
};

type Row = { -readonly [K in keyof ReleaseOutcome]: ReleaseOutcome[K] } & { release?: string };

/** One row for each image of each release, from what was announced about it. */
function releasesIn(timeline: readonly Entry[]): readonly ReleaseOutcome[] {
  const rows: Row[] = [];
  for (const entry of timeline) {
    if (entry.type === 'announcement') tellRows(rows, entry.announcement);
  }
  return rows.map(({ release: _, ...row }) => row);
}

function tellRows(rows: Row[], announcement: Announced): void {
  const { kind, release, because } = announcement;
  const state =
    kind === 'started'
      ? 'deploying'
      : kind === 'needs-attention' || kind === 'held'
        ? kind
        : ENDS[kind];
  if (state === undefined) return;
  const at = new Date(announcement.at).toISOString();
  for (const { digest, tags } of Object.values(announcement.images ?? {})) {
    const same = rows.filter((row) => row.target === announcement.target && row.digest === digest);
    const known =
      same.findLast((row) => release !== undefined && row.release === release) ??
      // It had no release yet: it waited.
      same.findLast((row) => row.release === undefined && row.endedAt === undefined);
    const row: Row = known ?? {
      target: announcement.target,
      digest,
      tag: tags[0] ?? '',
      state,
      because,
      startedAt: at,
    };
    if (known === undefined) rows.push(row);
    if (kind === 'started') row.startedAt = at;
    row.state = state;
    row.because = because;
    if (release !== undefined) row.release = release;
    if (ENDS[kind] === undefined) delete row.endedAt;
    else row.endedAt = at;
  }
}

/** What the PRIMARY deployment of the service has in each container. */
export function runningImages(world: World, cluster: string, service: string) {
  const primary = world.ecs.services[`${cluster}/${service}`]?.deployments[0];
  const revision = primary === undefined ? undefined : world.ecs.revisions[primary.id];
  const images = (revision?.containers ?? []).map(({ name, digest }) => [name, digest ?? '?']);
  return Object.fromEntries(images) as Readonly<Record<string, string>>;
}
