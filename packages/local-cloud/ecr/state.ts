/** What the local ECR remembers: repositories, their images and tags, and how an image behaves. */
import { AwsError } from '../kernel/errors.ts';
import { table } from '../kernel/tables.ts';
import type { World } from '../kernel/world.ts';
import type { Behaviour } from './behaviour.ts';

export interface EcrState {
  repositories: Record<string, EcrRepository>;
  /** How an image behaves once it runs, by digest. */
  behaviours: Record<string, Behaviour>;
}

declare module '../kernel/world.ts' {
  interface ServiceStates {
    ecr: EcrState;
  }
}

export type TagMutability =
  | 'MUTABLE'
  | 'IMMUTABLE'
  | 'MUTABLE_WITH_EXCLUSION'
  | 'IMMUTABLE_WITH_EXCLUSION';

export interface EcrRepository {
  readonly name: string;
  readonly createdAt: number;
  imageTagMutability: TagMutability;
  /** Wildcards of the tags for which the opposite of the setting holds. */
  mutabilityExclusions: string[];
  /** By digest, oldest first. */
  images: Record<string, EcrImage>;
  /** Which image a tag names now. */
  tags: Record<string, string>;
  /** What scans an image when it is pushed; absent: nothing does. */
  scanning?: 'basic' | 'enhanced';
  /** Texts by digest: what signs an image. */
  blobs: Record<string, string>;
}

export interface EcrImage {
  readonly digest: string;
  tags: string[];
  /** Whole seconds, as ECR answers them. */
  pushedAt: number;
  readonly sizeInBytes: number;
  readonly mediaType: string;
  readonly manifest: string;
  status: 'ACTIVE' | 'ARCHIVED';
  archivedAt?: number;
  /** What a scan of it will come to. */
  scanPlan?: ScanPlan;
  scan?: EcrScan;
}

export const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL'] as const;

/** How many findings of each severity. */
export type Findings = { readonly [K in (typeof SEVERITIES)[number]]?: number };

/** What a scan of an image will come to. */
export interface ScanPlan {
  readonly findings?: Findings;
  /** never: its result does not come; fails, unsupported: it ends without one. */
  readonly scan?: 'never' | 'fails' | 'unsupported';
  readonly scanSeconds?: number;
}

export type ScanStatus =
  | 'PENDING'
  | 'IN_PROGRESS'
  | 'COMPLETE'
  | 'ACTIVE'
  | 'FAILED'
  | 'UNSUPPORTED_IMAGE';

export interface EcrScan {
  status: ScanStatus;
  readonly startedAt: number;
  completedAt?: number;
}

export function emptyEcr(): EcrState {
  return { repositories: table(), behaviours: {} };
}

export const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const INDEX = 'application/vnd.oci.image.index.v1+json';

/** How the image of this digest behaves; an image of which nothing is known behaves well. */
export function behaviourOf(world: World, digest: string): Behaviour {
  return world.ecr.behaviours[digest] ?? WELL_BEHAVED;
}

const WELL_BEHAVED: Behaviour = {};

/** The digest that a tag names now; undefined if repository or tag is unknown. */
export function digestOfTag(world: World, repository: string, tag: string): string | undefined {
  return world.ecr.repositories[repository]?.tags[tag];
}

/** Whether a pull of this digest would find it. */
export function isPullable(world: World, repository: string, digest: string): boolean {
  return world.ecr.repositories[repository]?.images[digest]?.status === 'ACTIVE';
}

export function repositoryNamed(world: World, name: string | undefined): EcrRepository {
  const repository = name === undefined ? undefined : world.ecr.repositories[name];
  if (repository !== undefined) return repository;
  throw new AwsError(
    'RepositoryNotFoundException',
    `The repository with name '${name}' does not exist in the registry with id '${world.account}'`,
  );
}

export function addRepository(world: World, name: string): EcrRepository {
  const repository: EcrRepository = {
    name,
    createdAt: world.now,
    imageTagMutability: 'MUTABLE',
    mutabilityExclusions: [],
    images: {},
    tags: table(),
    blobs: {},
  };
  world.ecr.repositories[name] = repository;
  return repository;
}
