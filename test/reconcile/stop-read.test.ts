/** A handling reads the stop switch beside its record: no round trip more, and what it says counts. */
import { expect, test } from 'vitest';
import type { Ports } from '../../shared/ports.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { at, record, rules } from '../build.ts';

const target = {
  key: 'ecs/production/web',
  id: 'web',
  cluster: 'production',
  service: 'web',
  rules: rules(),
};

test('neither read waits for the other', async () => {
  const asked: string[] = [];
  const both = Promise.withResolvers<void>();
  const ask = async <T>(name: string, answer: T): Promise<T> => {
    asked.push(name);
    if (asked.length === 2) both.resolve();
    // Would never go on if one were asked after the other had answered.
    await both.promise;
    return answer;
  };
  const ports = {
    clock: { now: () => at(1), newId: () => 'an id', timeLeft: () => 30_000 },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
    records: {
      load: () => ask('load', { record: record(), version: 1 }),
      stop: () => ask('stop', undefined),
    },
  } as unknown as Ports;
  const event = {
    type: 'AlarmChanged',
    at: at(1),
    alarm: 'other',
    from: 'OK',
    to: 'ALARM',
    changedAt: at(1),
    muted: true,
    reason: '',
  } as const;
  const handled = await reconcile(target, event, ports, { urgent: true });
  expect(asked).toEqual(['load', 'stop']);
  expect(handled.outcome).toBe('done');
});
