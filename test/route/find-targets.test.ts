/** Which targets a message concerns, and why none does. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ecsService, parsePipeline } from '../../shared/config/config.ts';
import type { ImageDigest } from '../../shared/core/model/image.ts';
import type { Message } from '../../shared/edge/message.ts';
import { containersFor, findTargets, ordersFor, whyNone } from '../../shared/route/find-targets.ts';

const service = (name: string, containers: object, alarms: string[], cluster = 'production') => ({
  ...{ type: 'ecs-service', mode: 'act', cluster, service: name, containers, alarms },
});
const pipeline = parsePipeline({
  account: '123456789012',
  region: 'eu-central-1',
  targets: {
    web: service(
      'web',
      {
        app: { repository: 'shop/web', tags: { glob: 'main-*' } },
        sidecar: { repository: 'shop/proxy', tags: { semver: '1.x' }, newer: 'semver' },
      },
      ['web-5xx', 'shared'],
    ),
    staging: service(
      'web',
      { app: { repository: 'shop/web', tags: { glob: '*' }, newer: 'number' } },
      ['staging-5xx', 'shared'],
      'staging',
    ),
  },
});
const registry = pipeline.registry;
const digest = `sha256:${'a'.repeat(64)}` as ImageDigest;
const image = (repository: string, tag: string): Message => ({
  ...{ type: 'ImagePushed', registry, repository, digest, tag, at: 0 },
});
const alarm = (name: string): Message => ({
  ...{
    type: 'AlarmChanged',
    alarm: name,
    from: 'OK',
    to: 'ALARM',
    changedAt: 0,
    muted: false,
    reason: '',
  },
});
const found = (message: Message) => findTargets(pipeline, message).map(({ id }) => id);

test('what is found are the targets of the config', () => {
  const message = image('shop/proxy', '1.2.3');
  expect(findTargets(pipeline, message)).toEqual([pipeline.targets.web]);
});

describe('an image is for each target with a container that takes its repository and tag', () => {
  test.each([
    ['shop/web', 'main-7', ['web', 'staging']],
    ['shop/web', 'pr-7', ['staging']],
    ['shop/web', 'latest', []],
    ['shop/proxy', '1.4.0', ['web']],
    ['shop/proxy', '2.0.0', []],
    ['shop/admin', 'main-7', []],
  ])('%s:%s', (repository, tag, ids) => {
    expect(found(image(repository, tag))).toEqual(ids);
  });

  test('and none is explained by the tag and each rule', () => {
    expect(whyNone(pipeline, image('shop/admin', 'main-7'))).toBe(
      'no target uses the repository shop/admin',
    );
    expect(whyNone(pipeline, image('shop/web', 'latest'))).toBe(
      'the tag latest of shop/web deploys nowhere: web/app takes the glob main-*; staging/app finds no number in it',
    );
    expect(whyNone(pipeline, image('shop/proxy', '2.0.0'))).toBe(
      'the tag 2.0.0 of shop/proxy deploys nowhere: web/sidecar takes the semver range 1.x',
    );
  });
});

test('an alarm is for each target that names it', () => {
  expect(found(alarm('web-5xx'))).toEqual(['web']);
  expect(found(alarm('shared'))).toEqual(['web', 'staging']);
  expect(found(alarm('constructor'))).toEqual([]);
  expect(whyNone(pipeline, alarm('other'))).toBe('no target names the alarm other');
});

test('a hint is for the service, and without a cluster for every service of that name', () => {
  const hint = (rest: object): Message => ({ type: 'Hinted', cause: 'x', ...rest });
  expect(found(hint({ cluster: 'production', service: 'web' }))).toEqual(['web']);
  expect(found(hint({ service: 'web' }))).toEqual(['web', 'staging']);
  expect(found(hint({ cluster: 'other', service: 'web' }))).toEqual([]);
  expect(found(hint({}))).toEqual([]);
  expect(whyNone(pipeline, hint({ cluster: 'other', service: 'web' }))).toBe(
    'no target is the service web in other',
  );
});

test('a scan or a signature is for the targets that wait for such in its repository', () => {
  const base = { account: '123456789012', region: 'eu-central-1' };
  const containers = { app: { repository: 'shop/web', tags: { glob: '*' } } };
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
  const publicKey = key.export({ type: 'spki', format: 'pem' });
  const gated = parsePipeline({
    ...base,
    targets: {
      plain: service('plain', containers, ['a']),
      scanned: { ...service('scanned', containers, ['a']), scan: { highest: 'HIGH' } },
      signed: { ...service('signed', containers, ['a']), signature: { publicKey } },
    },
  });
  const hint = (repository: string): Message => ({ type: 'Hinted', cause: 'x', repository });
  expect(findTargets(gated, hint('shop/web')).map(({ id }) => id)).toEqual(['scanned', 'signed']);
  expect(findTargets(gated, hint('shop/proxy'))).toEqual([]);
  expect(whyNone(gated, hint('shop/proxy'))).toBe(
    'no target waits for scans or signatures in the repository shop/proxy',
  );
});

describe('the containers of a target that take an image', () => {
  const web = pipeline.targets.web ?? expect.fail();
  test('by repository and any of its tags', () => {
    expect(containersFor(web, 'shop/web', ['pr-1', 'main-1'])).toEqual(['app']);
    expect(containersFor(web, 'shop/web', ['pr-1'])).toEqual([]);
    expect(containersFor(web, 'shop/proxy', ['1.0.0'])).toEqual(['sidecar']);
  });

  test('with its place in the order of each', () => {
    const pushed = { registry, repository: 'shop/proxy', digest, tags: ['1.2.0', 'latest'] };
    expect(ordersFor(web, pushed, 9)).toEqual({
      sidecar: { by: 'semver', rank: [1, 2, 0, 1], pushedAt: 9, digest },
    });
    expect(ordersFor(web, { ...pushed, tags: [] }, 9)).toEqual({});
    expect(ordersFor(web, { ...pushed, registry: 'elsewhere' }, 9)).toEqual({});
  });
});

test('one repository may feed two containers', () => {
  const both = parsePipeline({
    account: '123456789012',
    region: 'eu-central-1',
    targets: {
      web: ecsService({
        mode: 'act',
        cluster: 'c',
        service: 's',
        containers: {
          app: { repository: 'shop/web', tags: { glob: 'main-*' } },
          migrate: { repository: 'shop/web', tags: { glob: 'main-*' } },
        },
        alarms: ['a'],
      }),
    },
  }).targets.web;
  expect(containersFor(both ?? expect.fail(), 'shop/web', ['main-1'])).toEqual(['app', 'migrate']);
});
