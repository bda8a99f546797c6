/** Tags of clusters, services and task definitions. */
import type {
  ListTagsForResourceCommandInput,
  Tag,
  TagResourceCommandInput,
  UntagResourceCommandInput,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import { findTaskDefinition } from './names.ts';
import { serviceChanges } from './read-lag.ts';

export function TagResource(world: World, input: TagResourceCommandInput) {
  const added = input.tags ?? [];
  const keys = new Set(added.map(({ key }) => key));
  changeTags(world, input.resourceArn, (tags) => [
    ...added,
    ...tags.filter(({ key }) => !keys.has(key)),
  ]);
  return {};
}

export function UntagResource(world: World, input: UntagResourceCommandInput) {
  const keys = new Set(input.tagKeys ?? []);
  changeTags(world, input.resourceArn, (tags) => tags.filter(({ key }) => !keys.has(key ?? '')));
  return {};
}

export function ListTagsForResource(world: World, input: ListTagsForResourceCommandInput) {
  return { tags: [...taggedThing(world, input.resourceArn).tags] };
}

function changeTags(world: World, arn: string | undefined, change: (tags: Tag[]) => Tag[]): void {
  const thing = taggedThing(world, arn);
  if ('deployments' in thing) serviceChanges(world, thing);
  thing.tags = change(thing.tags);
}

function taggedThing(world: World, resourceArn: string | undefined) {
  const [, , , , , path = ''] = (resourceArn ?? '').split(/:(?=.)/);
  const [kind = '', ...names] = path.split('/');
  const name = names.join('/');
  const { clusters, services } = world.ecs;
  const thing =
    kind === 'cluster' ? clusters[name] : kind === 'service' ? services[name] : undefined;
  if (thing !== undefined) return thing;
  const definition =
    kind === 'task-definition' ? findTaskDefinition(world, resourceArn) : undefined;
  if (definition !== undefined) return definition;
  // The name and the text are unverified.
  throw new AwsError(
    kind === 'service' ? 'ServiceNotFoundException' : 'InvalidParameterException',
    'The specified resource was not found.',
  );
}
