/**
 * What a breach means, for a person: "25 % of answers were errors for 2 minutes, and it allows 5 %".
 * CloudWatch tells it in prose, which is not promised: whatever cannot be read has no words, and the
 * prose stands for itself.
 */

/** What an alarm measures, as far as its definition says so beyond doubt. */
export type Measure = 'errors-percent' | 'errors' | 'seconds';

/** A query of an alarm, in the words of PutMetricAlarm; events write them with small letters. */
export interface MeasuredQuery {
  readonly id?: string | undefined;
  readonly expression?: string | undefined;
  readonly metricName?: string | undefined;
  readonly returned?: boolean | undefined;
}

const TEXT_MAX = 2_048;
/** Counts of answers with a status from 500 on: of Application Load Balancers. */
const ERRORS = /^HTTPCode_(?:Target|ELB)_5XX_Count$/;

/** Undefined: it is not known, or nothing that these words can say. */
export function measureOf(queries: readonly MeasuredQuery[]): Measure | undefined {
  const returned = queries.filter((query) => query.returned !== false);
  const [only] = returned;
  if (only === undefined || returned.length > 1) return undefined;
  if (only.expression === undefined) return measureOfMetric(only.metricName);
  return isPercentOfAnswers(only.expression, queries) ? 'errors-percent' : undefined;
}

function measureOfMetric(name: string | undefined): Measure | undefined {
  if (name === undefined) return undefined;
  if (ERRORS.test(name)) return 'errors';
  return name === 'TargetResponseTime' ? 'seconds' : undefined;
}

/** `100 * errors / requests`, wherever it stands in the expression. */
function isPercentOfAnswers(expression: string, queries: readonly MeasuredQuery[]): boolean {
  const idOf = (wanted: RegExp) =>
    queries.find(({ metricName = '' }) => wanted.test(metricName))?.id;
  const [errors, requests] = [idOf(ERRORS), idOf(/^RequestCount$/)];
  if (errors === undefined || requests === undefined || expression.length > TEXT_MAX) return false;
  const sum = expression.replaceAll(/\s+/g, '').replaceAll(/FILL\((\w+),0\)/g, '$1');
  const ways = [
    `100*${errors}/${requests}`,
    `100*(${errors}/${requests})`,
    `(${errors}/${requests})*100`,
    `${errors}/${requests}*100`,
  ];
  return ways.some((way) => sum.includes(way));
}

const PROSE =
  /^Threshold Crossed: (?:(\d+) out of the last (\d+) datapoints?|\d+ datapoints?)? ?\[([^\]]*)\] (?:was|were) (greater than or equal to|greater than|less than or equal to|less than) the threshold \((-?[\d.]+(?:E-?\d+)?)\)/;

/** `endsAt` and `startsAt` of the breach: how long it lasted is told only where both are known. */
export function breachInWords(
  reason: string,
  {
    startsAt,
    endsAt,
  }: { readonly startsAt?: number | undefined; readonly endsAt?: number | undefined },
  measure?: Measure,
): string | undefined {
  if (reason.length > TEXT_MAX) return undefined;
  const [, , , points = '', comparison = '', limit = ''] = PROSE.exec(reason) ?? [];
  const values = [...points.matchAll(/(-?[\d.]+(?:E-?\d+)?) \(\d\d\/\d\d\/\d\d /g)].map(
    ([, text]) => Number(text),
  );
  if (values.length === 0 || ![...values, Number(limit)].every(Number.isFinite)) return undefined;
  const subject = subjectOf(values, comparison.startsWith('less'), measure);
  const lasted = lastedFor(values.length, startsAt, endsAt);
  return `${subject}${lasted}, and it ${ALLOWS[comparison] ?? 'allows'} ${withUnit(Number(limit), measure)}`;
}

/** What the alarm's owner lets pass, by how CloudWatch says that it did not. */
const ALLOWS: Readonly<Record<string, string>> = {
  'greater than': 'allows',
  'greater than or equal to': 'allows less than',
  'less than': 'wants at least',
  'less than or equal to': 'wants more than',
};

/** The worst of the datapoints is what matters at night. */
function subjectOf(
  values: readonly number[],
  isTooLow: boolean,
  measure: Measure | undefined,
): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const same = rounded(low) === rounded(high);
  const worst = isTooLow ? `down to ${rounded(low)}` : `up to ${rounded(high)}`;
  const span = same ? rounded(high) : worst;
  switch (measure) {
    case 'errors-percent':
      return `${span} % of answers were errors`;
    case 'errors':
      return `${span} answers in each period were errors`;
    case 'seconds':
      return `the response time was ${span} s`;
    case undefined:
      return `its value was ${span}`;
  }
}

function withUnit(value: number, measure: Measure | undefined): string {
  if (measure === 'errors-percent') return `${rounded(value)} %`;
  return measure === 'seconds' ? `${rounded(value)} s` : rounded(value);
}

/** Only where the datapoints are next to each other: 2 of the last 3 may have a good one between. */
function lastedFor(
  count: number,
  startsAt: number | undefined,
  endsAt: number | undefined,
): string {
  if (startsAt === undefined || endsAt === undefined || endsAt <= startsAt) return '';
  const minutes = (endsAt - startsAt) / 60_000;
  if (!Number.isInteger(minutes)) return '';
  const span = minutes === 1 ? 'a minute' : `${minutes} minutes`;
  // Minutes are the shortest period of most metrics: with as many datapoints there is no gap.
  return count === minutes || count === 1 ? ` for ${span}` : ` within ${span}`;
}

/** Three digits that count, and never fewer than are whole: 22.266666666666666 is 22.3. */
function rounded(value: number): string {
  return String(Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}
