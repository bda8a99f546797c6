/** What runs is published with what is told; whatever SSM does, nothing throws and nothing is lost. */
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Fault } from '@slipway/local-cloud/kernel/call.ts';
import { AwsError } from '@slipway/local-cloud/kernel/errors.ts';
import { emptyWorld } from '@slipway/local-cloud/services.ts';
import { clientSettings } from '@slipway/local-cloud/wire/client-settings.ts';
import { createTransport } from '@slipway/local-cloud/wire/transport.ts';
import { describe, expect, test } from 'vitest';
import { publishes } from '../../shared/aws/published.ts';
import type { Announcement, AnnouncementKind } from '../../shared/core/model/announcement.ts';
import { image, revision } from '../build.ts';
import { listeningLog } from './wire.ts';

const KEY = 'ecs/production/web';
const PATH = `/slipway/${KEY}`;

/** `n` is what runs; undefined: an announcement that carries nothing. */
function told(id: string, n?: number, key = KEY): Announcement {
  return {
    id,
    kind: (n === undefined ? 'started' : 'proven') satisfies AnnouncementKind,
    at: 0,
    key,
    target: 'web',
    because: 'because',
    runsNow: 'text',
    next: 'nothing',
    ...(n === undefined
      ? {}
      : {
          runs: {
            release: `${key}/${n}`,
            revision: revision(n),
            images: { app: image(n), proxy: image(1, { repository: 'shop/proxy' }) },
          },
        }),
  };
}

/** Of the announcements, all go out but those of these ids. */
function connected({ faults = [], silent = [] }: { faults?: Fault[]; silent?: string[] } = {}) {
  const world = emptyWorld({ now: 0, seed: 1, account: '123456789012', region: 'eu-central-1' });
  const transport = createTransport({ world, fault: () => faults.shift() ?? 'none' });
  const log = listeningLog();
  const heard: string[] = [];
  const bus = {
    tell: async (outbox: readonly Announcement[]) => {
      heard.push(...outbox.map(({ id }) => id));
      return outbox.map(({ id }) => id).filter((id) => !silent.includes(id));
    },
  };
  const { tell } = publishes(
    bus,
    { client: new SSMClient(clientSettings({ world, transport })), path: '/slipway' },
    log,
  );
  const values = () =>
    Object.fromEntries(
      Object.entries(world.ssm.parameters).map(([name, { value }]) => [name, value]),
    );
  return { tell, values, heard, log, faults, silent, world };
}

const denied = () => new AwsError('AccessDeniedException', 'not authorized');
const three = (fault: Fault): Fault[] => [fault, fault, fault];

test('the revision, the release and each image by its digest', async () => {
  const { tell, values } = connected();
  expect(await tell([told('a', 2)])).toEqual(['a']);
  expect(values()).toEqual({
    [`${PATH}/revision`]: revision(2),
    [`${PATH}/release`]: `${KEY}/2`,
    [`${PATH}/image/app`]: `${image(2).registry}/shop/web@${image(2).digest}`,
    [`${PATH}/image/proxy`]: `${image(1).registry}/shop/proxy@${image(1).digest}`,
  });
});

test('what carries nothing is told and publishes nothing', async () => {
  const { tell, world } = connected();
  expect(await tell([told('a')])).toEqual(['a']);
  expect(world.ssm.parameters).toEqual({});
});

test('of several only the newest is published, each target by itself', async () => {
  const { tell, values, world } = connected();
  const other = 'ecs/production/worker';
  const all = [told('a', 1), told('b', 7, other), told('c', 2), told('d')];
  expect(await tell(all)).toEqual(['a', 'b', 'c', 'd']);
  expect(values()).toMatchObject({
    [`${PATH}/revision`]: revision(2),
    [`/slipway/${other}/revision`]: revision(7),
  });
  expect(world.ssm.parameters[`${PATH}/revision`]?.version).toBe(1);
});

test('published twice is published once', async () => {
  const { tell, values } = connected();
  await tell([told('a', 2)]);
  const once = values();
  await tell([told('a', 2)]);
  expect(values()).toEqual(once);
});

describe('a failure', () => {
  test.each<[string, Fault]>([
    ['throttled', 'throttle'],
    ['ill', 'server-error'],
    ['silent', 'timeout'],
    ['updated by somebody else', new AwsError('TooManyUpdates', 'concurrent updates')],
  ])('SSM is %s: it is told and owed, and published the next time', async (_, fault) => {
    const { tell, values, heard, log, faults } = connected({ faults: three(fault) });
    expect(await tell([told('a'), told('b', 2)])).toEqual(['a']);
    expect(heard).toEqual(['a', 'b']);
    expect(values()).toEqual({});
    expect(log.lines).toMatchObject([
      { level: 'warn', message: 'what runs was not published; it is owed', facts: { target: KEY } },
    ]);
    faults.length = 0;
    expect(await tell([told('b', 2)])).toEqual(['b']);
    expect(values()[`${PATH}/revision`]).toBe(revision(2));
  });

  test('what SSM refuses is not asked for once a minute for ever', async () => {
    const { tell, log } = connected({ faults: [denied()] });
    expect(await tell([told('a', 2)])).toEqual(['a']);
    expect(log.lines).toMatchObject([
      {
        level: 'warn',
        message: 'what runs was not published, until something else is proven',
        facts: { because: 'AccessDeniedException: not authorized' },
      },
    ]);
  });

  test('after the first one no other parameter is asked for', async () => {
    const { tell, faults, values } = connected({ faults: [...three('throttle'), 'none'] });
    await tell([told('a', 2)]);
    expect(faults).toEqual(['none']);
    expect(values()).toEqual({});
  });

  test('of one target leaves the others published', async () => {
    const { tell, values } = connected({ faults: three('throttle') });
    expect(await tell([told('a', 1), told('b', 7, 'ecs/x/y')])).toEqual(['b']);
    expect(Object.keys(values())).toContain('/slipway/ecs/x/y/revision');
  });
});

test('an older one that the bus did not take keeps the newest owed, so that it is not published over it', async () => {
  const { tell, values, silent } = connected({ silent: ['a'] });
  expect(await tell([told('a', 1), told('b', 2)])).toEqual([]);
  expect(values()[`${PATH}/revision`]).toBe(revision(2));
  silent.length = 0;
  expect(await tell([told('a', 1), told('b', 2)])).toEqual(['a', 'b']);
  expect(values()[`${PATH}/revision`]).toBe(revision(2));
});
