/** Reads a stored record of today's format, or of the first; nothing that is newer. */

/** Read as it stands it would be changed by the next write: so nothing is read of it, and nothing changed. */
export class UnreadableRecord extends Error {
  override readonly name = 'UnreadableRecord';
  /** What is the matter with it, after its name. */
  readonly why: string;
  /** What a person does about it. */
  readonly remedy: string;

  constructor(key: string, why: string, remedy: string) {
    super(`The record of ${key} ${why}: ${remedy}.`);
    this.why = why;
    this.remedy = remedy;
  }
}

/**
 * `now`: today's format; `read1`: makes it of a record of 0.2.0. The reader throws `UnreadableRecord` for a
 * record of a newer Slipway: this one would drop what it does not know.
 */
export function readerOf<R extends object>(
  now: number,
  read1: (old: object) => R,
): (key: string, text: unknown) => R {
  return (key, text) => {
    const record = objectIn(key, text);
    if (record.format === 1) return readAs1(key, record, read1);
    if (record.format !== now) {
      throw new UnreadableRecord(
        key,
        `has format ${inWords(record.format)}, this version reads 1 and ${now}, and a newer Slipway wrote it`,
        'install that version, or deploy it again where this one was deployed over it (docs/upgrading.md)',
      );
    }
    return record as R;
  };
}

/** Whatever else stands there is not shown: it may be anything, of any length. */
function inWords(format: unknown): string {
  return typeof format === 'number' ? String(format) : `that is no number (${typeof format})`;
}

const RESTORE = 'restore it from a backup of the table (docs/restore.md)';

function readAs1<R>(key: string, record: object, read1: (old: object) => R): R {
  try {
    return read1(record);
  } catch {
    throw new UnreadableRecord(key, 'says that it has format 1, and is not of its shape', RESTORE);
  }
}

function objectIn(key: string, text: unknown): { readonly format?: unknown } {
  let value: unknown;
  try {
    value = JSON.parse(String(text));
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null) return value;
  throw new UnreadableRecord(key, 'cannot be read, for what is stored there is no record', RESTORE);
}
