/** What is known of a target, in the words that all commands use for it. */
import { type ImageSet, imageLabel } from '../../shared/core/model/image.ts';
import type { Waiting } from '../../shared/core/model/record.ts';

/** `web:42` of `arn:aws:ecs:eu-central-1:123456789012:task-definition/web:42`. */
export function revisionName(revision: string): string {
  return revision.slice(revision.lastIndexOf('/') + 1);
}

/** `shop/web:main-8f3c2a1 (sha256:7f5b2640fe6f)`, several joined by ` + `. */
export function imagesInWords(images: ImageSet): string {
  return (
    [...new Set(Object.values(images).map(imageLabel))].join(' + ') || 'no image that is known'
  );
}

export function waitingImages(waiting: Readonly<Record<string, Waiting>>): ImageSet {
  return Object.fromEntries(Object.entries(waiting).map(([name, { image }]) => [name, image]));
}

export function iso(at: number): string {
  return new Date(at).toISOString();
}
