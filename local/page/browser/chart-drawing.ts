/** What is painted on a chart beside uPlot's own: thresholds, marks, and the lines' names at their ends. */
import uPlot from 'uplot';
import { MARK_SIGNS, type Mark, type MarkKind } from '../charts/marks.ts';
import { type Line, type Plot, spreadOut, type Threshold } from '../charts/plot.ts';
import { revisionLooks } from '../charts/revision-looks.ts';
import type { Shade, ShadeKind } from '../charts/shades.ts';
import { cssColour } from './colours.ts';

export interface Drawing {
  readonly plot: Plot;
  readonly marks: readonly Mark[];
  readonly shades: readonly Shade[];
}

/** Room at the right for the names, CSS pixels. */
export const LABEL_WIDTH = 62;
const LABEL_HEIGHT = 13;
const LABEL_LETTERS = 10;
const SIGN_WIDTH = 12;
/** A line whose last point is older has ended. */
const ENDED_MS = 30_000;

export function seriesOf({ lines }: Plot): uPlot.Series[] {
  return lines.map(({ kind, name }) => {
    const { dashes } = revisionLooks(name);
    const colour = () => cssColour(colourOf({ kind, name }));
    return kind === 'alarm'
      ? {
          stroke: colour,
          width: 1,
          spanGaps: true,
          points: {
            show: true,
            size: 5,
            width: 1.5,
            stroke: colour,
            fill: () => cssColour('--card'),
          },
        }
      : {
          stroke: colour,
          width: 2,
          dash: [...dashes],
          // A minute between two without requests is a point and no line.
          points: { show: kind === 'minutes', size: 4, stroke: colour, fill: colour },
        };
  });
}

function colourOf({ kind, name }: Pick<Line, 'kind' | 'name'>): string {
  return kind === 'alarm' ? '--quiet' : revisionLooks(name).colour;
}

const SHADES: Readonly<Record<ShadeKind, string>> = {
  rollout: '--busy-soft',
  bake: '--good-soft',
  'way-back': '--bad-soft',
};

/** Below the lines. */
export function drawUnder(chart: uPlot, { shades }: Drawing): void {
  const { ctx, bbox } = chart;
  const right = bbox.left + bbox.width;
  ctx.save();
  for (const { from, to, kind } of shades) {
    const left = Math.max(bbox.left, chart.valToPos(from, 'x', true));
    const end = Math.min(right, chart.valToPos(to, 'x', true));
    if (end <= left) continue;
    ctx.fillStyle = cssColour(SHADES[kind]);
    ctx.fillRect(left, bbox.top, end - left, bbox.height);
  }
  ctx.restore();
}

export function drawOver(chart: uPlot, { plot, marks }: Drawing): void {
  const { ctx } = chart;
  ctx.save();
  for (const threshold of plot.thresholds) drawThreshold(chart, threshold);
  drawMarks(chart, marks);
  drawNames(chart, plot);
  ctx.restore();
}

function font(weight: number, size: number): string {
  return `${weight} ${size * uPlot.pxRatio}px system-ui, sans-serif`;
}

function drawThreshold(chart: uPlot, { value, side, red, says }: Threshold): void {
  const { ctx, bbox } = chart;
  const ratio = uPlot.pxRatio;
  const y = Math.round(chart.valToPos(value, 'y', true));
  const colour = cssColour('--bad');
  ctx.strokeStyle = colour;
  ctx.lineWidth = (red ? 2 : 1) * ratio;
  ctx.setLineDash([4 * ratio, 3 * ratio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.fillStyle = colour;
  ctx.font = font(600, 11);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'bottom';
  const alarm = `${side === undefined ? 'threshold' : `alarm ${side} this`}${red ? ', red now' : ''}`;
  const words = says ?? alarm;
  ctx.strokeStyle = cssColour('--card');
  ctx.lineWidth = 3 * ratio;
  ctx.strokeText(words, bbox.left + 6 * ratio, y - 3 * ratio);
  ctx.fillText(words, bbox.left + 6 * ratio, y - 3 * ratio);
}

const MARK_COLOURS: Readonly<Record<MarkKind, string>> = {
  started: '--quiet',
  'alarm-rose': '--bad',
  'way-back-asked': '--ask',
  proven: '--good',
  'rolled-back': '--bad',
  failed: '--bad',
};

/** Two turns within a minute have their lines where they were, and their signs beside one another. */
function drawMarks(chart: uPlot, marks: readonly Mark[]): void {
  const { left, width } = chart.bbox;
  const shown = marks.flatMap((mark) => {
    const x = Math.round(chart.valToPos(mark.at, 'x', true));
    return x < left || x > left + width ? [] : [{ ...mark, x }];
  });
  const signs = spreadOut(
    shown.map(({ x }) => x),
    SIGN_WIDTH * uPlot.pxRatio,
    left,
    left + width,
  );
  for (const [i, { kind, x }] of shown.entries()) drawMark(chart, kind, x, signs[i] ?? x);
}

function drawMark({ ctx, bbox }: uPlot, kind: MarkKind, x: number, sign: number): void {
  const ratio = uPlot.pxRatio;
  const colour = cssColour(MARK_COLOURS[kind]);
  ctx.strokeStyle = colour;
  ctx.lineWidth = ratio;
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.fillStyle = colour;
  ctx.font = font(700, 12);
  ctx.textAlign = 'center';
  ctx.textBaseline = 'bottom';
  ctx.fillText(MARK_SIGNS[kind], sign, bbox.top - 2 * ratio);
}

/** At the line's end: within the chart if it ended before now, else in the room at the right. */
function drawNames(chart: uPlot, { lines, times, to }: Plot): void {
  const { ctx, bbox } = chart;
  const ratio = uPlot.pxRatio;
  const ends = lines.flatMap((line) => {
    const last = line.values.findLastIndex((value) => value !== null);
    const value = line.values[last];
    const at = times[last];
    if (line.kind === 'alarm' || value === undefined || value === null || at === undefined)
      return [];
    const x = to - at > ENDED_MS ? at : to;
    const y = chart.valToPos(value, 'y', true);
    return [{ line, x: chart.valToPos(x, 'x', true), y }];
  });
  const most = bbox.top + bbox.height;
  const places = spreadOut(
    ends.map(({ y }) => y),
    LABEL_HEIGHT * ratio,
    bbox.top,
    most,
  );
  ctx.font = font(600, 11);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  ctx.strokeStyle = cssColour('--card');
  ctx.lineWidth = 3 * ratio;
  for (const [index, { line, x }] of ends.entries()) {
    ctx.fillStyle = cssColour(revisionLooks(line.name).colour);
    const at = [shortened(line.name), x + 5 * ratio, places[index] ?? 0] as const;
    ctx.strokeText(...at);
    ctx.fillText(...at);
  }
}

/** The end of a revision's name tells it apart. */
function shortened(name: string): string {
  return name.length <= LABEL_LETTERS ? name : `…${name.slice(1 - LABEL_LETTERS)}`;
}
