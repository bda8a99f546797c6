/**
 * The shapes of our messages, checked again on `reconcile`'s side of the queue: a queue is outside, too.
 * Only who takes messages from a queue loads this.
 */
import * as z from 'zod/mini';
import { MOMENT_MAX } from '../core/model/breach/breach.ts';
import { HOLD_MINUTES_MAX } from '../core/model/record/waiting.ts';
import { bounded } from '../parsing/bounded.ts';
import {
  alarmName,
  alarmState,
  digest,
  repositoryName,
  tagName,
  text,
  words,
} from '../parsing/fields.ts';
import { ECS_NAME, TARGET_KEY } from '../parsing/names.ts';
import { read, UnreadableEvent } from '../parsing/unreadable.ts';
import { type Envelope, REASON_MAX } from './message.ts';

/** What SQS takes at most, in bytes. */
export const BODY_BYTES_MAX = 1_048_576;

const ecsName = text(ECS_NAME, 'a name of 1 to 255 letters, digits, - and _');
export const moment = z
  .int({ error: 'a time in whole milliseconds since 1970' })
  .check(
    z.gte(0, { error: 'a time in whole milliseconds since 1970' }),
    z.lte(MOMENT_MAX, { error: 'a time in milliseconds before the year 10000' }),
  );
const registry = text(/^[a-z0-9.-]{1,255}$/, 'the host of a registry');

const imagePushed = z.object({
  type: z.literal('ImagePushed'),
  registry,
  repository: repositoryName,
  digest,
  tag: tagName,
  at: moment,
});

const alarmChanged = z.object({
  type: z.literal('AlarmChanged'),
  alarm: alarmName,
  from: alarmState,
  to: alarmState,
  changedAt: moment,
  breachEndsAt: z.exactOptional(moment),
  breachStartsAt: z.exactOptional(moment),
  muted: z.boolean({ error: 'true or false' }),
  suppressed: z.exactOptional(z.literal(true, { error: 'true, or nothing' })),
  reason: z
    .string({ error: 'a text' })
    .check(z.maxLength(REASON_MAX, { error: 'at most 1,024 characters' })),
  inWords: z.exactOptional(words(REASON_MAX, 'what a breach means, at most 1,024 characters')),
});

const hinted = z.object({
  type: z.literal('Hinted'),
  cause: words(300, 'what gave the hint, 1 to 300 characters'),
  happenedAt: z.exactOptional(moment),
  about: z.exactOptional(
    z.enum(['look-due', 'turn', 'rollout-began', 'rollout-ended', 'steady'], {
      error: 'look-due, turn, rollout-began, rollout-ended or steady',
    }),
  ),
  cluster: z.exactOptional(ecsName),
  service: z.exactOptional(ecsName),
  repository: z.exactOptional(repositoryName),
  urgent: z.exactOptional(z.literal(true, { error: 'true, or no such key' })),
});

const image = z.object(
  {
    registry,
    repository: repositoryName,
    digest,
    tags: bounded(z.array(tagName, { error: 'a list of tags' })),
  },
  { error: 'an image with registry, repository, digest and tags' },
);

const approvalId = words(100, 'the id of what waits, 1 to 100 characters');

const holdMinutes = z
  .int({ error: 'whole minutes' })
  .check(z.gte(1), z.lte(HOLD_MINUTES_MAX, { error: 'minutes, at most two weeks of them' }));

const command = z.discriminatedUnion(
  'do',
  [
    z.object({
      do: z.literal('deploy'),
      images: bounded(
        z.record(ecsName, image, { error: 'an image for each container' }).check(
          z.refine((images) => Object.keys(images).length > 0, {
            error: 'at least one container',
          }),
        ),
      ),
    }),
    z.object({
      do: z.literal('rollback'),
      to: z.exactOptional(words(300, 'a release, digest or revision, 1 to 300 characters')),
      leaves: z.exactOptional(words(300, 'a revision or a release, 1 to 300 characters')),
    }),
    z.object({ do: z.literal('unquarantine'), digest }),
    z.object({ do: z.literal('hold'), minutes: z.exactOptional(holdMinutes) }),
    z.object({ do: z.literal('resume') }),
    z.object({ do: z.literal('approve'), of: approvalId }),
    z.object({ do: z.literal('reject'), of: approvalId }),
  ],
  { error: 'deploy, rollback, unquarantine, hold, resume, approve or reject' },
);

const commandReceived = z.object({
  type: z.literal('CommandReceived'),
  by: words(200, 'who asked, 1 to 200 characters'),
  because: words(500, 'why, 1 to 500 characters'),
  saidAt: z.exactOptional(moment),
  command,
});

export const cause = z.object(
  {
    id: words(500, 'the id of an event, 1 to 500 characters'),
    source: words(256, 'the source of an event, 1 to 256 characters'),
    detailType: words(256, 'the detail-type of an event, 1 to 256 characters'),
  },
  { error: 'the event that this comes from' },
);

const envelope: z.ZodMiniType<Envelope> = z.object(
  {
    target: text(TARGET_KEY, 'ecs/<cluster>/<service>'),
    message: z.discriminatedUnion('type', [imagePushed, alarmChanged, hinted, commandReceived], {
      error: 'a message of type ImagePushed, AlarmChanged, Hinted or CommandReceived',
    }),
    cause,
  },
  { error: 'an envelope with target, message and cause' },
);

/**
 * The envelope in the body of a queue's message. Keys that are not ours are left out, so that a
 * newer sender does no harm. Throws `UnreadableEvent` for everything that is no envelope.
 */
export function parseEnvelope(body: unknown): Envelope {
  return readBody(body, envelope);
}

/** What stands in the body of a queue's message, or `UnreadableEvent`. */
export function readBody<T>(body: unknown, schema: z.core.$ZodType<T>): T {
  const what = 'the body of a queue message';
  if (typeof body !== 'string') throw new UnreadableEvent(what, body, 'a text');
  const bytes = Buffer.byteLength(body);
  if (bytes > BODY_BYTES_MAX) {
    throw new UnreadableEvent(what, body, `at most ${BODY_BYTES_MAX} bytes, not ${bytes}`);
  }
  return read(what, schema, fromJson(what, body));
}

/** The text as JSON. Throws `UnreadableEvent`; JSON.parse's own message would quote the text. */
function fromJson(what: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new UnreadableEvent(what, json, 'JSON');
  }
}
