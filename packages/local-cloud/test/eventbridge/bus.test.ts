import { beforeEach, describe, expect, it } from 'vitest';
import { eventbridgeOperations } from '../../eventbridge/operations.ts';
import { createBus, drainDeliveries, emit, eventsOn, putRule } from '../../eventbridge/state.ts';
import { nextTimerAt } from '../../kernel/timers.ts';
import type { World } from '../../kernel/world.ts';
import { advance, emptyWorld } from '../../services.ts';

const START = Date.UTC(2026, 10, 21, 10, 5, 0, 123);
let world: World;

beforeEach(() => {
  world = emptyWorld({ now: START, seed: 7, account: '123456789012', region: 'eu-west-1' });
});

function pushed(tag = 'v1') {
  return {
    source: 'aws.ecr',
    detailType: 'ECR Image Action',
    resources: [],
    detail: { 'action-type': 'PUSH', 'image-tag': tag },
  };
}

describe('emit', () => {
  it('makes the envelope that AWS delivers', () => {
    expect(emit(world, pushed())).toEqual({
      version: '0',
      id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      'detail-type': 'ECR Image Action',
      source: 'aws.ecr',
      account: '123456789012',
      time: '2026-11-21T10:05:00Z',
      region: 'eu-west-1',
      resources: [],
      detail: { 'action-type': 'PUSH', 'image-tag': 'v1' },
    });
  });

  it('gives the same ids to the same seed', () => {
    const twin = emptyWorld({ now: START, seed: 7, account: '123456789012', region: 'eu-west-1' });
    expect(emit(world, pushed()).id).toBe(emit(twin, pushed()).id);
  });
});

describe('rules', () => {
  beforeEach(() => {
    putRule(world, { name: 'pushes', target: 'image-pushed', pattern: { source: ['aws.ecr'] } });
    putRule(world, {
      name: 'alarms',
      target: 'alarm-changed',
      pattern: { source: ['aws.cloudwatch'] },
    });
  });

  it('deliver what matches, once', () => {
    const event = emit(world, pushed());
    expect(drainDeliveries(world)).toEqual([{ rule: 'pushes', target: 'image-pushed', event }]);
    expect(drainDeliveries(world)).toEqual([]);
  });

  it('deliver late when delivery is slow, and the clock knows when', () => {
    world.eventbridge.delivery.mostDelayMs = 5_000;
    emit(world, pushed());
    expect(drainDeliveries(world)).toEqual([]);
    const at = nextTimerAt(world) ?? 0;
    expect(at).toBeGreaterThan(START);
    expect(at).toBeLessThanOrEqual(START + 5_000);
    advance(world, at);
    expect(drainDeliveries(world)).toHaveLength(1);
  });

  it('deliver twice when asked to', () => {
    world.eventbridge.delivery.duplicateShare = 1;
    emit(world, pushed());
    const [first, second] = drainDeliveries(world);
    expect(first?.event.id).toBe(second?.event.id);
  });

  it('lose events of best-effort sources only', () => {
    world.eventbridge.delivery.lostShare = 1;
    emit(world, pushed());
    expect(drainDeliveries(world)).toEqual([]);
    emit(world, { ...pushed(), source: 'aws.cloudwatch' });
    expect(drainDeliveries(world)).toHaveLength(1);
  });

  it('survive JSON', () => {
    emit(world, pushed());
    const copy = JSON.parse(JSON.stringify(world)) as World;
    emit(copy, pushed('v2'));
    expect(drainDeliveries(copy)).toHaveLength(2);
  });
});

describe('PutEvents', () => {
  const entry = { Source: 'slipway', DetailType: 'Rolled back', Detail: '{"target":"web"}' };

  it('publishes to a bus of ours, where it can be read back', () => {
    createBus(world, 'announcements');
    const output = eventbridgeOperations.PutEvents(world, {
      Entries: [{ ...entry, EventBusName: 'announcements' }],
    });
    expect(output.FailedEntryCount).toBe(0);
    expect(eventsOn(world, 'announcements')).toEqual([
      expect.objectContaining({ id: output.Entries[0]?.EventId, detail: { target: 'web' } }),
    ]);
  });

  it('to a bus that does not exist succeeds and drops the event', () => {
    const output = eventbridgeOperations.PutEvents(world, {
      Entries: [{ ...entry, EventBusName: 'nowhere' }],
    });
    expect(output.FailedEntryCount).toBe(0);
    expect(eventsOn(world, 'nowhere')).toEqual([]);
  });

  it('fails entry by entry with HTTP 200', () => {
    const output = eventbridgeOperations.PutEvents(world, {
      Entries: [
        entry,
        { ...entry, Detail: 'not json' },
        { ...entry, Source: 'aws.ecs' },
        { Source: 'slipway', DetailType: 'x' },
      ],
    });
    expect(output.FailedEntryCount).toBe(3);
    expect(output.Entries.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      'MalformedDetail',
      'NotAuthorizedForSourceException',
      'InvalidArgument',
    ]);
  });

  it('refuses eleven entries, and more than 1 MB', () => {
    const put = (Entries: (typeof entry)[]) => () =>
      eventbridgeOperations.PutEvents(world, { Entries });
    expect(put(Array(11).fill(entry))).toThrow(
      expect.objectContaining({ code: 'ValidationException' }),
    );
    const large = { ...entry, Detail: JSON.stringify({ text: 'x'.repeat(600_000) }) };
    expect(put([large, large])).toThrow('Total size');
  });
});
