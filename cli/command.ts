/** What a command is: its definition, which `--help` and completion read, and its body, `run`. */
import { type Command, Option } from 'commander';
import type { ExitCode } from './output/exit.ts';

/** The options that were given, as commander names them. */
export type Given = Readonly<Record<string, unknown>>;

/**
 * `--help` and each press of the completion key load all definitions: what loads clients of the SDK,
 * the core, the local AWS or zod is imported within the body.
 */
export interface CommandDefinition {
  /** `history <target>`; arguments between brackets may be left out. */
  readonly usage: string;
  readonly group: string;
  /** One line, for the list of commands. */
  readonly about: string;
  /** More, for its own help. */
  readonly more?: string;
  readonly arguments?: Readonly<Record<string, string>>;
  readonly options?: readonly Option[];
  readonly examples: readonly string[];
  /** `program`: the tree of all commands. */
  run(args: readonly string[], given: Given, program: Command): Promise<ExitCode>;
}

/** The headings of the list of commands. */
export const GROUPS = {
  start: 'Begin:',
  look: 'Look (nothing is changed):',
  change: 'Change (asks first on a terminal; --yes elsewhere):',
  local: 'Try it locally:',
} as const;

export const TARGET = 'its name in the config, or ecs/<cluster>/<service>';

/** With a default that help shows without quotes. */
export function option(flags: string, about: string, usual: string): Option {
  return new Option(flags, about).default(usual, usual);
}

/** Several times, for several containers. */
export function imageOption(): Option {
  return new Option(
    '--image <reference>',
    '<repository>:<tag> or <repository>@<digest>; again for another container',
  )
    .argParser((reference: string, before: readonly string[] = []) => [...before, reference])
    .makeOptionMandatory();
}

/** Of a command that changes something: why, and how long to wait for what is decided. */
export function reasonOptions(): readonly Option[] {
  return [
    new Option(
      '--because <words>',
      'why, in a sentence: it is recorded with who',
    ).makeOptionMandatory(),
    option('--wait <seconds>', 'how long to wait until it was processed', '30'),
    new Option('--no-wait', 'send it, and do not wait'),
  ];
}

/** How far a release must have come, and how long that may take. */
export function minutesOption(): Option {
  return option('--minutes <n>', 'how long that may take, 1 to 1440', '60');
}

export const UNTIL =
  'accepted: ECS took it; serving: ECS says SUCCESSFUL; proven: it stood its bake';

export function yesOption(): Option {
  return new Option('--yes', 'do not ask first');
}
