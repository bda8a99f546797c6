/** Charts beside each other, one for each key, and those that are there. */
import { type Chart, type ChartNow, createChart } from './chart.ts';
import { keyedList, make } from './patch.ts';

export type KeyedChart = ChartNow & { readonly key: string };

export interface ChartGrid {
  readonly grid: HTMLElement;
  readonly charts: ReadonlySet<Chart>;
  update(shown: readonly KeyedChart[]): void;
}

/** `group`: pointing at one of them points at all of the group. */
export function chartGrid(group: string): ChartGrid {
  const grid = make('div', { class: 'charts' });
  const charts = new Set<Chart>();
  const update = keyedList<KeyedChart>(
    grid,
    ({ key }) => key,
    () => {
      const chart = createChart(group);
      charts.add(chart);
      return {
        ...chart,
        end() {
          chart.end?.();
          charts.delete(chart);
        },
      };
    },
  );
  return { grid, charts, update };
}
