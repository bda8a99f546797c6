/** The charts of a target: errors and latency by revision, and alarms that watch something else. */
import type { PageTarget } from '../../server/page-state.ts';
import { EVIDENCE, evidencePlot } from '../charts/evidence.ts';
import type { Mark } from '../charts/marks.ts';
import { alarmPlot, type Plot, type Span, servedPlot } from '../charts/plot.ts';
import type { Shade } from '../charts/shades.ts';
import { latencyText, logText, numberText, shareText } from '../formats.ts';
import { chartGrid, type KeyedChart } from './chart-grid.ts';
import { make, setShown, type View } from './patch.ts';

export interface ChartsNow {
  readonly target: PageTarget;
  readonly span: Span;
  readonly marks: readonly Mark[];
  readonly shades: readonly Shade[];
  /** The span ends in the past. */
  readonly ended: boolean;
}

export interface Charts extends View<ChartsNow> {
  repaint(): void;
  point(at: number | undefined): void;
}

export function chartsView(group: string): Charts {
  const none = make('p', { class: 'quiet' }, 'It answers no requests: there is nothing to chart.');
  const { grid, charts, update } = chartGrid(group);
  return {
    element: make('div', {}, grid, none),
    update(now) {
      const shown = chartsOf(now);
      setShown(none, shown.length === 0);
      update(shown);
    },
    repaint() {
      for (const chart of charts) chart.repaint();
    },
    point(at) {
      for (const chart of charts) chart.point(at);
    },
  };
}

function chartsOf({ target, span, ...same }: ChartsNow): readonly KeyedChart[] {
  const { id, alarms } = target;
  const chart = (
    key: string,
    title: string,
    plot: Plot | undefined,
    format: (value: number) => string,
  ) => (plot === undefined ? [] : [{ key, title, of: id, plot, ...same, format }]);
  return [
    ...chart('errors', 'Errors', servedPlot(target, 'errors', span), percentText),
    ...chart('latency', 'Latency', servedPlot(target, 'latency', span), latencyText),
    ...alarms.flatMap((alarm) =>
      chart(`alarm ${alarm.name}`, `Alarm ${alarm.name}`, alarmPlot(alarm, span), numberText),
    ),
    ...evidenceCharts({ target, span, ...same }),
  ];
}

/** Minutes come late: what it says at rest is of the last that came, and not of now. */
function evidenceCharts({ target, span, ...same }: ChartsNow): readonly KeyedChart[] {
  const plot = target.evidence && evidencePlot(target.evidence, span);
  if (plot === undefined || plot.times.length === 0) return [];
  return [{ ...EVIDENCE, of: target.id, plot, ...same, ended: true, format: logText }];
}

function percentText(percent: number): string {
  return shareText(percent / 100);
}
