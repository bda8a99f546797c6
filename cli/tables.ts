/** The two tables at the end of a story. */
import Table from 'cli-table3';
import type { Cost, Episode } from '../local/comparison.ts';
import type { Labels } from '../local/labels.ts';
import type { Outcome, WayBack } from '../local/outcome.ts';
import { type Colors, clock } from './print.ts';

/** Where every target stands. */
export function targetTable({ targets }: Outcome, labels: Labels, colors: Colors): string {
  const tags = (digests: readonly string[]) =>
    digests.length === 0 ? '–' : digests.map((digest) => labels.tagOf(digest)).join('\n');
  const table = plain(
    ['target', 'phase', 'running', 'proven', 'quarantined', 'could roll back now'],
    colors,
  );
  for (const [id, target] of Object.entries(targets)) {
    table.push([
      id,
      target.phase,
      tags([...new Set(Object.values(target.images))]),
      tags(target.proven),
      tags(target.quarantined),
      wayInWords(target.wayBack, labels),
    ]);
  }
  return table.toString();
}

function wayInWords(way: WayBack, labels: Labels): string {
  if (!way.possible) return `no, because ${way.because}`;
  return `yes, to ${way.digests.map((digest) => labels.tagOf(digest)).join(' + ')} (${way.to})`;
}

/** The same story with ECS alone, side by side. */
export function comparisonTable(episodes: readonly Episode[], colors: Colors): string {
  const table = plain(['', 'with Slipway', 'ECS alone', ''], colors);
  for (const { target, tag, again, spike, withSlipway, ecsAlone } of episodes) {
    const title = `${target} ${tag}${again ? ', the same event again' : ''}`;
    table.push([{ content: colors.bold(title), colSpan: 4 }]);
    const cells = (name: string, row: Row) => [
      name,
      cell(withSlipway, row),
      cell(ecsAlone, row),
      verdict(withSlipway, ecsAlone, row),
    ];
    if (spike === 'requests') table.push(cells('  bad requests served', BAD_REQUESTS));
    const from = spike === 'requests' ? 'first bad request' : 'first failed task';
    table.push(
      cells(`  from the ${from} to "roll back"`, TO_ASK),
      cells('  … to all good again', TO_GOOD),
    );
  }
  return table.toString();
}

interface Row {
  readonly value: (cost: Cost) => number | undefined;
  readonly show: (value: number) => string;
  /** What chance alone makes of two equal runs. */
  readonly tolerance: number;
}

const BAD_REQUESTS: Row = { value: (it) => it.badRequests, show: String, tolerance: 0 };
const TO_ASK: Row = { value: (it) => it.secondsToAsk, show: clock, tolerance: 15 };
const TO_GOOD: Row = { value: (it) => it.secondsToGood, show: clock, tolerance: 15 };
const SHARE_BY_CHANCE = 0.1;

function cell(cost: Cost, { value, show }: Row): string {
  if (!cost.started) return 'not deployed';
  const seen = value(cost);
  return seen === undefined ? 'never' : show(seen);
}

function verdict(withSlipway: Cost, ecsAlone: Cost, { value, tolerance }: Row): string {
  // What was never deployed needs no way back.
  const of = (cost: Cost) => (cost.started ? (value(cost) ?? Number.POSITIVE_INFINITY) : 0);
  const [ours, theirs] = [of(withSlipway), of(ecsAlone)];
  if (ours === theirs) return 'the same';
  const byChance = Math.max(tolerance, SHARE_BY_CHANCE * Math.max(ours, theirs));
  const difference = Math.abs(ours - theirs);
  if (Number.isFinite(difference) && difference <= byChance) return 'about the same';
  return ours < theirs ? 'Slipway is better' : 'ECS alone is better';
}

function plain(head: readonly string[], colors: Colors) {
  return new Table({
    head: head.map((text) => colors.bold(text)),
    // The library's own colours know nothing of pipes.
    style: { head: [], border: [], compact: true },
  });
}
