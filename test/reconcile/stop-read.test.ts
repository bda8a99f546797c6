/** The stop switch is read where a release could begin: beside the look, so it costs no round trip. */
import { expect, test } from 'vitest';
import type { Event } from '../../shared/core/model/event.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import type { Ports } from '../../shared/ports.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { at, record, rolling, rules, service, waiting } from '../build.ts';

const target = {
  key: 'ecs/production/web',
  id: 'web',
  cluster: 'production',
  service: 'web',
  rules: rules(),
};

const hint: Event = { type: 'Hinted', at: at(1), cause: 'a hint' };

/** What a handling of the record read, in order; the look never ends before `until` was read. */
async function reads(given: TargetRecord, until?: string): Promise<readonly string[]> {
  const read: string[] = [];
  const both = Promise.withResolvers<void>();
  const ask = async <T>(name: string, answer: T): Promise<T> => {
    read.push(name);
    if (until === undefined || name === until) both.resolve();
    if (name === 'look') await both.promise;
    return answer;
  };
  const found = service(1);
  const ports = {
    clock: { now: () => at(1), newId: () => 'an id', timeLeft: () => 30_000 },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
    records: {
      load: () => ask('load', { record: given, version: 1 }),
      stop: () => ask('stop', { by: 'ada', because: 'an outage', since: at(0) }),
      save: async () => 'saved',
      addHistory: async () => undefined,
    },
    services: {
      describe: () => ask('look', found),
      definition: async (revision: string) => ({ revision, containers: { app: 'x' } }),
      rollouts: async () => [],
      stoppedTasks: async () => [],
    },
    alarms: { states: async () => ({}) },
    images: { states: async () => ({}) },
    announcements: { tell: async () => [] },
  } as unknown as Ports;
  await reconcile(target, hint, ports, { urgent: true });
  return read;
}

test('an image waits: neither the look nor the stop switch waits for the other', async () => {
  expect(await reads(waiting(), 'stop')).toEqual(['load', 'look', 'stop']);
});

test.each([
  ['at rest', record()],
  ['what rolls out', rolling()],
])('%s: nothing could begin, so nobody asks', async (_, given) => {
  expect(await reads(given)).toEqual(['load', 'look']);
});
