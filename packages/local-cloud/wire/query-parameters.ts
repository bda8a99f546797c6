/**
 * Reads the parameters of the Query protocol (`Attribute.1.Name=…`) into an input, by the model:
 * the same names as botocore's QuerySerializer writes.
 */
import { type Member, type ServiceModel, shapeOf } from '../models/model.ts';

/** The parameters by the parts of their names. */
export interface Parameter {
  value?: string;
  readonly parts: Map<string, Parameter>;
}

/** Names have few parts; what has more is nonsense. */
const PARTS_MOST = 20;

export function parameterTree(parameters: URLSearchParams): Parameter {
  const root: Parameter = { parts: new Map() };
  for (const [name, value] of parameters) {
    const parts = name.split('.');
    if (parts.length > PARTS_MOST) continue;
    let at = root;
    for (const part of parts) {
      const next = at.parts.get(part) ?? { parts: new Map() };
      at.parts.set(part, next);
      at = next;
    }
    at.value = value;
  }
  return root;
}

/** The structure of that name; what is of a wrong type stays text. */
export function readParameters(model: ServiceModel, shapeName: string, tree: Parameter): object {
  return (read(model, { shape: shapeName }, tree) ?? {}) as object;
}

function read(model: ServiceModel, { shape: name }: Member, at: Parameter): unknown {
  const shape = shapeOf(model, name);
  switch (shape.type) {
    case 'structure': {
      const entries = Object.entries(shape.members).flatMap(([key, member]) => {
        const value = readMember(model, key, member, at);
        return value === undefined ? [] : [[key, value] as const];
      });
      return Object.fromEntries(entries);
    }
    case 'list':
      return readNumbered(at.parts.get(shape.member.name ?? 'member') ?? at, (each) =>
        read(model, shape.member, each),
      );
    case 'map': {
      const entries = at.parts.get('entry') ?? at;
      const { key, value } = shape;
      const pairs = readNumbered(entries, (each): [string, unknown] => [
        each.parts.get(key.name ?? 'key')?.value ?? '',
        read(model, value, each.parts.get(value.name ?? 'value') ?? { parts: new Map() }),
      ]);
      return Object.fromEntries(pairs);
    }
    default:
      return scalar(shape.type, at.value);
  }
}

/** A flattened list stands under its member's name, which replaces the list's own. */
function readMember(model: ServiceModel, key: string, member: Member, at: Parameter): unknown {
  const shape = shapeOf(model, member.shape);
  const own = member.name ?? key;
  const name = shape.type === 'list' && shape.flattened === true ? (shape.member.name ?? own) : own;
  const found = at.parts.get(name);
  if (found === undefined) return undefined;
  // The Query protocol writes an empty list as an empty text.
  if (shape.type === 'list' && shape.flattened === true) {
    return readNumbered(found, (each) => read(model, shape.member, each));
  }
  return read(model, member, found);
}

function readNumbered<T>(at: Parameter, readOne: (each: Parameter) => T): T[] {
  return [...at.parts]
    .filter(([part]) => /^\d+$/.test(part))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, each]) => readOne(each));
}

function scalar(type: string, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  switch (type) {
    case 'integer':
    case 'long':
      return /^-?\d{1,16}$/.test(text) ? Number(text) : text;
    case 'float':
    case 'double':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'timestamp': {
      const at = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
      return Number.isNaN(at) ? text : new Date(at);
    }
    default:
      return text;
  }
}
