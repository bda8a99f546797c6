/** `slipway reject`: what waits for a second person is not done; who asked takes it back with that. */
import { approvalOptions, runApproval } from './approve.ts';
import { type CommandDefinition, GROUPS, TARGET } from './command.ts';

export const rejectCommand: CommandDefinition = {
  usage: 'reject <target>',
  group: GROUPS.change,
  about: 'says no to what waits for a second person; who asked takes it back with that',
  arguments: { target: TARGET },
  options: approvalOptions(),
  examples: ['slipway reject web --because "not before the weekend"'],
  run: async ([target = ''], given) => await runApproval('reject', target, given),
};
