/** The newest image that a container was offered, and whether the same may come again. */

import { mapValues } from '../entries.ts';
import type { ContainerName } from '../image.ts';
import type { Order } from '../order.ts';

/**
 * `again`: the same digest may be offered once more, since a person lifted its quarantine, or what
 * was wrong was not the image. `push`: by a push alone, or the sweep would have it refused for ever.
 */
export type NewestImage = Order & {
  readonly again?: true | 'push';
  /** For people: `shop/web:main-8f3c2a1 (sha256:7f5b2640fe6f)`. */
  readonly label?: string;
};

type Newest = Readonly<Record<ContainerName, NewestImage>>;

/** Those that are meant may be offered once more. */
export function offeredAgain(
  newest: Newest,
  isMeant: (place: NewestImage, container: ContainerName) => boolean,
  again: NonNullable<NewestImage['again']> = true,
): Newest {
  return mapValues(newest, (place, container) =>
    isMeant(place, container) ? { ...place, again } : place,
  );
}

/** Its place, without what is remembered beside it. */
export function orderOf({ again: _, label: __, ...order }: NewestImage): Order {
  return order;
}
