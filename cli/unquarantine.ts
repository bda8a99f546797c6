/** `slipway unquarantine`: a digest may be pushed or deployed again. Nothing starts by this alone. */
import { type ImageDigest, shortDigest } from '../shared/core/model/image.ts';
import { type CommandDefinition, GROUPS, reasonOptions, TARGET, yesOption } from './command.ts';
import { type CommandOptions, commandOptions } from './connect/command-options.ts';
import { type Connection, connect } from './connect/connection.ts';
import { quarantinedMeant } from './connect/proven-release.ts';
import { sendCommand } from './connect/send-command.ts';
import { targetNamed } from './connect/targets.ts';
import { UsageError } from './output/command-error.ts';
import type { ExitCode } from './output/exit.ts';

export const unquarantineCommand: CommandDefinition = {
  usage: 'unquarantine <target> <image>',
  group: GROUPS.change,
  about: 'lets a condemned image be deployed by hand or pushed again; starts nothing by itself',
  arguments: {
    target: TARGET,
    image: 'its tag or its revision, or sha256:… or the first 8 digits or more of it',
  },
  options: [...reasonOptions(), yesOption()],
  examples: ['slipway unquarantine web sha256:7f5b2640fe6f --because "the database was it"'],
  run: async ([target = '', image = ''], given) => {
    const options = commandOptions(given);
    return await unquarantine(await connect(options, target), target, image, options);
  },
};

const FORM = 'expected a tag, or sha256: and 64 hex digits, or the first 8 or more of them';

export async function unquarantine(
  connection: Connection,
  name: string,
  start: string,
  options: CommandOptions,
): Promise<ExitCode> {
  const target = targetNamed(connection.pipeline, name);
  const { digest, because } = await quarantined(connection, target.key, start);
  const short = shortDigest(digest);
  const why = because === undefined ? '' : `; it was condemned: ${because}`;
  return await sendCommand(
    connection,
    target,
    {
      ask: { do: 'unquarantine', digest },
      what: `lift the quarantine of ${short} for ${target.id}`,
      question: `Let ${short} be deployed to ${target.id} again, in ${connection.place}${why}?`,
    },
    options,
  );
}

/** The whole digest and why it is there. Throws `UsageError` for one that is not quarantined. */
async function quarantined({ aws }: Connection, key: string, start: string) {
  const record = (await aws.records.load(key))?.record;
  const known = record?.quarantine ?? [];
  // `main-2`, `web:3`, or `shop/web:main-2`.
  const tag = start.slice(start.lastIndexOf(':') + 1);
  const named = record && (quarantinedMeant(record, start) ?? quarantinedMeant(record, tag));
  const hex = /^(?:sha256:)?([0-9a-f]{8,64})$/.exec(named ?? start)?.[1];
  if (hex === undefined) {
    const there = known.slice(0, 5).map(({ digest }) => shortDigest(digest));
    const all = there.length === 0 ? 'nothing is quarantined' : `the newest: ${there.join(', ')}`;
    throw new UsageError(
      `"${start}" is no quarantined image that is known by this name; ${FORM}; ${all}`,
    );
  }
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
