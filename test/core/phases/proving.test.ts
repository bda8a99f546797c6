/** What a proven release is remembered with, and what its proof owes to alarms without data. */
import { describe, expect, test } from 'vitest';
import type { PrimaryDeployment } from '../../../shared/core/model/observation.ts';
import {
  at,
  baking,
  candidate,
  image,
  looked,
  primary,
  restoring,
  returning,
  revision,
  rollout,
  service,
  twoContainers,
} from '../../build.ts';

const proven = (given: ReturnType<typeof baking>, change: Partial<PrimaryDeployment> = {}) =>
  looked(given, 16, { service: service(2, { primary: primary(2, change) }) }).record
    .rollbackCandidates[0];

describe('the images of a container that the release did not bring', () => {
  const both = twoContainers();
  const beside = baking(
    {},
    {
      rules: both,
      runs: {
        revision: revision(2),
        images: { app: image(2), sidecar: image(5) },
        since: at(0) + 1_000,
      },
    },
  );

  test('are those that ECS shows', () => {
    const images = { app: image(2), sidecar: image(6) };
    expect(proven(beside, { images, pinned: true })?.images).toEqual(images);
  });
});

test('a revision that ECS shows with a tag is not called pinned', () => {
  expect(proven(baking(), { images: { app: image(2) }, pinned: false })?.pinned).toBe(false);
});

describe('an alarm that had no data since before the bake began', () => {
  const window = { from: at(-90), to: at(-70), alarms: ['web-5xx'], unmeasured: ['web-5xx'] };
  const heard = baking({}, { rollbackCandidates: [candidate(1, { window })] });
  const since = (moment: number) => ({
    service: 2,
    alarms: {
      'web-5xx': { state: 'INSUFFICIENT_DATA' as const, since: moment, judgesInMs: 60_000 },
    },
  });

  test('is remembered as unmeasured with the release that it did not measure', () => {
    for (const moment of [at(-5), at(3)]) {
      const then = looked(heard, 16, since(moment));
      expect(then.kinds).toEqual(['proven']);
      expect(then.told[0]?.because).toContain('alarm web-5xx had no data, so it says nothing');
      expect(then.record.rollbackCandidates[0]?.window?.unmeasured).toEqual(['web-5xx']);
    }
  });

  test('one that had data in it is not', () => {
    expect(proven(heard)?.window).toBeDefined();
    expect(proven(heard)?.window).not.toHaveProperty('unmeasured');
  });
});

describe('a candidate that was returned to', () => {
  const back = (pinned: boolean) => {
    const given = returning(restoring(), { started: 1 });
    const { phase } = given;
    const step = { ...restoring(), candidate: candidate(1, { pinned }) };
    const rollouts = [rollout(1, { status: 'SUCCESSFUL', createdAt: at(5) })];
    return looked({ ...given, phase: { ...phase, step } as typeof phase }, 6, { rollouts });
  };

  test('stays pinned if it was, and a tag stays a tag', () => {
    expect(back(true).record.rollbackCandidates[0]?.pinned).toBe(true);
    expect(back(false).record.rollbackCandidates[0]?.pinned).toBe(false);
  });
});

test('a rollback that ECS ended is told with the reason that ECS gives', () => {
  const ended = { status: 'STOPPED', statusReason: 'stopped by ada', createdAt: at(5) } as const;
  const then = looked(returning(restoring(), { started: 1 }), 6, { rollouts: [rollout(1, ended)] });
  expect(`${then.because} ${JSON.stringify(then.record.phase)}`).toContain(
    'the rollback ended STOPPED (stopped by ada)',
  );
});
