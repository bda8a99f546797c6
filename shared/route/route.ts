/**
 * What the functions that face the world do, all of them: parse, find the targets, send one message
 * to each. Nothing is decided here, and nothing here can deploy.
 */
import type { Pipeline } from '../config/config.ts';
import type { Message } from '../edge/message.ts';
import { parseAwsEvent } from '../edge/parse-aws-event.ts';
import type { Queues } from '../ports.ts';
import type { BoundLog } from '../runtime/log.ts';
import { withLog } from '../runtime/log.ts';
import { sendToTargets } from './enqueue.ts';
import { findTargets, whyNone } from './find-targets.ts';

export interface RouteDeps {
  readonly pipeline: Pipeline;
  readonly queues: Queues;
  readonly log: BoundLog;
}

export type Routed =
  | { readonly ignored: string }
  | { readonly message: Message['type']; readonly targets: readonly string[] };

/**
 * Throws `UnreadableEvent` for an event that we claim to know and cannot read, and `TransientError`
 * when a message did not go: the event then comes again, and the messages that went are sent
 * twice, which is harmless.
 */
export async function route(
  input: unknown,
  { pipeline, queues, log: root }: RouteDeps,
): Promise<Routed> {
  const parsed = parseAwsEvent(input, pipeline);
  if (parsed.kind === 'ignored') return ignore(root, parsed.because);
  const { message, cause } = parsed;
  const log = root.with({ cause });
  const found = findTargets(pipeline, message);
  if (found.length === 0) return ignore(log, whyNone(pipeline, message));

  await withLog(log, () => sendToTargets(queues, found, message, cause));
  const targets = found.map(({ id }) => id);
  log.info('heard', { type: message.type, targets });
  return { message: message.type, targets };
}

function ignore(log: BoundLog, because: string): Routed {
  log.info('ignored', { because });
  return { ignored: because };
}
