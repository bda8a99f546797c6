import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { expect, test } from 'vitest';
import {
  createAnnouncements,
  DETAIL_TYPES,
  SOURCE_DETAIL_TYPES,
} from '../../shared/aws/announcements.ts';
import { readSettings } from '../../shared/aws/connect/client-settings.ts';
import type { Announcement } from '../../shared/core/model/announcement.ts';
import type { SourceAnnouncement } from '../../shared/core/source/announcement.ts';
import { broken, listeningLog, type WireAnswer, wire } from './wire.ts';

const announcement = (n: number): Announcement => ({
  id: `ecs/production/web/${n}`,
  kind: 'rolled-back',
  at: Date.parse('2026-11-20T10:00:00Z'),
  key: 'ecs/production/web',
  target: 'web',
  because: 'the alarm web-5xx rose',
  runsNow: 'shop/web:main-1',
  next: 'nothing',
});
const many = (count: number) => Array.from({ length: count }, (_, n) => announcement(n));
const out = (count: number) => ({
  FailedEntryCount: 0,
  Entries: Array.from({ length: count }, (_, n) => ({ EventId: `e${n}` })),
});

function connected(answers: Record<string, readonly WireAnswer[]>) {
  const far = wire(answers);
  const log = listeningLog();
  const client = new EventBridgeClient(readSettings(far.settings));
  return { far, log, announcements: createAnnouncements(client, 'slipway-bus', log) };
}

test('each announcement is an event on the bus and one line', async () => {
  const { announcements, far, log } = connected({ PutEvents: [out(1)] });
  expect(await announcements.tell(many(1))).toEqual(['ecs/production/web/0']);
  expect(far.bodies('PutEvents')).toEqual([
    {
      Entries: [
        {
          EventBusName: 'slipway-bus',
          Source: 'slipway',
          DetailType: 'Slipway Release Rolled Back',
          Time: Date.parse('2026-11-20T10:00:00Z') / 1000,
          Detail: JSON.stringify(announcement(0)),
        },
      ],
    },
  ]);
  expect(log.lines).toEqual([
    {
      level: 'info',
      message: 'Slipway Release Rolled Back',
      facts: { announcement: announcement(0) },
    },
  ]);
});

test('only what went out is told to be out', async () => {
  const { announcements, log } = connected({
    PutEvents: [
      {
        FailedEntryCount: 1,
        Entries: [
          { EventId: 'e' },
          { ErrorCode: 'InternalFailure', ErrorMessage: 'sorry' },
          { EventId: 'f' },
        ],
      },
    ],
  });
  expect(await announcements.tell(many(3))).toEqual([
    'ecs/production/web/0',
    'ecs/production/web/2',
  ]);
  expect(log.lines.filter(({ level }) => level === 'warn')).toMatchObject([
    { facts: { id: 'ecs/production/web/1', because: 'InternalFailure: sorry' } },
  ]);
});

test('ten at a time; a part that fails does not stop the others, and nothing throws', async () => {
  const { announcements, far } = connected({
    PutEvents: [broken, broken, broken, out(10), out(3)],
  });
  const told = await announcements.tell(many(23));
  expect(told).toHaveLength(13);
  expect(far.calls).toHaveLength(5);
});

test('a short answer counts as not out', async () => {
  const { announcements } = connected({ PutEvents: [out(1)] });
  expect(await announcements.tell(many(2))).toEqual(['ecs/production/web/0']);
});

test('what is told of a source has detail types of its own', async () => {
  const { announcements, far, log } = connected({ PutEvents: [out(2)] });
  const build: SourceAnnouncement = {
    id: 'git/acme/shop/refs/heads/main#7.1',
    kind: 'superseded',
    at: Date.parse('2026-11-20T10:00:00Z'),
    key: 'git/acme/shop/refs/heads/main',
    source: 'shop',
    repository: 'acme/shop',
    ref: 'refs/heads/main',
    commit: '1'.repeat(40),
    because: '2222222 was pushed',
    next: 'nothing',
  };
  const told = await announcements.tell([build, { ...build, id: 'next', kind: 'built' }]);
  expect(told).toEqual(['git/acme/shop/refs/heads/main#7.1', 'next']);
  expect(far.bodies('PutEvents')).toMatchObject([
    {
      Entries: [
        { DetailType: 'Slipway Build Superseded', Detail: JSON.stringify(build) },
        { DetailType: 'Slipway Image Built' },
      ],
    },
  ]);
  expect(log.lines.map(({ message }) => message)).toEqual([
    'Slipway Build Superseded',
    'Slipway Image Built',
  ]);
});

test('no two kinds share a detail type', () => {
  const types = [...Object.values(DETAIL_TYPES), ...Object.values(SOURCE_DETAIL_TYPES)];
  expect(new Set(types).size).toBe(types.length);
});
