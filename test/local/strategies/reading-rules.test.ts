/** What load balancers do, asked with the SDK's real client of the local cloud. */

import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { execute } from '@slipway/local-cloud/services.ts';
import { clientSettings } from '@slipway/local-cloud/wire/client-settings.ts';
import { createTransport } from '@slipway/local-cloud/wire/transport.ts';
import { expect, test } from 'vitest';
import { worldOf } from '../../../local/stories/setup/scenario-world.ts';
import { createBalancers } from '../../../shared/aws/balancers.ts';
import { listeningLog } from '../../aws/wire.ts';
import { pipeline } from '../../functions/sent.ts';

interface Made {
  readonly TargetGroups: readonly { readonly TargetGroupArn: string }[];
  readonly LoadBalancers: readonly { readonly LoadBalancerArn: string }[];
  readonly Listeners: readonly { readonly ListenerArn: string }[];
  readonly Rules: readonly { readonly RuleArn: string; readonly IsDefault: boolean }[];
}

function balanced(Type: 'application' | 'network' = 'application') {
  const world = worldOf(pipeline, {}, 1);
  const elb = (operation: string, input: object) =>
    execute(world, 'elasticloadbalancing', operation, input) as Made;
  const [blue, green] = ['web-blue', 'web-green'].map((Name) => {
    const { TargetGroups } = elb('CreateTargetGroup', { Name, Port: 8080, TargetType: 'ip' });
    return TargetGroups[0]?.TargetGroupArn ?? '';
  }) as [string, string];
  elb('RegisterTargets', { TargetGroupArn: blue, Targets: [{ Id: '10.0.0.1', Port: 8080 }] });
  const made = elb('CreateLoadBalancer', { Name: 'web', Type });
  const LoadBalancerArn = made.LoadBalancers[0]?.LoadBalancerArn ?? '';
  const forward = {
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: [
        { TargetGroupArn: blue, Weight: 950 },
        { TargetGroupArn: green, Weight: 50 },
      ],
    },
  };
  const listened = elb('CreateListener', { LoadBalancerArn, Port: 80, DefaultActions: [forward] });
  const listener = listened.Listeners[0]?.ListenerArn ?? '';
  const client = new ElasticLoadBalancingV2Client(
    clientSettings({ world, transport: createTransport({ world }) }),
  );
  const balancers = createBalancers(client, listeningLog());
  const ask = async (rule: string, targets = true) =>
    (await balancers.rules([{ rule, groups: [blue, green] }], { targets }))[rule];
  return { elb, blue, green, listener, forward, ask };
}

const SHIFTED = { state: 'known', weights: [{ weight: 950 }, { weight: 50 }] };

test('the weights of a rule, and how many targets each group has', async () => {
  const { elb, blue, green, listener, forward, ask } = balanced();
  const { Rules } = elb('CreateRule', {
    ListenerArn: listener,
    Priority: 1,
    Conditions: [{ Field: 'path-pattern', Values: ['/*'] }],
    Actions: [forward],
  });
  const rule = Rules[0]?.RuleArn ?? '';
  expect(await ask(rule)).toEqual({
    state: 'known',
    weights: [
      { group: blue, weight: 950 },
      { group: green, weight: 50 },
    ],
    targets: { [blue]: 1, [green]: 0 },
  });
  expect(await ask(rule, false)).not.toHaveProperty('targets');
  elb('DeregisterTargets', { TargetGroupArn: blue, Targets: [{ Id: '10.0.0.1', Port: 8080 }] });
  expect(await ask(rule)).toMatchObject({ targets: { [blue]: 0 } });
});

test('of a default rule and of a Network Load Balancer, the listener that another call changes', async () => {
  const { elb, listener, ask } = balanced();
  const { Rules } = elb('DescribeRules', { ListenerArn: listener });
  expect(await ask(Rules[0]?.RuleArn ?? '')).toMatchObject({ ...SHIFTED, listener });
  const network = balanced('network');
  expect(await network.ask(network.listener)).toMatchObject({
    ...SHIFTED,
    listener: network.listener,
  });
});

test('a rule that is gone is told as gone, what cannot be asked as unknown', async () => {
  const { listener, ask } = balanced();
  const gone = `${listener.replace(':listener/', ':listener-rule/')}/0123456789abcdef`;
  expect(await ask(gone, false)).toMatchObject({ state: 'missing' });
  expect(await ask('arn:aws:s3:::no-rule', false)).toMatchObject({ state: 'missing' });
});
