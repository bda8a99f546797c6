/** Which targets of a load balancer are not well now, and why, in its own words. */
import {
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { plain } from '../core/model/text.ts';
import { ask } from './refusal.ts';

export interface SickTarget {
  /** `10.0.1.7:8080` */
  readonly target: string;
  /** `unhealthy`, `unavailable`: one that begins or drains is neither sick nor well. */
  readonly state: string;
  /** `Target.ResponseCodeMismatch: Health checks failed with these codes: [500]`; empty: none was given. */
  readonly because: string;
}

const SICK: ReadonlySet<string | undefined> = new Set([
  'unhealthy',
  'unhealthy.draining',
  'unavailable',
]);

/** Of target groups, by ARN. Throws `TransientError`. */
export async function sickTargets(
  client: ElasticLoadBalancingV2Client,
  groups: readonly string[],
): Promise<readonly SickTarget[]> {
  const answers = await Promise.all(
    groups.map((TargetGroupArn) =>
      ask('elasticloadbalancing:DescribeTargetHealth', () =>
        client.send(new DescribeTargetHealthCommand({ TargetGroupArn })),
      ),
    ),
  );
  return answers
    .flatMap(({ TargetHealthDescriptions = [] }) => TargetHealthDescriptions)
    .filter(({ TargetHealth }) => SICK.has(TargetHealth?.State))
    .map(sickTarget);
}

function sickTarget({ Target, TargetHealth }: TargetHealthDescription): SickTarget {
  const { State: state = '', Reason, Description } = TargetHealth ?? {};
  const because = [Reason, Description].filter(Boolean).join(': ');
  return { target: `${Target?.Id}:${Target?.Port}`, state, because: plain(because) };
}
