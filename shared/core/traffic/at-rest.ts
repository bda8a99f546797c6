/**
 * At rest a load balancer gives everything to one of the service's two groups, and that is the one in which
 * the tasks are. Where it is not so, ECS ends the next shift at once, or puts the new tasks beside the old
 * ones: both were seen. So what it says is compared before a shift and after it; what it does not say
 * condemns nothing.
 */
import {
  describeWeights,
  type GroupPair,
  groupName,
  type KnownRule,
  type ObservedRule,
  type ObservedRules,
} from '../model/balancer.ts';
import { revisionName } from '../model/image.ts';
import type { FoundService, StandingObservation } from '../model/observation.ts';
import type { Rules } from '../model/rules.ts';

/** What stands, what is wanted, and how it is mended. */
export interface Amiss {
  readonly because: string;
  readonly next: string;
  /** The load balancer was not heard: nothing is known to be wrong. */
  readonly isUnknown?: true;
}

/** Where no traffic is shifted, nobody asks. */
export function amissNow(
  { rules }: { readonly rules: Pick<Rules, 'strategy'> },
  { service, balancer }: StandingObservation,
  wanted?: Readonly<Record<string, string>>,
): Amiss | undefined {
  return rules.strategy === undefined ? undefined : amissAtRest(service, balancer, wanted);
}

/** `wanted`: the group of each rule that must have everything; absent: the one in which the tasks are. */
export function amissAtRest(
  service: FoundService,
  observed: ObservedRules | undefined,
  wanted: Readonly<Record<string, string>> = {},
): Amiss | undefined {
  if (observed === undefined) return undefined;
  for (const pair of service.traffic?.pairs ?? []) {
    const rule = observed[pair.rule];
    const found = rule && amissOf(pair, rule, service, wanted[pair.rule]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function amissOf(
  pair: GroupPair,
  rule: ObservedRule,
  service: FoundService,
  wanted: string | undefined,
): Amiss | undefined {
  if (rule.state === 'unknown') return notHeard(rule.because);
  if (rule.state !== 'known') {
    return {
      because: `the production rule of the service is not there: ${rule.because}`,
      next: `make it again with both target groups, or name another one in the service's advancedConfiguration; it was ${pair.rule}`,
    };
  }
  const shouldServe = wanted ?? groupWithTasks(pair, rule, service);
  const wrong = wrongIn(pair, rule, service, shouldServe);
  return wrong === undefined
    ? undefined
    : { because: wrong, next: mending(pair, rule, service, shouldServe) };
}

function notHeard(because: string): Amiss {
  return {
    because: `what the load balancer does is not known: ${because}`,
    next: 'it goes on when Elastic Load Balancing answers; is it refused, deploy the stack of Slipway again, whose reconcile may then ask it',
    isUnknown: true,
  };
}

/** The tasks of what runs are in one of them; undefined: in both, in none, or nobody asked. */
function groupWithTasks(
  { groups }: GroupPair,
  { targets }: KnownRule,
  { running }: FoundService,
): string | undefined {
  if (targets === undefined || running === 0) return undefined;
  const [one, ...others] = groups.filter((group) => targets[group]);
  return others.length === 0 ? one : undefined;
}

function wrongIn(
  { groups, testRule }: GroupPair,
  { weights, targets }: KnownRule,
  { running }: FoundService,
  shouldServe: string | undefined,
): string | undefined {
  const live = weights.filter(({ weight }) => weight > 0);
  const foreign = live.find(({ group }) => !groups.includes(group));
  const stands = `the load balancer gives ${describeWeights(weights)}`;
  const wanted =
    shouldServe === undefined
      ? 'one of the two groups of the service must have all of it'
      : `${groupName(shouldServe)} must have all of it`;
  if (foreign !== undefined) {
    return `${stands}, and ${groupName(foreign.group)} is none of the two groups of the service (${groups.map(groupName).join(', ')}): ${wanted}`;
  }
  const [only, second] = live;
  if (only === undefined) return `${stands}: ${wanted}`;
  if (second !== undefined) return `${stands}: ${wanted}`;
  const unnamed = groups.find((group) => weights.every((one) => one.group !== group));
  if (unnamed !== undefined && testRule === undefined) {
    return `the production rule does not name ${groupName(unnamed)}, into which the next release goes: it must name both groups, ${groups.map(groupName).join(' and ')}`;
  }
  if (shouldServe !== undefined && only.group !== shouldServe) {
    return `${stands}, and the tasks of what runs are in ${groupName(shouldServe)}: ${wanted}`;
  }
  if (targets !== undefined && running > 0 && !targets[only.group]) {
    return `${stands}, and no task of the service is in that group: its tasks must be registered where the traffic goes`;
  }
  return undefined;
}

/** A person's decision: Slipway may not change a rule. */
function mending(
  pair: GroupPair,
  { listener, doesMore }: KnownRule,
  { primary }: FoundService,
  shouldServe: string | undefined,
): string {
  const [configured, alternate] = pair.groups;
  const all = shouldServe ?? configured;
  const none = all === configured ? alternate : configured;
  const what =
    shouldServe === undefined
      ? `give everything to the group in which the tasks of ${revisionName(primary.revision)} are (describe-target-health)`
      : `give everything to ${groupName(all)}`;
  if (doesMore) {
    return `${what}, by hand: the rule does more than forward, and the command line would replace all of it; it is ${pair.rule}`;
  }
  const forward = `'Type=forward,ForwardConfig={TargetGroups=[{TargetGroupArn=${all},Weight=100},{TargetGroupArn=${none},Weight=0}]}'`;
  const command =
    listener === undefined
      ? `aws elbv2 modify-rule --rule-arn ${pair.rule} --actions ${forward}`
      : `aws elbv2 modify-listener --listener-arn ${listener} --default-actions ${forward}`;
  return shouldServe === undefined
    ? `${what}: ${command}, or the other way round`
    : `${what}: ${command}`;
}
