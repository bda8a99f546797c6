import { expect, test } from 'vitest';
import { type Act, Trail } from './oracle/trail.ts';

const SAID = Date.parse('2026-11-21T01:51:12Z');
const AGAIN = Date.parse('2026-11-21T01:51:19Z');

function rollback(at: number, leaves: string): Act {
  return { at, target: 'worker', what: 'rollback', leaves };
}

test('a way back that is told while the bus is down for long is judged by the word before it, and not by the next one', () => {
  const trail = new Trail();
  const first = rollback(SAID, 'ecs/production/worker/2');
  const next = rollback(AGAIN, 'worker:3');
  trail.acts.push(first, next);
  expect(trail.rollbackSaidBefore('worker', SAID + 600)).toBe(first);
  expect(trail.rollbackSaidBefore('worker', AGAIN + 600)).toBe(next);
  expect(trail.rollbackSaidBefore('web', AGAIN + 600)).toBeUndefined();
});

test('the clock of the handler that decides may be two seconds behind that of who speaks', () => {
  const trail = new Trail();
  const word = rollback(SAID, 'worker:3');
  trail.acts.push(word);
  expect(trail.rollbackSaidBefore('worker', SAID - 2_000)).toBe(word);
  expect(trail.rollbackSaidBefore('worker', SAID - 2_001)).toBeUndefined();
});
