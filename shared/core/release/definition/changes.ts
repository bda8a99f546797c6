/**
 * What a release changes in the task definition beside its images, as lines for people. Values of the
 * environment, and of whatever else may hold a secret, are told by their names alone. Pure.
 */

import { MAPS, NAMED_BY } from '../../model/definition/fields.ts';
import { asObject, type Json, sameJson } from '../../model/json.ts';
import { shorten } from '../../model/text.ts';
import { READ_ONLY_FIELDS } from '../task-definition.ts';
import { containersOf, type JsonRecord, nameOf } from './containers.ts';

/** Of one release; how many more there are is told. */
const LINES_MAX = 5;
const LINE_MAX = 100;

/** Their values are no secrets: sizes, names, and where a secret is. */
const SHOWN = [
  ...['cpu', 'memory', 'memoryReservation', 'sizeInGiB', 'essential', 'containerPort', 'hostPort'],
  ...['executionRoleArn', 'taskRoleArn', 'valueFrom', 'startTimeout', 'stopTimeout', 'user'],
  ...['readonlyRootFilesystem', 'interval', 'timeout', 'retries', 'startPeriod'],
];

/** `cpu "256" -> "512"`, `app: environment LOG_LEVEL changed`. Images are left out: a release is called by them. */
export function changesInWords(before: JsonRecord, after: JsonRecord): readonly string[] {
  const all = [...READ_ONLY_FIELDS, 'containerDefinitions'];
  const lines = fieldsOf(before, after)
    .filter((field) => !all.includes(field))
    .flatMap((field) => compare([field], before[field], after[field]));
  const [old, now] = [byName(before), byName(after)];
  for (const [name, container] of now) {
    const was = old.get(name) ?? {};
    const fields = fieldsOf(was, container).filter((field) => field !== 'image');
    const own = fields.flatMap((field) => compare([field], was[field], container[field]));
    lines.push(...own.map((line) => `${name}: ${line}`));
  }
  const told = lines.slice(0, LINES_MAX).map((line) => shorten(line, LINE_MAX));
  const more = lines.length - told.length;
  return more === 0 ? told : [...told, `and ${more} more`];
}

function compare(path: readonly string[], before?: Json, after?: Json): readonly string[] {
  if (sameJson(before, after)) return [];
  const field = path.at(-1) ?? '';
  const [a, b] = [partsOf(before, field), partsOf(after, field)];
  if (a !== undefined && b !== undefined) {
    return [...new Set([...a.keys(), ...b.keys()])].flatMap((key) =>
      compare([...path, key], a.get(key), b.get(key)),
    );
  }
  const what = path.join(' ');
  const isOfUser = path.some((one) => MAPS.includes(one));
  const shown = SHOWN.includes(field) && !isOfUser && [before, after].every(isScalar);
  if (shown) return [`${what} ${inJson(before)} -> ${inJson(after)}`];
  if (before === undefined) return [`${what} added`];
  return [`${what} ${after === undefined ? 'removed' : 'changed'}`];
}

/** Of an entry with a name and one value there is nothing below it to tell; a list without names is one thing. */
function partsOf(value: Json | undefined, field: string): ReadonlyMap<string, Json> | undefined {
  // What is not there has no parts, and a list that is empty is as good as none.
  if (Array.isArray(value)) {
    const by = NAMED_BY[field];
    if (by === undefined) return undefined;
    return new Map(value.map((entry: Json) => [String(asObject(entry)[by]), entry]));
  }
  if (value === undefined && (NAMED_BY[field] !== undefined || MAPS.includes(field))) {
    return new Map();
  }
  if (typeof value !== 'object' || value === null) return undefined;
  return 'value' in value && 'name' in value ? undefined : new Map(Object.entries(value));
}

function fieldsOf(before: JsonRecord, after: JsonRecord): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])];
}

function byName(definition: JsonRecord): ReadonlyMap<string, JsonRecord> {
  return new Map(containersOf(definition).map((one) => [nameOf(one), one]));
}

function isScalar(value: Json | undefined): boolean {
  return value === undefined || typeof value !== 'object' || value === null;
}

function inJson(value: Json | undefined): string {
  return value === undefined ? 'none' : JSON.stringify(value);
}
