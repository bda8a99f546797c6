/** Handlers of one target at once, in a fixed set of orders; `npm run simulate:orders` draws others. */
import { expect, test } from 'vitest';
import { INTERLEAVED, playInAnyOrder } from './interleavings.ts';
import { SHORT_REST_MINUTES } from './simulate.ts';

const DRAWN = { seed: 5, runs: 30, restMinutes: SHORT_REST_MINUTES };

test.each(INTERLEAVED)(
  'two and three handlers at once, in any order, break nothing: $name',
  {
    timeout: 600_000,
  },
  async (scene) => {
    await expect(playInAnyOrder(scene, DRAWN)).resolves.toBeUndefined();
  },
);
