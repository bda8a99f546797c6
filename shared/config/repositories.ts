/**
 * ECR's console and `docker push` copy a repository as its URI, and the config names it by its name alone, since
 * account and region stand there once. A URI of that account and region is understood; of another one it is
 * refused in words, since a name of ECR may have dots, and no push would ever match it.
 */
import { ACCOUNT, REPOSITORY, registryOf } from '../parsing/names.ts';
import { text } from './settings.ts';

const NAME =
  "the name of an ECR repository, like 'shop/web': 2 to 256 lower-case letters, digits and . _ - /";
const ELSEWHERE =
  "the name of an ECR repository of this account and region, like 'shop/web': what is in another registry is deployed from a copy here (ECR's replication, or its pull through cache)";
/** Registries that are copied most; their names would pass as names of ECR. */
const HOST =
  /^(?:\d{12}\.dkr[.-]ecr\.|public\.ecr\.aws\/|(?:[a-z0-9-]+\.)?docker\.io\/|ghcr\.io\/)/;

export const repositoryName = text(REPOSITORY, NAME).refine((name) => !HOST.test(name), {
  error: ELSEWHERE,
});

type Entries = Readonly<Record<string, unknown>>;

/** The input, with `shop/web` in place of each URI of its own account and region; any other value as it is. */
export function withRepositoryNames(input: unknown): unknown {
  if (!isObject(input)) return input;
  const { account, region } = input;
  if (typeof account !== 'string' || !ACCOUNT.test(account) || typeof region !== 'string') {
    return input;
  }
  // Both hosts answer for it; the second one by IPv6 as well (ECR user guide, "Private registry URI").
  const hosts = [registryOf(account, region), `${account}.dkr-ecr.${region}.on.aws`];
  const named = (one: unknown): unknown => {
    if (!isObject(one) || typeof one.repository !== 'string') return one;
    const { repository } = one;
    const host = hosts.find((known) => repository.startsWith(`${known}/`));
    return host === undefined ? one : { ...one, repository: repository.slice(host.length + 1) };
  };
  const inside = (field: string) => (one: unknown) =>
    isObject(one) && isObject(one[field]) ? { ...one, [field]: each(one[field], named) } : one;
  return {
    ...input,
    ...(isObject(input.targets) && { targets: each(input.targets, inside('containers')) }),
    ...(isObject(input.sources) && { sources: each(input.sources, inside('images')) }),
  };
}

function each(entries: Entries, change: (value: unknown) => unknown): Entries {
  return Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, change(value)]));
}

function isObject(value: unknown): value is Entries {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
