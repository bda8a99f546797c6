/** When it is asked whether a rollback would work: at rest, an hour after the last time, sooner while it would not. */
import { expect, test } from 'vitest';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import {
  mustCheckWays,
  waysFromHere,
  whyForbidden,
} from '../../../shared/core/release/ways-back.ts';
import { at, baking, candidate, fresh, image, record, revision, rules } from '../../build.ts';

test('a rollback would go to what is proven, does not run, and is not below what is safe', () => {
  const both = [candidate(2), candidate(1)];
  const runs = { revision: revision(2), images: { app: image(2) }, since: at(-60) };
  const names = (change: object) =>
    waysFromHere(record({ rollbackCandidates: both, runs, ...change })).map((one) => one.revision);
  expect(names({})).toEqual([revision(1)]);
  expect(names({ boundary: { name: 'main-2', at: at(0) } })).toEqual([]);
  expect(waysFromHere(fresh({ rollbackCandidates: both }))).toEqual(both);
});

test('whoever may not pass a role, or may not register, is told which', () => {
  const rights = { families: ['web'], roles: ['arn:aws:iam::1:role/web'] };
  const why = (family: string, roles: readonly string[], asItIs = false) =>
    whyForbidden(
      { family, roles: roles.map((one) => `arn:aws:iam::1:role/${one}`) },
      asItIs,
      rights,
    );
  expect(why('web', ['web'])).toBeUndefined();
  expect(why('web', ['web', 'team/a'])).toMatch(/does not let Slipway pass the role team\/a$/);
  expect(why('web', ['a', 'b'])).toMatch(/does not let Slipway pass the roles a and b$/);
  expect(why('shop', ['web'])).toMatch(/register revisions of the family shop$/);
  expect(why('shop', ['web'], true)).toBeUndefined();
});

/** Proven at minute -60. */
test.each<[what: string, asked: boolean, given: TargetRecord, minutes: number]>([
  ['an hour after it was proven', true, record(), -10],
  ['sooner', false, record(), -11],
  ['an hour after it was asked', true, record({ waysBack: { checkedAt: at(0) } }), 50],
  ['sooner than that', false, record({ waysBack: { checkedAt: at(0) } }), 49],
  [
    'a quarter of an hour later, while it would fail',
    true,
    record({
      waysBack: { checkedAt: at(0) },
      needsAttention: { because: 'no role', since: at(0), unprepared: true },
    }),
    14,
  ],
  [
    'not sooner, while it would fail',
    false,
    record({
      waysBack: { checkedAt: at(0) },
      needsAttention: { because: 'no role', since: at(0), unprepared: true },
    }),
    13,
  ],
  [
    'at once, where the deployment of somebody else failed since',
    true,
    record({ waysBack: { checkedAt: at(0), staleSince: at(0) } }),
    1,
  ],
  [
    'not even then in watch mode',
    false,
    record({ waysBack: { checkedAt: at(0), staleSince: at(0) }, rules: rules({ mode: 'watch' }) }),
    1,
  ],
  ['with nothing to return to', false, record({ rollbackCandidates: [] }), 99],
  ['before anything was seen', false, fresh({ rollbackCandidates: [candidate(1)] }), 99],
  ['of a target that left the config', false, record({ retired: true }), 99],
  ['while a release bakes', false, baking(), 99],
  ['in watch mode', false, record({ rules: rules({ mode: 'watch' }) }), 99],
])('%s: %s', (_, asked, given, minutes) => {
  expect(mustCheckWays(given, at(minutes))).toBe(asked);
});
