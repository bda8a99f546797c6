/**
 * The task definition in git, laid over what runs: what the file names is taken, what it does not name stays
 * as it runs, at any depth; a list is the file's, and its entries are known by their names. Pure.
 */

import {
  CONTAINER_FIELDS_AS_THEY_RUN,
  MAPS,
  NAMED_BY,
  ROLE_FIELDS,
  TASK_FIELDS_AS_THEY_RUN,
} from '../../model/definition/fields.ts';
import type { DefinitionRules } from '../../model/definition/file.ts';
import type { ContainerName } from '../../model/image.ts';
import { asObject, type Json, sameJson } from '../../model/json.ts';
import { REASON_MAX, shorten } from '../../model/text.ts';
import { containersOf, type JsonRecord, nameOf } from './containers.ts';

export type MergedDefinition =
  | { readonly state: 'merged'; readonly definition: JsonRecord }
  /** It cannot be registered as it stands: why, in words. */
  | { readonly state: 'refused'; readonly because: string };

/**
 * `written`: as `shared/edge/definition-file.ts` made it, with known fields only. `ours`: the containers whose
 * images are released. Images stay those of `base`: `renderRevision` sets ours.
 */
export function mergeDefinition(
  base: JsonRecord,
  written: JsonRecord,
  { leave, roles }: Pick<DefinitionRules, 'leave' | 'roles'>,
  ours: readonly ContainerName[],
): MergedDefinition {
  const isLeft = leftBy(leave);
  const named = withoutOurImages(written, ours);
  const merged = mergeObject(base, named, [], isLeft);
  const because =
    whyUnknownContainer(base, named) ??
    whyNotAsItRuns(base, merged, TASK_FIELDS_AS_THEY_RUN, '') ??
    containersOf(named)
      .map((container) => whyNotContainer(base, merged, nameOf(container)))
      .find((why) => why !== undefined) ??
    whyRole(base, merged, roles);
  return because === undefined
    ? { state: 'merged', definition: merged }
    : { state: 'refused', because: shorten(because, REASON_MAX) };
}

/** What is absent stands for ours, and so does a placeholder. */
function withoutOurImages(written: JsonRecord, ours: readonly ContainerName[]): JsonRecord {
  if (written.containerDefinitions === undefined) return written;
  const containers = containersOf(written).map((container) => {
    const { image, ...rest } = container;
    return ours.includes(nameOf(container)) && isPlaceholder(image) ? rest : container;
  });
  return { ...written, containerDefinitions: containers };
}

/** `<IMAGE>`, `{{ image }}`, `${IMAGE}`: what tools that fill in an image leave in a file. */
function isPlaceholder(image: Json | undefined): boolean {
  return typeof image === 'string' && /^(?:<[^<>]*>|\{\{[^{}]*\}\}|\$\{[^{}]*\}|)$/.test(image);
}

function whyUnknownContainer(base: JsonRecord, written: JsonRecord): string | undefined {
  const has = containersOf(base).map(nameOf);
  const unknown = containersOf(written).find((container) => !has.includes(nameOf(container)));
  return (
    unknown &&
    `it names container "${unknown.name}", and what runs has ${has.map((name) => `"${name}"`).join(', ')}: who owns the task definition adds a container`
  );
}

function whyNotContainer(base: JsonRecord, merged: JsonRecord, name: string): string | undefined {
  const [before, after] = [base, merged].map((one) =>
    containersOf(one).find((container) => container.name === name),
  );
  if (before === undefined || after === undefined) return undefined;
  if (before.image !== after.image) {
    return `it names an image for container "${name}": leave \`image\` out, or write <IMAGE>; of a container that is not deployed it stays as it runs`;
  }
  return whyNotAsItRuns(before, after, CONTAINER_FIELDS_AS_THEY_RUN, `container "${name}": `);
}

function whyNotAsItRuns(
  before: JsonRecord,
  after: JsonRecord,
  fields: readonly string[],
  where: string,
): string | undefined {
  const changed = fields.find((field) => !sameJson(before[field], after[field]));
  return (
    changed &&
    `${where}\`${changed}\` is not as it runs, and only who owns the service may change it: leave it out`
  );
}

/** Any role that IAM lets Slipway pass would be too many: those of another target are among them. */
function whyRole(
  base: JsonRecord,
  merged: JsonRecord,
  roles: readonly string[],
): string | undefined {
  const field = ROLE_FIELDS.find((one) => {
    const role = merged[one];
    if (typeof role !== 'string' || role === base[one]) return false;
    return !roles.some((allowed) => nameWithPath(allowed) === nameWithPath(role));
  });
  return (
    field &&
    `\`${field}\` is ${JSON.stringify(merged[field])}, which is none of the roles of this target: name it in infra.taskDefinitions, and deploy the stack`
  );
}

/** `team/web-task` of `arn:aws:iam::123456789012:role/team/web-task`. IAM passes no role of another account. */
function nameWithPath(role: string): string {
  return role.replace(/^arn:[^/]*:role\//, '').replace(/^\//, '');
}

type Path = readonly string[];
type IsLeft = (path: Path) => boolean;

/** `containerDefinitions.*.logConfiguration`: each word stands for one step, `*` for any. */
function leftBy(leave: readonly string[]): IsLeft {
  const patterns = leave.map((one) => one.split('.'));
  return (path) =>
    patterns.some(
      (words) =>
        words.length === path.length && words.every((word, i) => word === '*' || word === path[i]),
    );
}

function merge(base: Json | undefined, written: Json, path: Path, isLeft: IsLeft): Json {
  const field = path.at(-1) ?? '';
  if (Array.isArray(written)) return mergeList(base, written, path, isLeft);
  if (typeof written !== 'object' || written === null) return written;
  if (MAPS.includes(field)) return base !== undefined && sameJson(base, written) ? base : written;
  return mergeObject(asObject(base), written as JsonRecord, path, isLeft);
}

function mergeObject(
  base: JsonRecord,
  written: JsonRecord,
  path: Path,
  isLeft: IsLeft,
): JsonRecord {
  const taken = Object.entries(written).flatMap(([field, value]) => {
    const here = [...path, field];
    return isLeft(here) ? [] : [[field, merge(base[field], value, here, isLeft)] as const];
  });
  return { ...base, ...Object.fromEntries(taken) };
}

/** The order of entries with names says nothing: the same ones are no change. */
function mergeList(
  base: Json | undefined,
  written: readonly Json[],
  path: Path,
  isLeft: IsLeft,
): Json {
  const by = NAMED_BY[path.at(-1) ?? ''];
  const before: readonly Json[] = Array.isArray(base) ? base : [];
  if (by === undefined) return sameJson(before, written) ? before : written;
  const keyOf = (entry: Json) => String(asObject(entry)[by]);
  const known = new Map(before.map((entry) => [keyOf(entry), entry]));
  const left = (entry: Json) => isLeft([...path, keyOf(entry)]);
  const taken = written
    .filter((entry) => !left(entry))
    .map((entry) => {
      return merge(known.get(keyOf(entry)), entry, [...path, keyOf(entry)], isLeft);
    });
  const named = new Set(written.map(keyOf));
  // A container that the file does not name is somebody else's, and stays.
  const isContainers = path.length === 1 && path[0] === 'containerDefinitions';
  const kept = before.filter((entry) => left(entry) || (isContainers && !named.has(keyOf(entry))));
  return inOrderOf(before, [...taken, ...kept], keyOf);
}

/** As before where they were there before, then the new ones. */
function inOrderOf(
  before: readonly Json[],
  entries: readonly Json[],
  keyOf: (entry: Json) => string,
): readonly Json[] {
  const order = before.map(keyOf);
  const placeOf = (entry: Json) => {
    const place = order.indexOf(keyOf(entry));
    return place === -1 ? order.length : place;
  };
  return entries.toSorted((a, b) => placeOf(a) - placeOf(b));
}
