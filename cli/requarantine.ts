/**
 * `slipway requarantine`: after a restore of the table, what ECS was sent back from since then is in
 * quarantine again. The one command that writes quarantine itself: docs/restore.md.
 */
import { Option } from 'commander';
import type { Target } from '../shared/config/config.ts';
import type { TaskDefinitionArn } from '../shared/core/model/image.ts';
import { shortDigest } from '../shared/core/model/image.ts';
import type { ObservedRollout } from '../shared/core/model/observation.ts';
import { type Content, sentBackFrom } from '../shared/core/release/sent-back.ts';
import { type CommandDefinition, GROUPS, TARGET, yesOption } from './command.ts';
import { type Connection, connect } from './connect/connection.ts';
import { type CommonOptions, commonOptions } from './connect/options.ts';
import { targetsNamed } from './connect/targets.ts';
import { UsageError } from './output/command-error.ts';
import { confirmed } from './output/confirm.ts';
import { EXIT, type ExitCode } from './output/exit.ts';
import { json, line, note } from './output/print.ts';
import { iso } from './output/words.ts';

export interface RequarantineOptions extends CommonOptions {
  /** In ms since 1970. */
  readonly since: number;
  readonly yes: boolean;
}

export const requarantineCommand: CommandDefinition = {
  usage: 'requarantine [target]',
  group: GROUPS.change,
  about: 'after a restore of the table, condemns again what ECS was sent back from since',
  more: 'Needs the rights of break glass: it writes the table itself. Before the functions have that table (docs/restore.md).',
  arguments: { target: `${TARGET}; all of them unless one is named` },
  options: [
    new Option(
      '--since <time>',
      'the moment of the copy, such as 2026-11-21T09:50Z',
    ).makeOptionMandatory(),
    yesOption(),
  ],
  examples: ['slipway requarantine --since 2026-11-21T09:50Z'],
  run: async ([target], given) => {
    const options = {
      ...commonOptions(given),
      since: timeIn(String(given.since)),
      yes: given.yes === true,
    };
    return await requarantine(await connect(options, target), target, options);
  },
};

export async function requarantine(
  connection: Connection,
  name: string | undefined,
  options: RequarantineOptions,
): Promise<ExitCode> {
  const question = `Condemn again what ECS was sent back from since ${iso(options.since)}, in ${connection.place}?`;
  if (!(await confirmed('requarantine', question, options))) {
    note('nothing was changed');
    return EXIT.no;
  }
  for (const target of targetsNamed(connection.pipeline, name)) {
    const digests = await sentBackSince(connection, target, options.since);
    const because = `it was sent back from after ${iso(options.since)}, which the table has lost; ${connection.by} restored it`;
    const at = connection.now();
    await connection.aws.records.changeQuarantine(
      target.key,
      digests.map((digest) => ({ change: 'added', digest, at, because })),
    );
    if (options.json) json({ target: target.id, condemned: digests });
    else
      line(
        `${target.id}  ${digests.length === 0 ? 'nothing' : digests.map(shortDigest).join(', ')}`,
      );
  }
  return EXIT.done;
}

async function sentBackSince({ aws }: Connection, target: Target, since: number) {
  const { services } = aws.eyes();
  const rollouts = (await services.rollouts(target, since, {})) ?? [];
  const contentOf = async (revision: TaskDefinitionArn): Promise<Content> => {
    const { containers } = await services.definition(revision);
    return Object.fromEntries(
      Object.keys(target.rules.containers).flatMap((container) => {
        const digest = /@(sha256:[0-9a-f]{64})$/.exec(containers[container] ?? '')?.[1];
        return digest === undefined ? [] : [[container, digest]];
      }),
    );
  };
  const ran: Content[] = [];
  const known = (await aws.records.load(target.key))?.record.runs?.images;
  if (known !== undefined) {
    ran.push(Object.fromEntries(Object.entries(known).map(([name, { digest }]) => [name, digest])));
  }
  for (const revision of inTurn(rollouts)) ran.push(await contentOf(revision));
  return sentBackFrom(ran);
}

/** Oldest first; where ECS went back by itself, that too. */
function inTurn(rollouts: readonly ObservedRollout[]): readonly TaskDefinitionArn[] {
  return rollouts
    .toReversed()
    .flatMap(({ revision, rolledBackTo }) => [
      revision,
      ...(rolledBackTo === undefined ? [] : [rolledBackTo]),
    ]);
}

function timeIn(text: string): number {
  const time = Date.parse(text);
  if (/^\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}:\d{2})$/.test(text) && Number.isFinite(time))
    return time;
  throw new UsageError(
    `--since is "${text}", expected a time with its zone, such as 2026-11-21T09:50Z`,
  );
}
