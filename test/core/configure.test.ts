/** What the config says of a target is the first thing that every handling hears. */
import { expect, test } from 'vitest';
import { configure } from '../../shared/core/configure.ts';
import { at, record, rules } from '../build.ts';

const configured = (change: object = {}) =>
  ({ type: 'Configured', at: at(1), id: 'web', rules: rules(), ...change }) as const;

test('a target that nobody knew is introduced, and not looked at yet', () => {
  const then = configure(undefined, 'ecs/production/web' as never, configured());
  expect(then?.because).toBe('introduced by the config');
  expect(then?.record).toMatchObject({ key: 'ecs/production/web', id: 'web', rules: rules() });
  expect(then?.record.runs).toBeUndefined();
});

test('a target that is known as it is says nothing new', () => {
  expect(configure(record(), record().key, configured())).toBeUndefined();
});

test.each([
  ['other rules', record(), configured({ rules: rules({ bakeMinutes: 5 }) })],
  ['another name', record(), configured({ id: 'shop' })],
  ['it left the config before', record({ retired: true }), configured()],
])('%s: taken over', (_, given, event) => {
  const then = configure(given, given.key, event);
  expect(then?.record).toMatchObject({ id: event.id, rules: event.rules });
  expect(then?.record.retired).toBeUndefined();
});
