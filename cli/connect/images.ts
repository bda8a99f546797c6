/** The images that a person names, found in ECR: a tag becomes the digest that it is now. */
import type { Target } from '../../shared/config/config.ts';
import type { ContainerName, Image, ImageDigest, ImageSet } from '../../shared/core/model/image.ts';
import type { SweptImage } from '../../shared/upkeep-ports.ts';
import { UsageError } from '../output/command-error.ts';
import { nearest, nearestCounted } from '../output/nearest.ts';
import type { Connection } from './connection.ts';

/** `app=shop/web:main-1`, `shop/web@sha256:…`, `:main-1`; what is left out, the target knows. */
const REFERENCE =
  /^(?:(?<container>[\w-]+)=)?(?<repository>[^:@=\s]*)(?:@(?<digest>[^@\s]+)|:(?<tag>[^@\s]+))$/;
/** As our own output cuts a digest: enough to be one of a kind. */
const DIGEST_START = /^(?:sha256:)?(?<hex>[0-9a-f]{8,64})$/;
const FORMS = 'expected <repository>:<tag>, <repository>@sha256:<digest>, or :<tag>';
/** Of a message. */
const TAGS_MAX = 5;

/** An image for each container that takes it. Throws `UsageError`, or `TransientError`. */
export async function imagesNamed(
  { aws }: Connection,
  target: Target,
  words: readonly string[],
): Promise<ImageSet> {
  const images: Record<ContainerName, Image> = {};
  for (const word of words) {
    const named = nameIn(target, word);
    const { registry, repository, containers } = named;
    const found = await find(aws, named);
    const { digest, tags } = found;
    // The tag that was said stands first: it is what people will read.
    const said = named.tag === undefined ? [] : [named.tag];
    const labels = [...said, ...tags.filter((tag) => tag !== named.tag)].slice(0, TAGS_MAX);
    for (const container of containers) {
      if (images[container] !== undefined) {
        throw new UsageError(`container "${container}" is given two images, the second is ${word}`);
      }
      images[container] = { registry, repository, digest, tags: labels };
    }
  }
  return images;
}

interface Named {
  readonly registry: string;
  readonly repository: string;
  readonly containers: readonly ContainerName[];
  readonly tag?: string;
  readonly digest?: string;
}

function nameIn({ id, rules }: Target, word: string): Named {
  const groups = REFERENCE.exec(word)?.groups;
  if (groups === undefined) throw new UsageError(`--image is "${word}", ${FORMS}`);
  const { container, digest, tag } = groups;
  const sources = Object.entries(rules.containers);
  if (container !== undefined && rules.containers[container] === undefined) {
    const names = sources.map(([name]) => name);
    throw new UsageError(`${id} has no container "${container}"${nearest(container, names)}`);
  }
  const own = sources.filter(([name]) => container === undefined || name === container);
  const repositories = [...new Set(own.map(([, source]) => source.repository))];
  const said = (groups.repository ?? '').replace(/^[^/]+\.dkr\.ecr\.[^/]+\//, '');
  const repository = said === '' ? onlyOne(id, repositories, word) : said;
  const taking = own.filter(([, source]) => source.repository === repository);
  const [first] = taking;
  if (first === undefined) {
    throw new UsageError(
      `${id} takes no images of "${repository}"${nearest(repository, repositories)}`,
    );
  }
  return {
    registry: first[1].registry,
    repository,
    containers: taking.map(([name]) => name),
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

function onlyOne(id: string, repositories: readonly string[], word: string): string {
  const [only, ...others] = repositories;
  if (only !== undefined && others.length === 0) return only;
  throw new UsageError(
    `--image is "${word}", and ${id} takes images of ${repositories.join(' and ')}: say which`,
  );
}

type Registry = Connection['aws'];

async function find({ images }: Registry, { tag, digest, ...address }: Named): Promise<SweptImage> {
  const { repository } = address;
  if (tag !== undefined) {
    const found = await images.byTag(address, tag);
    if (found !== undefined) return found;
    const tags = newestFirst(await images.taggedImages(address)).flatMap((image) => image.tags);
    throw new UsageError(`${repository} has no tag "${tag}"${nearestCounted(tag, tags)}`);
  }
  const hex = DIGEST_START.exec(digest ?? '')?.groups?.hex;
  if (hex === undefined) {
    throw new UsageError(
      `"${digest}" is no digest; expected sha256: and 64 hex digits, or the first 8 or more of them`,
    );
  }
  if (hex.length === 64) {
    const whole = `sha256:${hex}` as ImageDigest;
    const found = await images.describe({ ...address, digest: whole });
    if (found !== undefined) return { digest: whole, ...found };
  }
  const all = newestFirst(await images.taggedImages(address));
  const [only, ...others] = all.filter((image) => image.digest.startsWith(`sha256:${hex}`));
  if (only !== undefined && others.length === 0) return only;
  const why = only === undefined ? 'has no image' : `has ${others.length + 1} images`;
  throw new UsageError(`${repository} ${why} with the digest ${digest}${newestOf(all)}`);
}

function newestFirst(images: readonly SweptImage[]): readonly SweptImage[] {
  return images.toSorted((a, b) => b.pushedAt - a.pushedAt);
}

function newestOf(images: readonly SweptImage[]): string {
  const some = images.slice(0, 3).map(({ digest, tags }) => `${digest.slice(0, 19)} (${tags[0]})`);
  return some.length === 0 ? '; it has no tagged image' : `; its newest: ${some.join(', ')}`;
}
