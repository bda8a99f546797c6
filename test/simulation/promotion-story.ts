/**
 * Worlds in which `worker` is production and `web` its staging: it takes the same images, `after` that has proven them,
 * some time later or with a person's word. By a stream of its own, so that the others stay what they are.
 */
import { chanceOf } from './chance.ts';
import type { PromotionSettings } from './stage.ts';
import type { Step } from './story.ts';

const MINUTE = 60_000;
const SALT = 0x9a0ff;
const SHARE = 0.15;

export interface PromotionExtras {
  readonly promotion?: PromotionSettings;
  readonly steps: readonly Step[];
}

export const NO_PROMOTION: PromotionExtras = { steps: [] };

export function drawPromotion(seed: number, minutes: number): PromotionExtras {
  const chance = chanceOf(seed ^ SALT);
  if (!chance.hits(SHARE)) return NO_PROMOTION;
  const soakMinutes = chance.pick([0, 5, 20]);
  const steps: Step[] = [];
  // Good ones, bad ones, and what turns bad in its bake: each must be stopped in staging, or come through.
  for (let at = chance.whole(2, 15); at < minutes; at += chance.whole(20, 50)) {
    const behaviour = chance.pick([{}, {}, {}, { crashAfterSeconds: 20 }, { errorRate: 0.5 }]);
    const second = chance.whole(0, 59);
    steps.push({ at: (at * 60 + second) * 1_000, do: 'push', repository: 'shop/web', behaviour });
  }
  if (!chance.hits(0.4)) return { promotion: { soakMinutes }, steps };
  const word = {
    before: 'start',
    minutes: chance.pick([10, 30]),
    otherwise: chance.pick(['rollback', 'proceed'] as const),
  } as const;
  for (let at = chance.whole(4, 12); at < minutes; at += chance.whole(4, 12)) {
    const said = chance.hits(0.85) ? 'approve' : 'reject';
    steps.push({ at: at * MINUTE, do: 'answer', target: 'worker', word: said });
  }
  return { promotion: { soakMinutes, word }, steps };
}
