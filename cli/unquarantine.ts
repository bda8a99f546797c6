/** `slipway unquarantine`: a digest may be offered again. Nothing starts by this alone. */
import { type ImageDigest, shortDigest } from '../shared/core/model/image.ts';
import type { Connection } from './speaking/connection.ts';
import type { ExitCode } from './speaking/exit.ts';
import { targetNamed } from './speaking/targets.ts';
import { UsageError } from './speaking/usage.ts';
import { sayWord } from './speaking/word.ts';
import type { WordOptions } from './speaking/word-options.ts';

const FORM = 'expected sha256: and 64 hex digits, or the first 8 or more of them';

export async function unquarantine(
  connection: Connection,
  word: string,
  start: string,
  options: WordOptions,
): Promise<ExitCode> {
  const target = targetNamed(connection.pipeline, word);
  const { digest, because } = await quarantined(connection, target.key, start);
  const name = shortDigest(digest);
  const why = because === undefined ? '' : `; it was condemned: ${because}`;
  return await sayWord(
    connection,
    target,
    {
      command: { do: 'unquarantine', digest },
      what: `lift the quarantine of ${name} for ${target.id}`,
      question: `Let ${name} be deployed to ${target.id} again, in ${connection.place}${why}?`,
    },
    options,
  );
}

/** The whole digest and why it is there. Throws `UsageError` for one that is not quarantined. */
async function quarantined({ aws }: Connection, key: string, start: string) {
  const hex = /^(?:sha256:)?([0-9a-f]{8,64})$/.exec(start)?.[1];
  if (hex === undefined) throw new UsageError(`"${start}" is no digest; ${FORM}`);
  const known = (await aws.records.load(key))?.record.quarantine ?? [];
  const found = known.filter(({ digest }) => digest.startsWith(`sha256:${hex}`));
  // The record knows the newest; each is an item of its own as well.
  const whole = hex.length === 64 ? `sha256:${hex}` : found[0]?.digest;
  if (whole !== undefined && found.length < 2) {
    const because = await aws.records.quarantined(key, whole as ImageDigest);
    if (because !== undefined || found.length === 1) return { digest: whole, because };
  }
  const names = known.slice(0, 5).map(({ digest }) => shortDigest(digest));
  const there = names.length === 0 ? 'none is' : `the newest: ${names.join(', ')}`;
  const why =
    found.length > 1 ? `begins ${found.length} quarantined digests` : 'is not quarantined';
  throw new UsageError(`${start} ${why}; ${there}`);
}
