/** Attributes of queues: what SQS takes, and refuses before anything changes. */
import { AwsError } from '../kernel/errors.ts';

/** docs, SQS quotas: a message or a batch is at most 1 MiB. */
export const BYTES_MOST = 1_048_576;

/** Seconds or bytes that an attribute may have (API reference, SetQueueAttributes). */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  DelaySeconds: [0, 900],
  MaximumMessageSize: [1_024, BYTES_MOST],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
  VisibilityTimeout: [0, 43_200],
};
const RECEIVES_MOST = 1_000;

/** Throws InvalidAttributeValue; its words are unverified. */
export function refuseBadAttributes(attributes: Readonly<Record<string, string>>): void {
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    const text = attributes[name];
    if (text === undefined) continue;
    const isRight = /^\d{1,8}$/.test(text) && Number(text) >= least && Number(text) <= most;
    if (!isRight) throw invalidAttribute(name);
  }
  const policy = attributes.RedrivePolicy ?? '';
  if (policy === '') return;
  const { deadLetterTargetArn, maxReceiveCount } = parsedPolicy(policy);
  const receives = Number(maxReceiveCount);
  const isRight =
    typeof deadLetterTargetArn === 'string' &&
    Number.isInteger(receives) &&
    receives >= 1 &&
    receives <= RECEIVES_MOST;
  if (!isRight) throw invalidAttribute('RedrivePolicy');
}

function parsedPolicy(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text)) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

function invalidAttribute(name: string): AwsError {
  return new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
}

const ALLOWED = '#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF';
/** With the flag, two surrogates that belong together are one character above #xFFFF. */
const REFUSED = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

/** API reference, SendMessage; the words are unverified. */
export function refuseBadCharacters(body: string): void {
  const [refused] = REFUSED.exec(body) ?? [];
  if (refused === undefined) return;
  const number = refused.codePointAt(0)?.toString(16).toUpperCase();
  throw new AwsError(
    'InvalidMessageContents',
    `Invalid binary character '#x${number}' was found in the message body, the set of allowed characters is ${ALLOWED}`,
  );
}
