/** `slipway reject`: what waits for a person's word is not done, or goes back; who asked takes a command back with that. */
import { approvalOptions, runApproval } from './approve.ts';
import { type CommandDefinition, GROUPS, TARGET } from './command.ts';

export const rejectCommand: CommandDefinition = {
  usage: 'reject <target>',
  group: GROUPS.change,
  about: 'says no to what waits for a word: a release goes back, a command is not done',
  arguments: { target: TARGET },
  options: approvalOptions(),
  examples: ['slipway reject web --because "not before the weekend"'],
  run: async ([target = ''], given) => await runApproval('reject', target, given),
};
