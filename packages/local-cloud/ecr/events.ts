/** What ECR tells EventBridge of an image: pushed, deleted, archived. */
import { emit } from '../eventbridge/state.ts';
import type { World } from '../kernel/world.ts';
import type { EcrImage } from './state.ts';

interface ImageAction {
  readonly action: 'PUSH' | 'DELETE';
  readonly digest: string;
  readonly tag?: string;
}

/** Shape: docs, events-ref-ecr; `resources` is empty and an untagged image has no `image-tag`. */
export function emitImageAction(world: World, repository: string, action: ImageAction): void {
  emit(world, {
    source: 'aws.ecr',
    detailType: 'ECR Image Action',
    resources: [],
    detail: {
      result: 'SUCCESS',
      'repository-name': repository,
      'image-digest': action.digest,
      'action-type': action.action,
      ...(action.tag === undefined ? {} : { 'image-tag': action.tag }),
    },
  });
}

/** The event's shape: events-ref-ecr, action UPDATE_STORAGE_CLASS. */
export function emitArchived(world: World, repository: string, image: EcrImage): void {
  emit(world, {
    source: 'aws.ecr',
    detailType: 'ECR Image Action',
    resources: [],
    detail: {
      'action-type': 'UPDATE_STORAGE_CLASS',
      'target-storage-class': 'ARCHIVE',
      'image-digest': image.digest,
      'repository-name': repository,
      result: 'SUCCESS',
      'manifest-media-type': image.mediaType,
      'artifact-media-type': 'application/vnd.oci.image.config.v1+json',
      'last-archived-at': new Date(world.now).toISOString(),
    },
  });
}
