/**
 * Our own announcements, as they come back from the bus by the queue `feedback`. A queue is outside,
 * too. Only who takes messages from that queue loads this.
 */
import * as z from 'zod/mini';
import { ANNOUNCEMENT_KINDS, type Announcement } from '../core/model/announcement.ts';
import { MOMENT_MAX } from '../core/model/breach/breach.ts';
import type { TaskDefinitionArn } from '../core/model/image.ts';
import type { SourceAnnouncement, SourceAnnouncementKind } from '../core/source/announcement.ts';
import { bounded } from '../parsing/bounded.ts';
import { digest, repositoryName, tagName, text, words } from '../parsing/fields.ts';
import { COMMIT, GITHUB_REPOSITORY, IMAGE_NAME, REF, SOURCE_KEY } from '../parsing/git-names.ts';
import { ECS_NAME, TARGET_KEY } from '../parsing/names.ts';
import { read } from '../parsing/unreadable.ts';
import { readBody } from './envelope.ts';

const SOURCE_KINDS = Object.keys({
  building: true,
  built: true,
  'build-failed': true,
  'build-stopped': true,
  superseded: true,
  rewritten: true,
  unplaced: true,
  unconfirmed: true,
  unbuilt: true,
  'nothing-to-build': true,
  taken: true,
  'not-taken': true,
} satisfies Record<SourceAnnouncementKind, true>) as SourceAnnouncementKind[];

const SENTENCE_MAX = 10_000;
const sentence = z
  .string({ error: 'a sentence' })
  .check(z.maxLength(SENTENCE_MAX, { error: `at most ${SENTENCE_MAX} characters` }));
const moment = z
  .int({ error: 'a time in whole milliseconds since 1970' })
  .check(z.gte(0), z.lte(MOMENT_MAX));
const id = words(1_000, 'the id of an announcement');
const name = text(/^[A-Za-z][A-Za-z0-9_-]{0,99}$/, 'a name of the config');
const release = words(600, 'a release');
const commit = text(COMMIT, 'the 40 hex digits of a commit');
const gitRepository = text(GITHUB_REPOSITORY, 'owner and name of a repository');
const revision = z.pipe(
  words(600, 'the ARN of a task definition'),
  z.transform((arn: string) => arn as TaskDefinitionArn),
);

const images = bounded(
  z.record(
    text(ECS_NAME, 'the name of a container'),
    z.object({
      registry: words(255, 'the host of a registry'),
      repository: repositoryName,
      digest,
      tags: bounded(z.array(tagName, { error: 'a list of tags' })),
      commit: z.exactOptional(z.object({ repository: gitRepository, sha: commit })),
    }),
    { error: 'an image for each container' },
  ),
);

const common = { id, at: moment, because: sentence, next: sentence };

const announcement: z.ZodMiniType<Announcement> = z.object({
  ...common,
  kind: z.enum(ANNOUNCEMENT_KINDS, { error: `one of ${ANNOUNCEMENT_KINDS.join(', ')}` }),
  key: text(TARGET_KEY, 'ecs/<cluster>/<service>'),
  target: name,
  release: z.exactOptional(release),
  images: z.exactOptional(images),
  revision: z.exactOptional(revision),
  runsNow: sentence,
  runs: z.exactOptional(z.object({ release: z.exactOptional(release), revision, images })),
});

const sourceAnnouncement: z.ZodMiniType<SourceAnnouncement> = z.object({
  ...common,
  kind: z.enum(SOURCE_KINDS, { error: `one of ${SOURCE_KINDS.join(', ')}` }),
  key: text(SOURCE_KEY, 'git/<owner>/<repository>/<ref>'),
  source: name,
  repository: gitRepository,
  ref: text(REF, 'a ref like refs/heads/main'),
  commit,
  image: z.exactOptional(text(IMAGE_NAME, "an image's name")),
  tag: z.exactOptional(tagName),
  digest: z.exactOptional(digest),
  build: z.exactOptional(words(400, 'the id of a build')),
  logs: z.exactOptional(text(/^https:\/\/\S{1,2000}$/, 'an https address')),
});

const event = z.object(
  {
    source: z.literal('slipway', { error: 'slipway' }),
    detail: z.looseObject({}, { error: 'an announcement' }),
  },
  { error: 'an event of EventBridge with an announcement' },
);

/** The announcement of a target in an event of EventBridge. Throws `UnreadableEvent`. */
export function parseAnnouncement(input: unknown): Announcement {
  const what = 'an announcement';
  const { detail } = read(what, event, input);
  return read(what, announcement, detail, 'detail');
}

/**
 * The announcement in the body of a queue's message. Keys that are not ours are left out. Throws
 * `UnreadableEvent`.
 */
export function parseAnnounced(body: unknown): Announcement | SourceAnnouncement {
  const { detail } = readBody(body, event);
  const what = 'an announcement';
  return 'source' in detail
    ? read(what, sourceAnnouncement, detail, 'detail')
    : read(what, announcement, detail, 'detail');
}
