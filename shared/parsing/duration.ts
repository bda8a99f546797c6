/** How people write a time that lasts: `30m`, `4h`, `2d`. */
const MINUTES = { m: 1, h: 60, d: 1440 } as const;

/** In minutes; undefined: it is not written so. */
export function durationMinutes(written: string): number | undefined {
  const [, count = '', unit = ''] = /^([1-9]\d{0,4})([mhd])$/.exec(written) ?? [];
  return count === '' ? undefined : Number(count) * MINUTES[unit as keyof typeof MINUTES];
}
