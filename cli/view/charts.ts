/** The charts of a release: errors and requests of old and new, the judge's evidence, its turns and phases. */
import { alarmPlace, comparisonText } from '../../local/page/charts/alarm-place.ts';
import type { DrawnChart, DrawnCharts } from '../../local/page/charts/drawn.ts';
import { EVIDENCE, evidencePlot } from '../../local/page/charts/evidence.ts';
import { announcedMark, type Mark, waysBackAsked } from '../../local/page/charts/marks.ts';
import { type Drawn, plotFrom, type Span, type Threshold } from '../../local/page/charts/plot.ts';
import { type PhaseStep, shadesOf } from '../../local/page/charts/shades.ts';
import { evidenceOf } from '../../local/server/evidence-of.ts';
import type { Answered } from '../../shared/aws/bad-answers.ts';
import { momentOf } from '../../shared/core/model/event.ts';
import type { HistoryEntry } from '../../shared/core/model/record/outbox.ts';
import type { ShownMinutes } from '../../shared/judge/clock-minutes.ts';
import { namesOf, type PastRelease } from '../judge/past-release.ts';
import { iso } from '../output/words.ts';
import type { CountedMinutes } from './counted.ts';

const MINUTE = 60_000;
/** Shown before a release began and after it ended. */
export const AROUND_MS = 15 * MINUTE;
/** Without a release: so much of the newest time. */
const ALONE_MS = 60 * MINUTE;

export interface Window extends Span {
  readonly past?: PastRelease;
  readonly ended: boolean;
}

/** That release, or the one whose time this moment lies in; without both the newest. */
export function windowOf(
  releases: readonly PastRelease[],
  { release, at }: { readonly release?: number; readonly at?: number },
  now: number,
): Window {
  const past =
    release === undefined && at !== undefined
      ? releases.findLast((one) => startOf(one) <= at && at <= endOf(one, now))
      : release === undefined
        ? releases.at(-1)
        : releases.find(({ number }) => number === release);
  if (past !== undefined) {
    const to = endOf(past, now);
    return { past, from: startOf(past), to, ended: to < now };
  }
  const to = Math.min(now, (at ?? now) + ALONE_MS / 2);
  return { from: to - ALONE_MS, to, ended: to < now };
}

function startOf({ startedAt }: PastRelease): number {
  return startedAt - AROUND_MS;
}

function endOf({ end }: PastRelease, now: number): number {
  return end === undefined ? now : Math.min(now, end.at + AROUND_MS);
}

export function drawnCharts(
  window: Window,
  entries: readonly HistoryEntry[],
  { both, all, notes }: CountedMinutes,
): DrawnCharts {
  const { past, from, to, ended } = window;
  const span = { from, to };
  const steps = entries.flatMap(({ event, phase }): readonly PhaseStep[] => {
    const at = momentOf(event);
    return at === undefined ? [] : [{ at, phase }];
  });
  const compared =
    both === undefined || past === undefined
      ? []
      : [...ofBoth(both, past, span, all), evidence(both, past, span)];
  const together = all === undefined || compared.length > 0 ? [] : ofAll(all, span);
  return {
    title: titleOf(past, span, ended),
    release: past?.number ?? null,
    ...span,
    ended,
    notes,
    charts: [...compared, ...together],
    marks: [...marksIn(entries), ...waysBackAsked(steps)]
      .filter(({ at }) => at >= from && at <= to)
      .toSorted((a, b) => a.at - b.at),
    shades: shadesOf(steps, span),
  };
}

function titleOf(past: PastRelease | undefined, { from, to }: Span, ended: boolean): string {
  const what = past === undefined ? 'No release' : `Release #${past.number}`;
  const until = ended ? iso(to).slice(11, 16) : 'now';
  return `${what}, ${iso(from).slice(0, 16).replace('T', ' ')} to ${until} UTC`;
}

function marksIn(entries: readonly HistoryEntry[]): readonly Mark[] {
  return entries.flatMap(({ event, announcements = [] }) => [
    ...(event.type === 'AlarmChanged' && event.to === 'ALARM'
      ? [{ at: event.changedAt, kind: 'alarm-rose' as const }]
      : []),
    ...announcements.flatMap(({ kind, at }) => announcedMark(kind, at)),
  ]);
}

interface Arm {
  readonly name: string;
  readonly minutes: readonly { readonly at: number; readonly n: number; readonly e: number }[];
}

/** Before its first minute the old one was alone. */
function armsOf({ history, minutes, from }: ShownMinutes, past: PastRelease): readonly Arm[] {
  const names = namesOf(past);
  const first = from ?? past.startedAt;
  const before = history.map(([n, e], i) => ({ at: first - (history.length - i) * MINUTE, n, e }));
  const since = minutes.map((minute, i) => ({ at: first + i * MINUTE, minute }));
  return [
    {
      name: names.old,
      minutes: [
        ...before,
        ...since.map(({ at, minute }) => ({ at, n: minute.oldN ?? 0, e: minute.oldE ?? 0 })),
      ],
    },
    {
      name: names.new,
      minutes: since.map(({ at, minute }) => ({ at, n: minute.newN ?? 0, e: minute.newE ?? 0 })),
    },
  ];
}

function ofBoth(
  both: ShownMinutes,
  past: PastRelease,
  span: Span,
  all: Answered | undefined,
): readonly DrawnChart[] {
  return chartsOf(armsOf(both, past), span, all);
}

function ofAll(all: Answered, span: Span): readonly DrawnChart[] {
  const minutes = all.minutes.map(({ at, requests, errors }) => ({ at, n: requests, e: errors }));
  return chartsOf([{ name: 'answers', minutes }], span, all);
}

function chartsOf(
  arms: readonly Arm[],
  span: Span,
  all: Answered | undefined,
): readonly DrawnChart[] {
  const drawn = (value: (minute: Arm['minutes'][number]) => number | null): readonly Drawn[] =>
    arms.map(({ name, minutes }) => ({
      name,
      kind: 'minutes',
      points: minutes
        .filter(({ at }) => at >= span.from && at <= span.to)
        .map((minute) => [minute.at, value(minute)] as const),
    }));
  const rates = drawn(({ n, e }) => (n === 0 ? null : (e / n) * 100));
  return [
    {
      key: 'errors',
      title: 'Errors',
      unit: 'percent',
      plot: plotFrom(rates, thresholdOf(all), span),
    },
    {
      key: 'requests',
      title: 'Requests a minute',
      unit: 'count',
      plot: plotFrom(
        drawn(({ n }) => n),
        [],
        span,
      ),
    },
  ];
}

/** Of the alarm, where its number is a share of errors. */
function thresholdOf(all: Answered | undefined): readonly Threshold[] {
  if (all?.alarm.threshold === undefined) return [];
  const { name, threshold, comparison, label } = all.alarm;
  if (alarmPlace(label === undefined ? {} : { label }).chart !== 'errors') return [];
  return [{ name, value: threshold, side: comparisonText(comparison), red: false }];
}

function evidence(both: ShownMinutes, { startedAt, end }: PastRelease, span: Span): DrawnChart {
  const ended = end === undefined ? {} : { endedAt: end.at };
  const drawn = evidenceOf(both, { startedAt, ...ended });
  return { ...EVIDENCE, unit: 'ln', plot: evidencePlot(drawn, span) };
}
