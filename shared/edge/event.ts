/** What all events of AWS have in common, and what may come of one. */
import * as z from 'zod/mini';
import { MOMENT_MAX } from '../core/model/breach/breach.ts';
import type { Moment } from '../core/model/image.ts';
import { bounded } from '../parsing/bounded.ts';
import { text, words } from '../parsing/fields.ts';
import { read, shown } from '../parsing/unreadable.ts';
import type { Cause, Message } from './message.ts';

export type ParsedEvent =
  | { readonly kind: 'parsed'; readonly message: Message; readonly cause: Cause }
  | { readonly kind: 'ignored'; readonly because: string };

/** Where this pipeline is at home. */
export interface Here {
  readonly account: string;
  readonly region: string;
}

/** EventBridge's envelope: https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export interface AwsEvent {
  /** For errors: `"ECR Image Action" event`. */
  readonly what: string;
  readonly cause: Cause;
  readonly account: string;
  readonly region: string;
  readonly time: Moment;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

const ISO_TIME = 'an ISO 8601 time';

/**
 * `2026-11-20T10:15:00Z`, or CloudWatch's `2026-11-20T10:15:00.123+0000`, as milliseconds. More
 * forms than these are not sent, and `Date` alone would read almost anything.
 */
export const isoTime = z.pipe(
  text(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/, ISO_TIME),
  z.transform((iso: string, context) => {
    const at = Date.parse(iso.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
    if (at >= 0 && at <= MOMENT_MAX) return at;
    context.issues.push({ code: 'custom', message: `${ISO_TIME} from 1970 to 9999`, input: iso });
    return z.NEVER;
  }),
);

const awsEvent = z.object({
  id: words(256, 'the id of the event'),
  account: words(256, 'the account that the event comes from'),
  region: words(256, 'the region that the event comes from'),
  time: isoTime,
  resources: z._default(
    bounded(z.array(z.string({ error: 'an ARN' }), { error: 'a list of ARNs' })),
    () => [],
  ),
  detail: z.looseObject({}, { error: 'an object' }),
});

/** The envelope of an event whose source and detail-type we know. Throws `UnreadableEvent`. */
export function readEvent(input: object, source: string, detailType: string): AwsEvent {
  const what = `"${detailType}" event`;
  const { id, ...rest } = read(what, awsEvent, input);
  return { ...rest, what, cause: { id, source, detailType } };
}

/** Why an event of this account and region is not ours; `undefined` when it is. */
export function elsewhere(account: string, region: string, here: Here): string | undefined {
  if (account === here.account && region === here.region) return undefined;
  const there = `account ${shown(account)} in ${shown(region)}`;
  return `it comes from ${there}, and this pipeline is for ${here.account} in ${here.region}`;
}

export function ignored(because: string): ParsedEvent {
  return { kind: 'ignored', because };
}
