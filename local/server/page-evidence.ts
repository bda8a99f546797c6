/**
 * The judge's evidence about the newest release of a target, for the page: from what the load balancer of this
 * world published of both revisions. Only looks: it makes no call, takes no time, and draws nothing.
 */
import { sumsByMinute } from '@slipway/local-cloud/cloudwatch/metrics.ts';
import type { RevisionRecord } from '@slipway/local-cloud/ecs/state.ts';
import { targetGroupPath } from '@slipway/local-cloud/elbv2/state.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import type { Target } from '../../shared/config/config.ts';
import { type Arms, type Counted, clockMinutes } from '../../shared/judge/clock-minutes.ts';
import type { EvidenceLines } from '../page/charts/evidence.ts';
import { evidenceOf, type JudgedRelease } from './evidence-of.ts';
import type { PageEntry } from './page-state.ts';

const MINUTE = 60_000;
/** So much before a release is its history. */
const HISTORY_MS = 241 * MINUTE;
/** What is counted later says nothing of the release. */
const READ_MS = 120 * MINUTE;
/** The rollout begins when ECS took the request, by its clock. */
const BEFORE_MS = 5 * MINUTE;
/** What is as old as this has come, or never will. */
const COME_MS = 3 * MINUTE;
const ENDS: ReadonlySet<string> = new Set(['proven', 'rolled-back', 'failed', 'superseded']);
const ERRORS = ['HTTPCode_Target_5XX_Count', 'TargetConnectionErrorCount'];

/** Undefined where no release was told of, or one target group counts both revisions together. */
export function evidenceView(
  world: World,
  { cluster, service, key }: Pick<Target, 'cluster' | 'service' | 'key'>,
  entries: readonly PageEntry[],
): EvidenceLines | undefined {
  const release = newestRelease(entries, key);
  if (release === undefined) return undefined;
  const rollouts = (world.ecs.services[`${cluster}/${service}`]?.history ?? [])
    .flatMap((id) => world.ecs.serviceDeployments[id] ?? [])
    .filter(({ createdAt }) => createdAt >= release.startedAt - BEFORE_MS);
  // The first of this revision: a later one is a return to it.
  const revision = rollouts
    .flatMap(({ target }) => world.ecs.revisions[target] ?? [])
    .find(({ taskDefinition }) => taskDefinition === release.revision);
  const arms = revision && armsOf(world, revision);
  if (revision === undefined || arms === undefined) return undefined;
  const since = revision.createdAt;
  const until = Math.min(release.endedAt ?? world.now, since + READ_MS) + COME_MS;
  const drawn = evidenceOf(clockMinutes(arms, { since, now: Math.min(world.now, until) }), release);
  return drawn.lines.length === 0 ? undefined : drawn;
}

interface Told extends JudgedRelease {
  readonly revision: string;
}

function newestRelease(entries: readonly PageEntry[], key: string): Told | undefined {
  const told = entries.flatMap((entry) =>
    entry.type === 'announcement' && entry.announcement.key === key ? [entry.announcement] : [],
  );
  const started = told.findLast(({ kind }) => kind === 'started');
  if (started?.revision === undefined) return undefined;
  const { at: startedAt, revision, release } = started;
  const end = told.find((one) => one.release === release && ENDS.has(one.kind));
  return { startedAt, revision, ...(end && { endedAt: end.at }) };
}

/** This world knows which of two groups is the new revision's: nothing is left to be found out. */
function armsOf(
  world: World,
  { settings, targetGroups, createdAt }: RevisionRecord,
): Arms | undefined {
  const pairs = (settings.loadBalancers ?? []).flatMap(
    ({ targetGroupArn = '', advancedConfiguration }, index) => {
      const { alternateTargetGroupArn: second, productionListenerRule: rule = '' } =
        advancedConfiguration ?? {};
      const own = targetGroups?.[index];
      const [, loadBalancer] = /:listener(?:-rule)?\/(app\/[^/]+\/[^/]+)\//.exec(rule) ?? [];
      if (second === undefined || own === undefined || loadBalancer === undefined) return [];
      return [{ loadBalancer, own, other: own === second ? targetGroupArn : second }];
    },
  );
  if (pairs.length === 0) return undefined;
  const from = createdAt - HISTORY_MS;
  const counted = (pick: 'own' | 'other') =>
    together(pairs.map((pair) => countsOf(world, pair.loadBalancer, pair[pick], from)));
  return { old: counted('other'), new: counted('own') };
}

function countsOf(
  world: World,
  LoadBalancer: string,
  group: string,
  from: number,
): ReadonlyMap<number, Counted> {
  const dimensions = { LoadBalancer, TargetGroup: targetGroupPath(group) };
  const sums = (metricName: string) =>
    sumsByMinute(world, { namespace: 'AWS/ApplicationELB', metricName, dimensions }, from);
  const failed = ERRORS.map(sums);
  return new Map(
    [...sums('RequestCount')].map(([at, requests]) => {
      const errors = failed.reduce((sum, one) => sum + (one.get(at) ?? 0), 0);
      return [at, { requests, errors }];
    }),
  );
}

/** What comes by one listener and what comes by another are the same release. */
function together(all: readonly ReadonlyMap<number, Counted>[]): ReadonlyMap<number, Counted> {
  const sum = new Map<number, Counted>();
  for (const [at, { requests, errors }] of all.flatMap((one) => [...one])) {
    const before = sum.get(at) ?? { requests: 0, errors: 0 };
    sum.set(at, { requests: before.requests + requests, errors: before.errors + errors });
  }
  return sum;
}
