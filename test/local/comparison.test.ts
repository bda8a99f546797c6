/**
 * The comparison is honest: over the whole story, against ECS alone at its best. What stands for
 * Slipway here is ECS alone in a story of its own, so the figures do not hang on what Slipway does.
 */
import { describe, expect, test } from 'vitest';
import { compareWithEcsAlone, verdictOf } from '../../local/stories/comparison.ts';
import { EcsAlone } from '../../local/stories/ecs-alone.ts';
import { playOn, scenarioOf } from '../../local/stories/scenario.ts';
import { pipelineOf } from '../../local/stories/scenario-pipeline.ts';
import pipeline from '../../pipeline.config.ts';

interface Story {
  readonly steps: readonly object[];
  readonly until: string;
  readonly targets?: object;
}

const push = (at: string, tag: string, behaviour?: object, more: object = {}) => ({
  at,
  push: { repository: 'shop/web', tag, ...(behaviour && { behaviour }), ...more },
});

/** The story against another course of it, which stands in the place of the one with Slipway. */
async function compared(story: Story, other: Partial<Story> = {}) {
  const [scenario, theirs] = [story, { ...story, ...other }].map((it) =>
    scenarioOf(JSON.stringify({ targets: { web: {} }, ...it }), pipeline),
  );
  if (scenario === undefined || theirs === undefined) throw new Error('two were made');
  const own = pipelineOf(scenario, pipeline);
  const stage = new EcsAlone(own, theirs, 1);
  await playOn(stage, theirs);
  const [comparison] = await compareWithEcsAlone(scenario, own, stage, 1);
  return comparison;
}

const FAULTY_AFTER_ITS_BAKE = push('5m', 'main-1', { errorRate: 0.5, faultyAfterSeconds: 1200 });

describe('the whole story', () => {
  test('what a fix that never starts costs is counted, long after it was pushed', async () => {
    const story = { steps: [FAULTY_AFTER_ITS_BAKE, push('35m', 'main-2')], until: '330m' };
    const comparison = await compared(story, { steps: [FAULTY_AFTER_ITS_BAKE] });
    // As the review of 0.2.0 counted this story by hand.
    expect(comparison).toMatchObject({ ecsAlone: 15_768, verdict: 'worse' });
    expect(comparison?.withSlipway).toBeGreaterThan(450_000);
    expect(comparison?.episodes).toMatchObject([
      { tag: 'main-1', from: 'bad request', ecsAlone: { deployed: true } },
    ]);
    const [{ withSlipway, ecsAlone } = {}] = comparison?.episodes ?? [];
    expect(withSlipway).toEqual({ deployed: true, harm: { count: expect.any(Number) } });
    expect(ecsAlone).toEqual({
      deployed: true,
      harm: { count: 15_768, toGood: expect.any(Number) },
    });
  });

  test('the same image under another tag counts like any other, for both', async () => {
    const digest = `sha256:${'b'.repeat(64)}`;
    const first = push('5m', 'main-1', { errorRate: 0.4 }, { digest });
    const again = push('40m', 'main-1-again', undefined, { digest });
    const comparison = await compared({ steps: [first, again], until: '80m' }, { steps: [first] });
    expect(comparison).toMatchObject({
      verdict: 'better',
      episodes: [
        { tag: 'main-1', again: false },
        { tag: 'main-1-again', again: true, withSlipway: { deployed: false } },
      ],
    });
    const { withSlipway = 0, ecsAlone = 0 } = comparison ?? {};
    expect(ecsAlone / withSlipway).toBeCloseTo(2, 1);
  });

  test('a push while the rollback goes on does not make it "never good again"', async () => {
    const steps = [push('5m', 'main-1', { errorRate: 0.4 }), push('11m', 'main-2')];
    const comparison = await compared({ steps, until: '60m' });
    const [{ withSlipway } = {}] = comparison?.episodes ?? [];
    expect(comparison?.verdict).toBe('the same');
    expect(withSlipway).toMatchObject({ harm: { toGood: expect.any(Number) } });
  });

  test('a story in which nothing bad runs has no row', async () => {
    expect(await compared({ steps: [push('5m', 'main-1')], until: '30m' })).toBeUndefined();
  });
});

describe('what each bad image did', () => {
  test('one that was replaced before its fault began did no harm', async () => {
    const steps = [FAULTY_AFTER_ITS_BAKE, push('20m', 'main-2')];
    const comparison = await compared({ steps, until: '60m' });
    expect(comparison?.episodes).toMatchObject([{ ecsAlone: { deployed: true } }]);
    expect(comparison?.episodes[0]?.ecsAlone).not.toHaveProperty('harm');
  });

  test('a later bad image is not laid to the one before it, which only failed to start', async () => {
    const steps = [
      push('5m', 'main-1', { exitCodeOnStart: 1 }),
      push('30m', 'main-2', { errorRate: 0.4 }),
    ];
    const comparison = await compared({ steps, until: '60m' });
    expect(comparison).toMatchObject({
      counted: 'bad requests',
      episodes: [
        { tag: 'main-1', from: 'failed task' },
        { tag: 'main-2', from: 'bad request' },
      ],
    });
    for (const { ecsAlone } of comparison?.episodes ?? []) {
      expect(ecsAlone).toMatchObject({ harm: { toAsked: expect.any(Number) } });
      const { toGood = Number.NaN } = (ecsAlone.deployed && ecsAlone.harm) || {};
      expect(toGood).toBeLessThan(10 * 60);
    }
  });

  test('without requests, failed tasks are what is counted', async () => {
    const steps = [
      {
        at: '5m',
        push: { repository: 'shop/worker', tag: 'main-1', behaviour: { exitCodeOnStart: 1 } },
      },
    ];
    const comparison = await compared({ steps, until: '40m', targets: { worker: {} } });
    expect(comparison).toMatchObject({
      target: 'worker',
      counted: 'failed tasks',
      verdict: 'the same',
    });
    expect(comparison?.ecsAlone).toBeGreaterThan(0);
  });
});

describe('ECS alone at its best', () => {
  test('its bake lasts until its alarms have judged it, where that serves fewer bad requests', async () => {
    const steps = [push('5m', 'main-1', { errorRate: 0.4, faultyAfterSeconds: 600 })];
    // What stands for Slipway bakes as long and no longer.
    const comparison = await compared({ steps, until: '60m' });
    expect(comparison).toMatchObject({ verdict: 'worse' });
    expect(comparison?.ecsAlone).toBeLessThan(8_000);
  });

  test('a breaker that the owner left out is on', async () => {
    const steps = [push('5m', 'main-1', { exitCodeOnStart: 1 })];
    const targets = { web: { circuitBreaker: { enable: false } } };
    const comparison = await compared({ steps, until: '60m', targets });
    expect(comparison?.episodes).toMatchObject([
      { ecsAlone: { harm: { toGood: expect.any(Number) } } },
    ]);
  });

  test('persons do by hand what they would have Slipway do, and hold the pipeline', async () => {
    const bad = push('5m', 'main-1', { errorRate: 0.04 });
    const word = (at: string, ask: object) => ({ at, operator: { target: 'web', ask } });
    const until = '60m';
    const left = await compared({ steps: [bad, word('30m', { do: 'rollback' })], until });
    const stays = await compared({ steps: [bad], until });
    const held = await compared({ steps: [word('4m', { do: 'hold' }), bad], until });
    const resumed = [word('4m', { do: 'hold' }), bad, word('30m', { do: 'resume' })];
    const after = await compared({ steps: resumed, until });
    expect(held).toBeUndefined();
    for (const half of [left, after]) {
      expect((half?.ecsAlone ?? 0) / (stays?.ecsAlone ?? 1)).toBeCloseTo(0.5, 0);
    }
  });
});

describe('the verdict', () => {
  test.each([
    [0, 0, 'the same'],
    [100, 100, 'the same'],
    [100, 110, 'about the same'],
    [110, 100, 'about the same'],
    [100, 112, 'better'],
    [112, 100, 'worse'],
    [1, 0, 'worse'],
    [0, 1, 'better'],
  ] as const)('%i bad requests against %i: %s', (ours, theirs, verdict) => {
    expect(verdictOf(ours, theirs, 'bad requests')).toBe(verdict);
  });

  test.each([
    [2, 4, 'about the same'],
    [3, 0, 'worse'],
    [30, 32, 'about the same'],
    [30, 40, 'better'],
  ] as const)('%i failed tasks against %i: %s', (ours, theirs, verdict) => {
    expect(verdictOf(ours, theirs, 'failed tasks')).toBe(verdict);
  });
});
