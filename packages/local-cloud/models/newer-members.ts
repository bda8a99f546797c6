/**
 * What the AWS SDK for JavaScript knows and botocore does not yet: of the two, the newer one says
 * which members there are. The SDK's schemas have types, but no bounds, patterns or enums.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { SourceMember, SourceShape } from './source.ts';

/** `[3, namespace, name, traits, member names, member schemas, how many are required]`; 4: a union. */
type StructureSchema = readonly [3 | 4, string, string, unknown, string[], Schema[], number?];
type ListSchema = readonly [1, string, string, unknown, Schema];
type MapSchema = readonly [2, string, string, unknown, Schema, Schema];
type SimpleSchema = readonly [0, string, string, unknown, number];
/** A member with traits of its own. */
type MemberSchema = readonly [Schema, unknown];
type NamedSchema = StructureSchema | ListSchema | MapSchema | SimpleSchema;
type Schema = number | NamedSchema | MemberSchema | (() => Schema);

/** Bits of a schema that is a number: a list or a map of the type in the lower bits. */
const LIST = 0b0100_0000;
const MAP = 0b1000_0000;
const TYPES: Readonly<Record<number, string>> = {
  0: 'string',
  1: 'double',
  2: 'boolean',
  4: 'timestamp',
  5: 'timestamp',
  6: 'timestamp',
  7: 'timestamp',
  21: 'blob',
};

const require = createRequire(import.meta.url);

export interface Newer {
  readonly shapes: Readonly<Record<string, SourceShape>>;
  /** The package, if it had anything that botocore lacks. */
  readonly from?: string;
}

/** The shapes with what the SDK's client of this service adds; as they were without such a client. */
export function withNewerMembers(
  shapes: Readonly<Record<string, SourceShape>>,
  serviceId: string,
): Newer {
  const name = `@aws-sdk/client-${serviceId.toLowerCase().replaceAll(' ', '-')}`;
  const schemas = schemasOf(name);
  if (schemas === undefined) return { shapes };
  const all: Record<string, SourceShape> = { ...shapes };
  let added = 0;
  for (const [shape, schema] of schemas) {
    const known = shapes[shape];
    if (known?.type !== 'structure') continue;
    const members: Record<string, SourceMember> = { ...known.members };
    schema[4].forEach((member, index) => {
      if (members[member] !== undefined) return;
      members[member] = { shape: shapeFor(all, schema[5][index] ?? 0) };
      added++;
    });
    all[shape] = { ...known, members };
  }
  if (added === 0) return { shapes };
  const { version } = require(join(name, 'package.json')) as { version: string };
  return { shapes: all, from: `${name} ${version}` };
}

function schemasOf(name: string): ReadonlyMap<string, StructureSchema> | undefined {
  let client: Readonly<Record<string, unknown>>;
  try {
    client = require(name) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
  const structures = Object.values(client).filter(isStructure);
  return new Map(structures.map((schema) => [schema[2], schema]));
}

function isStructure(value: unknown): value is StructureSchema {
  return Array.isArray(value) && value[0] === 3;
}

/** The name of a shape for this schema; made, with all that it consists of, if it is new. */
function shapeFor(all: Record<string, SourceShape>, schema: Schema): string {
  if (typeof schema === 'function') return shapeFor(all, schema());
  if (typeof schema === 'number') return simpleShape(all, schema);
  if (schema.length === 2) return shapeFor(all, schema[0]);
  const name = schema[2];
  if (all[name] !== undefined) return name;
  switch (schema[0]) {
    case 0:
      return simpleShape(all, schema[4]);
    case 1:
      all[name] = { type: 'list', member: { shape: shapeFor(all, schema[4]) } };
      return name;
    case 2: {
      const key = { shape: shapeFor(all, schema[4]) };
      all[name] = { type: 'map', key, value: { shape: shapeFor(all, schema[5]) } };
      return name;
    }
    case 3:
    case 4: {
      const [, , , , names, parts, required = 0] = schema;
      const members = names.map((member, index): [string, SourceMember] => [
        member,
        { shape: shapeFor(all, parts[index] ?? 0) },
      ]);
      all[name] = {
        type: 'structure',
        members: Object.fromEntries(members),
        required: names.slice(0, required),
      };
      return name;
    }
  }
}

function simpleShape(all: Record<string, SourceShape>, schema: number): string {
  const inner = schema & ~(LIST | MAP);
  const type = TYPES[inner];
  if (type === undefined) throw new Error(`the SDK's schemas have a type ${inner}, new to us`);
  const name = `Newer${type}`;
  all[name] ??= { type };
  if (inner === schema) return name;
  const of = `${name}${schema & LIST ? 'List' : 'Map'}`;
  all.Newerstring ??= { type: 'string' };
  all[of] ??=
    schema & LIST
      ? { type: 'list', member: { shape: name } }
      : { type: 'map', key: { shape: 'Newerstring' }, value: { shape: name } };
  return of;
}
