/** What an image says of where it comes from, as ECR gives it: and what cannot be read. */
import { ECRClient } from '@aws-sdk/client-ecr';
import { layersFetch } from '@slipway/local-cloud/ecr/blobs.ts';
import { pushImage } from '@slipway/local-cloud/ecr/images.ts';
import { repositoryNamed } from '@slipway/local-cloud/ecr/state.ts';
import { emptyWorld } from '@slipway/local-cloud/services.ts';
import { clientSettings } from '@slipway/local-cloud/wire/client-settings.ts';
import { createTransport } from '@slipway/local-cloud/wire/transport.ts';
import { expect, test } from 'vitest';
import { createLabels } from '../../../shared/aws/ecr/revision.ts';
import type { ImageDigest } from '../../../shared/core/model/image.ts';
import { TransientError } from '../../../shared/ports.ts';

const REGISTRY = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';
const COMMIT = '8f3c2a1b9d0447c6e5a1f0b2c3d4e5f60718293a';

/** An image in the local ECR, and what is read of it; `refuses`: an operation that AWS does not answer. */
function world({
  commit,
  multiArch = false,
  refuses = '',
}: {
  commit?: string;
  multiArch?: boolean;
  refuses?: string;
} = {}) {
  const here = emptyWorld({
    ...{ now: Date.parse('2026-11-20T10:00:00Z'), seed: 9, account: '123456789012' },
    region: 'eu-central-1',
  });
  const digest = pushImage(here, {
    ...{ repository: 'shop/web', tag: 'main-8f3c2a1', multiArch },
    labels: commit === undefined ? {} : { 'org.opencontainers.image.revision': commit },
  }) as ImageDigest;
  const transport = createTransport({
    world: here,
    fault: ({ operation }) => (operation === refuses ? 'server-error' : 'none'),
  });
  const client = new ECRClient({ ...clientSettings({ world: here, transport }), maxAttempts: 1 });
  const fetcher = layersFetch(here);
  const read = (fetched = fetcher, of = digest) =>
    createLabels(client, fetched).read({ registry: REGISTRY, repository: 'shop/web', digest: of });
  return { read, blobs: repositoryNamed(here, 'shop/web').blobs, fetcher };
}

test.each([false, true])('the label of an image, of several platforms: %s', async (multiArch) => {
  const { read } = world({ commit: COMMIT, multiArch });
  expect(await read()).toMatchObject({ state: 'read', revision: COMMIT });
});

test('an image without labels says nothing', async () => {
  expect(await world().read()).toEqual({ state: 'read' });
});

test('an image that ECR does not have is missing', async () => {
  const none = `sha256:${'0'.repeat(64)}` as ImageDigest;
  const { read, fetcher } = world();
  expect(await read(fetcher, none)).toEqual({ state: 'missing' });
});

test('what comes and is not what it should be is unreadable: it would be the same again', async () => {
  const { read } = world({ commit: COMMIT });
  const comes = (text: string) => (async () => new Response(text)) as typeof fetch;
  expect(await read(comes('{}'))).toMatchObject({
    state: 'unreadable',
    because: expect.stringMatching(/the blob sha256:[0-9a-f]{64} came as sha256:/),
  });
  expect(await read(comes('x'.repeat(1_048_577)))).toMatchObject({
    because: expect.stringContaining('the blob has more than 1048576 bytes'),
  });
});

test('a configuration that ECR does not have is unreadable', async () => {
  const { read, blobs } = world({ commit: COMMIT });
  for (const key of Object.keys(blobs)) delete blobs[key];
  expect(await read()).toMatchObject({
    state: 'unreadable',
    because: expect.stringContaining('LayersNotFoundException'),
  });
});

test.each(['BatchGetImage', 'GetDownloadUrlForLayer'])(
  'while %s is not answered, nobody knows: it is asked again',
  async (refuses) => {
    await expect(world({ commit: COMMIT, refuses }).read()).rejects.toThrow(TransientError);
  },
);

test('an address that does not answer is asked again', async () => {
  const { read } = world({ commit: COMMIT });
  const ill = (async () => new Response('', { status: 503 })) as typeof fetch;
  await expect(read(ill)).rejects.toThrow(TransientError);
});
