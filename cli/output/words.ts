/** What is known of a target, in the words that all commands use for it. */

import type { Awaited } from '../../shared/core/incident/awaited.ts';
import { type ImageSet, imageLabel } from '../../shared/core/model/image.ts';
import { when } from './times.ts';

/** `shop/web:main-8f3c2a1 (sha256:7f5b2640fe6f)`, several joined by ` + `. */
export function imagesInWords(images: ImageSet): string {
  return (
    [...new Set(Object.values(images).map(imageLabel))].join(' + ') || 'no image that is known'
  );
}

const NAMES_MAX = 20;

/** `web, worker`; of very many names the first, and how many more there are. */
export function firstOf(names: readonly string[]): string {
  const more = names.length - NAMES_MAX;
  return more > 0 ? `${names.slice(0, NAMES_MAX).join(', ')} and ${more} more` : names.join(', ');
}

/** `0a1b2c3d: the deploy of shop/web:main-2 (sha256:…), by ada since 10:05: it is slow`. */
export function pendingInWords(asked: Awaited, now: number): string {
  const { id, what, by, since, because } = asked;
  return `${id}: ${what}, asked by ${by} ${when(since, now)}: ${because}`;
}

export type CouldRollBack =
  | {
      readonly possible: true;
      readonly images: ImageSet;
      readonly release: string;
      readonly revision: string;
      /** ECR and ECS said that it is there; false: only the record was asked. */
      readonly isChecked: boolean;
    }
  | { readonly possible: false; readonly because: string };

export function rollbackInWords(answer: CouldRollBack): string {
  return answer.possible
    ? `yes, to ${imagesInWords(answer.images)}, ${answer.revision}`
    : `no: ${answer.because}`;
}

/** The load balancer counts by target group, and not by revision. */
export function harmInWords({
  bad,
  of,
  from,
  to,
}: {
  readonly bad: number;
  readonly of: number;
  /** Both as `toISOString` writes them. */
  readonly from: string;
  readonly to: string;
}): string {
  const number = (count: number) => count.toLocaleString('en-GB');
  return `${number(bad)} of ${number(of)} answers were errors from ${from.slice(11, 16)} to ${to.slice(11, 16)} UTC, of both revisions together, as far as CloudWatch has counted`;
}

/** How many tasks are wanted, as far as ECS said it. */
export function wantedInWords({
  isAsked,
  desired,
}: {
  readonly isAsked: boolean;
  readonly desired: number | null;
}): string {
  if (!isAsked) return 'ECS could not be asked';
  return desired === null ? 'ECS shows no such service' : `${desired} wanted`;
}

export function iso(at: number): string {
  return new Date(at).toISOString();
}
