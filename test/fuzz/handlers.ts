/** The handlers, each as Lambda calls it. */
import type { Context, SQSBatchResponse } from 'aws-lambda';
import fc from 'fast-check';
import { createHandler as alarmChanged } from '../../functions/alarm-changed.ts';
import { createHandler as imagePushed } from '../../functions/image-pushed.ts';
import { createHandler as reconcile } from '../../functions/reconcile.ts';
import { createHandler as rolloutChanged } from '../../functions/rollout-changed.ts';
import { createHandler as tick } from '../../functions/tick.ts';
import type { ImageDigest, TaskDefinitionArn } from '../../shared/core/model/image.ts';
import { parseEnvelope } from '../../shared/edge/envelope.ts';
import type { Envelope } from '../../shared/edge/message.ts';
import { TransientError } from '../../shared/ports.ts';
import { checkQueue } from '../../shared/reconcile/origin.ts';
import type { Routed } from '../../shared/route/route.ts';
import { originOf } from '../../shared/runtime/queue-batch.ts';
import { queueName } from '../../shared/runtime/routing.ts';
import type { Upkeep } from '../../shared/upkeep-ports.ts';
import { contextWith } from '../functions/sent.ts';
import { sourceOf, spoiledText, type TextPlan, textOf } from './drawn.ts';
import { Broken, documented, isEnvelope, tellsNoSecret } from './promises.ts';
import { batches, envelopes, pipeline, type Sample, samples } from './samples.ts';
import { type FuzzTarget, target } from './target.ts';
import { nastyNumber, nastyText } from './values.ts';
import {
  keepingLog,
  keepingQueues,
  type LogLine,
  MemoryWorld,
  type Mood,
  mood,
  NOW,
} from './world.ts';

type Handler = (event: unknown, context: Context) => Promise<unknown>;

const keys = new Set(Object.values(pipeline.targets).map(({ key }) => key));
const containers = Object.values(pipeline.targets).flatMap((t) => Object.keys(t.rules.containers));
const RESULT_MAX = 2_000;
/** Log lines for one message, and for what is around it. */
const LINES_MAX = 100;

/** Each hears everything; most of it is what the rules of EventBridge send it. */
function routing(
  name: string,
  share: number,
  fits: RegExp,
  create: typeof imagePushed,
): FuzzTarget {
  const own = samples.filter((sample) => fits.test(sample.name));
  const source = sourceOf(samples);
  const ownSource = sourceOf(own);
  const { log, take } = keepingLog(name);
  let kept = keepingQueues('well');
  const handler = create(() => ({ pipeline, queues: kept.queues, log })) as unknown as Handler;
  return target({
    name,
    share,
    places: ownSource.places,
    plan: fc.record({
      of: fc.oneof({ weight: 3, arbitrary: ownSource.plan }, { weight: 1, arbitrary: source.plan }),
      mood,
    }),
    first: ownSource.everyPlace.map((of) => ({ of, mood: 'well' as const })),
    input: ({ of, mood }) => {
      const isOwn = 'sample' in of && own.some((sample) => sample.name === of.sample);
      return { event: (isOwn ? ownSource : source).input(of), mood };
    },
    feed: async ({ event, mood }) => {
      kept = keepingQueues(mood);
      const told = await outcome(() => handler(event, contextWith(10_000)), take, [
        'TransientError',
      ]);
      const bodies = kept.sent.map(({ body }) => isEnvelope(body, keys));
      if (told.error !== undefined) {
        if (mood !== 'ill' && bodies.length > 0) throw new Broken('it sent messages and failed');
        return told.error;
      }
      const result = told.result as Routed;
      if ('ignored' in result) {
        tellsNoSecret(result.ignored, 'why it was ignored', RESULT_MAX);
        if (bodies.length > 0) throw new Broken('it ignored an event and sent messages');
        return 'ignored';
      }
      if (bodies.length !== result.targets.length) throw new Broken('it sent other messages');
      return `sent ${result.message}`;
    },
  });
}

/** Runs a handler; its error is documented, and its log is clean and not endless. */
async function outcome(
  run: () => Promise<unknown>,
  take: () => readonly LogLine[],
  kinds: readonly string[],
  messages = 1,
): Promise<{ result?: unknown; error?: string; lines: readonly LogLine[] }> {
  take();
  try {
    const result = await run();
    return { result, lines: checked(take(), messages) };
  } catch (error) {
    if (error instanceof Broken) throw error;
    const kind = documented(error, ['UnreadableEvent', ...kinds]);
    const lines = checked(take(), messages);
    if (lines.every(({ level }) => level !== 'ERROR'))
      throw new Broken('it failed and told nobody');
    return { error: kind, lines };
  }
}

function checked(lines: readonly LogLine[], messages: number): readonly LogLine[] {
  if (lines.length > LINES_MAX * (messages + 1)) throw new Broken(`it wrote ${lines.length} lines`);
  return lines;
}

/** The bodies of a batch, good and bad in any order. */
function reconciling(): FuzzTarget {
  const source = sourceOf(envelopes, /ImagePushed|CommandReceived/);
  const { run } = reconcileHandler();
  const targets = new Map(envelopes.map(({ name, value }) => [name, (value as Envelope).target]));
  // What is adopted may be released to.
  const hint = { type: 'Hinted', cause: 'tick: look is due' };
  const cause = { id: 'tick', source: 'slipway.tick', detailType: 'look is due' };
  return target({
    name: 'reconcile',
    share: 16,
    places: source.places,
    plan: fc.record({
      items: fc.array(textOf(source), { minLength: 1, maxLength: 5 }),
      adopted: fc.boolean(),
      mood,
    }),
    first: source.everyPlace.map((of) => ({
      items: [{ of, text: [] }],
      adopted: true,
      mood: 'well' as const,
    })),
    input: ({ items, adopted, mood }) => {
      const known = items.flatMap(({ of }) => ('sample' in of ? [targets.get(of.sample)] : []));
      const hints = adopted ? known.map((target) => ({ target, message: hint, cause })) : [];
      const bodies = [
        ...hints.map((each) => JSON.stringify(each)),
        ...items.map((each: TextPlan) => spoiledText(each, source.input(each.of))),
      ];
      return { mood, batch: { Records: bodies.map(recordOf) } };
    },
    feed: ({ batch, mood }) => run(batch, mood),
  });
}

/** A command counts by its own queue only; everything else comes by any. */
function recordOf(body: string, i: number): Batch['Records'][number] {
  const isCommand = body.includes('"CommandReceived"');
  const arn = `arn:aws:sqs:eu-central-1:123456789012:${queueName({}, 'commands')}`;
  return { messageId: `m${i}`, body, ...(isCommand && { eventSourceARN: arn }) };
}

/** The batch itself is not what it should be. */
function settlingBatches(): FuzzTarget {
  const source = sourceOf([...batches, ...batchesOf(envelopes)]);
  const { run } = reconcileHandler();
  return target({
    name: 'reconcile: batches',
    share: 6,
    places: source.places,
    plan: fc.record({ of: source.plan, mood }),
    first: source.everyPlace.map((of) => ({ of, mood: 'well' as const })),
    input: ({ of, mood }) => ({ batch: source.input(of), mood }),
    feed: ({ batch, mood }) => run(batch, mood),
  });
}

function batchesOf(all: readonly Sample[]): readonly Sample[] {
  const Records = all.slice(0, 3).map(({ value }, i) => ({
    messageId: `00000000-0000-4000-8000-00000000000${i}`,
    body: JSON.stringify(value),
  }));
  return [{ name: 'three messages', value: { Records } }];
}

function reconcileHandler() {
  const { log, take } = keepingLog('reconcile');
  let kept = keepingQueues('well');
  let world = new MemoryWorld('well', containers);
  const handler = reconcile(() => ({
    pipeline,
    log,
    queues: kept.queues,
    ports: (timeLeft) => world.ports(log, timeLeft),
  })) as unknown as Handler;
  const run = async (batch: unknown, mood: Mood): Promise<string> => {
    kept = keepingQueues(mood);
    world = new MemoryWorld(mood, containers);
    const messages = isBatch(batch) ? batch.Records.length : 0;
    const reconciling = () => handler(batch, contextWith(20_000));
    const told = await outcome(reconciling, take, [], messages);
    if (told.error !== undefined) {
      if (isBatch(batch)) throw new Broken('a batch of SQS failed whole');
      return told.error;
    }
    if (!isBatch(batch)) throw new Broken('it settled what is no batch of SQS');
    for (const { body } of kept.sent) {
      const received = batch.Records.some((record) => record.body === body);
      if (!received && !isTurn(body)) throw new Broken(`it sent ${body}`);
    }
    return failuresOf(batch.Records, told.result as SQSBatchResponse, told.lines, mood);
  };
  return { run };
}

interface Batch {
  readonly Records: readonly {
    readonly messageId: string;
    readonly body: unknown;
    readonly eventSourceARN?: unknown;
  }[];
}

function isBatch(value: unknown): value is Batch {
  const records = (value as Partial<Batch> | null | undefined)?.Records;
  return (
    Array.isArray(records) &&
    records.every((record) => {
      const id = (record as Partial<Batch['Records'][number]> | null)?.messageId;
      return typeof id === 'string' && id.length >= 1 && id.length <= 100;
    })
  );
}

/** A poison message fails, and alone: where the world is well, nothing else does. */
function failuresOf(
  records: Batch['Records'],
  { batchItemFailures }: SQSBatchResponse,
  lines: readonly LogLine[],
  mood: Mood,
): string {
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const poison = new Set(records.filter(isPoison).map(({ messageId }) => messageId));
  const errors = lines.filter(({ level }) => level === 'ERROR');
  for (const { error } of errors) {
    if (error === undefined) throw new Broken('a failure without its error');
    const known =
      error.name === 'UnreadableEvent' || (mood !== 'well' && error.name === 'TransientError');
    if (!known) throw new Broken(`undocumented: ${error.name}: ${error.message}\n${error.stack}`);
  }
  for (const id of poison) {
    if (!failed.has(id)) throw new Broken(`the poison message ${id} did not fail`);
  }
  for (const id of failed) {
    const isOurs = records.some(({ messageId }) => messageId === id);
    if (!isOurs) throw new Broken(`${id} failed, and is not in the batch`);
    const mayFail = poison.has(id) || mood === 'ill' || mood === 'deleted';
    if (!mayFail) throw new Broken(`the good message ${id} failed beside ${[...poison]}`);
  }
  if (poison.size > 0) return 'UnreadableEvent';
  return failed.size > 0 ? 'TransientError' : 'done';
}

/** Nobody can read it, or it came by a queue that may not carry it. */
function isPoison({ body, eventSourceARN }: Batch['Records'][number]): boolean {
  try {
    checkQueue(parseEnvelope(body as string), originOf({ eventSourceARN }));
    return false;
  } catch (error) {
    documented(error, ['UnreadableEvent']);
    return true;
  }
}

/** Its input is not read; what the world answers is in the right shape, and nasty. */
function ticking(): FuzzTarget {
  const source = sourceOf(samples);
  const { log, take } = keepingLog('tick');
  let kept = keepingQueues('well');
  let upkeep: Upkeep;
  const handler = tick(() => ({
    pipeline,
    log,
    queues: kept.queues,
    upkeep,
    clock: { now: () => NOW },
  })) as unknown as Handler;
  const key = fc.constantFrom(...keys, 'ecs/production/left');
  const services = Object.values(pipeline.targets).map(({ service }) => service);
  const answers = fc.record({
    due: fc.array(fc.record({ key, lookAt: nastyNumber, phase: phase() }), { maxLength: 3 }),
    known: fc.array(
      fc.record({ key, phase: phase(), revision: revision() }, { requiredKeys: ['key', 'phase'] }),
      { maxLength: 4 },
    ),
    services: fc.array(
      fc.record({
        service: fc.constantFrom(...services),
        status: nastyText,
        revision: revision(),
        desired: nastyNumber,
        running: nastyNumber,
        deployments: nastyNumber,
      }),
      { maxLength: 3 },
    ),
    images: fc.array(
      fc.record({
        digest: fc.constantFrom('a', 'b', 'c').map((hex) => digest(hex)),
        tags: fc.array(fc.constantFrom('main-1', 'v1.2.3', 'latest', '9'.repeat(20)), {
          maxLength: 3,
        }),
        pushedAt: fc.nat(NOW),
        state: fc.constantFrom('present' as const, 'archived' as const, 'unknown' as const),
      }),
      { maxLength: 3 },
    ),
    claims: fc.constantFrom('yes', 'no', 'ill'),
  });
  return target({
    name: 'tick',
    share: 6,
    places: source.places,
    plan: fc.record({ of: source.plan, answers, mood }),
    input: ({ of, answers, mood }) => ({ event: source.input(of), answers, mood }),
    feed: async ({ event, answers, mood }) => {
      kept = keepingQueues(mood);
      upkeep = {
        due: async () => answers.due,
        known: async () => answers.known,
        knownSources: async () => answers.due.map(({ key }) => key),
        claimSweep: async () => {
          if (answers.claims === 'ill') throw new TransientError('dynamodb did not answer');
          return answers.claims === 'yes';
        },
        servicesOf: async () => answers.services,
        taggedImages: async () => answers.images,
      };
      const told = await outcome(() => handler(event, contextWith(60_000)), take, [
        'AggregateError',
      ]);
      const all = new Set([...keys, 'ecs/production/left']);
      for (const { body } of kept.sent) isEnvelope(body, all);
      for (const { level, error } of told.lines) {
        if (
          level === 'ERROR' &&
          error?.name !== 'TransientError' &&
          error?.name !== 'AggregateError'
        ) {
          throw new Broken(`undocumented: ${error?.name}: ${error?.message}\n${error?.stack}`);
        }
      }
      return told.error ?? (kept.sent.length > 0 ? 'sent looks' : 'nothing to send');
    },
  });
}

function phase() {
  return fc.oneof(
    fc.constantFrom('idle', 'rolling-back', 'needs-attention', 'retired', 'baking'),
    nastyText,
  );
}

function revision() {
  return nastyText.map((text) => text as TaskDefinitionArn);
}

function digest(hex: string): ImageDigest {
  return `sha256:${hex.repeat(64)}` as ImageDigest;
}

export const handlers: readonly FuzzTarget[] = [
  routing('image-pushed', 9, /^ecr-/, imagePushed),
  routing('rollout-changed', 9, /^ecs-/, rolloutChanged),
  routing('alarm-changed', 12, /alarm|^cloudwatch|^sns/, alarmChanged),
  reconciling(),
  settlingBatches(),
  ticking(),
];

/** What waits for its share of API calls is called again when that has come, and only that. */
function isTurn(body: string): boolean {
  isEnvelope(body, keys);
  const { message } = JSON.parse(body) as { readonly message: { readonly about?: string } };
  return message.about === 'turn';
}
