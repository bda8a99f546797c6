/** `slipway wait`: stands behind one release until it came as far as it should, or ended otherwise. */
import { Option } from 'commander';
import type { Target } from '../shared/config/config.ts';
import type { Followed } from '../shared/core/incident/course.ts';
import type { ImageSet } from '../shared/core/model/image.ts';
import type { TargetRecord } from '../shared/core/model/record/target-record.ts';
import {
  type CommandDefinition,
  type Given,
  GROUPS,
  minutesOption,
  option,
  TARGET,
  UNTIL,
} from './command.ts';
import { type Connection, connect } from './connect/connection.ts';
import { type CommonOptions, commonOptions } from './connect/options.ts';
import { targetNamed } from './connect/targets.ts';
import type { UntilOptions } from './connect/until.ts';
import { UsageError } from './output/command-error.ts';
import type { ExitCode } from './output/exit.ts';

export const waitCommand: CommandDefinition = {
  usage: 'wait <target>',
  group: GROUPS.look,
  about: 'waits until a release is accepted, serves or is proven; the exit code says how it ended',
  more: 'Without --release, --digest, --commit and --image it is what waits or is on its way now, else what ended last.',
  arguments: { target: TARGET },
  options: [
    new Option('--release <release>', 'its number (`3` or `#3`), or its name in `history --json`'),
    new Option('--digest <digest>', 'an image, as `sha256:` and 64 hex digits'),
    new Option('--commit <commit>', 'what was built from it: 7 to 40 hex digits'),
    new Option('--image <reference>', '<repository>:<tag>, which is looked up in ECR'),
    option('--until <level>', UNTIL, 'proven'),
    minutesOption(),
  ],
  examples: [
    'slipway wait web --commit 8f3c2a1b9d04 --until proven --minutes 45',
    'slipway wait web --until serving --json',
  ],
  run: async ([target = ''], given) => {
    const { untilIn } = await import('./connect/until.ts');
    const options = { ...commonOptions(given), ...(untilIn(given) as UntilOptions) };
    const named = namedIn(given);
    return await wait(await connect(options, target), target, named, options);
  },
};

export type Named = Readonly<Partial<Record<(typeof NAMES)[number], string>>>;
const NAMES = ['release', 'digest', 'commit', 'image'] as const;

function namedIn(given: Given): Named {
  const said = NAMES.filter((name) => given[name] !== undefined);
  if (said.length > 1) {
    throw new UsageError(
      `${said.map((name) => `--${name}`).join(' and ')} are said: one of them names it`,
    );
  }
  return Object.fromEntries(said.map((name) => [name, String(given[name])]));
}

export async function wait(
  connection: Connection,
  name: string,
  named: Named,
  options: UntilOptions & Pick<CommonOptions, 'json' | 'local' | 'config' | 'env'>,
): Promise<ExitCode> {
  const target = targetNamed(connection.pipeline, name);
  const followed = await followedOf(connection, target, named);
  const { tellUntil } = await import('./output/course.ts');
  return await tellUntil(connection, target, followed, options);
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const COMMIT = /^[0-9a-f]{7,40}$/;

/** Throws `UsageError`, or `TransientError`. */
async function followedOf(
  connection: Connection,
  target: Target,
  { release, digest, commit, image }: Named,
): Promise<Followed> {
  if (release !== undefined) return { by: 'release', release: releaseIn(target, release) };
  if (digest !== undefined) {
    if (DIGEST.test(digest)) return { by: 'digests', digests: [digest] };
    throw new UsageError(`--digest is "${digest}", expected sha256: and 64 hex digits`);
  }
  if (commit !== undefined) {
    if (COMMIT.test(commit)) return { by: 'commit', commit };
    throw new UsageError(`--commit is "${commit}", expected 7 to 40 hex digits in lower case`);
  }
  if (image !== undefined) {
    const { imagesNamed } = await import('./connect/images.ts');
    return byDigests(await imagesNamed(connection, target, [image]));
  }
  return await nowOnItsWay(connection, target);
}

function releaseIn({ key }: Target, text: string): string {
  const number = /^#?(\d{1,9})$/.exec(text)?.[1];
  if (number !== undefined) return `${key}/${Number(number)}`;
  if (text.startsWith(`${key}/`)) return text;
  throw new UsageError(`--release is "${text}", expected a number, #3, or ${key}/3`);
}

async function nowOnItsWay(connection: Connection, target: Target): Promise<Followed> {
  const record = (await connection.aws.records.load(target.key))?.record;
  const found = record && (await newestOf(record));
  if (found !== undefined) return found;
  throw new UsageError(
    `nothing was ever released to ${target.id}: say --digest, --commit or --image for what is to come`,
  );
}

async function newestOf(record: TargetRecord): Promise<Followed | undefined> {
  const [{ lastReleaseOf }, { waitingImages }] = await Promise.all([
    import('../shared/core/incident/last-release.ts'),
    import('../shared/core/model/image.ts'),
  ]);
  const waiting = waitingImages(record.waiting);
  if (Object.keys(waiting).length > 0) return byDigests(waiting);
  const last = lastReleaseOf(record);
  if (last?.release !== undefined) return { by: 'release', release: last.release };
  return last?.images === undefined ? undefined : byDigests(last.images);
}

function byDigests(images: ImageSet): Followed {
  const digests = [...new Set(Object.values(images).map(({ digest }) => digest))];
  return { by: 'digests', digests };
}
