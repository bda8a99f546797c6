/** Many targets as a list, on both pages: the same rules. */
import { expect, test } from 'vitest';
import { fleetList } from '../../../local/page/fleet-list.ts';

const target = (name: string, state: string, headline = 'it runs') => {
  return { name, key: `ecs/production/${name}`, state, headline };
};
const many = [
  target('api', 'rolled-back', 'main-2 was rolled back: 25 % of answers were errors'),
  target('web', 'baking'),
  ...Array.from({ length: 198 }, (_, i) => target(`team-${i}`, 'well')),
];

test('of two hundred those that want a look are listed as they come, and the well ones are folded', () => {
  const { title, loud, quiet, quietTitle, quietOpen } = fleetList(many, '');
  expect(title).toBe('2 of 200 targets to look at');
  expect(loud.map(({ name }) => name)).toEqual(['api', 'web']);
  expect([quiet.length, quietTitle, quietOpen]).toEqual([198, '198 are well', false]);
});

test('what is searched for is found by name, state and answer, and is not folded', () => {
  const named = (filter: string) => {
    const { loud, quiet } = fleetList(many, filter);
    return [...loud, ...quiet].map(({ name }) => name);
  };
  expect(named(' TEAM-19 ')).toEqual([
    'team-19',
    ...Array.from({ length: 8 }, (_, i) => `team-${190 + i}`),
  ]);
  expect(named('rolled-back')).toEqual(['api']);
  expect(named('25 %')).toEqual(['api']);
  expect(named('nobody')).toEqual([]);
  expect(fleetList(many, 'team').quietOpen).toBe(true);
});

test('few are not folded, and where nothing wants a look it says so', () => {
  const { title, quietTitle, quietOpen } = fleetList([target('web', 'well')], '');
  expect([title, quietTitle, quietOpen]).toEqual(['All is well: one target', '1 is well', true]);
});
