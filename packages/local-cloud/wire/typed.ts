/** Turns a value off the wire into what the model's types say, and back; wrong types stay as they are. */
import { type ServiceModel, shapeOf } from '../models/model.ts';

/** How scalars are written on a wire. */
export interface Scalars {
  readonly timestamp: (value: unknown) => unknown;
  readonly blob: (value: unknown) => unknown;
}

/** Told of each member that the model does not know. */
export type OnUnknown = (name: string) => void;

/** Members that are null are absent, as AWS reads them; members without a shape are left out. */
export function typed(
  model: ServiceModel,
  shapeName: string,
  value: unknown,
  scalars: Scalars,
  onUnknown: OnUnknown = () => undefined,
): unknown {
  const shape = shapeOf(model, shapeName);
  switch (shape.type) {
    case 'timestamp':
      return scalars.timestamp(value);
    case 'blob':
      return scalars.blob(value);
    case 'list':
      if (!Array.isArray(value)) return value;
      return value.map((each) => typed(model, shape.member.shape, each, scalars, onUnknown));
    case 'map':
      if (!isObject(value)) return value;
      return mapped(value, (_, each) => typed(model, shape.value.shape, each, scalars, onUnknown));
    case 'structure':
      if (!isObject(value)) return value;
      return mapped(value, (name, each) => {
        const member = Object.hasOwn(shape.members, name) ? shape.members[name] : undefined;
        if (member === undefined) onUnknown(name);
        if (member === undefined || each === null || each === undefined) return undefined;
        return typed(model, member.shape, each, scalars, onUnknown);
      });
    case 'string':
    case 'boolean':
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
    case 'document':
      return value;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
  );
}

/** Without the entries that become undefined. `__proto__` is a name like another. */
function mapped(
  value: Readonly<Record<string, unknown>>,
  change: (name: string, value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => {
      const changed = change(name, each);
      return changed === undefined ? [] : [[name, changed]];
    }),
  );
}
