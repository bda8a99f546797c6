/** Readers of what stands beside a release: labels of an image, a file in git, records and messages of others. */
import { createHash } from 'node:crypto';
import type { ECRClient } from '@aws-sdk/client-ecr';
import { createLabels } from '../../shared/aws/ecr/revision.ts';
import { parseRecord } from '../../shared/aws/table/records.ts';
import type { Proof } from '../../shared/core/model/observation.ts';
import { changesInWords } from '../../shared/core/release/definition/changes.ts';
import type { JsonRecord } from '../../shared/core/release/definition/containers.ts';
import { mergeDefinition } from '../../shared/core/release/definition/merge.ts';
import { readDefinitionText } from '../../shared/edge/definition-file.ts';
import type { SourceEnvelope } from '../../shared/edge/message.ts';
import { bodyOf } from '../../shared/edge/message.ts';
import { parseSourceEnvelope } from '../../shared/edge/source-envelope.ts';
import { readWebhook } from '../../shared/edge/webhook.ts';
import type { ObservationPorts } from '../../shared/ports.ts';
import { observeProofs } from '../../shared/reconcile/answers/proofs.ts';
import { at, candidate, digest, image, REGISTRY, record } from '../build.ts';
import { commit, KEY } from '../build-source.ts';
import { sourceOf, spoiledText, textOf } from './drawn.ts';
import { Broken, documented } from './promises.ts';
import { samples } from './samples.ts';
import { type FuzzTarget, target } from './target.ts';

const WORDS_MAX = 200;
const REASON_MAX = 2_000;

/** What ECR has of an image: a manifest, and the configuration that it names. */
const images = [
  {
    name: 'an image with labels',
    value: {
      manifest: {
        schemaVersion: 2,
        config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: '', size: 7 },
        layers: [],
        annotations: { 'org.opencontainers.image.revision': commit(2) },
      },
      blob: {
        architecture: 'amd64',
        config: {
          Labels: {
            'org.opencontainers.image.revision': commit(2),
            'org.opencontainers.image.source': 'https://github.com/acme/shop',
          },
        },
      },
    },
  },
  {
    name: 'an index of two platforms',
    value: {
      manifest: {
        manifests: [
          { digest: digest(4), size: 3, platform: { os: 'linux', architecture: 'amd64' } },
          { digest: digest(5), size: 3, platform: { os: 'unknown', architecture: 'unknown' } },
        ],
      },
      blob: {},
    },
  },
];

function labels(): FuzzTarget {
  const source = sourceOf(images);
  return target({
    name: 'labels of an image',
    share: 3,
    places: source.places,
    plan: textOf(source),
    first: source.everyPlace.map((of) => ({ of, text: [] })),
    input: (plan) => {
      const { manifest, blob } = Object(source.input(plan.of)) as Record<string, unknown>;
      return { manifest, blob: spoiledText(plan, blob) };
    },
    feed: async ({ manifest, blob }) => {
      const config = `sha256:${createHash('sha256').update(blob).digest('hex')}`;
      const text = (JSON.stringify(manifest) ?? '').replace('"digest":""', `"digest":"${config}"`);
      const client = {
        send: async ({ constructor: { name } }: object) =>
          name === 'BatchGetImageCommand'
            ? { images: [{ imageId: { imageDigest: digest(2) }, imageManifest: text }] }
            : { downloadUrl: 'https://layers.example.com' },
      } as unknown as ECRClient;
      const fetched: typeof fetch = async () => new Response(blob);
      const address = { registry: REGISTRY, repository: 'shop/web', digest: digest(2) };
      try {
        const read = await createLabels(client, fetched).read(address);
        if (read.state !== 'read') return read.state;
        for (const word of [read.revision, read.source]) {
          if (word !== undefined && (typeof word !== 'string' || word.length > WORDS_MAX)) {
            throw new Broken(`a label is ${typeof word}`);
          }
        }
        return read.revision === undefined ? 'read, and says no commit' : 'says a commit';
      } catch (error) {
        if (error instanceof Broken) throw error;
        return documented(error, ['TransientError']);
      }
    },
  });
}

const BASE: JsonRecord = {
  cpu: '256',
  memory: '512',
  executionRoleArn: 'arn:aws:iam::123456789012:role/web',
  containerDefinitions: [
    {
      ...{ name: 'app', image: `${REGISTRY}/shop/web@${digest(1)}`, essential: true },
      environment: [{ name: 'STAGE', value: 'production' }],
      portMappings: [{ containerPort: 8080 }],
    },
    { name: 'log', image: 'log:1', essential: false },
  ],
};

const files = [
  { name: 'what is registered', value: BASE },
  {
    name: 'what a file says',
    value: {
      family: 'web',
      ...{ cpu: '512', memory: '1024', taskRoleArn: 'web-task' },
      containerDefinitions: [
        {
          ...{ name: 'app', image: '<IMAGE>', stopTimeout: 30 },
          environment: [{ name: 'POOL_SIZE', value: '20' }],
          secrets: [{ name: 'PASSWORD', valueFrom: 'arn:aws:secretsmanager:x' }],
          logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'web' } },
          healthCheck: { command: ['CMD', 'true'], interval: 10 },
        },
      ],
      volumes: [{ name: 'data' }],
    },
  },
];

function definitionFiles(): FuzzTarget {
  const source = sourceOf(files);
  const rules = {
    leave: ['containerDefinitions.app.environment.STAGE', 'containerDefinitions.*.ulimits'],
    roles: ['arn:aws:iam::123456789012:role/web-task'],
  };
  return target({
    name: 'task definition in git',
    share: 4,
    places: source.places,
    plan: textOf(source),
    first: source.everyPlace.map((of) => ({ of, text: [] })),
    input: (plan) => spoiledText(plan, source.input(plan.of)),
    feed: (text) => {
      const read = readDefinitionText(text);
      if (read.state === 'wrong') return told(read.because, 'wrong');
      const before = JSON.stringify(BASE);
      const merged = mergeDefinition(BASE, read.written, rules, ['app']);
      if (JSON.stringify(BASE) !== before) throw new Broken('it changed what runs');
      if (merged.state === 'refused') return told(merged.because, 'refused');
      const { containerDefinitions: now } = merged.definition;
      if (!Array.isArray(now) || now.length !== 2) throw new Broken('a container is lost');
      changesInWords(BASE, merged.definition);
      return 'merged';
    },
  });
}

/** It is said, and no longer than a person reads. */
function told(because: string, kind: string): string {
  if (because === '' || because.length > REASON_MAX) {
    throw new Broken(`${kind}, with ${because.length} characters: ${because.slice(0, 300)}`);
  }
  return kind;
}

const STAGING = 'ecs/staging/web';
const records = [
  {
    name: 'the record of another account',
    value: record({
      key: STAGING,
      rollbackCandidates: [candidate(2, { provenAt: at(-7) }), candidate(1)],
      newest: { app: { by: 'push-time', rank: [], pushedAt: at(-9), digest: digest(3) } },
    }),
  },
];

/** Whatever another pipeline keeps, this one says of it in words: its own release is not held by an error. */
function proofs(): FuzzTarget {
  const source = sourceOf(records);
  const elsewhere = { role: 'r', externalId: 'x', region: 'eu-central-1', table: 't' };
  const question = {
    targets: [{ id: 'staging', key: STAGING, elsewhere }],
    images: [image(2), image(4)],
  };
  return target({
    name: 'proofs of another account',
    share: 3,
    places: source.places,
    plan: textOf(source),
    first: source.everyPlace.map((of) => ({ of, text: [] })),
    input: (plan) => spoiledText(plan, source.input(plan.of)),
    feed: async (text) => {
      const recordsElsewhere = async () => {
        try {
          return { record: parseRecord(STAGING, text) };
        } catch (error) {
          return { because: documented(error, ['UnreadableRecord']) };
        }
      };
      const ports = { recordsElsewhere } as unknown as ObservationPorts;
      const { staging = {} } = await observeProofs(question as never, ports);
      const states = Object.values(staging).map((proof: Proof) =>
        proof.state === 'unknown' ? told(proof.because, 'unknown') : proof.state,
      );
      if (states.length !== 2) throw new Broken(`of two images it says ${states.join()}`);
      return states.join();
    },
  });
}

const sourceMessages = [
  {
    type: 'ImageHeard',
    ...{ image: 'web', digest: digest(2), tag: 'main-2', at: at(0), swept: true },
  },
  { type: 'HeadSought' },
  { type: 'BuildHeard', cause: 'CodeBuild says SUCCEEDED' },
  {
    type: 'PushHeard',
    ...{ repository: 'acme/shop', ref: 'refs/heads/main', before: commit(1) },
    delivery: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    ...{ after: commit(2), forced: false, images: ['web'], tag: 'main-2', by: 'ada' },
  },
].map((message) => ({
  name: message.type,
  value: { source: KEY, message, cause: { id: '1', source: 'github', detailType: 'push' } },
}));

function sourceEnvelopes(): FuzzTarget {
  const source = sourceOf(sourceMessages);
  return target({
    name: 'parseSourceEnvelope',
    share: 3,
    places: source.places,
    plan: textOf(source),
    first: source.everyPlace.map((of) => ({ of, text: [] })),
    input: (plan) => spoiledText(plan, source.input(plan.of)),
    feed: (body) => {
      let envelope: SourceEnvelope;
      try {
        envelope = parseSourceEnvelope(body);
      } catch (error) {
        return documented(error, ['UnreadableEvent']);
      }
      if (bodyOf(parseSourceEnvelope(bodyOf(envelope))) !== bodyOf(envelope)) {
        throw new Broken('it is not itself');
      }
      return `read ${envelope.message.type}`;
    },
  });
}

const pushes = samples
  .filter(({ name }) => name.startsWith('github-'))
  .flatMap(({ name, value }) => {
    const { body } = Object(value) as { readonly body?: unknown };
    if (typeof body !== 'string' || !body.startsWith('{')) return [];
    return [{ name, value: JSON.parse(body) as unknown }];
  });

/** Signed as it is: who has the secret may be anybody. */
function webhooks(): FuzzTarget {
  const source = sourceOf(pushes);
  const request = {
    contentType: 'application/json',
    event: 'push',
    delivery: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
  };
  return target({
    name: 'webhook deliveries',
    share: 4,
    places: source.places,
    plan: textOf(source),
    first: source.everyPlace.map((of) => ({ of, text: [] })),
    input: (plan) => spoiledText(plan, source.input(plan.of)),
    feed: (text) => {
      const read = readWebhook(request, text);
      if (read.kind === 'refused') return told(read.because, 'refused');
      if (read.kind !== 'push') return read.kind;
      const { after, before } = read.push;
      for (const one of [after, before]) {
        if (one !== undefined && !/^[0-9a-f]{40}$/.test(one))
          throw new Broken(`${one} is no commit`);
      }
      return 'push';
    },
  });
}

export const readers: readonly FuzzTarget[] = [
  labels(),
  definitionFiles(),
  proofs(),
  sourceEnvelopes(),
  webhooks(),
];
