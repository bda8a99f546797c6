/**
 * A service to copy: complete, hardened, and ready for Slipway, which needs none of it to be made
 * like this. Slipway owns which image runs, this stack owns everything else: see "Peace" in
 * infra/README.md. The service itself comes with the first image; until then there is its ground.
 */
import { CfnOutput, Duration, aws_ecs as ecs, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Strategy } from '../../shared/core/model/rules.ts';
import { createServiceAlarms } from './alarms.ts';
import type { ServiceNames } from './names.ts';
import { createFrontDoor, createNetwork, type FrontDoor, type Network } from './network.ts';
import { alternateTarget, strategyProps } from './shift.ts';
import { createRepository, createTask } from './task.ts';

export interface ServiceStackProps extends StackProps {
  readonly names: ServiceNames;
  /** ARN of an ACM certificate for the listeners; without one they speak HTTP. */
  readonly certificateArn?: string;
  /** Who may use the test listener, as a CIDR. */
  readonly testers?: string;
  /** A tag in the repository, or what Slipway published as the image that runs. None: no service yet. */
  readonly image?: { readonly tag: string } | { readonly published: string };
  /** How traffic comes to a release; absent: ECS's rolling update. */
  readonly strategy?: Strategy;
}

export class ServiceStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { names, image, strategy, ...props }: ServiceStackProps,
  ) {
    const { account, region } = names;
    super(scope, id, { ...props, env: { account, region } });
    const network = createNetwork(this);
    const { certificateArn, testers } = props;
    const door = createFrontDoor(this, {
      network,
      port: names.port,
      ...(certificateArn && { certificateArn }),
      ...(testers && { testers }),
    });
    const repository = createRepository(this, names.repository);
    const { forReleases } = createServiceAlarms(this, names.service, names.alarm, door);
    const cluster = new ecs.Cluster(this, 'cluster', {
      clusterName: names.cluster,
      vpc: network.vpc,
      containerInsightsV2: ecs.ContainerInsights.ENABLED,
    }) as ecs.ICluster;
    if (image !== undefined) {
      const whole = 'tag' in image ? repository.repositoryUriForTag(image.tag) : image.published;
      const definition = createTask(this, { names, repository, image: whole });
      const service = createService(this, names, {
        ...{ network, door, cluster, definition },
        ...(strategy && { strategy }),
      });
      // By name: the alarms do not wait for the service, nor it for them.
      service.enableDeploymentAlarms(forReleases, {
        behavior: ecs.AlarmBehavior.ROLLBACK_ON_ALARM,
      });
    }
    new CfnOutput(this, 'Address', { value: door.loadBalancer.loadBalancerDnsName });
    new CfnOutput(this, 'Repository', { value: repository.repositoryUri });
  }
}

interface Parts {
  readonly network: Network;
  readonly door: FrontDoor;
  readonly cluster: ecs.ICluster;
  readonly definition: ecs.FargateTaskDefinition;
  readonly strategy?: Strategy;
}

function createService(
  scope: Stack,
  names: ServiceNames,
  { network, door, cluster, definition, strategy }: Parts,
): ecs.FargateService {
  const service = new ecs.FargateService(scope, 'service', {
    serviceName: names.service,
    cluster,
    taskDefinition: definition,
    securityGroups: [network.tasks],
    assignPublicIp: false,
    minHealthyPercent: 100,
    maxHealthyPercent: 200,
    circuitBreaker: { enable: true, rollback: true },
    ...(strategy && strategyProps(strategy)),
    healthCheckGracePeriod: Duration.seconds(60),
    availabilityZoneRebalancing: ecs.AvailabilityZoneRebalancing.ENABLED,
    enableECSManagedTags: true,
    propagateTags: ecs.PropagatedTagSource.SERVICE,
  });
  service
    .loadBalancerTarget({
      containerName: names.container,
      containerPort: names.port,
      ...(strategy && { alternateTarget: alternateTarget(scope, door) }),
    })
    .attachToApplicationTargetGroup(door.blue);
  // A target group belongs to a load balancer only through a rule; ECS refuses it before.
  service.node.addDependency(door.productionRule, door.testRule);

  // Nobody else sets the desired count: it is not in the template, and Slipway never sends it.
  const scaling = service.autoScaleTaskCount({ minCapacity: 2, maxCapacity: 20 });
  scaling.scaleOnCpuUtilization('cpu', {
    targetUtilizationPercent: 70,
    scaleOutCooldown: Duration.seconds(60),
    scaleInCooldown: Duration.minutes(5),
  });
  return service;
}
