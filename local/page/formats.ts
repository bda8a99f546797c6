/** Numbers, moments and names as the page writes them. Moments are virtual and in UTC, as in every because. */
import type { PageImage } from '../server/page-state.ts';

/** `10:38:59` */
export function clockText(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}

/** `20 Nov 2026` */
export function dayText(at: number): string {
  const [, day = '', month = '', year = ''] = new Date(at).toUTCString().split(' ');
  return `${Number(day)} ${month} ${year}`;
}

/** `12 s`, `3 min 5 s`, `2 h 5 min`, `3 d 4 h`: the two largest units, never below zero. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const;
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first === -1) return '0 s';
  const parts = units.slice(first, first + 2).map(([unit, size], index) => {
    const within = index === 0 ? seconds : seconds % (units[first]?.[1] ?? 1);
    return { unit, count: Math.floor(within / size) };
  });
  return parts
    .filter(({ count }) => count > 0)
    .map(({ unit, count }) => `${count} ${unit}`)
    .join(' ');
}

/** Of a share, 0 to 1: `0 %`, `< 0.1 %`, `2.5 %`, `25 %`. What is not all is never written as 100 %. */
export function shareText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return '< 0.1 %';
  if (percent < 100 && percent > 99.9) return '> 99.9 %';
  return `${rounded(percent, percent < 10 || percent > 99 ? 1 : 0)} %`;
}

/** `50 ms`, `1.25 s` */
export function latencyText(ms: number): string {
  return ms < 1000 ? `${rounded(ms, ms < 10 ? 1 : 0)} ms` : `${rounded(ms / 1000, 2)} s`;
}

/** At most three digits behind the point, and thousands apart: `12,500`, `0.004`. */
export function numberText(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 3 });
}

/** Of evidence: one digit behind the point. */
export function logText(log: number): string {
  return numberText(Number(log.toFixed(1)));
}

/** `60×`; time that stands still is `paused`. */
export function speedText(speed: number): string {
  return speed === 0 ? 'paused' : `${numberText(speed)}×`;
}

/** `sha256:a6e2fd1199a6`, as in every because. */
export function digestText(digest: string): string {
  return digest.replace(/^(sha256:[0-9a-f]{12})[0-9a-f]+$/, '$1');
}

/** By its tag if it has one. */
export function imageText({ repository, digest, tag }: PageImage): string {
  return tag === undefined ? `${repository} (${digestText(digest)})` : `${repository}:${tag}`;
}

function rounded(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}
