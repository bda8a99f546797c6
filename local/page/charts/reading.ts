/** What a chart says at one moment, in words: for its caption, and for who cannot see it. */
import { clockText } from '../formats.ts';
import type { Line, Plot } from './plot.ts';

export interface Reading {
  readonly name: string;
  readonly kind: Line['kind'];
  readonly text: string;
}

/** A revision's number is five seconds old at most, what is counted by the minute a minute, an alarm's a period and its delay. */
const VALID_MS: Readonly<Record<Line['kind'], number>> = {
  revision: 11_000,
  minutes: 60_000,
  alarm: 240_000,
};

/** Of every line that has a value near this moment. */
export function readingsAt(
  { times, lines }: Plot,
  at: number,
  format: (value: number) => string,
): readonly Reading[] {
  return lines.flatMap(({ name, kind, values }) => {
    const index = times.findLastIndex((time, i) => time <= at && (values[i] ?? null) !== null);
    const time = times[index];
    const value = values[index];
    if (time === undefined || value === undefined || value === null) return [];
    return at - time > VALID_MS[kind] ? [] : [{ name, kind, text: format(value) }];
  });
}

/** `10:38:20 UTC: web:3 25 %, web:2 0 %` */
export function readingText(at: number, readings: readonly Reading[]): string {
  const parts = readings.map(({ name, text }) => `${name} ${text}`);
  return `${clockText(at)} UTC: ${parts.length === 0 ? 'no requests' : parts.join(', ')}`;
}
