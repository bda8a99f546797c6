/**
 * A tag that stands is not moved, and what stands under it is taken only if a build of ours reported it: a build
 * that is stopped after its push leaves one that nobody did. Then the commit is built under a tag of its own.
 */
import type { SourceRecord } from './record.ts';

/** So many digits more, one each time: whoever takes them all in advance is told of. */
const DIGITS_MAX = 16;
const TAG_MAX = 128;

/** `main-8f3c2a1b9d04f` after `main-8f3c2a1b9d04`; undefined: a git tag's images have its very name. */
export function tagAgain(
  { ref }: Pick<SourceRecord, 'ref'>,
  { tag, commit }: { readonly tag: string; readonly commit: string },
): string | undefined {
  const digits = tag.slice(tag.lastIndexOf('-') + 1);
  const isOurs = ref.startsWith('refs/heads/') && commit.startsWith(digits);
  return isOurs && digits.length < DIGITS_MAX && tag.length < TAG_MAX
    ? `${tag}${commit[digits.length]}`
    : undefined;
}
