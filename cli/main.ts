/** The command line: runs a command, and turns what goes wrong into one line and an exit code. */
import { realpathSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

/** See docs/json/error.schema.json. */
const ERROR_FORMAT = 'slipway.error/1';

/** Sets the exit code: see `output/exit.ts`. */
export async function run(args: readonly string[]): Promise<void> {
  // What comes after this is compiled once, and not at each press of the completion key.
  enableCompileCache();
  const { dispatch } = await import('./dispatch.ts');
  endQuietly();
  const said = args.slice(0, args.includes('--') ? args.indexOf('--') : args.length);
  // For the prompts as well, which are not ours.
  if (said.includes('--no-color')) process.env.NO_COLOR = '1';
  try {
    process.exitCode = await dispatch(args);
  } catch (error) {
    const local = said.find((word) => word.startsWith('--local'));
    const place = local === undefined ? 'AWS' : 'the local AWS';
    const { failureOf, stackOf } = await import('./output/failure.ts');
    const { json, note } = await import('./output/print.ts');
    const { code, line } = failureOf(error, place);
    note(`slipway: ${line}`);
    // A program that reads stdout finds there why nothing else came.
    if (said.includes('--json')) json({ format: ERROR_FORMAT, error: { code, message: line } });
    if (said.includes('--debug')) note(stackOf(error));
    process.exitCode = code;
  }
}

/** `slipway history web | head` has read enough: that is no mistake, and nothing is left to do. */
function endQuietly(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit();
    });
  }
}

/** Started by itself, not imported by `slipway.js` or a test. */
if (process.argv[1] !== undefined && isThisFile(process.argv[1])) {
  await run(process.argv.slice(2));
}

function isThisFile(path: string): boolean {
  return realpathSync(path) === fileURLToPath(import.meta.url);
}
