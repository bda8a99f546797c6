/** A scenario's mistakes are refused before anything is played, each with where and what was meant. */
import { describe, expect, test } from 'vitest';
import { scenarioOf } from '../../local/stories/scenario.ts';
import { ScenarioError } from '../../local/stories/scenario-format.ts';
import pipeline from '../../pipeline.config.ts';

const PUSH = { at: '1m', push: { repository: 'shop/web', tag: 'main-1' } };
const SOUND = { steps: [PUSH], until: '10m' };

function mistakes(scenario: unknown): readonly string[] {
  const text = typeof scenario === 'string' ? scenario : JSON.stringify(scenario);
  try {
    scenarioOf(text, pipeline);
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.problems.map(({ line }) => line);
  }
}

function stepMistakes(step: object): readonly string[] {
  return mistakes({ ...SOUND, steps: [{ at: '1m', ...step }] });
}

test('a sound scenario has no mistakes', () => {
  expect(mistakes(SOUND)).toEqual([]);
});

test('times become milliseconds', () => {
  const { steps, until } = scenarioOf(
    JSON.stringify({ steps: [{ ...PUSH, at: '1h2m3s' }], until: '1d' }),
    pipeline,
  );
  expect([steps[0]?.at, until]).toEqual([3_723_000, 86_400_000]);
});

describe('the form', () => {
  test('text that is not JSON', () => {
    expect(mistakes('{ steps: ')[0]).toMatch(/^the file is not JSON: /);
  });

  test('a list instead of a scenario', () => {
    expect(mistakes([])).toEqual([
      'the scenario: is a list of 0, expected a scenario: { steps: [ … ], until: "60m" }',
    ]);
  });

  test('an unknown key, with the nearest known one', () => {
    expect(mistakes({ ...SOUND, stpes: [] })).toEqual([
      'stpes: is a list of 0, but there is no such setting; did you mean steps?',
    ]);
  });

  test('an unknown kind of step', () => {
    expect(mistakes({ ...SOUND, steps: [{ at: '1m', psuh: {} }] })).toContain(
      'steps.0.psuh: is an object, but there is no such setting; did you mean push?',
    );
  });

  test('findings of a severity that there is not, and a scan that is none of its ends', () => {
    const push = { repository: 'shop/web', tag: 'main-1' };
    expect(stepMistakes({ push: { ...push, findings: { GRAVE: 1 } } })).toEqual([
      'steps.0.push.findings.GRAVE: is the number 1, but there is no such setting; known here: CRITICAL, HIGH, MEDIUM, LOW, INFORMATIONAL',
    ]);
    expect(stepMistakes({ push: { ...push, scan: 'soon' } })).toEqual([
      "steps.0.push.scan: is \"soon\", expected 'never' or 'fails' or 'unsupported'",
    ]);
  });

  test('two things in one step', () => {
    expect(stepMistakes({ push: PUSH.push, scale: { target: 'web', desiredCount: 1 } })).toEqual([
      'steps.0: is an object, expected exactly one of push, gitPush, deleteRef, redeliverPush, loseWebhooks, githubDown, redeliver, event, setAlarm, updateService, scale, traffic, outage, deleteImage, deregister, loseEvents, operator, holdAll, resumeAll, muteAlarm, weights, hook, throttle, capacity, deleteService, createService, deleteCluster, call, delivery, github',
    ]);
  });

  test('a time that is none', () => {
    expect(mistakes({ ...SOUND, until: '10 minutes' })).toEqual([
      "until: is \"10 minutes\", expected a time since the beginning, like '90s', '10m' or '1h30m', of at most 9999h, 99999m or 999999s",
    ]);
  });

  test('a behaviour that nobody knows', () => {
    expect(stepMistakes({ push: { ...PUSH.push, behaviour: { errorrate: 0.5 } } })).toEqual([
      'steps.0.push.behaviour.errorrate: is the number 0.5, but there is no such setting; did you mean errorRate?',
    ]);
  });

  test('a share over 1', () => {
    expect(stepMistakes({ push: { ...PUSH.push, behaviour: { errorRate: 25 } } })).toEqual([
      'steps.0.push.behaviour.errorRate: is the number 25, expected a share from 0 to 1',
    ]);
  });

  test('a ramp of nothing, a warm-up in no time, and an answer no time long', () => {
    const mistakesOf = (behaviour: object) =>
      stepMistakes({ push: { ...PUSH.push, behaviour } })[0];
    expect(mistakesOf({ rampSeconds: 60 })).toBe(
      'steps.0.push.behaviour: is an object, expected an errorRate that grows, with rampSeconds',
    );
    expect(mistakesOf({ warmUp: { errorRate: 0.1, seconds: 0 } })).toBe(
      'steps.0.push.behaviour.warmUp.seconds: is the number 0, expected seconds from 1 to 3600',
    );
    expect(mistakesOf({ blip: { errorRate: 0.1, seconds: 30 } })).toBe(
      'steps.0.push.behaviour.blip.afterSeconds: is missing, expected seconds from 0 to 864000',
    );
    expect(mistakesOf({ latencyFactor: 0 })).toBe(
      'steps.0.push.behaviour.latencyFactor: is the number 0, expected how many times as long, from 0.01 to 1000',
    );
  });

  test('every mistake is told at once', () => {
    expect(
      mistakes({ steps: [{ at: 'soon', push: { repository: 'Shop' } }], until: 5 }),
    ).toHaveLength(3);
  });
});

describe('the names', () => {
  test('a target that does not exist', () => {
    expect(stepMistakes({ scale: { target: 'wbe', desiredCount: 1 } })).toEqual([
      'steps.0.scale.target: is "wbe", expected a target (web, worker); did you mean web?',
    ]);
  });

  test('an alarm that no target names', () => {
    expect(stepMistakes({ setAlarm: { name: 'web-4xx', state: 'OK' } })).toEqual([
      'steps.0.setAlarm.name: is "web-4xx", expected an alarm (web-5xx); did you mean web-5xx?',
    ]);
  });

  test('an event of a push that the scenario does not make', () => {
    const step = { at: '2m', redeliver: { repository: 'shop/web', tag: 'main-2' } };
    expect(mistakes({ ...SOUND, steps: [PUSH, step] })).toEqual([
      'steps.1.redeliver.tag: is "main-2", expected a tag of shop/web (main-1); did you mean main-1?',
    ]);
  });

  test('a container that the target does not have', () => {
    expect(stepMistakes({ updateService: { target: 'web', images: { ap: 'main-1' } } })).toEqual([
      'steps.0.updateService.images.ap: is "ap", expected a container of web (app); did you mean app?',
    ]);
  });

  test('a step after the end', () => {
    expect(mistakes({ ...SOUND, steps: [{ ...PUSH, at: '11m' }] })).toEqual([
      'steps.0.at: is the number 660, expected at most until (600 s)',
    ]);
  });

  test('a target that neither the pipeline nor the scenario describes', () => {
    expect(mistakes({ ...SOUND, targets: { api: {} } })).toEqual([
      'targets.api: is "api", expected a target of the pipeline (web, worker), or its whole config',
    ]);
  });

  test('a setting of the config that is wrong, by its place in the scenario', () => {
    expect(mistakes({ ...SOUND, targets: { web: { config: { bakeMinuts: 5 } } } })).toEqual([
      'targets.web.config.bakeMinuts: is the number 5, but there is no such setting; did you mean bakeMinutes?',
    ]);
  });

  test('an expectation of nobody', () => {
    expect(mistakes({ ...SOUND, expect: { targets: { wrker: {} } } })).toEqual([
      'expect.targets.wrker: is "wrker", expected a target (web, worker); did you mean worker?',
    ]);
  });
});

describe('the requests of a target', () => {
  const set = (web: object) => mistakes({ ...SOUND, targets: { web } });

  test('fewer than one a second are a fraction', () => {
    expect(set({ requestsPerSecond: 0.2 })).toEqual([]);
    expect(set({ requestsPerSecond: -1 })).toEqual([
      'targets.web.requestsPerSecond: is the number -1, expected requests a second, from 0 to 100000',
    ]);
  });

  test('errors that come by chance, where the requests do not', () => {
    expect(set({ errors: { percent: 0.1 } })).toEqual([]);
    expect(set({ requests: 'steady', errors: { percent: 0.1, clusterSize: 3 } })).toEqual([]);
    expect(set({ errors: { percent: 0.1, clusterSize: 3 } })).toEqual([
      "targets.web.errors.clusterSize: is the number 3, expected requests that are drawn: set requests to 'steady', 'daily' or 'bursts'",
    ]);
  });

  test('errors of requests that never come', () => {
    expect(set({ errors: { percent: 1 }, loadBalancer: false })).toEqual([
      'targets.web.errors: is an object, expected a target that answers requests: give it a loadBalancer',
    ]);
  });

  test('minutes that nobody counts, and more than all of them', () => {
    expect(set({ metrics: { missingPercent: 5 }, loadBalancer: { type: 'network' } })).toEqual([
      'targets.web.metrics: is an object, expected a target behind an application load balancer',
    ]);
    expect(set({ metrics: { missingPercent: 60, latePercent: 50 } })).toEqual([
      'targets.web.metrics: is an object, expected percents that are 100 at most together',
    ]);
  });
});
