/** The containers of a task definition, in the JSON that ECS sent or that a file in git says. */
import type { Json } from '../../model/json.ts';

export type JsonRecord = { readonly [key: string]: Json };

export function containersOf({ containerDefinitions: all }: JsonRecord): readonly JsonRecord[] {
  return Array.isArray(all) ? all.filter(isRecord) : [];
}

export function isRecord(value: Json): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function nameOf({ name }: JsonRecord): string {
  return typeof name === 'string' ? name : '';
}
