/** Requests that a rule's weights divide, and requests that are drawn. */
import { beforeEach, describe, expect, it } from 'vitest';
import { elbv2Operations as elb } from '../../elbv2/operations.ts';
import { loadBalancerPath, targetGroupPath } from '../../elbv2/state.ts';
import type { World } from '../../kernel/world.ts';
import { restoreTraffic } from '../../traffic/restored.ts';
import { addTraffic, type NewTraffic, servedBy, type TrafficSource } from '../../traffic/state.ts';
import { BALANCED, MINUTE, pass, update, worldWithService } from '../ecs/ecs-world.ts';
import { type Balanced, forwardTo, makeBalancer } from '../elbv2/elbv2-world.ts';

let world: World;
let web: Balanced;

/** One service whose tasks stand behind the blue group. */
beforeEach(() => {
  world = worldWithService({ desiredCount: 0 });
  web = makeBalancer(world);
  const loadBalancers = BALANCED.map((one) => ({ ...one, targetGroupArn: web.blue }));
  update(world, { loadBalancers, desiredCount: 2 });
  pass(world, 5 * MINUTE);
});

function flow(more: Partial<NewTraffic> = {}): TrafficSource {
  addTraffic(world, {
    cluster: 'main',
    service: 'web',
    loadBalancer: loadBalancerPath(web.balancer),
    targetGroup: targetGroupPath(web.blue),
    rule: web.rule,
    requestsPerSecond: 10,
    ...more,
  });
  const source = world.traffic.sources[0];
  if (source === undefined) throw new Error('no traffic');
  return source;
}

describe('weights', () => {
  it('of 100 and 0 send everything to the one group', () => {
    flow();
    pass(world, 10 * MINUTE);
    expect(servedBy(world, 'main', 'web')).toEqual({ total: 6000, bad: 0 });
  });

  it('of 950 and 50 send a twentieth to a group without targets, which answers 503', () => {
    flow();
    const Actions = forwardTo([web.blue, 950], [web.green, 50]);
    elb.ModifyRule(world, { RuleArn: web.rule, Actions });
    pass(world, 10 * MINUTE);
    expect(servedBy(world, 'main', 'web')).toEqual({ total: 6000, bad: 300 });
  });

  it('of a rule that is gone leave nobody to answer', () => {
    flow();
    elb.DeleteRule(world, { RuleArn: web.rule });
    pass(world, MINUTE);
    expect(servedBy(world, 'main', 'web')).toEqual({ total: 600, bad: 600 });
  });
});

describe('drawn requests', () => {
  it('are the same with the same seed, others with another, and come out near the rate', () => {
    const seen = [7, 7, 8].map((seed) => {
      const copy = structuredClone(world);
      const mine = world;
      world = copy;
      flow({ drawn: { seed } });
      pass(copy, 10 * MINUTE);
      world = mine;
      return servedBy(copy, 'main', 'web').total;
    });
    expect(seen[0]).toBe(seen[1]);
    expect(seen[0]).not.toBe(seen[2]);
    // Poisson: 6000 ± 4 × 77.
    for (const total of seen) expect(Math.abs(total - 6000)).toBeLessThan(310);
  });

  it('leave the chance of the world alone', () => {
    const calm = structuredClone(world);
    flow({ drawn: { seed: 7 } });
    pass(world, 4_000);
    pass(calm, 4_000);
    expect(world.chance).toBe(calm.chance);
    pass(world, 2_000);
    pass(calm, 2_000);
    expect(world.chance).toBe(calm.chance);
  });

  it('divide by the weights as chance has it: 5 % of 6000 is 300 ± 68', () => {
    flow({ drawn: { seed: 3 } });
    const Actions = forwardTo([web.blue, 950], [web.green, 50]);
    elb.ModifyRule(world, { RuleArn: web.rule, Actions });
    pass(world, 10 * MINUTE);
    const { bad } = servedBy(world, 'main', 'web');
    expect(Math.abs(bad - 300)).toBeLessThan(68);
    expect(bad).not.toBe(300);
  });

  it('follow the day: 160 % at the peak hour, 40 % twelve hours later', () => {
    const pattern = { kind: 'daily', amplitude: 0.6, peakHour: 10 } as const;
    flow({ drawn: { seed: 3, pattern } });
    pass(world, 10 * MINUTE);
    const peak = servedBy(world, 'main', 'web').total;
    pass(world, 12 * 60 * MINUTE - 10 * MINUTE);
    const before = servedBy(world, 'main', 'web').total;
    pass(world, 10 * MINUTE);
    const low = servedBy(world, 'main', 'web').total - before;
    expect(peak / 6000).toBeCloseTo(1.6, 1);
    expect(low / 6000).toBeCloseTo(0.4, 1);
  });

  it('come in bursts, between which the rate is the usual one', () => {
    const pattern = { kind: 'bursts', factor: 10, seconds: 60, everyMinutes: 20 } as const;
    flow({ drawn: { seed: 5, pattern } });
    const perMinute: number[] = [];
    for (let minute = 0; minute < 240; minute++) {
      const before = servedBy(world, 'main', 'web').total;
      pass(world, MINUTE);
      perMinute.push(servedBy(world, 'main', 'web').total - before);
    }
    const usual = perMinute.filter((count) => count < 750).length;
    const burst = perMinute.filter((count) => count > 2_500).length;
    expect(usual).toBeGreaterThan(190);
    expect(burst).toBeGreaterThan(4);
  });

  it('fail as often as the image says, by chance', () => {
    const source = flow({ drawn: { seed: 5 } });
    expect(Object.keys(source.revisions)).toEqual([]);
    pass(world, MINUTE);
    const [revision] = Object.keys(source.revisions);
    expect(source.revisions[revision ?? '']).toMatchObject({ total: source.totals.total, bad: 0 });
  });
});

it('traffic that 0.2.0 saved flows on, its totals with it', () => {
  const source = flow({ requestsPerSecond: 10 });
  pass(world, MINUTE);
  const old = { ...source, carry: { requests: 0.5, bad: 0 } } as object;
  Reflect.deleteProperty(old, 'revisions');
  world.traffic.sources = [old as TrafficSource];
  world.timers = world.timers.map((timer) =>
    timer.kind === 'traffic.publish' ? { ...timer, data: { route: {}, minute: {} } } : timer,
  );
  restoreTraffic(world);
  pass(world, 5 * MINUTE);
  expect(servedBy(world, 'main', 'web')).toEqual({ total: 3600, bad: 0 });
});
