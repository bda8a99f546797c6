/** What was tried last, whole: with its release, its revision, who asked for it, and since when. */
import { expect, test } from 'vitest';
import {
  describeLastRelease,
  type LastRelease,
  lastReleaseOf,
} from '../../../shared/core/incident/last-release.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import {
  at,
  baking,
  condemned,
  image,
  record,
  registering,
  release,
  returning,
  revision,
  rolling,
  STOPPING,
} from '../../build.ts';

const images = { app: image(2) };
const ended = (change: object = {}) =>
  record({
    lastEnded: {
      kind: 'failed',
      at: at(12),
      release: 'ecs/production/web/2',
      images,
      revision: revision(2),
      because: 'alarm web-5xx rose; CloudWatch says: 2 out of the last 2',
      next: 'push a fix',
      ...change,
    },
  });
const two = { release: 'ecs/production/web/2', images, revision: 'web:2' };
const { release: _, ...external } = condemned({ because: 'ada asked: too slow' });

test.each<[string, TargetRecord, LastRelease | undefined]>([
  ['nothing was ever tried', record(), undefined],
  ['it rolls out: since it began', rolling(), { ...two, became: 'deploying', at: at(0) }],
  [
    'a person asked for it, and it has no revision yet',
    registering({
      phase: { ...registering().phase, release: release({ by: 'ada' }) } as never,
    }),
    { release: two.release, images, became: 'deploying', at: at(0), by: 'ada' },
  ],
  ['it bakes: since SUCCESSFUL', baking(), { ...two, became: 'baking', at: at(3) }],
  [
    'it goes back',
    returning(STOPPING),
    { ...two, became: 'rolling-back', at: at(5), because: 'alarm web-5xx rose' },
  ],
  [
    'what goes back is not ours',
    returning(STOPPING, { condemned: external }),
    {
      ...{ images, revision: 'web:2', became: 'rolling-back', at: at(5) },
      because: 'ada asked: too slow',
    },
  ],
  [
    'it ended, and AWS said why',
    ended(),
    {
      ...{ ...two, became: 'failed', at: at(12) },
      because: 'alarm web-5xx rose',
      aws: '2 out of the last 2',
    },
  ],
  [
    'of what ended little is known',
    ended({ release: undefined, images: undefined, revision: undefined, because: 'it ended' }),
    { became: 'failed', at: at(12), because: 'it ended' },
  ],
])('%s', (_name, given, last) => {
  expect(lastReleaseOf(given)).toStrictEqual(last);
});

test.each<[Partial<LastRelease>, string]>([
  [{ images, because: 'it ended' }, 'main-2 failed: it ended'],
  [{ images, revision: 'web:2' }, 'main-2 failed'],
  [{ revision: 'web:2' }, 'web:2 failed'],
  [{}, 'a release failed'],
  [{ images, became: 'proven', because: 'it stood its bake' }, 'main-2 is proven'],
  [{ images, became: 'adopted', because: 'it stood its bake' }, 'main-2 was adopted'],
])('of %o is said: %s', (last, sentence) => {
  expect(describeLastRelease({ became: 'failed', at: at(12), ...last })).toBe(sentence);
});
