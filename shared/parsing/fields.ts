/**
 * What the events of AWS and the messages in our queues have in common. The whole edge is checked by
 * `zod/mini`, which starts faster; each part says itself what was expected, as mini has no words.
 */
import * as z from 'zod/mini';
import type { ImageDigest } from '../core/model/image.ts';
import { plain } from '../core/model/text.ts';
import { ALARM, DIGEST, REPOSITORY, TAG } from './names.ts';

export function text(pattern: RegExp, error: string) {
  return z.string({ error }).check(z.regex(pattern, { error }));
}

/** 1 to `max` characters, for people to read: control characters become spaces. */
export function words(max: number, error: string) {
  const bounded = z.string({ error }).check(z.minLength(1, { error }), z.maxLength(max, { error }));
  return z.pipe(bounded, z.transform(plain));
}

export const repositoryName = text(REPOSITORY, 'the name of an ECR repository');
export const tagName = text(TAG, 'an image tag of 1 to 300 letters, digits, _ . and -');
export const digest = z.pipe(
  text(DIGEST, 'sha256: and 64 hex digits'),
  z.transform((hex: string) => hex as ImageDigest),
);
export const alarmName = text(ALARM, 'an alarm name of 1 to 255 characters, no control characters');
export const alarmState = z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA'], {
  error: 'OK, ALARM or INSUFFICIENT_DATA',
});
