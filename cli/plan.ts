/** `slipway plan`: what a deploy of these images would do, without doing it. */
import type { Target } from '../shared/config/config.ts';
import type { ImageSet } from '../shared/core/model/image.ts';
import type { TargetRecord } from '../shared/core/model/record.ts';
import { type Preview, preview, previewReturn } from '../shared/reconcile/preview.ts';
import { callsOf, heading, printCalls } from './explain.ts';
import { colors, json, line } from './print.ts';
import type { Connection } from './speaking/connection.ts';
import { EXIT, type ExitCode } from './speaking/exit.ts';
import { imagesNamed } from './speaking/images.ts';
import type { CommonOptions } from './speaking/options.ts';
import { withProgress } from './speaking/progress.ts';
import { targetNamed } from './speaking/targets.ts';
import { imagesInWords } from './speaking/words.ts';
import { wayBack, wayBackInWords } from './status-of.ts';

export async function plan(
  connection: Connection,
  word: string,
  references: readonly string[],
  options: CommonOptions,
): Promise<ExitCode> {
  const target = targetNamed(connection.pipeline, word);
  const { images, found, calls, way } = await withProgress(`looking at ${target.id}`, async () => {
    const images = await imagesNamed(connection, target, references);
    const eyes = connection.aws.eyes();
    const found = await previewDeploy(connection, target, images, eyes);
    const way = wayBack({ rules: acting(target).rules }, await previewReturn(found.after, eyes));
    return { images, found, way, calls: await callsOf(target, found, eyes) };
  });
  const { said = '' } = found;
  const waits = waitsFor(found.before);
  const because = said.startsWith('refused')
    ? said
    : (waits ?? found.looks.at(-1)?.because ?? said);
  const starts = because !== said && waits === null && calls.length > 0;
  const isWatching = target.rules.mode === 'watch';
  if (options.json) {
    json({
      target: target.id,
      images,
      mode: target.rules.mode,
      starts: starts && !isWatching,
      because,
      calls: starts ? calls : [],
      couldRollBack: starts ? way : null,
    });
  } else {
    line(`${colors.bold(target.id)}  ${imagesInWords(images)}`);
    line(`${colors.bold('so')}   ${because}`);
    heading(isWatching ? 'calls that mode act would make' : 'calls that would be made');
    printCalls(starts ? calls : []);
    if (starts) {
      heading('if it fails, could it roll back?');
      line(`  ${wayBackInWords(way)}`);
    }
    line();
    line(colors.dim('Nothing was changed.'));
  }
  return starts && !isWatching ? EXIT.done : EXIT.no;
}

async function previewDeploy(
  { aws, by, now }: Connection,
  target: Target,
  images: ImageSet,
  eyes: ReturnType<Connection['aws']['eyes']>,
): Promise<Preview> {
  const digests = Object.values(images).map(({ digest }) => digest);
  const [stored, stop, ...reasons] = await Promise.all([
    aws.records.load(target.key),
    aws.records.stop(),
    // The record remembers the newest only.
    ...digests.map((digest) => aws.records.quarantined(target.key, digest)),
  ]);
  const bad = digests.find((_, i) => reasons[i] !== undefined);
  const event = {
    type: 'CommandReceived',
    at: now(),
    id: 'what would a deploy do?',
    by,
    because: 'a question',
    command: { do: 'deploy', images },
    ...(bad === undefined ? {} : { quarantined: bad }),
  } as const;
  return await preview(acting(target), stored?.record, eyes, { stop, event });
}

/** In watch mode, too, it is worth knowing what would be called. */
function acting(target: Target): Target {
  return { ...target, rules: { ...target.rules, mode: 'act' } };
}

/** A deploy waits for what is on its way. */
function waitsFor({ phase }: TargetRecord): string | null {
  switch (phase.phase) {
    case 'deploying':
    case 'baking':
      return `it waits: ${imagesInWords(phase.release.images)} is ${phase.phase}`;
    case 'rolling-back':
      return 'it waits: a rollback is on its way';
    case 'new':
    case 'idle':
    case 'watching':
    case 'needs-attention':
    case 'retired':
      return null;
  }
}
