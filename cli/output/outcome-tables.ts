/** The two tables at the end of a story. */
import type { Cost, Episode } from '../../local/stories/comparison.ts';
import type { ImageNames } from '../../local/stories/image-names.ts';
import type { Outcome, WayBack } from '../../local/stories/outcome.ts';
import { type Colors, clock } from './print.ts';
import { type Row, table } from './table.ts';

/** Where every target stands. */
export function targetTable({ targets }: Outcome, labels: ImageNames, colors: Colors): string {
  const tags = (digests: readonly string[]) =>
    digests.length === 0 ? '–' : digests.map((digest) => labels.tagOf(digest)).join('\n');
  const rows = Object.entries(targets).map(([id, target]) => [
    id,
    target.phase,
    tags([...new Set(Object.values(target.images))]),
    tags(target.proven),
    tags(target.quarantined),
    wayInWords(target.wayBack, labels),
  ]);
  return table(
    ['target', 'phase', 'running', 'proven', 'quarantined', 'could roll back now'],
    rows,
    colors,
  );
}

function wayInWords(way: WayBack, labels: ImageNames): string {
  if (!way.possible) return `no, because ${way.because}`;
  return `yes, to ${way.digests.map((digest) => labels.tagOf(digest)).join(' + ')} (${way.to})`;
}

/** The same story with ECS alone, side by side. */
export function comparisonTable(episodes: readonly Episode[], colors: Colors): string {
  const rows = episodes.flatMap((episode): readonly Row[] => {
    const { target, tag, again, spike, withSlipway, ecsAlone } = episode;
    const cells = (name: string, figure: Figure) => [
      name,
      cell(withSlipway, figure),
      cell(ecsAlone, figure),
      verdict(withSlipway, ecsAlone, figure),
    ];
    const from = spike === 'requests' ? 'first bad request' : 'first failed task';
    return [
      [{ title: `${target} ${tag}${again ? ', the same event again' : ''}` }],
      ...(spike === 'requests' ? [cells('  bad requests served', BAD_REQUESTS)] : []),
      cells(`  from the ${from} to "roll back"`, TO_ASK),
      cells('  … to all good again', TO_GOOD),
    ];
  });
  return table(['', 'with Slipway', 'ECS alone', ''], rows, colors);
}

interface Figure {
  readonly value: (cost: Cost) => number | undefined;
  readonly show: (value: number) => string;
  /** What chance alone makes of two equal runs. */
  readonly tolerance: number;
}

const BAD_REQUESTS: Figure = { value: (it) => it.badRequests, show: String, tolerance: 0 };
const TO_ASK: Figure = { value: (it) => it.secondsToAsk, show: clock, tolerance: 15 };
const TO_GOOD: Figure = { value: (it) => it.secondsToGood, show: clock, tolerance: 15 };
const SHARE_BY_CHANCE = 0.1;

function cell(cost: Cost, { value, show }: Figure): string {
  if (!cost.started) return 'not deployed';
  const seen = value(cost);
  return seen === undefined ? 'never' : show(seen);
}

function verdict(withSlipway: Cost, ecsAlone: Cost, { value, tolerance }: Figure): string {
  // What was never deployed needs no way back.
  const of = (cost: Cost) => (cost.started ? (value(cost) ?? Number.POSITIVE_INFINITY) : 0);
  const [ours, theirs] = [of(withSlipway), of(ecsAlone)];
  if (ours === theirs) return 'the same';
  const byChance = Math.max(tolerance, SHARE_BY_CHANCE * Math.max(ours, theirs));
  const difference = Math.abs(ours - theirs);
  if (Number.isFinite(difference) && difference <= byChance) return 'about the same';
  return ours < theirs ? 'Slipway is better' : 'ECS alone is better';
}
