/** `slipway init`: looks at the account, and writes a config that watches; it never overwrites one. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Option } from 'commander';
import type { Surveyor } from '../shared/aws/connect/surveyor.ts';
import { REGION } from '../shared/parsing/names.ts';
import { type CommandDefinition, type Given, GROUPS } from './command.ts';
import { commonOptions } from './connect/options.ts';
import type { Beside, Named } from './init/beside.ts';
import type { Choice } from './init/choose.ts';
import type { Account, GuessedTarget } from './init/guess.ts';
import type { ChosenBy } from './init/render.ts';
import { CommandError, UsageError } from './output/command-error.ts';
import { EXIT, type ExitCode } from './output/exit.ts';
import { asTyped } from './output/invocation.ts';
import { colors, json, line, note } from './output/print.ts';
import { withProgress } from './output/progress.ts';

/** What a command reads unless it is told another file. */
const USUAL = 'pipeline.config.ts';
const LOCAL_REGION = 'eu-central-1';
/** In a checkout; in the package there is no such file. */
const CONFIG = fileURLToPath(new URL('../shared/config/config.ts', import.meta.url));

export const initCommand: CommandDefinition = {
  usage: 'init',
  group: GROUPS.start,
  about: 'looks at the account, and writes a config that watches its services',
  more: 'What ecspresso.yml or copilot/ in this folder name is taken; else it asks on a terminal, and elsewhere --service or --all say which. A file that is there is never overwritten.',
  options: [
    new Option('--cluster <cluster>', 'of this one only'),
    new Option(
      '--service <service>',
      '<service> or <cluster>/<service>; again for another',
    ).argParser((word: string, before: readonly string[] = []) => [...before, word]),
    new Option('--all', 'all services that are found'),
    new Option('--region <region>', 'where; AWS_REGION unless told'),
    new Option('--out <file>', 'where it is written').default(
      'pipeline.config.ts',
      'pipeline.config.ts',
    ),
    new Option('--example', 'no account is asked: one service, for `slipway local`'),
    new Option('--yes', 'do not ask: what is the only one is taken'),
  ],
  examples: [
    'slipway init',
    'slipway init --example',
    'slipway init --cluster production --service web --out web.config.ts --yes',
  ],
  run: async (_, given) => {
    const { json: isJson, local, debug, as } = commonOptions(given);
    const options = {
      ...initOptions(given, isJson),
      ...(local !== undefined && { local }),
    };
    refuseOverwriting(options.out);
    if (given.example === true) return await writeExample(options);
    const [{ surveyorAt }, { besideIn, besideOf }] = await Promise.all([
      import('./init/surveyor-at.ts'),
      import('./init/beside.ts'),
    ]);
    const isSaid = options.all || options.services.length > 0;
    const found: Beside = isSaid ? { named: [], notes: [] } : besideIn('.');
    const region = regionIn(given, local, found);
    const { named: beside, notes } = besideOf(found, region);
    notes.forEach(note);
    return await init(surveyorAt({ region, local, debug, as }), region, { ...options, beside });
  },
};

export interface InitOptions {
  /** Where the local AWS is, which the next commands look at as well. */
  readonly local?: string;
  readonly json: boolean;
  readonly cluster?: string;
  readonly services: readonly string[];
  readonly all: boolean;
  readonly yes: boolean;
  readonly out: string;
  /** Services that files of another deployer name. */
  readonly beside?: readonly Named[];
}

function initOptions(given: Given, isJson: boolean): InitOptions {
  const { cluster, service = [], all, yes, out } = given;
  return {
    json: isJson,
    ...(typeof cluster === 'string' ? { cluster } : {}),
    services: service as readonly string[],
    all: all === true,
    yes: yes === true,
    out: String(out),
  };
}

function refuseOverwriting(out: string): void {
  if (!out.endsWith('.ts'))
    throw new UsageError(`--out is "${out}", expected a file that ends in .ts`);
  if (!existsSync(out)) return;
  throw new UsageError(
    `${out} is there already, and is never overwritten: name another one with --out`,
  );
}

/** ecspresso's own order: what its config says goes before the environment. */
function regionIn({ region }: Given, local: string | undefined, { named }: Beside): string {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const [ofFile] = named.flatMap((one) => one.region ?? []);
  const ofAccount = ofFile ?? AWS_REGION ?? AWS_DEFAULT_REGION;
  const said = region ?? (local === undefined ? ofAccount : LOCAL_REGION);
  if (said === undefined)
    throw new UsageError('say the region: --region eu-central-1, or AWS_REGION');
  if (REGION.test(String(said))) return String(said);
  throw new UsageError(`the region is "${said}", expected one like eu-central-1`);
}

export async function init(
  surveyor: Surveyor,
  region: string,
  options: InitOptions,
): Promise<ExitCode> {
  const [{ choose }, { survey }, { renderConfig }] = await Promise.all([
    import('./init/choose.ts'),
    import('./init/survey-services.ts'),
    import('./init/render.ts'),
  ]);
  const { account } = await withProgress('asking AWS who you are', () => surveyor.caller());
  const place = `account ${account} in ${region}`;
  const chosen = await choose(surveyor, options, place);
  const { targets, left } = await withProgress('looking at the services', () =>
    survey(surveyor, { account, region }, chosen),
  );
  if (targets.length === 0) {
    const why = left.map(({ service, because }) => `${service}: ${because}`).join('; ');
    throw new CommandError(
      EXIT.no,
      `nothing was written, for Slipway can drive none of them: ${why}`,
    );
  }
  const chosenBy = (target: GuessedTarget) => filesThatName(target, chosen);
  const text = renderConfig({ account, region }, targets, moduleFor(options.out), chosenBy);
  await writeNew(options.out, text);
  if (options.json) json({ file: options.out, account, region, targets, left });
  else tell({ account, region }, targets, left, { ...options, chosenBy });
  return EXIT.done;
}

function filesThatName(
  { cluster, service }: GuessedTarget,
  chosen: readonly Choice[],
): readonly string[] {
  return chosen.find((one) => one.cluster === cluster)?.because?.[service] ?? [];
}

async function writeExample({ out, json: isJson }: InitOptions): Promise<ExitCode> {
  const { exampleConfig } = await import('./init/example.ts');
  await writeNew(out, exampleConfig(moduleFor(out)));
  if (isJson) {
    json({ file: out });
    return EXIT.done;
  }
  const config = out === USUAL ? {} : { config: out };
  line(`${colors.green(`${out} is written`)}: one service in mode 'watch', for a local AWS.\n`);
  line('Next:');
  line(`  ${asTyped('slipway local --speed 20', config)}`);
  line('and in another terminal:');
  line(`  ${asTyped('slipway push shop/web:main-1', config)}`);
  return EXIT.done;
}

/** Where `definePipeline` stands, seen from the file: the package, and its source in a checkout. */
function moduleFor(out: string): string {
  if (!existsSync(CONFIG)) return 'slipway';
  const path = relative(dirname(resolve(out)), CONFIG)
    .split(sep)
    .join('/');
  return path.startsWith('.') ? path : `./${path}`;
}

async function writeNew(out: string, text: string): Promise<void> {
  try {
    // Whoever made it meanwhile keeps it.
    await writeFile(out, text, { flag: 'wx' });
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new UsageError(`${out} cannot be written (${code})`);
  }
}

function tell(
  { account, region }: Account,
  targets: readonly GuessedTarget[],
  left: readonly { readonly service: string; readonly because: string }[],
  { out, local, chosenBy }: Pick<InitOptions, 'out' | 'local'> & { readonly chosenBy: ChosenBy },
): void {
  const config = out === USUAL ? {} : { config: out };
  const next = (command: string) =>
    asTyped(command, { ...config, ...(local !== undefined && { local }) });
  line(`${colors.green(`${out} is written`)}: account ${account} in ${region}, mode 'watch'.`);
  for (const target of targets) {
    const { id, cluster, service, containers, alarms } = target;
    const images = containers.map(({ repository, tags }) => `${repository} ${tags.filter}`);
    line(`  ${colors.bold(id)}  ${cluster}/${service}: ${images.join(' + ')}`);
    line(`    alarms: ${alarms.join(', ') || 'none found'}`);
    for (const file of chosenBy(target)) line(`    chosen by ${file}`);
  }
  for (const { service, because } of left)
    line(colors.yellow(`  left out: ${service}, ${because}`));
  line('\nNext, after you have read its comments:');
  line(`  ${asTyped('slipway config check', config)}`);
  line(`  ${next('slipway doctor')}`);
}
