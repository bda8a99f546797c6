/** An image as the page names it: with the tag that it was pushed with first, if there is one. */
import type { Cloud } from '../slipway/slipway-cloud.ts';
import type { PageImage } from './page-state.ts';

export function imageView({ labels }: Cloud, repository: string, digest: string): PageImage {
  const tag = labels.tagOf(digest);
  return { repository, digest, ...(tag !== digest && { tag }) };
}
