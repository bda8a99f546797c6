/**
 * The shapes of the messages for sources, checked again on the other side of the queue `builds`:
 * a queue is outside, too. Only who takes messages from that queue loads this.
 */
import * as z from 'zod/mini';
import { bounded } from '../parsing/bounded.ts';
import { digest, tagName, text, words } from '../parsing/fields.ts';
import {
  COMMIT,
  DELIVERY,
  GITHUB_REPOSITORY,
  IMAGE_NAME,
  REF,
  SOURCE_KEY,
} from '../parsing/git-names.ts';
import { cause, moment, readBody } from './envelope.ts';
import type { SourceEnvelope } from './message.ts';

const commit = text(COMMIT, 'the 40 hex digits of a commit');

const pushed = z.object({
  type: z.literal('PushHeard'),
  delivery: text(DELIVERY, 'the GUID of a delivery'),
  repository: text(GITHUB_REPOSITORY, 'owner and name of a repository'),
  ref: text(REF, 'a ref like refs/heads/main'),
  before: z.exactOptional(commit),
  after: z.exactOptional(commit),
  forced: z.boolean({ error: 'true or false' }),
  images: bounded(z.array(text(IMAGE_NAME, "an image's name"), { error: 'a list of images' })),
  skip: z.exactOptional(words(100, 'the words that ask for no build, 1 to 100 characters')),
  tag: tagName,
  by: words(200, 'who pushed, 1 to 200 characters'),
});

const buildHinted = z.object({
  type: z.literal('BuildHeard'),
  cause: words(600, 'what gave the hint, 1 to 600 characters'),
});

const headSought = z.object({ type: z.literal('HeadSought') });

const imageHeard = z.object({
  type: z.literal('ImageHeard'),
  image: text(IMAGE_NAME, "an image's name"),
  digest,
  tag: tagName,
  at: moment,
  swept: z.exactOptional(z.literal(true, { error: 'true, or nothing' })),
});

const envelope: z.ZodMiniType<SourceEnvelope> = z.object(
  {
    source: text(SOURCE_KEY, 'git/<owner>/<repository>/<ref>'),
    message: z.discriminatedUnion('type', [pushed, buildHinted, headSought, imageHeard], {
      error: 'a message of type PushHeard, BuildHeard, HeadSought or ImageHeard',
    }),
    cause,
  },
  { error: 'an envelope with source, message and cause' },
);

/**
 * The envelope in the body of a message for a source. Keys that are not ours are left out, so that a
 * newer sender does no harm. Throws `UnreadableEvent` for everything that is no such envelope.
 */
export function parseSourceEnvelope(body: unknown): SourceEnvelope {
  return readBody(body, envelope);
}
