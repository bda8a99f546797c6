import { expect, it } from 'vitest';
import { emit, putRule } from '../../eventbridge/state.ts';
import { nextTimerAt, schedule } from '../../kernel/timers.ts';
import { advance, emptyWorld } from '../../services.ts';

const OPTIONS = { now: 1_000_000, seed: 1, account: '123456789012', region: 'eu-west-1' };

it('an empty world survives JSON', () => {
  const world = emptyWorld(OPTIONS);
  expect(JSON.parse(JSON.stringify(world))).toEqual(world);
});

it('nothing happens by itself in an empty world', () => {
  const world = emptyWorld(OPTIONS);
  expect(nextTimerAt(world)).toBeUndefined();
  advance(world, 2_000_000);
  expect(world.now).toBe(2_000_000);
});

it('timers are taken in order, at their own moment, and none after the end', () => {
  const world = emptyWorld(OPTIONS);
  putRule(world, { name: 'all', target: 't', pattern: { source: ['x'] } });
  const delivery = (name: string) => ({
    delivery: { rule: name, target: 't', event: emit(world, event(name)) },
  });
  const [second, first, late] = [delivery('second'), delivery('first'), delivery('late')];
  world.eventbridge.ready = [];
  schedule(world, 1_000_500, 'eventbridge.deliver', second);
  schedule(world, 1_000_200, 'eventbridge.deliver', first);
  schedule(world, 1_001_001, 'eventbridge.deliver', late);
  advance(world, 1_001_000);
  expect(world.eventbridge.ready.map(({ rule }) => rule)).toEqual(['first', 'second']);
  expect(world.now).toBe(1_001_000);
  expect(nextTimerAt(world)).toBe(1_001_001);
});

it('time does not run back', () => {
  expect(() => advance(emptyWorld(OPTIONS), 999_999)).toThrow('time cannot run back');
});

it('a timer without a handler is our mistake and says so', () => {
  const world = emptyWorld(OPTIONS);
  schedule(world, 1_000_001, 'nobody.knows');
  expect(() => advance(world, 1_000_002)).toThrow('no handler for timers of kind "nobody.knows"');
});

function event(name: string) {
  return { source: 'x', detailType: name, resources: [], detail: {} };
}
