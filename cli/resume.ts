/** `slipway resume`: ends a hold, of one target or of the whole account. */
import { type CommandDefinition, GROUPS, TARGET } from './command.ts';
import { HOLD_HELP, holdOptions, runHoldOrResume } from './hold.ts';

export const resumeCommand: CommandDefinition = {
  usage: 'resume [target]',
  group: GROUPS.change,
  about: 'ends a hold: what waits may start',
  more: HOLD_HELP,
  arguments: { target: TARGET },
  options: holdOptions(),
  examples: [
    'slipway resume web --because "black friday"',
    'slipway resume --all --because "black friday"',
  ],
  run: async ([target], given) => await runHoldOrResume('resume', target, given),
};
