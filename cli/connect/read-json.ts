/** Files that a command is given. */
import { readFile } from 'node:fs/promises';
import { UsageError } from '../output/command-error.ts';

/** What the file says. Throws `UsageError`. */
export async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new UsageError(
      `${file} ${code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`}`,
    );
  }
  const value = parsed(file, text);
  if (isDeep(value)) throw new UsageError(`${file} is nested more than ${DEPTH_MAX} deep`);
  return value;
}

function parsed(file: string, text: string): unknown {
  try {
    // Editors of Windows begin a file with a byte order mark.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const why = error instanceof Error ? error.message.replaceAll('\n', ' ') : '';
    throw new UsageError(`${file} is not JSON: ${why}`);
  }
}

/** Deeper than anything that we read; to copy what is far deeper takes more stack than there is. */
const DEPTH_MAX = 1_000;

function isDeep(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth <= DEPTH_MAX && level.length > 0; depth++) {
    level = level.flatMap((one) =>
      typeof one === 'object' && one !== null ? Object.values(one) : [],
    );
  }
  return level.length > 0;
}
