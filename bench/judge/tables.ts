/** What was measured, as the tables of docs/judge.md. */
import { type Cell, FAULTS, RATES, STRATEGIES } from './exposure.ts';
import type { FalseRollbacks } from './false-rollbacks.ts';
import type { LookSpeed } from './look.ts';
import { REFERENCE } from './reference.ts';
import type { WaldCell } from './wald.ts';

export const FALSE_HEAD =
  '| family | releases | LINEAR: condemned; alone | CANARY: condemned; alone |\n| --- | --- | --- | --- |';

export function falseRow(name: string, { releases, linear, canary }: FalseRollbacks): string {
  const both = ({ condemned, alone }: FalseRollbacks['linear']) => `${condemned}; ${alone}`;
  return `| ${name} | ${grouped(releases)} | ${both(linear)} | ${both(canary)} |`;
}

/** What such a row says. */
export function falseRollbacksOf(row: string): FalseRollbacks {
  const cells = row.split('|').slice(2, 5);
  const [[releases = 0] = [], ...counts] = cells.map((cell) =>
    cell.split(';').map((number) => Number(number.replaceAll(',', ''))),
  );
  const [linear, canary] = counts.map(([condemned = 0, alone = 0]) => ({ condemned, alone }));
  const none = { condemned: 0, alone: 0 };
  return { releases, linear: linear ?? none, canary: canary ?? none };
}

/** Ours, and in brackets the reference's. */
export function exposureTable(cells: readonly Cell[]): string {
  const head = `| requests a minute, errors | ${STRATEGIES.map(({ name }) => name).join(' | ')} |`;
  const rule = `| --- | ${STRATEGIES.map(() => '---').join(' | ')} |`;
  const rows = RATES.flatMap((rate) =>
    FAULTS.map((fault) => {
      const shown = STRATEGIES.map(({ name }, i) => {
        const cell = cells.find(
          (one) => one.requestsPerMinute === rate && one.fault === fault && one.strategy === name,
        );
        return `${grouped(cell?.bad ?? Number.NaN)} (${grouped(referenceOf(rate, fault, i))})`;
      });
      return `| ${grouped(rate)}, ${fault * 100} % | ${shown.join(' | ')} |`;
    }),
  );
  return [head, rule, ...rows].join('\n');
}

export function delayTable(cells: readonly Cell[], strategy: string): string {
  const rows = RATES.map((rate) => {
    const shown = FAULTS.map((fault) => {
      const cell = cells.find(
        (one) => one.requestsPerMinute === rate && one.fault === fault && one.strategy === strategy,
      );
      const minutes = cell?.minutes === undefined ? '' : `; ${cell.minutes.toFixed(1)} min`;
      return `${((cell?.found ?? 0) * 100).toFixed(1)} %${minutes}`;
    });
    return `| ${grouped(rate)} a minute | ${shown.join(' | ')} |`;
  });
  const head = `| | ${FAULTS.map((fault) => `${fault * 100} %`).join(' | ')} |`;
  return [head, `| --- | ${FAULTS.map(() => '---').join(' | ')} |`, ...rows].join('\n');
}

function referenceOf(rate: number, fault: number, strategy: number): number {
  const row = REFERENCE.find(([rpm, share]) => rpm === rate && share === fault);
  return row?.[2][strategy] ?? Number.NaN;
}

/** Cells that are further from the reference than 15 %, and more than chance makes of a few answers. */
export function farFromReference(cells: readonly Cell[]): readonly string[] {
  return cells.flatMap(({ requestsPerMinute, fault, strategy, bad }) => {
    const i = STRATEGIES.findIndex(({ name }) => name === strategy);
    const reference = referenceOf(requestsPerMinute, fault, i);
    if (Math.abs(bad - reference) <= Math.max(2, 0.15 * reference)) return [];
    const off = `${bad > reference ? '+' : ''}${Math.round((bad / reference - 1) * 100)} %`;
    return [`${strategy}, ${grouped(requestsPerMinute)} a minute, ${fault * 100} %: ${off}`];
  });
}

export function waldTable(cells: readonly WaldCell[]): string {
  const over = cells.map((cell) => cell.over);
  const mean = over.reduce((sum, one) => sum + one, 0) / over.length;
  const head =
    '| share of the new one | old rate | fault | bound: new requests | of the test, over it |';
  const rows = cells.map(
    (cell) =>
      `| ${percent(cell.share)} | ${percent(cell.oldRate)} | ${percent(cell.fault)} | ${cell.bound < 100 ? cell.bound.toFixed(1) : grouped(cell.bound)} | ${cell.over.toFixed(2)} |`,
  );
  return [
    `${cells.length} cells: ${Math.min(...over).toFixed(2)} to ${Math.max(...over).toFixed(2)}, mean ${mean.toFixed(2)}.`,
    '',
    head,
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

export function lookLine({ microseconds, judgementsPerMinute, ratio }: LookSpeed): string {
  return `One look at half an hour of a release, with four hours of history: ${microseconds} µs of CPU, so ${grouped(judgementsPerMinute)} a minute on one core; ${ratio} times the \`JSON.parse\` of its counts.`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}

function grouped(number: number): string {
  return Math.round(number).toLocaleString('en-US');
}

/** Bad answers with the usual middle steps, and with the shortest. */
export function shortestTable(rows: readonly (readonly [usual: Cell, shortest: Cell])[]): string {
  const lines = RATES.map((rate) => {
    const shown = FAULTS.map((fault) => {
      const found = rows.find(([one]) => one.requestsPerMinute === rate && one.fault === fault);
      return found?.map(({ bad }) => grouped(bad)).join('; ') ?? '';
    });
    return `| ${grouped(rate)} a minute | ${shown.join(' | ')} |`;
  });
  const head = `| usual; shortest | ${FAULTS.map((fault) => `${fault * 100} %`).join(' | ')} |`;
  return [head, `| --- | ${FAULTS.map(() => '---').join(' | ')} |`, ...lines].join('\n');
}
