/** Where an image stands in the order of the commits: found by its tag, its build or its label. */
import type { Commit, Image } from '../core/model/image.ts';
import type { Order } from '../core/model/order.ts';
import type { CommitPlaces, StoredPlace } from '../ports.ts';
import { commitInTag, imageTagOf } from '../route/find-sources.ts';

/** placed: its order. waits: GitHub has not told yet. none: it is not known to come from a commit. */
export type ImagePlace =
  | ({ readonly state: 'placed'; readonly commit: Commit } & Pick<Order, 'by' | 'rank'>)
  | { readonly state: 'waits'; readonly because: string; readonly commit?: Commit }
  | { readonly state: 'none' };

type Named = Pick<Image, 'registry' | 'repository' | 'digest' | 'tags'>;

/**
 * `builtFrom`: repositories on GitHub. `byBuild`: only a build of ours may say of which commit it is;
 * whoever may push writes tags and labels. Throws `TransientError` when the table does not answer.
 */
export async function placeOf(
  image: Named,
  builtFrom: readonly string[],
  commits: CommitPlaces,
  { byBuild = false }: { readonly byBuild?: boolean } = {},
): Promise<ImagePlace> {
  let unheard: string | undefined;
  const names = byBuild ? buildsOf(image, builtFrom, commits) : namesOf(image, builtFrom, commits);
  for await (const { repository, name } of names) {
    const place = placeIn(image.tags, await commits.places(repository, name));
    if (place !== undefined) return imagePlace(repository, place);
    // A date, or the number of a build, looks like the beginning of a commit.
    if (!/^\d+$/.test(name)) unheard ??= name;
  }
  // Its push was not heard of, or is being handled right now. A repository of which nothing was ever
  // heard has no order of commits that an image could be older in.
  return unheard === undefined || !(await isHeardOf(builtFrom, commits))
    ? { state: 'none' }
    : { state: 'waits', because: `no push of the commit ${unheard} was heard of yet` };
}

async function isHeardOf(builtFrom: readonly string[], commits: CommitPlaces): Promise<boolean> {
  for (const repository of builtFrom) {
    if ((await commits.places(repository, '')).length > 0) return true;
  }
  return false;
}

/**
 * What may name its commit. A tag says it for nothing; the build and the label cost a call each, and
 * are asked when no push of what the tag names was heard of.
 */
async function* namesOf(
  image: Named,
  builtFrom: readonly string[],
  commits: CommitPlaces,
): AsyncGenerator<{ readonly repository: string; readonly name: string }> {
  for (const repository of builtFrom) {
    for (const tag of image.tags) {
      const name = commitInTag(tag);
      if (name !== undefined) yield { repository, name };
    }
  }
  yield* buildsOf(image, builtFrom, commits);
  const name = builtFrom.length === 0 ? undefined : await commits.revisionOf(image);
  if (name === undefined) return;
  for (const repository of builtFrom) yield { repository, name };
}

async function* buildsOf(
  { digest }: Named,
  builtFrom: readonly string[],
  commits: CommitPlaces,
): AsyncGenerator<{ readonly repository: string; readonly name: string }> {
  for (const repository of builtFrom) {
    const name = await commits.commitOf(repository, digest);
    if (name !== undefined) yield { repository, name };
  }
}

/** Did a build of ours make this image of one of these repositories? */
export async function isBuiltFrom(
  image: Named,
  builtFrom: readonly string[],
  commits: CommitPlaces,
): Promise<boolean> {
  for await (const _ of buildsOf(image, builtFrom, commits)) return true;
  return false;
}

function imagePlace(repository: string, place: StoredPlace): ImagePlace {
  const commit = { repository, sha: place.commit };
  return 'waitsBecause' in place
    ? { state: 'waits', because: place.waitsBecause, commit }
    : {
        state: 'placed',
        commit,
        by: `commit ${place.ref}`,
        rank: [place.line, place.position],
      };
}

/** A commit may be on several refs: the one that the tag was made for counts. */
function placeIn(tags: readonly string[], places: readonly StoredPlace[]): StoredPlace | undefined {
  const ofTag = places.find(({ ref, commit }) => {
    const whole = imageTagOf(ref, commit);
    // Other builds cut the commit elsewhere: `main-8f3c2a1`.
    const label = whole.slice(0, whole.lastIndexOf('-') + 1);
    const cut = (tag: string) =>
      tag.startsWith(label) && commit.startsWith(tag.slice(label.length));
    return tags.some((tag) => tag === whole || (label !== '' && cut(tag)));
  });
  return ofTag ?? places[0];
}
