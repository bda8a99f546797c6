/** What a proven release is remembered with, and what its proof owes to alarms without data. */
import { describe, expect, test } from 'vitest';
import type { PrimaryDeployment } from '../../../shared/core/model/observation.ts';
import type { Evidence, Release } from '../../../shared/core/model/record/release.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import {
  at,
  baking,
  candidate,
  image,
  looked,
  primary,
  red,
  release,
  restoring,
  returning,
  revision,
  rollout,
  rules,
  seen,
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

describe('the sentence that calls it proven says what guarded it', () => {
  const bound = rules({ alarms: ['web-5xx', 'p99'] });
  const said = (change: Partial<Release>, other: Partial<TargetRecord> = {}, seen = {}) =>
    looked(baking({ release: release({ rules: bound, ...change }) }, other), 16, {
      service: 2,
      ...seen,
    }).because;
  const held = [{ alarm: 'p99', at: at(4) }];
  const evidence = (change: Partial<Evidence>): Evidence => ({
    ...{ rises: [], failures: [], failed: 0 },
    ...change,
  });

  test('alarms that never rose', () => {
    expect(said({})).toBe(
      'proven: ECS says SUCCESSFUL, and 10 minutes of bake passed: its alarms never rose, and its tasks stood',
    );
  });

  test('one that rose while what ran before suffered as well, and the other one, which did not', () => {
    expect(said({ evidence: evidence({ heldRises: held }) })).toContain(
      'passed: no other alarm rose; alarm p99 rose while what ran before suffered as well, and',
    );
  });

  test('one that is red and was muted: of it nothing is said that it did not say', () => {
    const muted = { mutedRises: { 'web-5xx': [at(5)], p99: [at(5)] } };
    const alarms = { 'web-5xx': red(at(5)), p99: red(at(5)) };
    expect(said({}, muted, { alarms })).toContain(
      'passed: alarm web-5xx is red and was muted when it rose; alarm p99 is red and was muted when it rose, and',
    );
  });

  test('and what the judge found, where it was asked', () => {
    const judged = {
      state: 'harmless',
      because: 'of 9 requests, 0 failed',
      at: at(9),
      since: at(9),
    };
    const asked = { rules: { ...bound, judge: 'watch' as const } };
    expect(said({ ...asked, evidence: evidence({ judged: judged as never }) })).toMatch(
      /, and its tasks stood; the judge calls it harmless \(of 9 requests, 0 failed\)$/,
    );
  });
});

test('of a container that ECS was not asked about stays what is known of it', () => {
  const images = { app: image(2), sidecar: image(5) };
  const runs = { revision: revision(2), images, since: at(0) + 1_000 };
  expect(proven(baking({}, { runs }))?.images).toEqual(images);
});

test('where another container is ours it is proven only when it was asked what runs', () => {
  const given = baking({}, { rules: twoContainers() });
  const { images: _, ...question } = seen(given, 16, { service: 2 }).question;
  const then = looked(given, 16, { service: 2, question });
  expect(then.because).toContain('the digests that run were not asked yet');
  expect(looked(given, 16, { service: 2 }).kinds).toEqual(['proven']);
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
