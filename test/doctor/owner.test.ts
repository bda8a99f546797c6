/** doctor says that another pipeline releases the same service, and who must give way. */
import { expect, test } from 'vitest';
import { ownerCheck } from '../../cli/doctor/owner-check.ts';
import { candidate, revision, rules } from '../build.ts';

const check = (release: string | undefined, pipeline?: string) =>
  ownerCheck({ rules: rules(pipeline === undefined ? {} : { pipeline }) }, undefined, {
    revision: revision(1),
    release,
  });

test('what another pipeline released fails, with what mends it', () => {
  expect(check('shop:ecs/production/web/12')).toEqual({
    name: 'pipeline',
    state: 'failed',
    says: "what runs here was released by the pipeline shop (ecs/production/web/12): two pipelines would undo each other's releases",
    fix: expect.stringContaining('take the service out of one of the two configs'),
  });
  expect(check('ecs/production/web/12', 'shop').says).toContain('the pipeline without a name');
});

test('what this one, or none, released is well', () => {
  expect(check('ecs/production/web/12').says).toBe('this one released what runs');
  expect(check(undefined).says).toBe('no other one released what runs');
  const stored = { rollbackCandidates: [candidate(1)] };
  const seen = { revision: revision(1), release: 'ecs/production/web/1' };
  expect(ownerCheck({ rules: rules({ pipeline: 'shop' }) }, stored, seen)).toMatchObject({
    state: 'ok',
    says: 'this one releases the service now',
  });
});
