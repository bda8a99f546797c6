/** A spinner on stderr for what takes longer than a second, on a terminal only. */

const PATIENCE_MS = 1_000;

/** Does the work; `text` is what the person sees meanwhile: `looking at web`. */
export async function withProgress<T>(text: string, work: () => Promise<T>): Promise<T> {
  if (process.stderr.isTTY !== true) return await work();
  let stop: (() => void) | undefined;
  let ended = false;
  const timer = setTimeout(async () => {
    const { spinner } = await import('@clack/prompts');
    if (ended) return;
    const spinning = spinner({ output: process.stderr, withGuide: false });
    spinning.start(text);
    stop = () => spinning.clear();
  }, PATIENCE_MS);
  try {
    return await work();
  } finally {
    ended = true;
    clearTimeout(timer);
    stop?.();
  }
}
