/**
 * The words by which a commit's message asks for no build: GitHub's own for its workflows.
 * https://docs.github.com/en/actions/managing-workflow-runs/skipping-workflow-runs
 */

const WORDS = /\[(?:skip ci|ci skip|no ci|skip actions|actions skip)\]/i;
const TRAILER = /^skip-checks: ?true$/i;

/** What was found, in small letters; the trailer only as the last line, below another. */
export function skipIn(message: string): string | undefined {
  const found = WORDS.exec(message)?.[0];
  if (found !== undefined) return found.toLowerCase();
  const [last = '', ...above] = message.trimEnd().split('\n').toReversed();
  return above.length > 0 && TRAILER.test(last.trim()) ? 'skip-checks: true' : undefined;
}
