/** The `deploymentConfiguration` that is sent, and which services this version can drive. */
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../shared/core/model/json.ts';
import type { Rules } from '../../../shared/core/model/rules.ts';
import {
  deploymentConfiguration,
  type Purpose,
  whyUnsupported,
} from '../../../shared/core/release/strategy.ts';
import { rules, service } from '../../build.ts';

const current = {
  strategy: 'ROLLING',
  maximumPercent: 150,
  minimumHealthyPercent: 50,
  bakeTimeInMinutes: 3,
  deploymentCircuitBreaker: {
    enable: true,
    rollback: true,
    resetOnHealthyTask: true,
    thresholdConfiguration: { type: 'BOUNDED_PERCENT', value: 50 },
  },
  somethingNew: { of: ['2027'] },
} as const satisfies Readonly<Record<string, Json>>;

const forward = { forward: true, ecsRollsBack: true } as const;
const send = (change: Partial<Rules>, purpose: Purpose) =>
  deploymentConfiguration(current, rules(change), purpose);

describe('what we do not own is never changed', () => {
  test('whole: what DescribeServices returned, unknown keys included', () => {
    const { alarms: _, ...sent } = send({ rollout: { ecsBakeMinutes: 3 } }, forward);
    expect(sent).toEqual(current);
  });

  test('what the config names is changed, and nothing beside it', () => {
    const rollout = {
      ecsBakeMinutes: 5,
      maximumPercent: 200,
      circuitBreaker: { enable: true, threshold: { type: 'COUNT', value: 4 } as const },
    };
    expect(send({ rollout }, forward)).toMatchObject({
      maximumPercent: 200,
      minimumHealthyPercent: 50,
      bakeTimeInMinutes: 5,
      deploymentCircuitBreaker: {
        resetOnHealthyTask: true,
        thresholdConfiguration: { type: 'COUNT', value: 4 },
      },
      somethingNew: { of: ['2027'] },
    });
  });

  test('nothing but this configuration is sent: no desired count', () => {
    expect(Object.keys(send({}, forward))).not.toContain('desiredCount');
  });

  test('alarms that the service brought along stay its own; only who returns is ours to say', () => {
    const own = { alarmNames: ['theirs'], enable: true, rollback: true };
    const sent = deploymentConfiguration({ ...current, alarms: own }, rules({ alarms: [] }), {
      forward: true,
      ecsRollsBack: false,
    });
    expect(sent.alarms).toEqual({ ...own, rollback: false });
  });

  test('a service without alarms gets none, also where the config names some', () => {
    expect(send({ alarms: [] }, forward)).not.toHaveProperty('alarms');
    expect(send({ alarms: ['web-5xx'] }, forward)).not.toHaveProperty('alarms');
    expect(send({ alarms: ['web-5xx'] }, { forward: false })).not.toHaveProperty('alarms');
  });

  test('those that the config names are watched by us: ECS fails no deployment of anybody by them', () => {
    const ours = { ...current, alarms: { alarmNames: ['web-5xx'], enable: true, rollback: true } };
    for (const purpose of [forward, { forward: false }] as const) {
      expect(deploymentConfiguration(ours, rules(), purpose).alarms).toEqual({
        alarmNames: [],
        enable: false,
        rollback: false,
      });
    }
  });

  test('alarms without names are ours to switch off: they watch nothing', () => {
    const unnamed = { ...current, alarms: { enable: true, rollback: true } };
    expect(deploymentConfiguration(unnamed, rules(), forward).alarms).toEqual({
      alarmNames: [],
      enable: false,
      rollback: false,
    });
    const odd = { ...current, alarms: { alarmNames: [7], enable: true, rollback: true } };
    expect(deploymentConfiguration(odd, rules(), forward).alarms).toMatchObject({
      alarmNames: [7],
    });
  });

  test("the service's own bake of ECS stays, where the config names none", () => {
    expect(send({ rollout: {} }, forward).bakeTimeInMinutes).toBe(3);
    expect(send({ rollout: { ecsBakeMinutes: 0 } }, forward).bakeTimeInMinutes).toBe(0);
  });

  test('a way back waits for no bake, and the next release gives the service its own again', () => {
    const sent = (change: object) =>
      deploymentConfiguration({ ...current, ...change }, rules({ rollout: {} }), {
        ...forward,
        ownBakeMinutes: 15,
      }).bakeTimeInMinutes;
    expect(sent({ bakeTimeInMinutes: 0 })).toBe(15);
    expect(sent({ bakeTimeInMinutes: 5 })).toBe(5);
  });

  test("while nothing is proven, ECS's own rollback stays as its owner set it", () => {
    const first = { forward: true, ecsRollsBack: false, asOwnerSet: true } as const;
    const alarms = { alarmNames: ['web-5xx'], enable: true, rollback: true };
    const sent = deploymentConfiguration({ ...current, alarms }, rules(), first);
    expect(sent).toMatchObject({ alarms, deploymentCircuitBreaker: { rollback: true } });
    const off = { ...current, deploymentCircuitBreaker: { enable: true, rollback: false } };
    expect(deploymentConfiguration(off, rules(), first)).toMatchObject({
      deploymentCircuitBreaker: { enable: true, rollback: false },
    });
  });
});

describe('who owns a rollback', () => {
  test.each<[rule: string, purpose: Purpose, rollback: boolean]>([
    ['the last completed deployment is proven: ECS may return by itself', forward, true],
    [
      'it is not: the breaker is on, and the way back is ours',
      { forward: true, ecsRollsBack: false },
      false,
    ],
    ['our own way back is never undone by ECS', { forward: false }, false],
  ])('%s', (_, purpose, rollback) => {
    const own = { alarmNames: ['theirs'], enable: true, rollback: true };
    expect(deploymentConfiguration({ ...current, alarms: own }, rules(), purpose)).toMatchObject({
      deploymentCircuitBreaker: { enable: true, rollback },
      alarms: { alarmNames: ['theirs'], enable: true, rollback },
    });
  });

  test('a breaker that is off is not turned on, and returns nothing', () => {
    const off = { ecsBakeMinutes: 0, circuitBreaker: { enable: false } };
    expect(send({ rollout: off }, forward)).toMatchObject({
      deploymentCircuitBreaker: { enable: false, rollback: false },
    });
  });

  test('on the way back nobody waits for a bake of ECS', () => {
    expect(send({ rollout: { ecsBakeMinutes: 30 } }, { forward: false }).bakeTimeInMinutes).toBe(0);
  });
});

test.each<[string, Parameters<typeof service>[1], string | undefined]>([
  ['a rolling service of the ECS controller is driven', {}, undefined],
  ['a service that names no strategy rolls', { deploymentConfiguration: {} }, undefined],
  [
    'canary is not',
    { deploymentConfiguration: { strategy: 'CANARY' } },
    'the service deploys by CANARY, and pipeline.config.ts says nothing of it',
  ],
])('%s', (_, change, because) => {
  const why = whyUnsupported(service(1, change), {});
  if (because === undefined) expect(why).toBeUndefined();
  else expect(why).toContain(because);
});
