/** The judge's evidence as lines of a chart: the same on the page of `slipway view` and on that of `slipway local`. */
import { type Drawn, type Plot, plotFrom, type Span, type Threshold } from './plot.ts';

export const EVIDENCE = { key: 'evidence', title: 'Evidence of the judge (ln)' } as const;

/** Evidence that fell further than this has nothing to say. */
const BOTTOM = -6;

const LINES = ['two-arm', 'history', 'alone', 'harmless'] as const;

/** ln E after a minute; infinite: nothing was measured. */
export type EvidenceLogs = Readonly<Record<(typeof LINES)[number], number>>;

export interface EvidenceLines {
  readonly lines: readonly Drawn[];
  readonly thresholds: readonly Threshold[];
}

/** `first`: where its first minute begins. Each stands at its minute's end. */
export function evidenceLines(
  first: number,
  logs: readonly EvidenceLogs[],
  { two, suspicious }: { readonly two: number; readonly suspicious: number },
): EvidenceLines {
  const lines = LINES.map((name): Drawn => {
    const points = logs.map((log, i) => [first + (i + 1) * 60_000, finite(log[name])] as const);
    return { name, kind: 'minutes', points };
  }).filter(({ points }) => points.some(([, value]) => value !== null));
  const said = (name: string, value: number, says: string): Threshold => {
    return { name, value, side: undefined, red: false, says };
  };
  const thresholds = [
    said('two', two, 'condemned from here'),
    said('gate', suspicious, "the step's gate: harmless grows, the others hold"),
  ];
  return { lines, thresholds };
}

function finite(log: number): number | null {
  return Number.isFinite(log) ? Math.max(log, BOTTOM) : null;
}

export function evidencePlot({ lines, thresholds }: EvidenceLines, span: Span): Plot {
  return { ...plotFrom(lines, thresholds, span), bottom: BOTTOM };
}
