import { describe, expect, test } from 'vitest';
import { definePipeline, ecsService, noAlarms } from '../../shared/config/config.ts';
import type { ImageDigest, TaskDefinitionArn } from '../../shared/core/model/image.ts';
import { parseEnvelope } from '../../shared/edge/envelope.ts';
import {
  claimEnvelopes,
  dueEnvelopes,
  imageEnvelopes,
  repositoriesOf,
  serviceEnvelopes,
} from '../../shared/reconcile/sweep.ts';
import type { Later } from '../../shared/route/enqueue.ts';
import type { KnownTarget, SweptImage, SweptService } from '../../shared/upkeep-ports.ts';

const none = noAlarms('a test');
const targets = Object.values(
  definePipeline({
    account: '123456789012',
    region: 'eu-central-1',
    targets: {
      web: ecsService({
        mode: 'act',
        cluster: 'production',
        service: 'web',
        containers: {
          app: { repository: 'shop/web', tags: { glob: 'main-*' } },
          admin: {
            repository: 'shop/web',
            tags: { regex: '^v(\\d+\\.\\d+\\.\\d+)$' },
            newer: 'semver',
          },
        },
        alarms: none,
      }),
      worker: ecsService({
        mode: 'act',
        cluster: 'production',
        service: 'worker',
        containers: { worker: { repository: 'shop/worker', tags: { glob: 'main-*' } } },
        alarms: none,
      }),
    },
  }).targets,
);
const registry = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';
const web = { registry, repository: 'shop/web' };
const digest = (n: number) => `sha256:${String(n).padStart(64, '0')}` as ImageDigest;
const image = (n: number, tags: string[], pushedAt: number, state = 'present') =>
  ({ digest: digest(n), tags, pushedAt, state }) as SweptImage;
const sent = (envelopes: ReturnType<typeof imageEnvelopes>) =>
  envelopes.map(({ target, message }) =>
    message.type === 'ImagePushed'
      ? `${target} ${message.digest.slice(-1)} ${message.tag}`
      : target,
  );

test('every message of a sweep is one that reconcile can read', () => {
  const envelopes = [
    ...dueEnvelopes([{ key: 'ecs/production/web', lookAt: 1, phase: 'rolling-back' }], 'tick 1', 0),
    ...serviceEnvelopes(targets, [], new Map(), 'tick 1'),
    ...imageEnvelopes(targets, web, [image(1, ['main-1'], 7)], 0, 'tick 1'),
  ];
  expect(envelopes).toHaveLength(4);
  for (const envelope of envelopes) {
    const { delaySeconds: _, ...sent }: Later = envelope;
    expect(parseEnvelope(JSON.stringify(sent))).toEqual(sent);
  }
});

test('a target on its way back is looked at by the urgent queue', () => {
  const due = [
    { key: 'ecs/production/web', lookAt: 1, phase: 'rolling-back' },
    { key: 'ecs/production/worker', lookAt: 2, phase: 'baking' },
  ];
  expect(dueEnvelopes(due, 'tick 1', 0).map(({ message }) => message)).toEqual([
    { type: 'Hinted', cause: 'tick: look is due', about: 'look-due', urgent: true },
    { type: 'Hinted', cause: 'tick: look is due', about: 'look-due' },
  ]);
});

test('a look of the coming minute comes at its moment, one that is overdue at once', () => {
  const due = [-5_000, 0, 400, 12_000].map((lookAt) => ({
    key: 'ecs/a/b',
    lookAt,
    phase: 'baking',
  }));
  expect(dueEnvelopes(due, 'tick 1', 0).map(({ delaySeconds }) => delaySeconds)).toEqual([
    0, 0, 1, 12,
  ]);
});

test('the newest image of each container is heard again, by the container’s own order', () => {
  const images = [
    image(1, ['main-a'], 100),
    image(2, ['main-b', 'other'], 300),
    image(3, ['v1.10.0'], 50),
    image(4, ['v1.9.0'], 400),
    image(5, ['feature-x'], 900),
  ];
  expect(sent(imageEnvelopes(targets, web, images, 0, 't'))).toEqual([
    'ecs/production/web 2 main-b',
    'ecs/production/web 3 v1.10.0',
  ]);
  expect(sent(imageEnvelopes(targets, web, images, 60, 't'))).toEqual([
    'ecs/production/web 2 main-b',
  ]);
});

test('one image for two containers is one message; of two pushes in one second the higher digest', () => {
  expect(sent(imageEnvelopes(targets, web, [image(6, ['main-a', 'v2.0.0'], 1)], 0, 't'))).toEqual([
    'ecs/production/web 6 v2.0.0',
  ]);
  const both = [image(8, ['main-b'], 1), image(7, ['main-a'], 1)];
  expect(sent(imageEnvelopes(targets, web, both, 0, 't'))).toEqual(['ecs/production/web 8 main-b']);
  expect(sent(imageEnvelopes(targets, web, both.reverse(), 0, 't'))).toEqual([
    'ecs/production/web 8 main-b',
  ]);
});

test('of what goes by commits each image of the last hours is heard again: the newest commit may be that of an older push', () => {
  const byCommit = Object.values(
    definePipeline({
      account: '123456789012',
      region: 'eu-central-1',
      sources: {
        shop: {
          repository: 'acme/shop',
          images: { web: { repository: 'shop/web' } },
          branches: ['main'],
        },
      },
      targets: {
        web: ecsService({
          mode: 'act',
          cluster: 'production',
          service: 'web',
          containers: {
            app: {
              repository: 'shop/web',
              tags: { glob: 'main-*' },
              from: { source: 'shop', branches: ['main'] },
            },
          },
          alarms: none,
        }),
      },
    }).targets,
  );
  const images = [1, 2, 3, 4, 5, 6, 7].map((n) => image(n, [`main-${n}`], n * 100));
  const heard = (pushedSince: number, recentSince: number) =>
    sent(imageEnvelopes(byCommit, web, images, pushedSince, 't', recentSince)).map((one) =>
      Number(one.split(' ')[1]),
    );
  // Once an hour the newest, whenever it was pushed.
  expect(heard(0, 800)).toEqual([7]);
  expect(heard(600, 600)).toEqual([7, 6]);
  expect(heard(0, 600)).toEqual([7, 6]);
  // A message for each of the newest five, however many came.
  expect(heard(0, 0)).toEqual([7, 6, 5, 4, 3]);
});

test('an archived image is not eligible, and no image is no message', () => {
  const images = [image(1, ['main-a'], 1), image(2, ['main-b'], 2, 'archived')];
  expect(sent(imageEnvelopes(targets, web, images, 0, 't'))).toEqual([
    'ecs/production/web 1 main-a',
  ]);
  expect(imageEnvelopes(targets, web, [], 0, 't')).toEqual([]);
});

test('each repository is read once', () => {
  expect(repositoriesOf(targets).map(({ repository }) => repository)).toEqual([
    'shop/web',
    'shop/worker',
  ]);
});

const arn = (n: number) =>
  `arn:aws:ecs:eu-central-1:123456789012:task-definition/web:${n}` as TaskDefinitionArn;
const record = (change: Partial<KnownTarget> = {}): KnownTarget => ({
  key: 'ecs/production/web',
  phase: 'idle',
  revision: arn(7),
  ...change,
});
const service = (change: Partial<SweptService> = {}): SweptService => ({
  service: 'web',
  status: 'ACTIVE',
  revision: arn(7),
  desired: 2,
  running: 2,
  deployments: 1,
  ...change,
});
const hints = (known: KnownTarget[], found: SweptService | undefined) =>
  serviceEnvelopes(
    targets.filter(({ id }) => id === 'web'),
    known,
    new Map(found === undefined ? [] : [['ecs/production/web', found]]),
    't',
  ).map(({ target, message }) => `${target} ${message.type === 'Hinted' ? message.cause : ''}`);

test.each([
  ['a target without a record is introduced', [], service(), /sweep: not introduced yet/],
  [
    'drift is looked at',
    [record()],
    service({ revision: arn(8) }),
    /sweep: drift: it runs .*web:8, and .*web:7 is remembered/,
  ],
  ['a deployment that nobody told us of', [record()], service({ deployments: 2 }), /in flight/],
  ['tasks that do not run', [record()], service({ running: 1 }), /it runs 1 of 2 tasks/],
  ['a service that is gone', [record()], undefined, /ECS has no such service/],
  [
    'a target that asks for a person drifts, too',
    [record({ phase: 'needs-attention' })],
    service({ revision: arn(8) }),
    /drift/,
  ],
  ['a target that came back', [record({ phase: 'retired' })], service(), /in the config again/],
] as const)('%s', (_, known, found, expected) => {
  expect(hints([...known], found)).toEqual([expect.stringMatching(expected)]);
});

test('a target at rest that runs what is remembered is asked whether it could roll back', () => {
  const asked = ['ecs/production/web sweep: could it roll back now?'];
  expect(hints([record()], service())).toEqual(asked);
  expect(hints([record({ phase: 'needs-attention' })], service())).toEqual(asked);
});

test('a target in watch mode at rest is left alone: it never rolls back', () => {
  const watched = targets.map((target) => ({
    ...target,
    rules: { ...target.rules, mode: 'watch' as const },
  }));
  const services = new Map([['ecs/production/web', service()]]);
  expect(serviceEnvelopes(watched.slice(0, 1), [record()], services, 't')).toEqual([]);
});

test('a target with looks of its own is left to them', () => {
  for (const phase of ['deploying', 'baking', 'rolling-back', 'watching', 'new']) {
    expect(hints([record({ phase })], service({ revision: arn(8) }))).toEqual([]);
  }
});

test('a record whose target left the config gets a last message, once', () => {
  const left = record({ key: 'ecs/production/gone' });
  const baking = record({ phase: 'baking' });
  expect(hints([baking, left], service())).toEqual([
    'ecs/production/gone sweep: it left the config',
  ]);
  expect(hints([baking, { ...left, phase: 'retired' }], service())).toEqual([]);
});

describe('what others built', () => {
  const pipeline = definePipeline({
    account: '123456789012',
    region: 'eu-central-1',
    targets: {
      web: ecsService({
        ...{ mode: 'act', cluster: 'production', service: 'web', alarms: none },
        containers: { app: { repository: 'shop/web', tags: { glob: ['main-*', 'latest'] } } },
      }),
    },
    sources: {
      shop: {
        ...{ repository: 'acme/shop', builtBy: 'elsewhere' },
        images: { web: { repository: 'shop/web' } },
      },
    },
  });
  const claims = (images: readonly SweptImage[], since: number, address = web) =>
    claimEnvelopes(pipeline, address, images, since, 'tick 1');
  const tags = (images: readonly SweptImage[], since: number) =>
    claims(images, since).map(({ message }) => (message.type === 'ImageHeard' ? message.tag : ''));
  const pushed = [
    image(2, ['latest', 'main-bbbbbbb'], 9),
    image(1, ['main-aaaaaaa'], 7),
    image(3, ['pr-ccccccc'], 8),
    image(4, ['main-ddddddd'], 3, 'archived'),
    image(5, ['main-eeeeeee'], 2),
  ];

  test('is asked of, the oldest first, by a tag that deploys and names a commit', () => {
    expect(tags(pushed, 5)).toEqual(['main-aaaaaaa', 'main-bbbbbbb']);
    expect(claims(pushed, 5)[0]).toEqual({
      source: 'git/acme/shop/refs/heads/main',
      message: {
        ...{ type: 'ImageHeard', image: 'web', digest: digest(1), tag: 'main-aaaaaaa', at: 7 },
        swept: true,
      },
      cause: { id: 'tick 1', source: 'slipway.sweep', detailType: 'images' },
    });
  });

  test('whenever it was pushed, only the newest is', () => {
    expect(tags(pushed, 0)).toEqual(['main-bbbbbbb']);
  });

  test('of more than twenty the newest are, and of another repository none', () => {
    const many = Array.from({ length: 25 }, (_, n) => image(n, [`main-${1_000_000 + n}`], 10 + n));
    expect(tags(many, 5)).toHaveLength(20);
    expect(tags(many, 5).at(-1)).toBe('main-1000024');
    expect(claims(pushed, 5, { registry, repository: 'shop/api' })).toEqual([]);
  });
});
