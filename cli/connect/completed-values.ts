/** What may follow `--to` and `--image`: asked of the account while somebody waits for the key, so briefly. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../../shared/config/config.ts';
import { revisionName } from '../../shared/core/model/image.ts';
import type { Invoked } from '../output/invocation.ts';
import { type Connection, connect } from './connection.ts';
import { commonOptions, withLocalUrl } from './options.ts';
import { targetsNamed } from './targets.ts';

const PATIENCE_MS = 2_000;
const VALUES_MAX = 20;

export type ValuedOption = '--to' | '--image';

/** Nothing where AWS cannot be asked, or not in time: a key press is no place for an error. */
export async function completedValues(
  option: ValuedOption,
  words: readonly string[],
): Promise<readonly string[]> {
  const late = sleep(PATIENCE_MS, [] as readonly string[], { ref: false });
  return await Promise.race([late, valuesOf(option, words).catch(() => [])]);
}

async function valuesOf(option: ValuedOption, words: readonly string[]) {
  const connection = await connect(commonOptions({ ...placeIn(words) }));
  const { targets } = connection.pipeline;
  const target = words.map((word) => targets[word]).find((one) => one !== undefined);
  if (option === '--to') return target === undefined ? [] : await provenOf(connection, target);
  return await imagesOf(connection, targetsNamed(connection.pipeline, target?.id));
}

/** As they stand before the option that is completed. */
function placeIn(words: readonly string[]): Invoked {
  const said = withLocalUrl(words);
  const after = (name: string) => {
    const at = said.indexOf(name);
    return (
      said.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1) ??
      (at === -1 ? undefined : said[at + 1])
    );
  };
  const [local, config, env] = [after('--local'), after('--config'), after('--env')];
  return { ...(local && { local }), ...(config && { config }), ...(env && { env }) };
}

export async function provenOf({ aws }: Pick<Connection, 'aws'>, { key }: Pick<Target, 'key'>) {
  const record = (await aws.records.load(key))?.record;
  return (record?.rollbackCandidates ?? []).map(
    ({ images, revision }) =>
      Object.values(images).flatMap(({ tags }) => tags)[0] ?? revisionName(revision),
  );
}

/** The newest, as they are pushed. */
export async function imagesOf(
  { aws }: Pick<Connection, 'aws'>,
  targets: readonly Pick<Target, 'rules'>[],
) {
  const containers = targets.flatMap(({ rules }) => Object.values(rules.containers));
  const addresses = new Map(containers.map((one) => [one.repository, one]));
  const found = await Promise.all(
    [...addresses.values()].map(async ({ registry, repository }) =>
      (await aws.images.taggedImages({ registry, repository })).map((image) => ({
        ...image,
        repository,
      })),
    ),
  );
  return found
    .flat()
    .sort((a, b) => b.pushedAt - a.pushedAt)
    .slice(0, VALUES_MAX)
    .flatMap(({ repository, tags }) => tags.slice(0, 1).map((tag) => `${repository}:${tag}`));
}
