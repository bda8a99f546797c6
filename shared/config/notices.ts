/** Where people are told: which topics a config may name, and of what they are told. */
import * as z from 'zod';
import { ANNOUNCEMENT_KINDS, type AnnouncementKind } from '../core/model/announcement.ts';
import { partitionOf } from '../parsing/names.ts';
import { type ConfigProblem, problem } from './problems.ts';
import { entries, oneOf, settings, text } from './settings.ts';

/** As checked: at least one topic. */
export interface Notices {
  readonly mail?: string;
  readonly chat?: string;
  readonly of: readonly AnnouncementKind[];
}

const DEFAULT: readonly AnnouncementKind[] = [
  'rolled-back',
  'failed',
  'needs-attention',
  'refused',
  'proven',
];

/** Of CreateTopic. A FIFO topic, whose name ends in .fifo, delivers to queues only. */
const TOPIC = /^arn:(aws[a-z-]{0,20}):sns:([a-z0-9-]{1,32}):(\d{12}):[A-Za-z0-9_-]{1,256}$/;
const topic = text(TOPIC, 'the ARN of a standard topic of SNS');

export const notices = settings("{ mail: 'arn:aws:sns:…' }", {
  mail: topic.optional(),
  chat: topic.optional(),
  of: entries(z.array(oneOf(ANNOUNCEMENT_KINDS)).min(1, { error: 'at least one kind' })).optional(),
}).refine(({ mail, chat }) => mail !== undefined || chat !== undefined, {
  error: 'mail, chat, or both: a topic that tells somebody',
});

export function noticesOf(parsed: z.output<typeof notices>): Notices {
  const { mail, chat, of = DEFAULT } = parsed;
  return { ...(mail && { mail }), ...(chat && { chat }), of: [...new Set(of)] };
}

/** What `notice` may publish to is a topic of its own account, which its region's SNS knows. */
export function elsewhere(
  { mail, chat }: z.output<typeof notices>,
  { account, region }: { readonly account: string; readonly region: string },
): readonly ConfigProblem[] {
  return Object.entries({ mail, chat }).flatMap(([name, arn]) => {
    const [, partition, where, owner] = TOPIC.exec(arn ?? '') ?? [];
    const isHome = partition === partitionOf(region) && where === region && owner === account;
    return arn === undefined || isHome
      ? []
      : [problem(['notices', name], arn, `a topic in ${account}, ${region}`)];
  });
}
