/**
 * Image references of the local ECS: resolved once, when a deployment begins (docs, "Container
 * image resolution": software version consistency), looked for again at every pull.
 */
import { createHash } from 'node:crypto';
import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import type { Behaviour } from '../../ecr/behaviour.ts';
import { behaviourOf, digestOfTag, isPullable } from '../../ecr/state.ts';
import type { World } from '../../kernel/world.ts';
import type { ContainerRecord, RevisionRecord, TaskDefinitionRecord } from '../state.ts';

/** The containers of a new revision, with the digests that their tags name at this moment. */
export function resolveContainers(
  world: World,
  definition: TaskDefinitionRecord,
): ContainerRecord[] {
  return definition.registered.containerDefinitions.map((container) => {
    const { repository, digest } = resolveImage(world, container.image ?? '');
    const behaves = inItsEnvironment(world, container, digest);
    return {
      name: container.name ?? '',
      image: container.image ?? '',
      ...(digest !== undefined && { digest }),
      ...(repository !== undefined && { repository }),
      ...(behaves && { behaves }),
      essential: container.essential ?? true,
      checksHealth: container.healthCheck !== undefined,
      cpu: String(container.cpu ?? 0),
      ...(container.stopTimeout !== undefined && { stopTimeout: container.stopTimeout }),
      ...(memoryOf(container) !== undefined && { memory: String(memoryOf(container)) }),
    };
  });
}

/** Undefined: as its image behaves anywhere. */
function inItsEnvironment(
  world: World,
  { environment = [] }: ContainerDefinition,
  digest: string | undefined,
): Behaviour | undefined {
  const there = digest === undefined ? undefined : behaviourOf(world, digest).inEnvironment;
  const isSo = environment.some(
    ({ name, value }) => name === there?.name && value === there?.value,
  );
  return isSo ? there?.behaves : undefined;
}

/** Of one container: by its environment, else by its image. */
function behaviourIn(world: World, { behaves, digest }: ContainerRecord): Behaviour {
  return behaves ?? behaviourOf(world, digest ?? '');
}

function memoryOf(container: ContainerDefinition): number | undefined {
  return container.memory;
}

interface ResolvedImage {
  readonly repository?: string;
  readonly digest?: string;
}

/** `repo@sha256:…` as it stands; a tag of our own registry by lookup; others by their text. */
function resolveImage(world: World, image: string): ResolvedImage {
  const at = image.indexOf('@');
  const name = at < 0 ? image : image.slice(0, at);
  const own = `${world.account}.dkr.ecr.${world.region}.amazonaws.com/`;
  if (!name.startsWith(own)) {
    return { digest: at < 0 ? digestOfText(image) : image.slice(at + 1) };
  }
  const path = name.slice(own.length);
  const colon = path.lastIndexOf(':');
  const repository = colon < 0 ? path : path.slice(0, colon);
  if (at >= 0) return { repository, digest: image.slice(at + 1) };
  const digest = digestOfTag(world, repository, colon < 0 ? 'latest' : path.slice(colon + 1));
  return { repository, ...(digest !== undefined && { digest }) };
}

/** Somebody else's registry is not modelled: an image there has one digest for ever. */
function digestOfText(image: string): string {
  return `sha256:${createHash('sha256').update(image).digest('hex')}`;
}

export interface PullFailure {
  readonly container: string;
  readonly reason: string;
}

/** Why this revision's images cannot be pulled now; undefined if they can. */
export function pullFailure(world: World, revision: RevisionRecord): PullFailure | undefined {
  for (const container of revision.containers) {
    const { name, image, digest, repository } = container;
    if (digest !== undefined && behaviourIn(world, container).unpullable === true) {
      // The text of a registry that refuses: docs, task_cannot_pull_image.
      return {
        container: name,
        reason:
          'CannotPullContainerError: The task can’t pull the image. Check that the role has the ' +
          'permissions to pull images from the registry.',
      };
    }
    if (repository === undefined) continue;
    if (digest !== undefined && isPullable(world, repository, digest)) continue;
    return {
      container: name,
      reason:
        'CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to ' +
        `resolve ref ${image}: ${image}: not found`,
    };
  }
  return undefined;
}

/**
 * How a task of this revision behaves: of each property the first essential container's that has
 * it, with the name of the container that it comes from.
 */
export function taskBehaviour(world: World, revision: RevisionRecord): Behaviour {
  const { containers } = revision;
  const first = containers[0];
  if (containers.length === 1 && first?.digest !== undefined) return behaviourIn(world, first);
  const behaviours = containers
    .filter(({ essential, digest }) => essential && digest !== undefined)
    .map((container) => behaviourIn(world, container));
  return Object.assign({}, ...behaviours.reverse());
}

/** The container that a property of the task's behaviour comes from. */
export function containerWith(
  world: World,
  revision: RevisionRecord,
  property: keyof Behaviour,
): string {
  const culprit = revision.containers.find(
    (container) =>
      container.essential &&
      container.digest !== undefined &&
      behaviourIn(world, container)[property] !== undefined,
  );
  return culprit?.name ?? revision.containers[0]?.name ?? '';
}
