/**
 * One chart, drawn by uPlot: lines over time, thresholds, marks. It is also a slider: the arrow keys
 * move along its moments, and what it says there stands in its caption and is read aloud.
 */
import uPlot from 'uplot';
import type { Mark } from '../charts/marks.ts';
import type { Plot } from '../charts/plot.ts';
import { readingsAt, readingText } from '../charts/reading.ts';
import type { Shade } from '../charts/shades.ts';
import { clockText } from '../formats.ts';
import { type Drawing, drawOver, drawUnder, LABEL_WIDTH, seriesOf } from './chart-drawing.ts';
import { chartReadings } from './chart-readings.ts';
import { cssColour } from './colours.ts';
import { make, setAttribute, setText, type View } from './patch.ts';

export interface ChartNow {
  readonly title: string;
  /** The target's name, which its card has said to who sees it. */
  readonly of: string;
  readonly plot: Plot;
  readonly marks: readonly Mark[];
  readonly shades: readonly Shade[];
  /** At rest it speaks of its last moment, and not of now. */
  readonly ended?: boolean;
  readonly format: (value: number) => string;
}

export interface Chart extends View<ChartNow> {
  /** In the colours of the theme that is shown now. */
  repaint(): void;
  /** Says what it said at this moment; undefined: at its end. */
  point(at: number | undefined): void;
}

const HEIGHT = 156;
const FONT = '11px system-ui, sans-serif';

/** Charts of one `group` show the same moment. */
export function createChart(group: string): Chart {
  const title = make('strong');
  const when = make('span', { class: 'quiet' });
  const readings = chartReadings();
  const plotted = make('div', { class: 'plot', role: 'slider', tabindex: '0' });
  const caption = make('figcaption', {}, make('span', {}, title, ' ', when), readings.element);
  const element = make('figure', { class: 'chart' }, caption, plotted);
  let now: ChartNow | undefined;
  let chart: uPlot | undefined;
  /** What the chart was made for; other lines need another one. */
  let madeFor = '';

  const resized = new ResizeObserver(() => {
    if (plotted.clientWidth > 0) chart?.setSize({ width: plotted.clientWidth, height: HEIGHT });
  });
  resized.observe(plotted);

  function read(): void {
    if (now === undefined) return;
    const { plot, format } = now;
    const index = chart?.cursor.idx;
    const pointed =
      chart !== undefined && (chart.cursor.left ?? -1) >= 0 && typeof index === 'number';
    const end = now.ended ? plot.times.at(-1) : undefined;
    const at = (pointed ? plot.times[index] : undefined) ?? end ?? plot.to;
    const found = readingsAt(plot, at, format);
    setText(when, pointed || end !== undefined ? clockText(at) : 'now');
    readings.update(found);
    setAttribute(plotted, 'aria-valuenow', String(pointed ? index : plot.times.length - 1));
    setAttribute(plotted, 'aria-valuetext', readingText(at, found));
  }

  function draw(): void {
    if (now === undefined) return;
    const { plot } = now;
    const data = [[...plot.times], ...plot.lines.map(({ values }) => [...values])];
    const lines = plot.lines.map(({ kind, name }) => `${kind} ${name}`).join('\n');
    if (chart === undefined || lines !== madeFor) {
      chart?.destroy();
      madeFor = lines;
      const width = Math.max(plotted.clientWidth, 120);
      const drawing = (): Drawing => now ?? { plot, marks: [], shades: [] };
      const options = optionsOf(plot, width, group, drawing, () => now?.format ?? String, read);
      chart = new uPlot(options, data as uPlot.AlignedData, plotted);
    } else {
      chart.setData(data as uPlot.AlignedData);
    }
    setAttribute(plotted, 'aria-valuemax', String(Math.max(0, plot.times.length - 1)));
    read();
  }

  plotted.addEventListener('keydown', (event) => {
    const last = (now?.plot.times.length ?? 0) - 1;
    if (chart === undefined || last < 0) return;
    const from =
      chart.cursor.left !== undefined && chart.cursor.left >= 0 ? chart.cursor.idx : last;
    const to = indexAfter(event.key, from ?? last, last);
    if (to === undefined) return;
    event.preventDefault();
    point(to === -1 ? undefined : now?.plot.times[to]);
  });

  function point(at: number | undefined): void {
    if (at === undefined) chart?.setCursor({ left: -10, top: -10 });
    else chart?.setCursor({ left: chart.valToPos(at, 'x'), top: 1 });
  }

  return {
    element,
    update(next) {
      now = next;
      setText(title, next.title);
      setAttribute(plotted, 'aria-label', `${next.title} of ${next.of}, over time`);
      setAttribute(plotted, 'aria-valuemin', '0');
      draw();
    },
    point,
    repaint: () => {
      // The paths stay, the axes and lines ask for their colours again.
      chart?.redraw(false, true);
    },
    end() {
      resized.disconnect();
      chart?.destroy();
    },
  };
}

/** Undefined: not our key; -1: no moment, which is now. */
function indexAfter(key: string, from: number, last: number): number | undefined {
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, from - 1);
    case 'ArrowRight':
      return Math.min(last, from + 1);
    case 'PageUp':
      return Math.max(0, from - 12);
    case 'PageDown':
      return Math.min(last, from + 12);
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'Escape':
      return -1;
    default:
      return undefined;
  }
}

function optionsOf(
  plot: Plot,
  width: number,
  group: string,
  drawing: () => Drawing,
  format: () => (value: number) => string,
  onCursor: () => void,
): uPlot.Options {
  const grid = { stroke: () => cssColour('--grid'), width: 1 };
  const axis = { stroke: () => cssColour('--quiet'), font: FONT, grid, ticks: { show: false } };
  return {
    width,
    height: HEIGHT,
    ms: 1,
    padding: [18, LABEL_WIDTH, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false, setScale: false },
      sync: { key: group, scales: ['x', null] },
      points: { size: 7, width: 2 },
    },
    scales: {
      x: { time: true, range: () => [drawing().plot.from, drawing().plot.to] },
      y: { range: () => [drawing().plot.bottom ?? 0, drawing().plot.top] },
    },
    axes: [
      {
        ...axis,
        space: 60,
        size: 30,
        gap: 9,
        values: (_, at) => at.map((t) => clockText(t).slice(0, 5)),
      },
      {
        ...axis,
        space: 24,
        size: 50,
        gap: 4,
        values: (_, values) => values.map((v) => format()(v)),
      },
    ],
    series: [{}, ...seriesOf(plot)],
    hooks: {
      drawClear: [(chart) => drawUnder(chart, drawing())],
      draw: [(chart) => drawOver(chart, drawing())],
      setCursor: [onCursor],
    },
  };
}
