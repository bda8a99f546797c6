/** The turns of a release as marks in its charts: when it started, what spoke against it, and how it ended. */
import type { PageEntry } from '../../server/page-state.ts';
import { isWayBack, type PhaseStep } from './shades.ts';

export interface Mark {
  readonly at: number;
  readonly kind: MarkKind;
}

export type MarkKind =
  | 'started'
  | 'alarm-rose'
  | 'way-back-asked'
  | 'proven'
  | 'rolled-back'
  | 'failed';

/** Drawn above the line, so that it is told apart without its colour. */
export const MARK_SIGNS: Readonly<Record<MarkKind, string>> = {
  started: '▸',
  'alarm-rose': '▲',
  'way-back-asked': '↶',
  proven: '✓',
  'rolled-back': '↩',
  failed: '×',
};

const ANNOUNCED: ReadonlySet<string> = new Set(['started', 'proven', 'rolled-back', 'failed']);

interface Marked {
  readonly id: string;
  readonly key: string;
  readonly alarms: readonly { readonly name: string }[];
}

/** Of this target, within the span. */
export function marksOf(
  entries: readonly PageEntry[],
  target: Marked,
  { from, to }: { readonly from: number; readonly to: number },
): readonly Mark[] {
  const told = entries.flatMap((entry) => markOf(entry, target));
  const asked = waysBackAsked(phaseSteps(entries, target));
  return [...told, ...asked]
    .filter(({ at }) => at >= from && at <= to)
    .toSorted((a, b) => a.at - b.at);
}

function markOf(entry: PageEntry, { key, alarms }: Marked): readonly Mark[] {
  if (entry.type === 'announcement') {
    const { kind, key: its } = entry.announcement;
    return its === key ? announcedMark(kind, entry.at) : [];
  }
  if (entry.type !== 'event') return [];
  const { alarmName, state } = entry.event.detail as {
    readonly alarmName?: unknown;
    readonly state?: { readonly value?: unknown };
  };
  const isOurs = alarms.some(({ name }) => name === alarmName);
  return isOurs && state?.value === 'ALARM' ? [{ at: entry.at, kind: 'alarm-rose' }] : [];
}

/** Of an announcement; some kinds are no turn of a release. */
export function announcedMark(kind: string, at: number): readonly Mark[] {
  return ANNOUNCED.has(kind) ? [{ at, kind: kind as MarkKind }] : [];
}

/** The decisions about a target, as steps of its phase. */
export function phaseSteps(
  entries: readonly PageEntry[],
  { id, key }: Pick<Marked, 'id' | 'key'>,
): readonly PhaseStep[] {
  return entries.flatMap((entry) =>
    entry.type === 'decision' && (entry.target === id || entry.target === key)
      ? [{ at: entry.at, phase: entry.phase }]
      : [],
  );
}

/** The decision that turned back is the one that asks ECS for it. */
export function waysBackAsked(steps: readonly PhaseStep[]): readonly Mark[] {
  return steps.flatMap(({ at, phase }, i) => {
    const turned = isWayBack(phase) && !isWayBack(steps[i - 1]?.phase ?? '');
    return turned ? [{ at, kind: 'way-back-asked' as const }] : [];
  });
}
