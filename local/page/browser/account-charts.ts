/** The charts of a target in `slipway view`, and the decisions below, which move them. */
import type { DrawnChart, DrawnCharts } from '../charts/drawn.ts';
import { MARK_SIGNS } from '../charts/marks.ts';
import type { ShadeKind } from '../charts/shades.ts';
import { clockText, logText, numberText, shareText } from '../formats.ts';
import { chartGrid } from './chart-grid.ts';
import { forgetColours } from './colours.ts';
import { byId, make, setShown, setText } from './patch.ts';

/** Metrics come by the minute. */
const EVERY_MS = 60_000;
const FORMATS: Readonly<Record<DrawnChart['unit'], (value: number) => string>> = {
  percent: (value) => shareText(value / 100),
  count: numberText,
  ln: logText,
};

const place = byId('charts');
const { target = '', release = '' } = place.dataset;
const title = make('h2', { id: 'charts-name' }, 'Charts');
const pointedAt = make('time');
const back = make('button', { type: 'button' }, 'Back to the newest');
const pointed = make(
  'p',
  { class: 'pointed', role: 'status' },
  'Charts stand at ',
  pointedAt,
  ' ',
  back,
);
const { grid, charts, update } = chartGrid(target);
const notes = make('ul', { class: 'notes' });
const legend = make('p', { class: 'quiet' }, 'Signs: ');
for (const [kind, sign] of Object.entries(MARK_SIGNS)) {
  legend.append(`${sign} ${kind.replaceAll('-', ' ')}, `);
}
legend.append('behind the lines ', shade('rollout'), ', ', shade('bake'), ', ', shade('way-back'));
place.replaceChildren(title, pointed, grid, legend, notes);
setShown(pointed, false);

function shade(kind: ShadeKind): HTMLElement {
  const sample = make('span', { class: 'shade', 'data-shade': kind, 'aria-hidden': 'true' });
  return make('span', {}, sample, ` ${kind.replaceAll('-', ' ')}`);
}

let shown: DrawnCharts | undefined;
let stands: number | undefined;

async function show(query: string): Promise<void> {
  place.ariaBusy = 'true';
  try {
    const path = `/targets/${encodeURIComponent(target)}/charts.json${query}`;
    const answer = await fetch(path);
    if (!answer.ok) throw new Error(`slipway view answered ${answer.status}`);
    draw((await answer.json()) as DrawnCharts);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    notes.replaceChildren(make('li', {}, `The charts could not be read: ${why}`));
  }
  place.ariaBusy = null;
}

function draw(drawn: DrawnCharts): void {
  shown = drawn;
  const { marks, shades } = drawn;
  setText(title, `Charts: ${drawn.title}`);
  const of = drawn.release === null ? target : `${target} #${drawn.release}`;
  update(
    drawn.charts.map(({ key, title: name, unit, plot }) => {
      // Minutes come late: what it says at rest is of the last that came, and not of now.
      const ended = true;
      return { key, title: name, of, plot, marks, shades, ended, format: FORMATS[unit] };
    }),
  );
  notes.replaceChildren(...drawn.notes.map((note) => make('li', {}, note)));
}

async function point(at: number): Promise<void> {
  stands = at;
  if (shown === undefined || at < shown.from || at > shown.to) await show(`?at=${at}`);
  setText(pointedAt, `${clockText(at)} UTC`);
  setShown(pointed, true);
  for (const chart of charts) chart.point(at);
}

const newest = () => show(release === '' ? '' : `?release=${release}`);

back.addEventListener('click', async () => {
  stands = undefined;
  setShown(pointed, false);
  for (const chart of charts) chart.point(undefined);
  title.tabIndex = -1;
  title.focus();
  await newest();
});

// The list is written anew at each look: whoever is pressed in it is found when it is pressed.
document.addEventListener('click', ({ target: pressed }) => {
  const details = pressed instanceof Element && pressed.closest('details[data-at]');
  if (details instanceof HTMLDetailsElement && !details.open) point(Number(details.dataset.at));
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  forgetColours();
  for (const chart of charts) chart.repaint();
});
setInterval(() => {
  if (!document.hidden && stands === undefined && shown?.ended !== true) newest();
}, EVERY_MS);

newest();
