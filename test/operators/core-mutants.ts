/** Every operator mutant of the core, numbered the same in each process. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Place, withMutants } from './places.ts';

const CORE = fileURLToPath(new URL('../../shared/core/', import.meta.url));

export interface CoreMutant extends Place {
  /** `phases/idle.ts` */
  readonly file: string;
}

export function mutantsOfCore(): {
  readonly mutants: readonly CoreMutant[];
  /** With the text that has all of its mutants in it. */
  readonly files: readonly { readonly file: string; readonly text: string }[];
} {
  const names = readdirSync(CORE, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort();
  const mutants: CoreMutant[] = [];
  const files = names.map((name) => {
    const { text, places } = withMutants(readFileSync(CORE + name, 'utf8'), mutants.length);
    mutants.push(...places.map((place) => ({ ...place, file: name })));
    return { file: CORE + name, text };
  });
  return { mutants, files };
}
