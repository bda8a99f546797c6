/** The figures as docs/strategies.md has them. */
import { FAULTS, WAYS, type Way } from './cases.ts';
import type { HookCost } from './hook.ts';
import type { Cost, Pair } from './play.ts';

export interface Measured extends Pair {
  readonly fault: string;
  readonly way: Way;
}

export function tables(measured: readonly Measured[], hook: HookCost, moments: number): string {
  const of = moments === 1 ? 'One moment of the push' : `Means of ${moments} moments of the push`;
  return [`${of}.`, '', badTable(measured), '', backTable(measured), '', hookLine(hook)].join('\n');
}

const ways = Object.keys(WAYS) as Way[];
const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const count = (value: number) => Math.round(value).toLocaleString('en-US');

/** With Slipway / with ECS alone; a release that nobody took back is marked. */
function badTable(measured: readonly Measured[]): string {
  const cost = ({ bad, share }: Cost, fault: string) =>
    `${count(bad)}${share > 0 && fault !== 'none' ? ' (stays)' : ''}`;
  const cell = (fault: string, way: Way) => {
    const found = measured.find((one) => one.fault === fault && one.way === way);
    return found === undefined
      ? ''
      : `${cost(found.withSlipway, fault)} / ${cost(found.ecsAlone, fault)}`;
  };
  return [
    row(['of the answers are errors', ...ways]),
    row(['---', ...ways.map(() => '---')]),
    ...Object.keys(FAULTS).map((fault) => row([fault, ...ways.map((way) => cell(fault, way))])),
  ].join('\n');
}

/** Of all faults that were noticed. */
function backTable(measured: readonly Measured[]): string {
  const spread = (way: Way, pick: (pair: Pair) => Cost) => {
    const all = measured.filter((one) => one.way === way).flatMap((one) => pick(one).secondsBack);
    return all.length === 0 ? '–' : `${Math.min(...all)} to ${Math.max(...all)} s`;
  };
  return [
    row(['from the alarm to the last bad request', ...ways]),
    row(['---', ...ways.map(() => '---')]),
    row(['with Slipway', ...ways.map((way) => spread(way, ({ withSlipway }) => withSlipway))]),
    row(['ECS alone', ...ways.map((way) => spread(way, ({ ecsAlone }) => ecsAlone))]),
  ].join('\n');
}

function hookLine({ asks, callsMost, cpuMicroseconds, bytes }: HookCost): string {
  const size = `${Math.round(bytes / 1_024)} KB`;
  return `The hook: at most ${callsMost} calls to AWS a question (${asks} questions of a canary), ${count(cpuMicroseconds)} µs of CPU each with the local cloud's part, ${size} as Lambda gets it.`;
}
