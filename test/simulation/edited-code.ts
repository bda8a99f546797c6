/** Changes our code as it is loaded, in this process alone: to be called before the first import of it. */
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Edit, Place } from './place.ts';

export type PlacedEdit = Place & Pick<Edit, 'replace'>;

export function editCode(edits: readonly PlacedEdit[]): void {
  const changed = Map.groupBy(edits, ({ file }) => pathToFileURL(file).href);
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const its = changed.get(url);
      if (its === undefined || loaded.source === undefined || loaded.source === null) return loaded;
      const source =
        typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source);
      const edited = its.reduce(
        (all, { text, replace }) => all.replace(text, () => replace),
        source,
      );
      return { ...loaded, source: edited };
    },
  });
}
