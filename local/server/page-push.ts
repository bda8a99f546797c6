/** What the page's buttons push: a tag that this target's config takes, and that nobody pushed yet. */
import type { Target } from '../../shared/config/config.ts';
import { containersFor } from '../../shared/route/find-targets.ts';
import type { Cloud } from '../slipway/slipway-cloud.ts';
import type { PageTarget } from './page-state.ts';

/** The shapes of tags that configs name most, tried in this order. */
const SHAPES: readonly ((n: number) => string)[] = [
  (n) => `main-${n}`,
  (n) => `v${n}.0.0`,
  (n) => `${n}.0.0`,
  (n) => `release-${n}`,
  () => 'latest',
  () => 'main',
];
/** A page pushes by hand: more than this it will not. */
const TRIED_MOST = 1_000;

/** Undefined: its config takes none of the usual tags, so a push is for the command. */
export function pushableTo({ labels }: Cloud, target: Target): PageTarget['push'] {
  const [container] = Object.values(target.rules.containers);
  if (container === undefined) return undefined;
  const { repository } = container;
  const shape = SHAPES.find((one) => containersFor(target, repository, [one(1)]).length > 0);
  if (shape === undefined) return undefined;
  for (let n = 1; n <= TRIED_MOST; n++) {
    const tag = shape(n);
    // A tag that moves is pushed again.
    if (tag === shape(n + 1) || labels.digestOf(repository, tag) === undefined) {
      return { repository, tag };
    }
  }
  return undefined;
}
