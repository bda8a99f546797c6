/** `slipway infra …`: the pipeline's own stack, for who has no CDK app. One definition for each verb. */
import { Option } from 'commander';
import { type CommandDefinition, type Given, GROUPS } from '../command.ts';
import { type CommonOptions, commonOptions } from '../connect/options.ts';
import { UsageError } from '../output/command-error.ts';
import { EXIT, type ExitCode } from '../output/exit.ts';

const OUT = 'cdk.out';
const REST = 'what stands after -- is for cdk';

function infraCommand(
  verb: 'diff' | 'deploy' | 'destroy',
  about: string,
  more: string,
): CommandDefinition {
  return {
    usage: `infra ${verb} [options...]`,
    group: GROUPS.start,
    about,
    more,
    arguments: { 'options...': REST },
    options: [outOption()],
    examples: [`slipway infra ${verb}`, `slipway infra ${verb} -- --profile production`],
    run: async (args, given) => {
      const { synthesized } = await import('./synthesized.ts');
      const { runCdk } = await import('./cdk.ts');
      const out = String(given.out);
      const made = await synthesized(accountOptions(given), out);
      return (await runCdk([verb, '--app', made, ...args.flat()])) === 0 ? EXIT.done : EXIT.no;
    },
  };
}

const synthCommand: CommandDefinition = {
  usage: 'infra synth',
  group: GROUPS.start,
  about: 'makes the template of the stack, and the functions; needs no account and no network',
  more: 'Of a config with environments each in a folder of its own, all of them unless --env names one. The same config gives the same bytes. Beside the template lie the digest and list of contents (SBOM) of each function, their source maps, and policies for people.',
  options: [outOption()],
  examples: ['slipway infra synth', 'slipway infra synth --out build/cdk.out'],
  run: async (_, given): Promise<ExitCode> => {
    const { synthesizedAll } = await import('./synthesized.ts');
    await synthesizedAll(accountOptions(given), String(given.out));
    return EXIT.done;
  },
};

export const infraCommands: readonly CommandDefinition[] = [
  synthCommand,
  infraCommand(
    'diff',
    'what a deploy would change in the account',
    'Makes the template, and has cdk compare it with the stack. Rights that grow are shown first.',
  ),
  infraCommand(
    'deploy',
    'puts Slipway into the account, or its new config and version',
    'Makes the template, and has cdk deploy it, which asks before rights grow. Once for each account and region: npx cdk bootstrap.',
  ),
  infraCommand(
    'destroy',
    'takes Slipway out of the account; services stay as they are',
    'The stack is protected: aws cloudformation update-termination-protection first. Table and logs stay.',
  ),
];

/** The local AWS has no CloudFormation: `slipway local` makes what a stack would. */
function accountOptions(given: Given): CommonOptions {
  const options = commonOptions(given);
  if (options.local === undefined) return options;
  throw new UsageError('--local has no stack: slipway local makes by itself what a stack would');
}

function outOption(): Option {
  return new Option(
    '--out <folder>',
    'where it is written, of an environment in a folder of its name in it',
  ).default(OUT, OUT);
}
