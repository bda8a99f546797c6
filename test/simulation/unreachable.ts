/**
 * Decided sentences that no whole world reaches, each with the reason. They are guarded by unit tests.
 */
import type { SentencePlace } from './sentences.ts';

interface Unreachable {
  readonly file: string;
  /** Of the text of its call. */
  readonly says: string;
  readonly because: string;
}

const UNREACHABLE: readonly Unreachable[] = [];

export function whyUnreachable({
  where,
  text,
}: Pick<SentencePlace, 'where' | 'text'>): string | undefined {
  const [file] = where.split(':');
  return UNREACHABLE.find((one) => one.file === file && text.includes(one.says))?.because;
}
