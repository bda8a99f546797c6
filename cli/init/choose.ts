/** Which services: named by options, or chosen on a terminal. */
import type { Survey } from '../../shared/aws/survey.ts';
import { CommandError, UsageError } from '../output/command-error.ts';
import { EXIT } from '../output/exit.ts';
import { nearest } from '../output/nearest.ts';
import { note } from '../output/print.ts';
import type { Named } from './beside.ts';

export interface Choice {
  readonly cluster: string;
  readonly services: readonly string[];
  /** By service: the files beside that name it, where they chose. */
  readonly because?: Readonly<Record<string, readonly string[]>>;
}

export interface Asked {
  readonly cluster?: string;
  readonly services: readonly string[];
  /** All of the cluster, or of all clusters. */
  readonly all: boolean;
  /** Nothing is asked: what is one of a kind is taken. */
  readonly yes: boolean;
  /** What files of another deployer name; what is said above wins over them. */
  readonly beside?: readonly Named[];
}

/** Throws `UsageError`, `CommandError` where there is nothing, or `TransientError`. */
export async function choose(
  survey: Pick<Survey, 'clusters' | 'services'>,
  asked: Asked,
  place: string,
): Promise<readonly Choice[]> {
  const found = await servicesIn(survey, asked.cluster);
  const all = found.filter(({ services }) => services.length > 0);
  if (all.length === 0) {
    throw new CommandError(
      EXIT.no,
      `${place} has no ECS service${asked.cluster === undefined ? '' : ` in ${asked.cluster}`}; make one first, with Terraform or CDK for example, or name another region: --region`,
    );
  }
  if (asked.services.length > 0) return named(all, asked.services);
  if (asked.all) return all;
  if (asked.beside !== undefined && asked.beside.length > 0)
    return namedBeside(
      all,
      asked.beside,
      asked.cluster === undefined ? place : `the cluster ${asked.cluster}`,
    );
  if (!asked.yes && process.stdin.isTTY === true && process.stderr.isTTY === true) {
    return await askWhich(all);
  }
  const names = wordsFor(all);
  if (names.length === 1) return all;
  throw new UsageError(
    `${place} has ${names.length} services: say which with --service, or --all${nearest('', names)}`,
  );
}

/** What `--service` takes: with the cluster, where two have one of that name. */
function wordsFor(all: readonly Choice[]): readonly string[] {
  const every = all.flatMap(({ services }) => services);
  return all.flatMap(({ cluster, services }) =>
    services.map((service) =>
      every.indexOf(service) === every.lastIndexOf(service) ? service : `${cluster}/${service}`,
    ),
  );
}

async function servicesIn(
  survey: Pick<Survey, 'clusters' | 'services'>,
  cluster: string | undefined,
): Promise<readonly Choice[]> {
  const clusters = await survey.clusters();
  if (cluster !== undefined && !clusters.includes(cluster)) {
    throw new UsageError(`there is no cluster "${cluster}"${nearest(cluster, clusters)}`);
  }
  const wanted = cluster === undefined ? clusters : [cluster];
  return await Promise.all(
    wanted.map(async (one) => ({ cluster: one, services: await survey.services(one) })),
  );
}

/** `web`, or `production/web` where two clusters have one of that name. */
function named(all: readonly Choice[], words: readonly string[]): readonly Choice[] {
  const known = all.flatMap(({ cluster, services }) =>
    services.map((service) => ({ cluster, service, whole: `${cluster}/${service}` })),
  );
  const found = words.map((word) => {
    const some = known.filter(({ service, whole }) => word === service || word === whole);
    const [only, ...others] = some;
    if (only !== undefined && others.length === 0) return only;
    if (only === undefined) {
      const names = known.map(({ service }) => service);
      throw new UsageError(`there is no service "${word}"${nearest(word, names)}`);
    }
    const wholes = some.map(({ whole }) => whole).join(' and ');
    throw new UsageError(`"${word}" is said of ${wholes}: say which`);
  });
  return [...Map.groupBy(found, ({ cluster }) => cluster)].map(([cluster, some]) => ({
    cluster,
    services: [...new Set(some.map(({ service }) => service))],
  }));
}

/** A file that is out of date is told; where none names a service that is there, nobody guesses another one. */
function namedBeside(
  all: readonly Choice[],
  beside: readonly Named[],
  place: string,
): readonly Choice[] {
  const missing = beside.filter(
    ({ is }) => !all.some(({ cluster, services }) => services.some((one) => is(cluster, one))),
  );
  const told = missing.map(
    ({ file, words }) => `${file} names ${words}, which ${place} does not have`,
  );
  if (missing.length === beside.length) {
    throw new UsageError(
      `${told.join('; ')}: say which with --service, or --all${nearest('', wordsFor(all))}`,
    );
  }
  told.forEach(note);
  return all.flatMap(({ cluster, services }) => {
    const because = Object.fromEntries(
      services.flatMap((service) => {
        const files = beside.filter(({ is }) => is(cluster, service)).map(({ file }) => file);
        return files.length === 0 ? [] : [[service, files]];
      }),
    );
    const chosen = Object.keys(because);
    return chosen.length === 0 ? [] : [{ cluster, services: chosen, because }];
  });
}

async function askWhich(all: readonly Choice[]): Promise<readonly Choice[]> {
  const { autocompleteMultiselect, isCancel } = await import('@clack/prompts');
  const options = all.flatMap(({ cluster, services }) =>
    services.map((service) => ({ value: `${cluster}/${service}`, label: `${cluster}/${service}` })),
  );
  const chosen = await autocompleteMultiselect({
    message: 'Which services should Slipway watch? (type to search, space chooses)',
    options,
    required: true,
    maxItems: 15,
    output: process.stderr,
  });
  if (isCancel(chosen)) throw new CommandError(EXIT.no, 'nothing was chosen; nothing was written');
  return named(all, chosen);
}
