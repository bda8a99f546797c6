/**
 * Requests of somebody who knows the address of a local load balancer, as `fetch`: by listener and rules to
 * a target group, and there to a task, which fails as often as its image says, by expectation. Each is
 * counted as the load balancer counts it, and none is a user's.
 */
import type { Action, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import { tasksIn } from '../ecs/serving.ts';
import { type LoadBalancerRecord, loadBalancerPath, targetGroupPath } from '../elbv2/state.ts';
import type { World } from '../kernel/world.ts';
import { answersOf } from './answers.ts';
import { addTo, groupOf } from './minutes.ts';
import { firstRequestAt } from './state.ts';

/** As somebody may have named it, beside its own name: nobody outside has this one. */
const ALIAS = '.balancers.local.invalid';
/** What a load balancer answers by itself, it signs so. (observed in public answers) */
const ITS_OWN = { server: 'awselb/2.0' };

/** `otherwise`: what answers for all other addresses. */
export function balancerFetch(world: World, otherwise: typeof fetch): typeof fetch {
  return async (input, init) => {
    const url = new URL(String(input));
    const balancer = balancerAt(world, url.hostname);
    if (balancer === undefined) return await otherwise(input, init);
    const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
    const listener = Object.values(world.elbv2.listeners).find(
      (one) => one.loadBalancer === balancer.arn && one.port === port,
    );
    if (listener === undefined) throw refused();
    const asked = { path: url.pathname, host: url.hostname, headers: new Headers(init?.headers) };
    return answerBy(world, balancer, actionsFor(world, listener.arn, asked) ?? listener.actions);
  };
}

function balancerAt(world: World, host: string): LoadBalancerRecord | undefined {
  const own = new RegExp(
    `^(?:internal-)?(.+)-[0-9a-f]{10}\\.${world.region}\\.elb\\.amazonaws\\.com$`,
  );
  const name = host.endsWith(ALIAS) ? host.slice(0, -ALIAS.length) : own.exec(host)?.[1];
  return Object.values(world.elbv2.loadBalancers).find(
    (one) => one.name === name && one.type === 'application',
  );
}

/** As Node tells a port on which nobody listens. */
function refused(): TypeError {
  const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  return new TypeError('fetch failed', { cause });
}

interface Asked {
  readonly path: string;
  readonly host: string;
  readonly headers: Headers;
}

/** The first rule that matches, by priority. */
function actionsFor(world: World, listener: string, asked: Asked): readonly Action[] | undefined {
  return Object.values(world.elbv2.rules)
    .filter((rule) => rule.listener === listener && rule.priority !== undefined)
    .sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0))
    .find(({ conditions }) => conditions.every((one) => matches(one, asked)))?.actions;
}

/** Conditions by path, host and header; one by anything else matches nothing here. */
function matches(condition: RuleCondition, { path, host, headers }: Asked): boolean {
  const { PathPatternConfig, HostHeaderConfig, HttpHeaderConfig } = condition;
  if (PathPatternConfig) return isAny(PathPatternConfig.Values, path);
  if (HostHeaderConfig) return isAny(HostHeaderConfig.Values, host);
  const { HttpHeaderName, Values } = HttpHeaderConfig ?? {};
  return HttpHeaderName !== undefined && isAny(Values, headers.get(HttpHeaderName) ?? '');
}

function isAny(patterns: readonly string[] = [], value: string): boolean {
  return patterns.some((pattern) => {
    const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
    return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i').test(value);
  });
}

function answerBy(
  world: World,
  balancer: LoadBalancerRecord,
  actions: readonly Action[],
): Response {
  const last = actions.at(-1);
  if (last?.Type !== 'forward') {
    const status = Number(last?.FixedResponseConfig?.StatusCode ?? 503);
    return new Response(null, { status, headers: ITS_OWN });
  }
  const groups = last.ForwardConfig?.TargetGroups ?? [];
  const most = groups.toSorted((a, b) => (b.Weight ?? 1) - (a.Weight ?? 1))[0];
  return answerOf(world, balancer, most?.TargetGroupArn ?? last.TargetGroupArn ?? '');
}

/** Of the group with the greatest weight: a test rule has one. */
function answerOf(world: World, balancer: LoadBalancerRecord, group: string): Response {
  const all = Object.keys(world.ecs.services).map((key) => ({
    key,
    ...tasksIn(world, key, group),
  }));
  const serving = all.find(({ healthy }) => healthy.length > 0);
  const [task] = serving?.healthy ?? all.flatMap(({ unhealthy }) => unhealthy);
  if (task === undefined) return new Response(null, { status: 503, headers: ITS_OWN });
  const source = world.traffic.sources.find(
    ({ loadBalancer }) => loadBalancer === loadBalancerPath(balancer.arn),
  );
  const { errorRate, latencyMs } = answersOf(task, {
    now: world.now,
    requestsPerSecond: 0,
    firstAt: firstRequestAt(source?.revisions[task.revision], world.now),
  });
  world.traffic.failing = (world.traffic.failing ?? 0) + errorRate;
  // A billionth more, as where users' requests are counted.
  const isBad = world.traffic.failing + 1e-9 >= 1;
  if (isBad) world.traffic.failing -= 1;
  if (source !== undefined) {
    const counted = groupOf(source.minute, targetGroupPath(group));
    counted.requests += 1;
    if (isBad) counted.targetErrors += 1;
    addTo(counted.responseTimes, latencyMs / 1_000, 1);
  }
  return new Response(null, { status: isBad ? 500 : 200 });
}
