/** Somebody asks a local load balancer by its address: its rules answer, and the tasks behind them. */
import { beforeEach, expect, it } from 'vitest';
import { elbv2Operations as elb } from '../../elbv2/operations.ts';
import { loadBalancerPath, targetGroupPath } from '../../elbv2/state.ts';
import type { World } from '../../kernel/world.ts';
import { balancerFetch } from '../../traffic/balancer-fetch.ts';
import { addTraffic } from '../../traffic/state.ts';
import { BALANCED, MINUTE, pass, update, worldWithService } from '../ecs/ecs-world.ts';
import { type Balanced, forwardTo, makeBalancer } from '../elbv2/elbv2-world.ts';

let world: World;
let web: Balanced;

beforeEach(() => {
  world = worldWithService({ desiredCount: 0 });
  web = makeBalancer(world);
  const loadBalancers = BALANCED.map((one) => ({ ...one, targetGroupArn: web.blue }));
  update(world, { loadBalancers, desiredCount: 2 });
  pass(world, 5 * MINUTE);
});

const ask = async (address: string, headers: Record<string, string> = {}) => {
  const otherwise: typeof fetch = async () => new Response(null, { status: 418 });
  const answer = await balancerFetch(world, otherwise)(address, { headers });
  return [answer.status, answer.headers.get('server')];
};
const URL_OF = 'http://web.balancers.local.invalid';

it('a rule that matches leads to a task, by the own name of the balancer and by an alias', async () => {
  expect(await ask(`${URL_OF}/test/1`)).toEqual([200, null]);
  const { LoadBalancers } = elb.DescribeLoadBalancers(world, {});
  expect(await ask(`http://${LoadBalancers[0]?.DNSName}/`)).toEqual([200, null]);
});

it('a group without targets is answered by the balancer itself, and so is what no rule matches', async () => {
  elb.ModifyRule(world, { RuleArn: web.testRule, Actions: forwardTo([web.green, 1]) });
  expect(await ask(`${URL_OF}/test/1`)).toEqual([503, 'awselb/2.0']);
  elb.DeleteRule(world, { RuleArn: web.rule });
  expect(await ask(`${URL_OF}/else`)).toEqual([404, 'awselb/2.0']);
});

it('a rule by header wants to see it', async () => {
  const Conditions = [
    { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'x-test', Values: ['yes'] } },
  ];
  elb.ModifyRule(world, { RuleArn: web.testRule, Conditions, Actions: forwardTo([web.green, 1]) });
  expect(await ask(`${URL_OF}/`, { 'X-Test': 'yes' })).toEqual([503, 'awselb/2.0']);
  expect(await ask(`${URL_OF}/`)).toEqual([200, null]);
});

it('a port that nobody opened refuses, and other addresses are not its own', async () => {
  await expect(ask(`${URL_OF}:9001/`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  expect(await ask('https://example.com/')).toEqual([418, null]);
});

it('they are counted by target group, and are no requests of users', async () => {
  addTraffic(world, {
    cluster: 'main',
    service: 'web',
    loadBalancer: loadBalancerPath(web.balancer),
    targetGroup: targetGroupPath(web.blue),
    rule: web.rule,
    requestsPerSecond: 0,
  });
  await ask(`${URL_OF}/`);
  const [source] = world.traffic.sources;
  expect(source?.minute.groups[targetGroupPath(web.blue)]?.requests).toBe(1);
  expect(source?.totals.total).toBe(0);
});
