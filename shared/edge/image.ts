/** ECR's "ECR Image Action": https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html */
import * as z from 'zod/mini';
import { digest, repositoryName, tagName } from '../parsing/fields.ts';
import { BESIDE_IMAGE, registryOf } from '../parsing/names.ts';
import { read, shown } from '../parsing/unreadable.ts';
import { type AwsEvent, ignored, type ParsedEvent } from './event.ts';

const action = z.object({
  'action-type': z.string({ error: 'PUSH, DELETE or another action' }),
  result: z.string({ error: 'SUCCESS or FAILURE' }),
});

const push = z.object({
  'repository-name': repositoryName,
  'image-digest': digest,
  'image-tag': tagName,
});

/**
 * A successful push of a tag. A multi-arch image is several pushes, of which only the index has the
 * tag: platforms and attestations arrive first, without one, and are ignored.
 */
export function parseImageEvent(event: AwsEvent): ParsedEvent {
  const { 'action-type': type, result } = read(event.what, action, event.detail, 'detail');
  const repository = shown(event.detail['repository-name']);
  if (type !== 'PUSH')
    return ignored(`only a PUSH deploys, and this is ${shown(type)} in ${repository}`);
  if (result !== 'SUCCESS') return ignored(`the push to ${repository} ended with ${shown(result)}`);
  const tag = event.detail['image-tag'];
  if (tag === undefined || tag === '') {
    return ignored(
      `the push to ${repository} has no tag: a platform or attestation of another image`,
    );
  }
  const image = read(event.what, push, event.detail, 'detail');
  if (BESIDE_IMAGE.test(image['image-tag']))
    return parseSignaturePush(event, image['repository-name']);
  return {
    kind: 'parsed',
    message: {
      type: 'ImagePushed',
      registry: registryOf(event.account, event.region),
      repository: image['repository-name'],
      digest: image['image-digest'],
      tag: image['image-tag'],
      at: event.time,
    },
    cause: event.cause,
  };
}

/** A signature may have come for an image that waits for one. */
function parseSignaturePush({ cause, time }: AwsEvent, repository: string): ParsedEvent {
  const message = {
    type: 'Hinted',
    cause: `${cause.detailType} of a signature`,
    happenedAt: time,
    repository,
  } as const;
  return { kind: 'parsed', message, cause };
}
