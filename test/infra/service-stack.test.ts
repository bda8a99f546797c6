/** The example service: what its own comments promise to whoever copies it. */
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { EXAMPLE } from '../../infra/example/names.ts';
import { ServiceStack, type ServiceStackProps } from '../../infra/example/stack.ts';
import pipeline from '../../pipeline.config.ts';
import { blueGreen, canary, linear } from '../../shared/config/config.ts';
import { resourcesOf } from './made.ts';

function templateWith(props: Partial<ServiceStackProps>): Template {
  return Template.fromStack(new ServiceStack(new App(), 'Service', { names: EXAMPLE, ...props }));
}

const template = templateWith({ image: { tag: 'main-1' } });

test('it is the service that the example config names', () => {
  const { web } = pipeline.targets;
  expect(web).toMatchObject({ cluster: EXAMPLE.cluster, service: EXAMPLE.service });
  expect(web?.rules.containers[EXAMPLE.container]?.repository).toBe(EXAMPLE.repository);
  expect(web?.rules.alarms).toContain(EXAMPLE.alarm);
  expect(pipeline.infra.taskDefinitions?.web).toEqual({
    family: EXAMPLE.family,
    roles: [EXAMPLE.taskRole, EXAMPLE.executionRole],
  });
  expect(pipeline).toMatchObject({ account: EXAMPLE.account, region: EXAMPLE.region });
});

test('without an image there is all but the service', () => {
  const ground = templateWith({});
  ground.resourceCountIs('AWS::ECS::Service', 0);
  ground.resourceCountIs('AWS::ECR::Repository', 1);
  ground.resourceCountIs('AWS::ElasticLoadBalancingV2::TargetGroup', 2);
});

describe('the service', () => {
  test('runs in private, behind both guards, and has no desired count that a deploy could reset', () => {
    const [service] = resourcesOf(template, 'AWS::ECS::Service');
    expect(service?.Properties).toMatchObject({
      LaunchType: 'FARGATE',
      HealthCheckGracePeriodSeconds: 60,
      DeploymentConfiguration: {
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        Alarms: {
          AlarmNames: ['web-5xx', 'web-elb-5xx', 'web-slow', 'web-unhealthy'],
          Enable: true,
          Rollback: true,
        },
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
      },
      NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } },
    });
    expect(service?.Properties).not.toHaveProperty('DesiredCount');
  });

  test('scales from 2 to 20 at 70 % of CPU', () => {
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      MinCapacity: 2,
      MaxCapacity: 20,
    });
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 70,
        ScaleOutCooldown: 60,
        ScaleInCooldown: 300,
        PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
      },
    });
  });

  test('its cluster has Container Insights', () => {
    template.hasResourceProperties('AWS::ECS::Cluster', {
      ClusterSettings: [{ Name: 'containerInsights', Value: 'enabled' }],
    });
  });
});

test('the container is nobody, writes nowhere but /tmp, and can do nothing special', () => {
  template.hasResourceProperties('AWS::ECS::TaskDefinition', {
    ContainerDefinitions: [
      Match.objectLike({
        User: '65532',
        ReadonlyRootFilesystem: true,
        LinuxParameters: Match.objectLike({ Capabilities: { Drop: ['ALL'] } }),
        Secrets: [Match.objectLike({ Name: 'APP_SECRET' })],
        MountPoints: [{ ContainerPath: '/tmp', ReadOnly: false, SourceVolume: 'tmp' }],
      }),
    ],
  });
});

test('the task role is not the execution role, and may nothing', () => {
  const [task] = resourcesOf(template, 'AWS::ECS::TaskDefinition');
  expect(task?.Properties.TaskRoleArn).not.toEqual(task?.Properties.ExecutionRoleArn);
  const policies = JSON.stringify(resourcesOf(template, 'AWS::IAM::Policy'));
  expect(policies).toContain('executionrole');
  expect(policies).not.toContain('taskrole');
});

test('only the load balancer reaches the tasks', () => {
  const ingress = resourcesOf(template, 'AWS::EC2::SecurityGroupIngress');
  expect(ingress.map(({ Properties }) => Properties)).toEqual([
    expect.objectContaining({
      FromPort: EXAMPLE.port,
      ToPort: EXAMPLE.port,
      SourceSecurityGroupId: expect.anything(),
    }),
  ]);
});

test('two listener rules are ready to shift between two target groups', () => {
  const rules = resourcesOf(template, 'AWS::ElasticLoadBalancingV2::ListenerRule');
  expect(rules).toHaveLength(2);
  for (const { Properties } of rules) {
    expect(Properties.Actions).toMatchObject([
      { Type: 'forward', ForwardConfig: { TargetGroups: [{ Weight: 1 }, { Weight: 0 }] } },
    ]);
  }
});

describe('the repository', () => {
  const [repository] = resourcesOf(template, 'AWS::ECR::Repository');

  test('has tags that do not move, and scans what is pushed', () => {
    expect(repository?.Properties).toMatchObject({
      ImageTagMutability: 'IMMUTABLE',
      ImageScanningConfiguration: { ScanOnPush: true },
    });
  });

  test('expires nothing that has a tag: a rollback may need it', () => {
    const policy = repository?.Properties.LifecyclePolicy as { LifecyclePolicyText: string };
    const { rules } = JSON.parse(policy.LifecyclePolicyText) as {
      rules: { selection: { tagStatus: string } }[];
    };
    expect(rules.map(({ selection }) => selection.tagStatus)).toEqual(['untagged']);
  });
});

describe('alarms', () => {
  test('errors are a rate of enough requests, of the worse group; of late metrics nothing is filled in', () => {
    const alarm = resourcesOf(template, 'AWS::CloudWatch::Alarm').find(
      ({ Properties }) => Properties.AlarmName === 'web-5xx',
    );
    const metrics = (alarm?.Properties.Metrics ?? []) as { Expression?: string }[];
    const rate = (n: number) =>
      `IF(requests${n} >= 20, 100 * FILL(errors${n}, 0) / requests${n}, 0)`;
    expect(metrics[0]?.Expression).toBe(`MAX([${rate(0)}, ${rate(1)}])`);
    expect(alarm?.Properties).toMatchObject({
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      TreatMissingData: 'notBreaching',
    });
  });

  test.each([
    ['web-elb-5xx', { MetricName: 'HTTPCode_ELB_5XX_Count', Period: 60 }],
    ['web-slow', { MetricName: 'TargetResponseTime', ExtendedStatistic: 'p99' }],
  ])('%s', (AlarmName, properties) => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmName, ...properties });
  });
});

test('with a certificate everything is HTTPS, and HTTP only leads there', () => {
  const certificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/x';
  const listeners = resourcesOf(
    templateWith({ certificateArn }),
    'AWS::ElasticLoadBalancingV2::Listener',
  );
  const byPort = Object.fromEntries(
    listeners.map(({ Properties }) => [Properties.Port, Properties]),
  );
  expect(byPort[443]).toMatchObject({ Protocol: 'HTTPS' });
  expect(byPort[8443]).toMatchObject({ Protocol: 'HTTPS' });
  expect(byPort[80]?.DefaultActions).toMatchObject([{ Type: 'redirect' }]);
});

test('what Slipway published is read at each deploy of the stack', () => {
  const published = '{{resolve:ssm:/slipway/ecs/production/web/image/app}}';
  templateWith({ image: { published } }).hasResourceProperties('AWS::ECS::TaskDefinition', {
    ContainerDefinitions: [Match.objectLike({ Image: published })],
  });
});

describe('with a strategy', () => {
  const shifting = templateWith({
    image: { tag: 'main-1' },
    strategy: canary({ bakeMinutes: 15 }),
  });
  const [service] = resourcesOf(shifting, 'AWS::ECS::Service');
  const [balancer] = (service?.Properties.LoadBalancers ?? []) as {
    AdvancedConfiguration: object;
  }[];

  test('the service has both groups, both rules and the role, and deploys as the config says', () => {
    expect(service?.Properties.DeploymentConfiguration).toMatchObject({
      Strategy: 'CANARY',
      BakeTimeInMinutes: 15,
      CanaryConfiguration: { CanaryPercent: 5, CanaryBakeTimeInMinutes: 10 },
    });
    expect(Object.keys(balancer?.AdvancedConfiguration ?? {}).sort()).toEqual([
      'AlternateTargetGroupArn',
      'ProductionListenerRule',
      'RoleArn',
      'TestListenerRule',
    ]);
  });

  test.each([
    ['BLUE_GREEN', blueGreen({ bakeMinutes: 5 }), {}],
    [
      'LINEAR',
      linear({ stepPercent: 25, bakeMinutes: 5 }),
      { LinearConfiguration: { StepPercent: 25, StepBakeTimeInMinutes: 6 } },
    ],
  ])('%s', (Strategy, strategy, more) => {
    const other = templateWith({ image: { tag: 'main-1' }, strategy });
    expect(
      resourcesOf(other, 'AWS::ECS::Service')[0]?.Properties.DeploymentConfiguration,
    ).toMatchObject({ Strategy, BakeTimeInMinutes: 5, ...more });
  });

  test('ECS may move these two rules, register in these two groups, look, and nothing else', () => {
    const role = resourcesOf(shifting, 'AWS::IAM::Role').find(({ Properties }) =>
      JSON.stringify(Properties.AssumeRolePolicyDocument).includes('"ecs.amazonaws.com"'),
    );
    const [policy] = (role?.Properties.Policies ?? []) as {
      PolicyDocument: { Statement: Right[] };
    }[];
    expect(role?.Properties).not.toHaveProperty('ManagedPolicyArns');
    expect(
      policy?.PolicyDocument.Statement.map(({ Action, Resource }) => [
        [Action].flat(),
        Resource === '*'
          ? 'all'
          : Resource.map(({ 'Fn::GetAtt': [id] = [''], Ref = id }) => kind(Ref)),
      ]),
    ).toEqual([
      [['elasticloadbalancing:ModifyRule'], ['ListenerRule', 'ListenerRule']],
      [
        ['elasticloadbalancing:RegisterTargets', 'elasticloadbalancing:DeregisterTargets'],
        ['TargetGroup', 'TargetGroup'],
      ],
      [
        ['DescribeListeners', 'DescribeRules', 'DescribeTargetGroups', 'DescribeTargetHealth'].map(
          (name) => `elasticloadbalancing:${name}`,
        ),
        'all',
      ],
    ]);
  });

  test('without one the service has neither, and the role is not there', () => {
    const [rolls] = resourcesOf(template, 'AWS::ECS::Service');
    expect(JSON.stringify(rolls?.Properties.LoadBalancers)).not.toContain('AdvancedConfiguration');
    expect(JSON.stringify(resourcesOf(template, 'AWS::IAM::Role'))).not.toContain(
      '"ecs.amazonaws.com"',
    );
  });

  interface Right {
    readonly Action: string | readonly string[];
    readonly Resource: '*' | readonly { readonly 'Fn::GetAtt'?: [string]; readonly Ref?: string }[];
  }

  function kind(id: string): string | undefined {
    const type = (shifting.toJSON().Resources as Record<string, { Type: string }>)[id]?.Type;
    return type?.split('::').at(-1);
  }
});
