/** Which digest a tag named when it was pushed: scenarios speak of tags, and images may be deleted. */

import type { BusEvent } from '@slipway/local-cloud/eventbridge/bus-event.ts';
import { eventsOn } from '@slipway/local-cloud/eventbridge/state.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';

export class ImageNames {
  readonly #digests = new Map<string, string>();
  readonly #events = new Map<string, BusEvent>();
  readonly #tags = new Map<string, string>();

  /** Knows the images that are there already. */
  constructor(world: World) {
    for (const { name, tags } of Object.values(world.ecr.repositories)) {
      for (const [tag, digest] of Object.entries(tags)) this.#note(name, tag, digest);
    }
  }

  #note(repository: string, tag: string, digest: string): void {
    this.#digests.set(`${repository}:${tag}`, digest);
    if (!this.#tags.has(digest)) this.#tags.set(digest, tag);
  }

  /** Takes note of a push that was just made. */
  pushed(world: World, repository: string, digest: string, tags: readonly string[]): void {
    for (const tag of tags) {
      this.#note(repository, tag, digest);
      const event = eventsOn(world, 'default').findLast(
        ({ detail }) => detail['repository-name'] === repository && detail['image-tag'] === tag,
      );
      if (event !== undefined) this.#events.set(`${repository}:${tag}`, event);
    }
  }

  digestOf(repository: string, tag: string): string | undefined {
    return this.#digests.get(`${repository}:${tag}`);
  }

  /** The event of that push, as ECR sent it. */
  eventOf(repository: string, tag: string): BusEvent | undefined {
    return this.#events.get(`${repository}:${tag}`);
  }

  /** The tag that the digest was pushed with first; the digest itself if it had none. */
  tagOf(digest: string): string {
    return this.#tags.get(digest) ?? digest;
  }
}

/** What a build pushed, when ECR tells of it. */
export function noteImage(world: World, labels: ImageNames, { detail, source }: BusEvent): void {
  const { 'repository-name': repository, 'image-digest': digest, 'image-tag': tag } = detail;
  if (source !== 'aws.ecr' || detail['action-type'] !== 'PUSH' || typeof tag !== 'string') return;
  labels.pushed(world, String(repository), String(digest), [tag]);
}
