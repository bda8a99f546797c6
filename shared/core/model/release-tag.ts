/** The tag of each revision that a pipeline registers: for which release, and of which pipeline. */

import type { Json } from './json.ts';

export const RELEASE_TAG = 'slipway:release';

type Tag = Readonly<Record<string, Json>>;

/** `ecs/production/web/12`, or `shop:ecs/production/web/12` of the pipeline shop. */
export function releaseTag({ pipeline }: { readonly pipeline?: string }, release: string): string {
  return pipeline === undefined ? release : `${pipeline}:${release}`;
}

/** Of a revision's tags, as ECS writes them; undefined: no pipeline of ours registered it. */
export function releaseIn(tags: readonly Tag[]): string | undefined {
  const value = tags.find(({ key }) => key === RELEASE_TAG)?.value;
  return typeof value === 'string' ? value : undefined;
}

/** Whose it is; without a name: the pipeline that has none. */
export function ofPipeline(tag: string): { readonly pipeline?: string; readonly release: string } {
  const end = tag.indexOf(':');
  return end < 0 ? { release: tag } : { pipeline: tag.slice(0, end), release: tag.slice(end + 1) };
}
