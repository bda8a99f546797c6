/** The turns of a release as marks in its charts: when it started, and how it ended. */
import type { PageEntry } from '../server/page-state.ts';

export interface Mark {
  readonly at: number;
  readonly kind: MarkKind;
}

export type MarkKind = 'started' | 'proven' | 'rolled-back' | 'failed';

/** Drawn above the line, so that it is told apart without its colour. */
export const MARK_SIGNS: Readonly<Record<MarkKind, string>> = {
  started: '▸',
  proven: '✓',
  'rolled-back': '↩',
  failed: '×',
};

/** Of the target with this key, within the span. */
export function marksOf(
  entries: readonly PageEntry[],
  key: string,
  { from, to }: { readonly from: number; readonly to: number },
): readonly Mark[] {
  return entries.flatMap((entry) => {
    if (entry.type !== 'announcement' || entry.at < from || entry.at > to) return [];
    const { kind, key: its } = entry.announcement;
    return its === key && isMarkKind(kind) ? [{ at: entry.at, kind }] : [];
  });
}

function isMarkKind(kind: string): kind is MarkKind {
  return Object.hasOwn(MARK_SIGNS, kind);
}
