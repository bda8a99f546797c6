/** `slipway deploy`: exactly these images, whatever their order; bound by the same safety as a push. */
import { imageLabel } from '../shared/core/model/image.ts';
import type { Connection } from './speaking/connection.ts';
import type { ExitCode } from './speaking/exit.ts';
import { imagesNamed } from './speaking/images.ts';
import { withProgress } from './speaking/progress.ts';
import { targetNamed } from './speaking/targets.ts';
import { sayWord } from './speaking/word.ts';
import type { WordOptions } from './speaking/word-options.ts';

export async function deploy(
  connection: Connection,
  word: string,
  references: readonly string[],
  options: WordOptions,
): Promise<ExitCode> {
  const target = targetNamed(connection.pipeline, word);
  const images = await withProgress('asking ECR', () =>
    imagesNamed(connection, target, references),
  );
  const labels = [...new Set(Object.values(images).map(imageLabel))].join(' + ');
  const what = `deploy ${labels} to ${target.id}`;
  const question = `Deploy ${labels} to ${target.id}, in ${connection.place}?`;
  return await sayWord(
    connection,
    target,
    { command: { do: 'deploy', images }, what, question },
    options,
  );
}
