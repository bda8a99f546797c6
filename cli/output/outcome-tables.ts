/** The two tables at the end of a story. */
import type { Comparison, Episode } from '../../local/stories/comparison.ts';
import type { Course, Harm } from '../../local/stories/comparison-course.ts';
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
  if (!way.possible) return `no: ${way.because}`;
  return `yes, to ${way.digests.map((digest) => labels.tagOf(digest)).join(' + ')} (${way.to})`;
}

/** The same story with ECS alone, side by side: a verdict for each target, then what each image did. */
export function comparisonTable(comparisons: readonly Comparison[], colors: Colors): string {
  const rows = comparisons.flatMap((comparison): readonly Row[] => {
    const { target, counted, withSlipway, ecsAlone, ways, episodes } = comparison;
    const whole = counted === 'bad requests' ? 'bad requests served' : 'failed tasks';
    return [
      [{ title: `${target}, the whole story` }],
      [`  ${whole}`, grouped(withSlipway), grouped(ecsAlone), verdictInWords(comparison)],
      ...ways.map(({ way, count }): Row => [`    ${way}`, '', grouped(count), '']),
      ...episodes.flatMap((episode) => episodeRows(target, episode)),
    ];
  });
  return table(['', 'with Slipway', 'ECS alone', ''], rows, colors);
}

function episodeRows(target: string, episode: Episode): readonly Row[] {
  const { tag, again, from, withSlipway, ecsAlone } = episode;
  const cells = (name: string, show: (harm: Harm) => string) => [
    name,
    cell(withSlipway, show),
    cell(ecsAlone, show),
    '',
  ];
  return [
    [{ title: `${target} ${tag}${again ? ', the same image again' : ''}` }],
    cells(`  ${from}s`, ({ count }) => grouped(count)),
    cells(`  from the first ${from} to "roll back"`, ({ toAsked }) =>
      toAsked === undefined ? 'not asked' : clock(toAsked),
    ),
    cells('  … to all good again', ({ toGood }) =>
      toGood === undefined ? 'never' : clock(toGood),
    ),
  ];
}

function cell(course: Course, show: (harm: Harm) => string): string {
  if (!course.deployed) return 'not deployed';
  return course.harm === undefined ? 'did no harm' : show(course.harm);
}

function verdictInWords({ withSlipway, ecsAlone, verdict }: Comparison): string {
  const difference = grouped(Math.abs(withSlipway - ecsAlone));
  switch (verdict) {
    case 'better':
      return `Slipway is better: ${difference} fewer`;
    case 'worse':
      return `Slipway is worse: ${difference} more`;
    case 'the same':
    case 'about the same':
      return verdict;
  }
}

/** `456,812` */
function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
