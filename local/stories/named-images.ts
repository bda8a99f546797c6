/** Images that a sample event names are in the registry before it is heard, as they would be. */
import { pushImage } from '@slipway/local-cloud/ecr/images.ts';
import { drainDeliveries } from '@slipway/local-cloud/eventbridge/state.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';

interface NamedImage {
  readonly repository: string;
  readonly digest: string;
  readonly tag: string;
}

/** Of an event of ECR, or of the messages in a batch of SQS. Their own events are not delivered. */
export function addImagesNamedIn(world: World, event: unknown): void {
  for (const { repository, digest, tag } of imagesIn(event, 0)) {
    if (world.ecr.repositories[repository]?.images[digest] === undefined) {
      pushImage(world, { repository, digest, tag });
    }
  }
  drainDeliveries(world);
}

/** Deeper than any message of ours; nonsense may be as deep as it likes. */
const DEPTH_MAX = 8;

function imagesIn(value: unknown, depth: number): readonly NamedImage[] {
  if (depth > DEPTH_MAX) return [];
  if (typeof value === 'string') return imagesIn(parsed(value), depth + 1);
  if (Array.isArray(value)) return value.flatMap((each) => imagesIn(each, depth + 1));
  if (typeof value !== 'object' || value === null) return [];
  const fields = value as Readonly<Record<string, unknown>>;
  const repository = fields['repository-name'] ?? fields.repository;
  const digest = fields['image-digest'] ?? fields.digest;
  const tag = fields['image-tag'] ?? fields.tag;
  const own =
    typeof repository === 'string' && typeof tag === 'string' && isDigest(digest)
      ? [{ repository, digest, tag }]
      : [];
  return [...own, ...Object.values(fields).flatMap((each) => imagesIn(each, depth + 1))];
}

function isDigest(value: unknown): value is string {
  return typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value);
}

/** The body of a message; other texts are nothing. */
function parsed(text: string): unknown {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
