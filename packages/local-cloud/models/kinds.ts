/** Types of the models, and what a value is instead. */
import type { Shape } from './model.ts';

const INTEGER_MOST = 2_147_483_647;

/** Whether a value is of the shape's type at all, whatever its bounds. */
export function hasType(shape: Shape, value: unknown): boolean {
  switch (shape.type) {
    case 'structure':
    case 'map':
      return (
        typeof value === 'object' &&
        value !== null &&
        !Array.isArray(value) &&
        !(value instanceof Date)
      );
    case 'list':
      return Array.isArray(value);
    case 'document':
      return true;
    case 'string':
    case 'boolean':
      return typeof value === shape.type;
    case 'integer':
      return Number.isInteger(value) && Math.abs(value as number) <= INTEGER_MOST;
    case 'long':
      return Number.isInteger(value);
    case 'float':
    case 'double':
      // As JSON has no words for them, the protocol writes these as texts.
      return typeof value === 'number' || value === 'NaN' || /^-?Infinity$/.test(String(value));
    case 'timestamp':
      return value instanceof Date && !Number.isNaN(value.getTime());
    case 'blob':
      return typeof value === 'string' || value instanceof Uint8Array;
  }
}

/** Names of types, as AWS's parsers say them. */
export const WANTED: Readonly<Record<Shape['type'], string>> = {
  structure: 'Structure',
  map: 'Map',
  list: 'List',
  string: 'String',
  boolean: 'Boolean',
  integer: 'Integer',
  long: 'Long',
  float: 'Float',
  double: 'Double',
  timestamp: 'Timestamp',
  blob: 'Blob',
  document: 'Document',
};

/** What a parser calls a value that it did not expect. */
export function kindOf(value: unknown): string {
  if (value === null) return 'NULL_VALUE';
  if (Array.isArray(value)) return 'START_ARRAY';
  switch (typeof value) {
    case 'string':
      return 'STRING_VALUE';
    case 'boolean':
      return value ? 'TRUE_VALUE' : 'FALSE_VALUE';
    case 'number':
      return Number.isInteger(value) ? 'NUMBER_VALUE' : 'DECIMAL_VALUE';
    default:
      return 'START_OBJECT';
  }
}
