/**
 * What the functions that face the world do, all of them: parse, find the targets, send one message
 * to each. Nothing is decided here, and nothing here can deploy.
 */
import type { Pipeline } from '../config/config.ts';
import type { Cause, Message, SourceEnvelope } from '../edge/message.ts';
import { parseAwsEvent } from '../edge/parse-aws-event.ts';
import type { Queues } from '../ports.ts';
import type { BoundLog } from '../runtime/log.ts';
import { withLog } from '../runtime/log.ts';
import { sendSourceEnvelopes, sendToTargets } from './enqueue.ts';
import { findElsewhere } from './find-sources.ts';
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

  await withLog(log, async () => {
    await sendToTargets(queues, found, message, cause);
    await sendSourceEnvelopes(queues, claimsOf(pipeline, message, cause));
  });
  const targets = found.map(({ id }) => id);
  log.info('heard', { type: message.type, targets });
  return { message: message.type, targets };
}

/** Who builds it elsewhere is asked for its commit: until that is known, no target starts it. */
function claimsOf(pipeline: Pipeline, message: Message, cause: Cause): readonly SourceEnvelope[] {
  if (message.type !== 'ImagePushed') return [];
  const { digest, tag, at } = message;
  return findElsewhere(pipeline, message).map(({ key, image }) => ({
    source: key,
    message: { type: 'ImageHeard', image, digest, tag, at },
    cause,
  }));
}

function ignore(log: BoundLog, because: string): Routed {
  log.info('ignored', { because });
  return { ignored: because };
}
