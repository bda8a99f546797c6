/**
 * Where a message came from, as SQS says it and not as the message does: each queue carries what its
 * senders may say, and a command is a person's.
 */
import type { CommandMessage, Envelope } from '../edge/message.ts';
import { type Named, prefixOf } from '../parsing/pipeline-name.ts';
import { UnreadableEvent } from '../parsing/unreadable.ts';
import type { Origin } from '../runtime/queue-batch.ts';
import { type CommandQueue, type Queue, queueName } from '../runtime/routing.ts';
import { FUNCTION_NAMES } from '../runtime/sizes.ts';

/** Of SQS: a session of a role is `<id of the role>:<session>`; of a user it is an id. */
const SENDER_MAX = 256;
/** A session of a function has the function's name, that of another pipeline's as well; one of a build begins like `BUILD`. */
const OURS = new RegExp(`(?:^|-)${prefixOf({})}-(?:${FUNCTION_NAMES.join('|')})$`);
const BUILD = /^AWSCodeBuild-/;

/**
 * Throws `UnreadableEvent` for what its queue does not carry: it waits as a dead letter for a person.
 * Whoever may invoke the function itself names no queue, and still says no command.
 */
export function checkQueue(
  { message }: Envelope,
  { queue }: Origin,
  /** By which the target that the envelope names takes commands. */
  commands: readonly CommandQueue[] = ['commands'],
  pipeline: Named = {},
): void {
  const { type } = message;
  const isCommand = type === 'CommandReceived';
  if (queue === undefined && !isCommand) return;
  if (queue !== undefined && carries({ queue, pipeline }, message, commands)) return;
  const names = isCommand
    ? commands
    : type === 'AlarmChanged'
      ? (['urgent'] as const)
      : BY_FUNCTIONS;
  const from = names.map((name) => queueName(pipeline, name)).join(' or ');
  throw new UnreadableEvent(
    `a ${type}, the queue that it came by`,
    queue,
    `${from}: who may send to another one may not say this`,
  );
}

const BY_FUNCTIONS = ['urgent', 'releases'] as const satisfies readonly Queue[];

/** A hint may have become urgent, or have been so: those two queues have the same senders. */
function carries(
  { queue, pipeline }: { readonly queue: string; readonly pipeline: Named },
  message: Envelope['message'],
  commands: readonly CommandQueue[],
): boolean {
  switch (message.type) {
    case 'CommandReceived':
      return commands.some((name) => queueName(pipeline, name) === queue);
    case 'AlarmChanged':
      return queue === queueName(pipeline, 'urgent');
    case 'Hinted':
    case 'ImagePushed':
      return BY_FUNCTIONS.some((name) => queueName(pipeline, name) === queue);
  }
}

/** `sender`: what SQS says; `refused`: why this is nobody who may command; `by`: whose name is told. */
export function senderOf(
  { by }: Pick<CommandMessage, 'by'>,
  { senderId }: Origin,
): { readonly by: string; readonly sender?: string; readonly refused?: string } {
  if (senderId === undefined) return { by, refused: 'SQS does not say who sent it' };
  const sender = senderId.slice(0, SENDER_MAX);
  const session = sender.split(':')[1];
  if (session === undefined) return { by, sender };
  if (OURS.test(session) || BUILD.test(session)) {
    return { by, sender, refused: `it was sent by ${session}, which is no person` };
  }
  return isSession(session, by) ? { by, sender } : { by: `${by}, sent as ${session}`, sender };
}

/** `ada@example.com (Deployer)` of the session `ada@example.com`. */
function isSession(session: string, by: string): boolean {
  const name = by.replace(/ \([^()]*\)$/, '').replaceAll(/[^\w+=,.@-]/g, '-');
  return name === session || name.slice(0, session.length) === session.replace(/-+$/, '');
}
