/** The port `Images`, and the newest images of a repository for the sweep: ECR by DescribeImages. */
import {
  DescribeImagesCommand,
  type DescribeImagesCommandOutput,
  type ECRClient,
  type ImageDetail,
} from '@aws-sdk/client-ecr';
import type { Image, ImageDigest } from '../../core/model/image.ts';
import type { ImageState } from '../../core/model/observation.ts';
import type { Images, Log } from '../../ports.ts';
import type { SweptImage, Upkeep } from '../../upkeep-ports.ts';
import { chunks } from '../chunks.ts';
import { ask, refusalOf, says, transient } from '../refusal.ts';
import { type Address, named } from './address.ts';

const IDS_MAX = 100;
const PAGE_SIZE = 1_000;
/** 20,000 tagged images; ECR lists them in no order, so that every page has to be read. */
const PAGES_MAX = 20;

/** What a person names by its tag. */
export interface TaggedImages {
  /** DescribeImages by tag; undefined: no image of the repository has it. Throws `TransientError`. */
  byTag(address: Address, tag: string): Promise<SweptImage | undefined>;
}

export function createImages(
  client: ECRClient,
  log: Log,
): Images & Pick<Upkeep, 'taggedImages'> & TaggedImages {
  return {
    byTag: async (address, imageTag) => {
      const imageIds = [{ imageTag }];
      const command = new DescribeImagesCommand({ ...named(address), imageIds });
      try {
        const [detail] = (await client.send(command)).imageDetails ?? [];
        return detail && found(detail);
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw transient(`ecr:DescribeImages of ${address.repository}:${imageTag}`, error);
      }
    },

    describe: async ({ digest, ...address }) => {
      try {
        const [detail] = await describe(client, address, [digest]);
        if (detail === undefined) throw new Error('no image and no error in the answer');
        const { pushedAt, tags, state } = found(detail);
        return { pushedAt, tags, state };
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw transient(`ecr:DescribeImages of ${address.repository}@${digest}`, error);
      }
    },

    states: async (images) => {
      const states: Record<ImageDigest, ImageState> = {};
      for (const list of byRepository(images)) {
        for (const part of chunks(list, IDS_MAX)) {
          Object.assign(states, await statesOf(client, log, part));
        }
      }
      return states;
    },

    taggedImages: async (address) => {
      const images: SweptImage[] = [];
      let nextToken: string | undefined;
      for (let page = 0; page < PAGES_MAX; page++) {
        const answer: DescribeImagesCommandOutput = await ask(
          `ecr:DescribeImages of ${address.repository}`,
          () =>
            client.send(
              new DescribeImagesCommand({
                ...named(address),
                filter: { tagStatus: 'TAGGED' },
                maxResults: PAGE_SIZE,
                ...(nextToken === undefined ? {} : { nextToken }),
              }),
            ),
        );
        images.push(...(answer.imageDetails ?? []).map(found));
        nextToken = answer.nextToken;
        if (nextToken === undefined) return images;
      }
      log.warn('more tagged images than the sweep reads; a lost push may stay lost', {
        repository: address.repository,
        read: images.length,
      });
      return images;
    },
  };
}

/** One missing digest makes ECR refuse the whole call, so after that they are asked one by one. */
async function statesOf(
  client: ECRClient,
  log: Log,
  images: readonly Image[],
): Promise<Record<ImageDigest, ImageState>> {
  const [first] = images;
  if (first === undefined) return {};
  const all = (state: ImageState) =>
    Object.fromEntries(images.map(({ digest }) => [digest, state]));
  try {
    const digests = images.map(({ digest }) => digest);
    const details = (await describe(client, first, digests)).map(found);
    return { ...all('unknown'), ...Object.fromEntries(details.map((d) => [d.digest, d.state])) };
  } catch (error) {
    if (!isNotFound(error)) {
      const { repository } = first;
      log.warn('the state of images is unknown', { repository, because: says(error) });
      return all('unknown');
    }
    if (images.length === 1) return all('missing');
    const states: Record<ImageDigest, ImageState> = {};
    for (const image of images) Object.assign(states, await statesOf(client, log, [image]));
    return states;
  }
}

async function describe(
  client: ECRClient,
  address: Address,
  digests: readonly ImageDigest[],
): Promise<readonly ImageDetail[]> {
  const imageIds = digests.map((imageDigest) => ({ imageDigest }));
  const command = new DescribeImagesCommand({ ...named(address), imageIds });
  return (await client.send(command)).imageDetails ?? [];
}

function found(detail: ImageDetail): SweptImage {
  return {
    digest: (detail.imageDigest ?? '') as ImageDigest,
    tags: detail.imageTags ?? [],
    pushedAt: detail.imagePushedAt?.getTime() ?? 0,
    // An archived image cannot be pulled before somebody restores it; ACTIVATING not yet.
    state: (detail.imageStatus ?? 'ACTIVE') === 'ACTIVE' ? 'present' : 'archived',
  };
}

function isNotFound(error: unknown): boolean {
  return refusalOf(error)?.code === 'ImageNotFoundException';
}

function byRepository(images: readonly Image[]): Image[][] {
  const unique = new Map(images.map((image) => [image.digest, image]));
  const groups = new Map<string, Image[]>();
  for (const image of unique.values()) {
    const name = `${image.registry}/${image.repository}`;
    groups.set(name, [...(groups.get(name) ?? []), image]);
  }
  return [...groups.values()];
}
