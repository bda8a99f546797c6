/**
 * A task definition that runs other images and is otherwise the same. It works on the JSON that ECS
 * sent, not on the SDK's types: a field that this version has never heard of goes through untouched.
 */
import type { DefinitionRules } from '../model/definition/file.ts';
import { type ImageSet, imageReference, lastPart } from '../model/image.ts';
import { asObject, sameJson } from '../model/json.ts';
import { containersOf, isRecord, type JsonRecord, nameOf } from './definition/containers.ts';
import { mergeDefinition } from './definition/merge.ts';

/**
 * What DescribeTaskDefinition returns and RegisterTaskDefinition does not take.
 * A test derives this list from the types of `@aws-sdk/client-ecs`.
 */
export const READ_ONLY_FIELDS = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'deleteRequestedAt',
] as const;

export type RenderedRevision =
  /** The body of a RegisterTaskDefinition request. */
  | { readonly outcome: 'rendered'; readonly input: JsonRecord }
  /** Every named container has its image already: there is nothing to register. */
  | { readonly outcome: 'unchanged' }
  /** The definition does not have the containers `names`; it has `has`. */
  | {
      readonly outcome: 'missing';
      readonly names: readonly string[];
      readonly has: readonly string[];
    }
  /** What stands in git cannot be laid over it: why, in words. */
  | { readonly outcome: 'refused'; readonly because: string };

/** The task definition in git, and what of it counts. */
export interface Overlay {
  readonly written: JsonRecord;
  readonly rules: Pick<DefinitionRules, 'leave' | 'roles'>;
}

/**
 * `definition` and `tags` as DescribeTaskDefinition returned them (`taskDefinition`, `tags`): tags
 * do not stand inside the definition and are lost unless they are sent again. Those of AWS itself
 * (`aws:`) may not be sent. `extraTags` win over tags of the same key. `overlay`: absent where the
 * copy differs in nothing but images, as on every way back.
 */
export function renderRevision(
  definition: JsonRecord,
  tags: readonly JsonRecord[],
  images: ImageSet,
  extraTags: Readonly<Record<string, string>>,
  overlay?: Overlay,
): RenderedRevision {
  const merged =
    overlay && mergeDefinition(definition, overlay.written, overlay.rules, Object.keys(images));
  if (merged?.state === 'refused') return { outcome: 'refused', because: merged.because };
  const wanted = merged?.definition ?? definition;
  const containers = containersOf(wanted);
  const has = containers.map(nameOf);
  const names = Object.keys(images).filter((name) => !has.includes(name));
  if (names.length > 0) return { outcome: 'missing', names, has };

  const changed = containers.map((container) => {
    const name = nameOf(container);
    const image = Object.hasOwn(images, name) ? images[name] : undefined;
    return image === undefined ? container : { ...container, image: imageReference(image) };
  });
  // One that was deregistered cannot be run again, whatever it says.
  const isActive = definition.status !== 'INACTIVE';
  const isSame = merged === undefined || sameJson(wanted, definition);
  if (isActive && isSame && changed.every(({ image }, i) => image === containers[i]?.image)) {
    return { outcome: 'unchanged' };
  }

  const readOnly: readonly string[] = READ_ONLY_FIELDS;
  const kept = Object.entries(wanted).filter(([field]) => !readOnly.includes(field));
  const allTags = mergeTags(tags, extraTags);
  return {
    outcome: 'rendered',
    input: {
      ...Object.fromEntries(kept),
      containerDefinitions: changed,
      // ECS refuses an empty list of tags.
      ...(allTags.length === 0 ? {} : { tags: allTags }),
    },
  };
}

/** Image reference by container, as written. */
export function containerImages(definition: JsonRecord): Readonly<Record<string, string>> {
  return Object.fromEntries(
    containersOf(definition).map((container) => [
      nameOf(container),
      typeof container.image === 'string' ? container.image : '',
    ]),
  );
}

function mergeTags(
  tags: readonly JsonRecord[],
  extraTags: Readonly<Record<string, string>>,
): JsonRecord[] {
  const kept = tags
    .filter(isRecord)
    .filter(
      ({ key }) =>
        typeof key === 'string' &&
        !key.toLowerCase().startsWith('aws:') &&
        !Object.hasOwn(extraTags, key),
    );
  return [...kept, ...Object.entries(extraTags).map(([key, value]) => ({ key, value }))];
}

/** Where a container of that task writes: `<prefix>/<container>/<task>`; undefined: it has no awslogs with a prefix. */
export function logStreamOf(
  definition: JsonRecord,
  container: string,
  task: string,
): { readonly group: string; readonly stream: string } | undefined {
  const own = containersOf(definition).find(({ name }) => name === container);
  const { logDriver, options } = asObject(own?.logConfiguration);
  const { 'awslogs-group': group, 'awslogs-stream-prefix': prefix } = asObject(options);
  if (logDriver !== 'awslogs' || typeof group !== 'string' || typeof prefix !== 'string') return;
  return { group, stream: `${prefix}/${container}/${lastPart(task)}` };
}
