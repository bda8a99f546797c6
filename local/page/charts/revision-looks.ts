/**
 * How a revision looks wherever it is shown: one of six colours, each with its own dashes, so that
 * two lines differ without their colour. Chosen by the revision's number: neighbours differ, and a
 * revision keeps its looks as others come and go.
 */

export interface Looks {
  /** `--revision-3` in style/colours.css. */
  readonly colour: string;
  /** Lengths of line and gap in CSS pixels; empty: a solid line. */
  readonly dashes: readonly number[];
}

const DASHES: readonly (readonly number[])[] = [
  [],
  [8, 3],
  [14, 3, 3, 3],
  [4, 3],
  [20, 4],
  [10, 3, 3, 3, 3, 3],
];

/** What the judge weighs, each beside the others. */
const OTHERS = ['answers', 'two-arm', 'history', 'alone', 'harmless', 'latency'];

/** Of `web:7`, or of something that is counted besides. */
export function revisionLooks(revision: string): Looks {
  const number = Number(/:(\d+)$/.exec(revision)?.[1] ?? OTHERS.indexOf(revision) + 1);
  const index = (Math.max(1, number) - 1) % DASHES.length;
  return { colour: `--revision-${index + 1}`, dashes: DASHES[index] ?? [] };
}
