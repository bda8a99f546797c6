/** Reads a stored record of today's format, or of the first; nothing that is newer. */

/** What this version would drop if it wrote the record: so it reads nothing, and changes nothing. */
class NewerFormat extends Error {
  override readonly name = 'NewerFormat';
}

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
      throw new NewerFormat(
        `The record of ${key} has format ${JSON.stringify(record.format)}, this version reads 1 ` +
          `and ${now}. A newer Slipway wrote it: install that version, or deploy it again where this one was deployed over it (docs/upgrading.md).`,
      );
    }
    return record as R;
  };
}
