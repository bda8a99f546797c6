/** Reads a stored record of today's format, or of the first; nothing that is newer. */

/**
 * `now`: today's format; `read1`: makes it of a record of 0.2.0. The reader throws for a record of a newer
 * Slipway: this one would drop what it does not know.
 */
export function readerOf<R extends object>(
  now: number,
  read1: (old: object) => R,
): (key: string, text: unknown) => R {
  return (key, text) => {
    const record = JSON.parse(String(text)) as { format?: unknown };
    if (record.format === 1) return read1(record);
    if (record.format !== now) {
      throw new Error(
        `The record of ${key} has format ${JSON.stringify(record.format)}, this version reads 1 ` +
          `and ${now}. A newer Slipway wrote it; deploy that one again.`,
      );
    }
    return record as R;
  };
}
