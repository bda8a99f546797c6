/**
 * What the functions that face the world tell `settle`, and the envelope in which it travels.
 * The same shapes are checked again on the other side of the queue: a queue is outside, too.
 */
import * as z from 'zod/mini';
import { MOMENT_MAX } from '../core/breach.ts';
import type { AlarmChanged, OperatorAsked } from '../core/event.ts';
import type { ImageDigest, Moment, TargetKey } from '../core/image.ts';
import { bounded } from './bounded.ts';
import { ALARM, DIGEST, ECS_NAME, REPOSITORY, TAG, TARGET_KEY } from './names.ts';
import { read, UnreadableEvent } from './unreadable.ts';

export type Message = ImageHeard | AlarmHeard | Hinted | OperatorHeard;

/** ECR said that a tagged image was pushed. Its place in the order is found when it is settled. */
export interface ImageHeard {
  readonly type: 'ImageHeard';
  /** `<account>.dkr.ecr.<region>.amazonaws.com` */
  readonly registry: string;
  readonly repository: string;
  readonly digest: ImageDigest;
  readonly tag: string;
  /** The event's time: when ECR took the push, to the second. */
  readonly at: Moment;
}

/** The core's `AlarmChanged`, before our clock is added. */
export type AlarmHeard = Omit<AlarmChanged, 'at'>;

/** Something may have changed. `tick` sends it without a service: the envelope names the target. */
export interface Hinted {
  readonly type: 'Hinted';
  readonly cause: string;
  /** When it happened, by AWS's clock: a look that began later has answered it. */
  readonly happenedAt?: Moment;
  readonly cluster?: string;
  readonly service?: string;
  /** The target is on its way back, so this may not wait behind a thousand releases. */
  readonly urgent?: true;
}

/** The core's `OperatorAsked`, before our clock is added; its id is that of the envelope's cause. */
export type OperatorHeard = Omit<OperatorAsked, 'at' | 'id'>;

/** Which outside event this comes from; stands in every log line that it leads to. */
export interface Cause {
  readonly id: string;
  readonly source: string;
  readonly detailType: string;
}

/** The body of a message in our queues. */
export interface Envelope {
  readonly target: TargetKey;
  readonly message: Message;
  readonly cause: Cause;
}

/** What SQS takes at most, in bytes. */
export const BODY_BYTES_MAX = 1_048_576;

export const REASON_MAX = 1024;

const text = (pattern: RegExp, error: string) =>
  z.string({ error }).check(z.regex(pattern, { error }));
const words = (max: number, error: string) =>
  z.string({ error }).check(z.minLength(1, { error }), z.maxLength(max, { error }));

export const repositoryName = text(REPOSITORY, 'the name of an ECR repository');
export const tagName = text(TAG, 'an image tag of 1 to 300 letters, digits, _ . and -');
export const digest = z.pipe(
  text(DIGEST, 'sha256: and 64 hex digits'),
  z.transform((text: string) => text as ImageDigest),
);
export const ecsName = text(ECS_NAME, 'a name of 1 to 255 letters, digits, - and _');
export const alarmName = text(ALARM, 'an alarm name of 1 to 255 characters, no control characters');
export const alarmState = z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA'], {
  error: 'OK, ALARM or INSUFFICIENT_DATA',
});

const moment = z
  .int({ error: 'a time in whole milliseconds since 1970' })
  .check(
    z.gte(0, { error: 'a time in whole milliseconds since 1970' }),
    z.lte(MOMENT_MAX, { error: 'a time in milliseconds before the year 10000' }),
  );
const registry = text(/^[a-z0-9.-]{1,255}$/, 'the host of a registry');

const imageHeard = z.object({
  type: z.literal('ImageHeard'),
  registry,
  repository: repositoryName,
  digest,
  tag: tagName,
  at: moment,
});

const alarmHeard = z.object({
  type: z.literal('AlarmChanged'),
  alarm: alarmName,
  from: alarmState,
  to: alarmState,
  changedAt: moment,
  breachEndsAt: z.exactOptional(moment),
  muted: z.boolean({ error: 'true or false' }),
  reason: z
    .string({ error: 'a text' })
    .check(z.maxLength(REASON_MAX, { error: 'at most 1,024 characters' })),
});

const hinted = z.object({
  type: z.literal('Hinted'),
  cause: words(300, 'what gave the hint, 1 to 300 characters'),
  happenedAt: z.exactOptional(moment),
  cluster: z.exactOptional(ecsName),
  service: z.exactOptional(ecsName),
  urgent: z.exactOptional(z.literal(true, { error: 'true, or no such key' })),
});

const image = z.object({
  registry,
  repository: repositoryName,
  digest,
  tags: bounded(z.array(tagName, { error: 'a list of tags' })),
});

const ask = z.discriminatedUnion(
  'do',
  [
    z.object({
      do: z.literal('deploy'),
      images: bounded(
        z
          .record(ecsName, image, { error: 'an image for each container' })
          .check(
            z.refine((images) => Object.keys(images).length > 0, {
              error: 'at least one container',
            }),
          ),
      ),
    }),
    z.object({
      do: z.literal('rollback'),
      to: z.exactOptional(words(300, 'a release, digest or revision, 1 to 300 characters')),
    }),
    z.object({ do: z.literal('unquarantine'), digest }),
    z.object({ do: z.literal('hold') }),
    z.object({ do: z.literal('resume') }),
  ],
  { error: 'deploy, rollback, unquarantine, hold or resume' },
);

const operatorHeard = z.object({
  type: z.literal('OperatorAsked'),
  by: words(200, 'who asked, 1 to 200 characters'),
  because: words(500, 'why, 1 to 500 characters'),
  ask,
});

const envelope: z.ZodMiniType<Envelope> = z.object(
  {
    target: text(TARGET_KEY, 'ecs/<cluster>/<service>'),
    message: z.discriminatedUnion('type', [imageHeard, alarmHeard, hinted, operatorHeard], {
      error: 'a message of type ImageHeard, AlarmChanged, Hinted or OperatorAsked',
    }),
    cause: z.object(
      {
        id: words(500, 'the id of an event, 1 to 500 characters'),
        source: words(256, 'the source of an event, 1 to 256 characters'),
        detailType: words(256, 'the detail-type of an event, 1 to 256 characters'),
      },
      { error: 'the event that this comes from' },
    ),
  },
  { error: 'an envelope with target, message and cause' },
);

/** The body of a message. JSON escapes everything that SQS refuses, but for two characters. */
export function bodyOf(envelope: Envelope): string {
  const escaped = (refused: string) => `\\u${refused.charCodeAt(0).toString(16)}`;
  return JSON.stringify(envelope).replace(/[\ufffe\uffff]/g, escaped);
}

/**
 * The envelope in the body of a queue's message. Keys that are not ours are left out, so that a
 * newer sender does no harm. Throws `UnreadableEvent` for everything that is no envelope.
 */
export function parseEnvelope(body: unknown): Envelope {
  const what = 'the body of a queue message';
  if (typeof body !== 'string') throw new UnreadableEvent(what, body, 'a text');
  const bytes = Buffer.byteLength(body);
  if (bytes > BODY_BYTES_MAX) {
    throw new UnreadableEvent(what, body, `at most ${BODY_BYTES_MAX} bytes, not ${bytes}`);
  }
  return read(what, envelope, fromJson(what, body));
}

/** The text as JSON. Throws `UnreadableEvent`; JSON.parse's own message would quote the text. */
export function fromJson(what: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new UnreadableEvent(what, json, 'JSON');
  }
}
