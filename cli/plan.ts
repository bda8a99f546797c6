/** `slipway plan`: what a deploy of these images would do, without doing it. */
import { readFile } from 'node:fs/promises';
import { Option } from 'commander';
import type { Target } from '../shared/config/config.ts';
import { type ImageSet, shortDigest } from '../shared/core/model/image.ts';
import { backOf, ownRelease } from '../shared/core/model/record/phase.ts';
import type { TargetRecord } from '../shared/core/model/record/target-record.ts';
import { withoutQuote } from '../shared/core/release/quote.ts';
import type { Preview } from '../shared/reconcile/preview.ts';
import type { ClaimShown } from './claims/shown.ts';
import { type CommandDefinition, GROUPS, imageOption, TARGET } from './command.ts';
import { type Connection, connect } from './connect/connection.ts';
import { imagesNamed } from './connect/images.ts';
import { type CommonOptions, commonOptions } from './connect/options.ts';
import { targetNamed } from './connect/targets.ts';
import { UsageError } from './output/command-error.ts';
import { EXIT, type ExitCode } from './output/exit.ts';
import { asTyped } from './output/invocation.ts';
import { type CallShown, heading, printCalls } from './output/plan/calls.ts';
import { colors, json, line } from './output/print.ts';
import { withProgress } from './output/progress.ts';
import { when } from './output/times.ts';
import { type CouldRollBack, imagesInWords, rollbackInWords } from './output/words.ts';

export const PLAN_FORMAT = 'slipway.plan/1';

export const planCommand: CommandDefinition = {
  usage: 'plan <target>',
  group: GROUPS.look,
  about: 'what a deploy of an image would do',
  more: 'The difference in the task definition, the calls that would be made, and where a failure would return to. Exit code 1: it would not start now.',
  arguments: { target: TARGET },
  options: [
    imageOption(),
    new Option(
      '--definition <file>',
      'the task definition in git, as this file has it and no commit yet',
    ),
    new Option('--markdown', 'as a comment on a pull request').conflicts('json'),
  ],
  examples: [
    'slipway plan web --image shop/web:main-8f3c2a1',
    'slipway plan web --image shop/web:pr-17 --markdown > plan.md',
  ],
  run: async ([target = ''], given) => {
    const file = given.definition as string | undefined;
    const options = {
      ...commonOptions(given),
      markdown: given.markdown === true,
      ...(file !== undefined && { definition: await textOf(file) }),
    };
    return await plan(await connect(options, target), target, given.image as string[], options);
  },
};

/** What would happen, as `--json` gives it. */
interface Planned {
  readonly target: string;
  readonly images: ImageSet;
  readonly mode: string;
  /** In watch mode it would not, and its calls are those that mode act would make. */
  readonly starts: boolean;
  readonly because: string;
  readonly calls: readonly CallShown[];
  /** null: nothing is called, so nothing can fail. */
  readonly couldRollBack: CouldRollBack | null;
  /** The command without which it does not start; null: none is needed. */
  readonly next: string | null;
  /** Images that others built: those that wait for GitHub's word, and what was said of the ones that are named. */
  readonly claims: readonly ClaimShown[];
}

export async function plan(
  connection: Connection,
  name: string,
  references: readonly string[],
  options: CommonOptions & {
    readonly markdown?: boolean;
    /** What stands in the file that takes the place of the commit's. */
    readonly definition?: string;
  },
): Promise<ExitCode> {
  const target = targetNamed(connection.pipeline, name);
  const { definition: text } = options;
  if (text !== undefined && target.rules.definition === undefined) {
    const has = `pipeline.config.ts gives ${target.id} no \`definition\``;
    throw new UsageError(`--definition has nothing to take the place of: ${has}`);
  }
  const found = await withProgress(`looking at ${target.id}`, async () =>
    planDeploy(
      connection,
      target,
      await imagesNamed(connection, target, references),
      text,
      options,
    ),
  );
  const planned = { ...found, next: found.next === null ? null : asTyped(found.next, options) };
  if (options.json) json({ format: PLAN_FORMAT, ...planned });
  else if (options.markdown === true) await printMarkdown(planned, target);
  else print(planned, connection.now());
  return planned.starts ? EXIT.done : EXIT.no;
}

async function planDeploy(
  connection: Connection,
  target: Target,
  images: ImageSet,
  text: string | undefined,
  invoked: CommonOptions,
): Promise<Planned> {
  const { previewReturn } = await import('../shared/reconcile/preview.ts');
  const { nextCalls } = await import('./connect/next-calls.ts');
  const { couldRollBack } = await import('./connect/target-status.ts');
  const looking = connection.aws.eyes();
  const eyes = text === undefined ? looking : withFile(looking, text);
  const found = await previewDeploy(connection, target, images, eyes);
  const { bad } = found;
  const said = withReason(found.said ?? '', bad?.because);
  const waits = waitsFor(found.before);
  const because = said.startsWith('refused')
    ? said
    : (waits ?? found.looks.at(-1)?.because ?? said);
  const answer = couldRollBack(acting(target), await previewReturn(found.after, eyes));
  const calls = await nextCalls(target, found, eyes);
  const isCalled = because !== said && waits === null && calls.length > 0;
  const { mode } = target.rules;
  const digests = Object.values(images).map(({ digest }) => digest);
  const { claimsSeen } = await import('./claims/seen.ts');
  const { claimsShown } = await import('./claims/shown.ts');
  const seen = await claimsSeen(connection, [target]);
  return {
    target: target.id,
    images,
    mode,
    starts: isCalled && mode !== 'watch',
    because,
    calls: isCalled ? calls : [],
    couldRollBack: isCalled ? answer : null,
    next:
      bad === undefined
        ? null
        : `slipway unquarantine ${target.id} ${shortDigest(bad.digest)} --because "why"`,
    claims: claimsShown(target, seen, undefined, invoked).filter(
      ({ state, digest }) => state === 'waits' || digests.some((one) => one === digest),
    ),
  };
}

type Eyes = ReturnType<Connection['aws']['eyes']>;

/** Told in the place of a commit, of which one reads seven letters. */
const NO_COMMIT = '(local)';

/** What a pull request says before it is a commit of the branch: the image's commit is asked of nobody. */
function withFile(eyes: Eyes, text: string): Eyes {
  const place = { ref: 'refs/heads/local', commit: NO_COMMIT, line: 1, position: 1 };
  const written = async () => ({ state: 'text', text }) as const;
  return {
    ...eyes,
    definitions: { written, registered: eyes.rawDefinition },
    commits: { ...eyes.commits, places: async () => [place], commitOf: async () => NO_COMMIT },
  };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--definition ${file} cannot be read: ${(error as Error).message}`);
  }
}

async function printMarkdown(planned: Planned, { rules }: Target): Promise<void> {
  const { planMarkdown } = await import('./output/plan/plan-markdown.ts');
  line(planMarkdown({ ...planned, images: imagesInWords(planned.images), rules }));
}

function print(
  { target, images, mode, because, calls, couldRollBack, next, claims }: Planned,
  now: number,
): void {
  line(`${colors.bold(target)}  ${imagesInWords(images)}`);
  line(`${colors.bold('so')}   ${because}`);
  if (next !== null) line(`${colors.bold('to')}   let it be deployed again: ${next}`);
  heading(mode === 'watch' ? 'calls that mode act would make' : 'calls that would be made');
  printCalls(calls);
  if (couldRollBack !== null) {
    heading('if it fails, could it roll back?');
    line(`  ${rollbackInWords(couldRollBack)}`);
  }
  if (claims.length > 0) {
    heading('by itself, images that others built start when GitHub has confirmed their commit');
    for (const { because: why, outlook, at } of claims) {
      line(`  ${why} (${when(Date.parse(at), now)}); ${outlook}`);
    }
  }
  line();
  line(colors.dim('Nothing was changed.'));
}

async function previewDeploy(
  { aws, by, now }: Connection,
  target: Target,
  images: ImageSet,
  eyes: Eyes,
): Promise<Preview & { readonly bad?: Bad }> {
  const { preview } = await import('../shared/reconcile/preview.ts');
  const digests = Object.values(images).map(({ digest }) => digest);
  const [stored, stop, ...reasons] = await Promise.all([
    aws.records.load(target.key),
    aws.records.stop(),
    // The record remembers the newest only.
    ...digests.map((digest) => aws.records.quarantined(target.key, digest)),
  ]);
  const [bad] = digests.flatMap((digest, i): readonly Bad[] => {
    const because = reasons[i];
    return because === undefined ? [] : [{ digest, because }];
  });
  const event = {
    type: 'CommandReceived',
    at: now(),
    id: 'what would a deploy do?',
    by,
    because: 'a question',
    command: { do: 'deploy', images },
    ...(bad === undefined ? {} : { quarantined: bad.digest }),
  } as const;
  const found = await preview(acting(target), stored?.record, eyes, { stop, event });
  return { ...found, ...(bad === undefined ? {} : { bad }) };
}

/** One that is quarantined, and why. */
interface Bad {
  readonly digest: string;
  readonly because: string;
}

function withReason(said: string, reason: string | undefined): string {
  const isBare = reason !== undefined && said.endsWith(' is quarantined');
  return isBare ? `${said}: ${withoutQuote(reason).plain}` : said;
}

/** In watch mode, too, it is worth knowing what would be called. */
function acting(target: Target): Target {
  return { ...target, rules: { ...target.rules, mode: 'act' } };
}

/** A deploy waits for what is on its way. */
function waitsFor({ phase }: TargetRecord): string | null {
  if (backOf(phase) !== undefined) return 'it waits: a rollback is on its way';
  const own = ownRelease(phase);
  return own === undefined
    ? null
    : `it waits: ${imagesInWords(own.release.images)} is ${own.phase}`;
}
