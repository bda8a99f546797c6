/** Files that a command is given. */
import { readFile } from 'node:fs/promises';
import { UsageError } from './speaking/usage.ts';

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
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message.replaceAll('\n', ' ') : '';
    throw new UsageError(`${file} is not JSON: ${why}`);
  }
}
