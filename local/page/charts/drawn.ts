/** Charts as `slipway view` sends them to its page, ready to be drawn. Types only, for both sides. */
import type { Mark } from './marks.ts';
import type { Plot } from './plot.ts';
import type { Shade } from './shades.ts';

export interface DrawnCharts {
  /** What is shown: `Release #2, 10:05 to 10:43 UTC, 20 Nov 2026`. */
  readonly title: string;
  /** Of a release, its number; null: none covers this time. */
  readonly release: number | null;
  readonly from: number;
  readonly to: number;
  /** It ends in the past. */
  readonly ended: boolean;
  /** What these charts cannot tell, and why. */
  readonly notes: readonly string[];
  readonly charts: readonly DrawnChart[];
  readonly marks: readonly Mark[];
  readonly shades: readonly Shade[];
}

export interface DrawnChart {
  readonly key: string;
  readonly title: string;
  /** `ln`: logs of evidence. */
  readonly unit: 'percent' | 'count' | 'ln';
  readonly plot: Plot;
}
