/** A batch of queue messages, each for one source: what `build` does. */
import type { SQSBatchResponse } from 'aws-lambda';
import type { Pipeline } from '../config/config.ts';
import type { SourceEvent } from '../core/source/event.ts';
import type { Offer } from '../core/source/record.ts';
import type { Cause, SourceEnvelope } from '../edge/message.ts';
import { parseSourceEnvelope } from '../edge/source-envelope.ts';
import type { Queues } from '../ports.ts';
import { sendToTargets } from '../route/enqueue.ts';
import { sourceOfKey } from '../route/find-sources.ts';
import { findTargets } from '../route/find-targets.ts';
import type { Invocation } from '../runtime/lambda.ts';
import type { BoundLog } from '../runtime/log.ts';
import { takeBatch } from '../runtime/queue-batch.ts';
import type { SourcePorts } from '../source-ports.ts';
import { foundImage } from './heard/found-image.ts';
import { seekHead } from './heard/seek-head.ts';
import {
  type ReconciledSource,
  reconcileSource,
  type SourceDecisionTaken,
} from './reconcile-source.ts';

export interface BuildDeps {
  readonly pipeline: Pipeline;
  readonly log: BoundLog;
  readonly queues: Queues;
  /** New ones for each message. */
  readonly ports: (timeLeft: () => number) => SourcePorts;
  readonly sequential?: boolean;
  /** Told of what came of each message. */
  readonly onBuilt?: (handled: SourceHandled) => void;
}

export interface SourceHandled {
  readonly source: string;
  readonly decisions: readonly SourceDecisionTaken[];
}

/** What failed goes back to the queue. Throws only for what is no batch of SQS. */
export async function buildBatch(
  event: unknown,
  invocation: Invocation,
  deps: BuildDeps,
): Promise<SQSBatchResponse> {
  return await takeBatch<SourceEnvelope>(event, {
    function: 'build',
    log: deps.log,
    invocation,
    ...(deps.sequential ? { sequential: true } : {}),
    parse: parseSourceEnvelope,
    keyOf: ({ source }) => source,
    facts: ({ source, cause }) => ({ source, cause }),
    work: (envelope, _body, log) => build(envelope, deps.ports(invocation.timeLeft), log, deps),
  });
}

async function build(
  envelope: SourceEnvelope,
  ports: SourcePorts,
  log: BoundLog,
  deps: BuildDeps,
): Promise<void> {
  const source = await findSource(envelope, ports, deps);
  if (source === undefined) {
    log.info('ignored', { because: `the config builds ${envelope.source} no longer` });
    return;
  }
  const { id } = source;
  const handled: ReconciledSource = {
    ...source,
    offer: (image) => offer(image, envelope.cause, deps),
  };
  const event = await eventOf(envelope, source, ports);
  if (event === undefined) return;
  const decisions = await reconcileSource(handled, event, ports);
  deps.onBuilt?.({ source: id, decisions });
}

/** One that left the config goes on as it was until what it had begun has ended: then it is at rest. */
async function findSource(
  { source: key, message }: SourceEnvelope,
  { records }: SourcePorts,
  { pipeline }: BuildDeps,
): Promise<Omit<ReconciledSource, 'offer'> | undefined> {
  const found = sourceOfKey(pipeline, key);
  if (found !== undefined) {
    const { id, repository, rules, commitIn } = found.source;
    return { key, id, repository, ref: found.ref, rules, ...(commitIn && { commitIn }) };
  }
  const record = message.type === 'BuildHeard' ? (await records.load(key))?.record : undefined;
  return record?.observeAt === undefined ? undefined : record;
}

/** Undefined: there is nothing new. */
async function eventOf(
  { message }: SourceEnvelope,
  source: Omit<ReconciledSource, 'offer'>,
  ports: SourcePorts,
): Promise<SourceEvent | undefined> {
  const at = ports.clock.now();
  switch (message.type) {
    case 'PushHeard': {
      const { type: _, repository: __, ref: ___, ...push } = message;
      return { ...push, type: 'Pushed', at };
    }
    case 'BuildHeard':
      return { ...message, type: 'BuildHinted', at };
    case 'ImageHeard':
      return await foundImage(source, message, ports);
    case 'HeadSought':
      return await seekHead(source, ports);
  }
}

/** As if ECR had said that the image was pushed: whoever takes such an image hears of it. */
async function offer(image: Offer, cause: Cause, { pipeline, queues }: BuildDeps): Promise<void> {
  const message = { type: 'ImagePushed', ...image } as const;
  await sendToTargets(queues, findTargets(pipeline, message), message, cause);
}
