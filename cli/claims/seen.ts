/** What waits for GitHub's word, or was not taken, of the images of targets: a GetItem for each source. */
import type { Target } from '../../shared/config/config.ts';
import { type ClaimStanding, claimStandings } from '../../shared/core/incident/claim-standing.ts';
import { findElsewhere } from '../../shared/route/find-sources.ts';
import { containersFor } from '../../shared/route/find-targets.ts';
import type { Connection } from '../connect/connection.ts';

export interface ClaimsSeen {
  readonly of: ReadonlyMap<Target['key'], readonly ClaimStanding[]>;
  /** Records of sources that could not be read, and why. */
  readonly unseen: readonly string[];
}

/** Throws nothing: who may not read sources sees the targets all the same. */
export async function claimsSeen(
  {
    aws,
    pipeline,
  }: Pick<Connection, 'pipeline'> & { readonly aws: Pick<Connection['aws'], 'loadSource'> },
  targets: readonly Target[],
): Promise<ClaimsSeen> {
  const keysOf = new Map(targets.map((target) => [target, sourcesOf(pipeline, target)]));
  const keys = [...new Set([...keysOf.values()].flat())];
  const unseen: string[] = [];
  const loaded = await Promise.all(
    keys.map(async (key) => {
      try {
        return [key, (await aws.loadSource(key))?.record] as const;
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        unseen.push(`what waits for GitHub's word, in ${key}: ${why}`);
        return [key, undefined] as const;
      }
    }),
  );
  const records = new Map(loaded);
  const of = targets.map((target) => {
    const standings = (keysOf.get(target) ?? []).flatMap((key) => {
      const record = records.get(key);
      return record === undefined ? [] : claimStandings(record, takerOf(target));
    });
    return [target.key, standings] as const;
  });
  return { of: new Map(of), unseen };
}

/** The sources whose images, built elsewhere, this target takes. */
function sourcesOf(pipeline: Connection['pipeline'], { rules }: Target): readonly string[] {
  const found = Object.values(rules.containers).flatMap((one) => findElsewhere(pipeline, one));
  return [...new Set(found.map(({ key }) => key))];
}

function takerOf(target: Target) {
  return {
    id: target.id,
    takes: ({ registry, repository }: { registry: string; repository: string }, tag: string) =>
      containersFor(target, repository, [tag]).some(
        (container) => target.rules.containers[container]?.registry === registry,
      ),
  };
}
