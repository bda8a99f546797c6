/** `slipway deploy`: exactly these images, whatever their order; bound by the same safety as a push. */
import {
  type CommandDefinition,
  GROUPS,
  imageOption,
  reasonOptions,
  TARGET,
  yesOption,
} from './command.ts';
import { type CommandOptions, commandOptions } from './connect/command-options.ts';
import { type Connection, connect } from './connect/connection.ts';
import { imagesNamed } from './connect/images.ts';
import { sendCommand } from './connect/send-command.ts';
import { targetNamed } from './connect/targets.ts';
import type { ExitCode } from './output/exit.ts';
import { withProgress } from './output/progress.ts';
import { imagesInWords } from './output/words.ts';

export const deployCommand: CommandDefinition = {
  usage: 'deploy <target>',
  group: GROUPS.change,
  about: 'deploys exactly these images, whatever their order',
  more: 'Bound by the same safety as a push: it waits its turn, is watched, and returns if it fails.',
  arguments: { target: TARGET },
  options: [imageOption(), ...reasonOptions(), yesOption()],
  examples: ['slipway deploy web --image shop/web:main-8f3c2a1 --because "the fix for #812"'],
  run: async ([target = ''], given) => {
    const options = commandOptions(given);
    return await deploy(await connect(options, target), target, given.image as string[], options);
  },
};

export async function deploy(
  connection: Connection,
  name: string,
  references: readonly string[],
  options: CommandOptions,
): Promise<ExitCode> {
  const target = targetNamed(connection.pipeline, name);
  const images = await withProgress('asking ECR', () =>
    imagesNamed(connection, target, references),
  );
  const what = `deploy ${imagesInWords(images)} to ${target.id}`;
  const question = `Deploy ${imagesInWords(images)} to ${target.id}, in ${connection.place}?`;
  return await sendCommand(
    connection,
    target,
    { ask: { do: 'deploy', images }, what, question },
    options,
  );
}
