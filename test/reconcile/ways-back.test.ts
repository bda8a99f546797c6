/** What one check of the ways back costs, and what it makes of the answers. */
import { expect, test } from 'vitest';
import type { TaskRights } from '../../shared/core/model/rules.ts';
import type { DescribedDefinition, ObservationPorts } from '../../shared/ports.ts';
import { TransientError } from '../../shared/ports.ts';
import { observeWays } from '../../shared/reconcile/ways-back.ts';
import { at, candidate, definition, digest, image, record, revision } from '../build.ts';

const ROLE = 'arn:aws:iam::123456789012:role/web-task';
const RIGHTS: TaskRights = { families: ['web'], roles: [ROLE] };
const ladder = record({
  rollbackCandidates: [6, 5, 4, 3, 2, 1].map((n) => candidate(n)),
  runs: { revision: revision(6), images: { app: image(6) }, since: at(-60) },
});

interface Answers {
  readonly missing?: readonly number[];
  readonly definitions?: Readonly<Record<number, Partial<DescribedDefinition> | 'throttled'>>;
}

async function asked({ missing = [], definitions = {} }: Answers = {}, rights?: TaskRights) {
  const calls: string[] = [];
  const ports = {
    services: {
      definition: async (arn: string) => {
        const n = Number(arn.split(':').at(-1));
        calls.push(`definition ${n}`);
        const special = definitions[n] ?? {};
        if (special === 'throttled') throw new TransientError('throttled');
        const { containers } = definition({ app: image(n) }, n);
        return {
          revision: arn,
          containers,
          active: true,
          family: 'web',
          roles: [ROLE],
          ...special,
        };
      },
    },
    images: {
      states: async (images: readonly { digest: string }[]) => {
        calls.push(`images ${images.length}`);
        const gone = missing.map((n) => String(digest(n)));
        return Object.fromEntries(
          images.map((one) => [one.digest, gone.includes(one.digest) ? 'missing' : 'present']),
        );
      },
    },
  } as unknown as ObservationPorts;
  const ways = await observeWays(ladder, rights, ports);
  return { calls, ways: ways.map((way) => `${way.revision.split(':').at(-1)} ${way.state}`) };
}

test('in the ordinary case: three definitions, and all images in one question', async () => {
  expect(await asked()).toEqual({
    calls: ['images 3', 'definition 6', 'definition 5', 'definition 4'],
    ways: ['6 usable', '5 usable', '4 usable'],
  });
});

test('it goes down the ladder until two places can be had, and no further', async () => {
  const { ways } = await asked({ missing: [5, 3] });
  expect(ways).toEqual(['6 usable', '5 gone', '4 usable', '3 gone', '2 usable']);
});

test('a deleted definition is gone, a deregistered one is not, and a throttled answer says nothing', async () => {
  const definitions = { 6: 'throttled', 5: { containers: {} }, 4: { active: false } } as const;
  const { ways } = await asked({ definitions });
  expect(ways).toEqual(['6 unknown', '5 gone', '4 deregistered', '3 usable']);
});

test('a role or a family that the settings do not name is forbidden; nobody knows them: it is not asked', async () => {
  const foreign = { 5: { roles: ['arn:aws:iam::123456789012:role/other'] } };
  expect((await asked({ definitions: foreign }, RIGHTS)).ways[1]).toBe('5 forbidden');
  expect((await asked({ definitions: foreign })).ways[1]).toBe('5 usable');
  // What runs is copied by the next release; a place to return to is started as it is.
  const renamed = { 6: { family: 'web2' }, 5: { family: 'web2' } };
  expect((await asked({ definitions: renamed }, RIGHTS)).ways).toEqual([
    '6 forbidden',
    '5 usable',
    '4 usable',
  ]);
});
