/**
 * What runs now, as parameters of SSM, so that whoever owns the infrastructure can read it instead
 * of reverting it: `/slipway/<target key>/revision` (`/shop-slipway/…` of a
 * pipeline named shop), `…/release` and `…/image/<container>`.
 * It goes with the announcements after which something proven runs. Nothing here throws: what AWS
 * did not take for a passing reason stays owed, and is told and published again.
 */
import { PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { Announcement, RunsNow } from '../core/model/announcement.ts';
import { imageReference, type TargetKey } from '../core/model/image.ts';
import { type Named, prefixOf } from '../parsing/pipeline-name.ts';
import type { Announcements, Log } from '../ports.ts';
import { refusalOf, says } from './refusal.ts';

/** Below it are those of the pipeline. */
export function parametersPath(pipeline: Named): string {
  return `/${prefixOf(pipeline)}`;
}

export interface Published {
  readonly client: SSMClient;
  /** `/slipway` */
  readonly path: string;
}

/** Both tell, and then publish what was told. */
export function publishes(
  announcements: Announcements,
  { client, path }: Published,
  log: Log,
): Announcements {
  return {
    tell: async (outbox) => {
      const told = new Set(await announcements.tell(outbox));
      const carrying = outbox.filter(hasRuns);
      // Of several the newest counts.
      const newest = new Map(carrying.map((announcement) => [announcement.key, announcement]));
      for (const [key, { id, runs }] of newest) {
        const isPublished = await publish({ client, path }, log, key, runs);
        // While an older one is owed, this one is too: alone, that one would be published over it.
        const isNext = carrying.every((other) => other.key !== key || told.has(other.id));
        if (!isPublished || !isNext) told.delete(id);
      }
      return outbox.map(({ id }) => id).filter((id) => told.has(id));
    },
  };
}

type Carrying = Announcement & { readonly runs: RunsNow };

function hasRuns(announcement: Announcement): announcement is Carrying {
  return announcement.runs !== undefined;
}

/** False: it may go through another time. What is refused now will be refused then. */
async function publish(
  { client, path }: Published,
  log: Log,
  key: TargetKey,
  runs: RunsNow,
): Promise<boolean> {
  try {
    // In turn, and no more after the first failure: SSM takes few writes a second.
    for (const [name, value] of parametersOf(path, key, runs)) {
      await client.send(
        new PutParameterCommand({ Name: name, Value: value, Type: 'String', Overwrite: true }),
      );
    }
    return true;
  } catch (error) {
    const isFinal = refusalOf(error) !== undefined;
    log.warn(
      isFinal
        ? 'what runs was not published, until something else is proven'
        : 'what runs was not published; it is owed',
      { target: key, because: says(error) },
    );
    return isFinal;
  }
}

function parametersOf(
  path: string,
  key: TargetKey,
  { release, revision, images }: RunsNow,
): readonly (readonly [name: string, value: string])[] {
  const name = (what: string) => `${path}/${key}/${what}`;
  const each = Object.entries(images).map(
    ([container, image]) => [name(`image/${container}`), imageReference(image)] as const,
  );
  return [
    ...each,
    ...(release === undefined ? [] : [[name('release'), release] as const]),
    [name('revision'), revision],
  ];
}
