/** `slipway deploy`: exactly these images, whatever their order; bound by the same safety as a push. */
import { Option } from 'commander';
import {
  type CommandDefinition,
  GROUPS,
  imageOption,
  minutesOption,
  reasonOptions,
  TARGET,
  UNTIL,
  yesOption,
} from './command.ts';
import { type CommandOptions, commandOptions } from './connect/command-options.ts';
import { type Connection, connect } from './connect/connection.ts';
import { imagesNamed } from './connect/images.ts';
import { sendCommand } from './connect/send-command.ts';
import { targetNamed } from './connect/targets.ts';
import type { UntilOptions } from './connect/until.ts';
import { UsageError } from './output/command-error.ts';
import { EXIT, type ExitCode } from './output/exit.ts';
import { withProgress } from './output/progress.ts';
import { imagesInWords } from './output/words.ts';

export const deployCommand: CommandDefinition = {
  usage: 'deploy <target>',
  group: GROUPS.change,
  about: 'deploys exactly these images, whatever their order',
  more: 'Bound by the same safety as a push: it waits its turn, is watched, and returns if it fails.',
  arguments: { target: TARGET },
  options: [
    imageOption(),
    ...reasonOptions(),
    new Option('--until <level>', `then waits for it. ${UNTIL}`),
    minutesOption(),
    yesOption(),
  ],
  examples: [
    'slipway deploy web --image shop/web:main-8f3c2a1 --because "the fix for #812"',
    'slipway deploy web --image shop/web:main-8f3c2a1 --because "release 4.2" --until proven --yes',
  ],
  run: async ([target = ''], given) => {
    const { untilIn } = await import('./connect/until.ts');
    const options = { ...commandOptions(given), ...untilIn(given) };
    return await deploy(await connect(options, target), target, given.image as string[], options);
  },
};

export async function deploy(
  connection: Connection,
  name: string,
  references: readonly string[],
  options: CommandOptions & Partial<UntilOptions>,
): Promise<ExitCode> {
  const { until, minutes } = options;
  if (until !== undefined && options.waitMs === 0) {
    throw new UsageError('--until waits, and --no-wait does not: say one of them');
  }
  const target = targetNamed(connection.pipeline, name);
  const images = await withProgress('asking ECR', () =>
    imagesNamed(connection, target, references),
  );
  const what = `deploy ${imagesInWords(images)} to ${target.id}`;
  const question = `Deploy ${imagesInWords(images)} to ${target.id}, in ${connection.place}?`;
  const digests = [...new Set(Object.values(images).map(({ digest }) => digest))];
  return await sendCommand(
    connection,
    target,
    { ask: { do: 'deploy', images }, what, question },
    options,
    async () => {
      if (until === undefined || minutes === undefined) return EXIT.done;
      const { tellUntil } = await import('./output/course.ts');
      const following = { ...options, until, minutes };
      return await tellUntil(connection, target, { by: 'digests', digests }, following);
    },
  );
}
