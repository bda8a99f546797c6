/** Network and front door of the example service: who may talk to whom, and two ways for the traffic. */
import {
  Duration,
  aws_ec2 as ec2,
  aws_elasticloadbalancingv2 as elb,
  Fn,
  RemovalPolicy,
  aws_s3 as s3,
  Validations,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';

export interface Network {
  readonly vpc: ec2.IVpc;
  /** Of the tasks: nothing but the load balancer reaches them. */
  readonly tasks: ec2.SecurityGroup;
}

export interface FrontDoor {
  readonly loadBalancer: elb.ApplicationLoadBalancer;
  /** One has the traffic; the other is there for releases that shift it. */
  readonly blue: elb.ApplicationTargetGroup;
  readonly green: elb.ApplicationTargetGroup;
  readonly productionRule: elb.ApplicationListenerRule;
  readonly testRule: elb.ApplicationListenerRule;
}

export interface FrontDoorProps {
  readonly network: Network;
  readonly port: number;
  /** Without one the door speaks HTTP: enough to try it, and nothing to keep. */
  readonly certificateArn?: string;
  /** Who may use the test listener, as a CIDR; only the VPC itself unless given. */
  readonly testers?: string;
}

export function createNetwork(scope: Construct): Network {
  const vpc = new ec2.Vpc(scope, 'vpc', {
    // Named by CloudFormation when it deploys: a synth asks no account.
    availabilityZones: [0, 1].map((index) => Fn.select(index, Fn.getAzs())),
    // One is enough for an example. A zone that must do without the other one has its own.
    natGateways: 1,
    restrictDefaultSecurityGroup: false,
    subnetConfiguration: [
      { name: 'public', subnetType: ec2.SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
      { name: 'private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    ],
    flowLogs: { rejected: { trafficType: ec2.FlowLogTrafficType.REJECT } },
    // The layers of images come from S3: without this they would pass the NAT gateway, and be paid for.
    gatewayEndpoints: { s3: { service: ec2.GatewayVpcEndpointAwsService.S3 } },
    // CDK's classes and interfaces disagree under exactOptionalPropertyTypes, here and below.
  }) as ec2.IVpc;
  const tasks = new ec2.SecurityGroup(scope, 'tasks', {
    vpc,
    description: 'Tasks of the service: reached by the load balancer only',
    allowAllOutbound: false,
  });
  tasks.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.HTTPS, 'Images, secrets, logs and other APIs');
  return { vpc, tasks };
}

export function createFrontDoor(scope: Construct, props: FrontDoorProps): FrontDoor {
  const { vpc, tasks } = props.network;
  const door = new ec2.SecurityGroup(scope, 'door', {
    vpc,
    description: 'The load balancer',
    allowAllOutbound: false,
  });
  const port = ec2.Port.tcp(props.port);
  Validations.of(door).acknowledge({
    id: 'AwsSolutions-EC23',
    reason:
      'The front door of a public web service, on its one port; the test listener has its own.',
  });
  door.addEgressRule(tasks, port, 'To the tasks');
  tasks.addIngressRule(door, port, 'From the load balancer');

  const loadBalancer = new elb.ApplicationLoadBalancer(scope, 'load-balancer', {
    vpc,
    internetFacing: true,
    securityGroup: door,
    dropInvalidHeaderFields: true,
    deletionProtection: true,
  });
  loadBalancer.logAccessLogs(accessLogs(scope));
  const blue = targetGroup(scope, 'blue', props);
  const green = targetGroup(scope, 'green', props);

  const production = listener(loadBalancer, 'production', 443, props);
  const test = listener(loadBalancer, 'test', 8443, props);
  // Public is what is meant for the public; the test listener is for testers.
  production.connections.allowDefaultPortFromAnyIpv4('Everybody');
  test.connections.allowDefaultPortFrom(
    ec2.Peer.ipv4(props.testers ?? vpc.vpcCidrBlock),
    'Whoever tries a release before it has traffic',
  );
  if (props.certificateArn !== undefined) redirect(loadBalancer);
  return {
    loadBalancer,
    blue,
    green,
    productionRule: weighted(scope, 'production-rule', production, blue, green),
    testRule: weighted(scope, 'test-rule', test, blue, green),
  };
}

/** Healthy after 10 s instead of 150, and drained in 30 s instead of 300: the defaults of ELB are slow releases. */
function targetGroup(
  scope: Construct,
  id: 'blue' | 'green',
  { network, port }: FrontDoorProps,
): elb.ApplicationTargetGroup {
  return new elb.ApplicationTargetGroup(scope, id, {
    vpc: network.vpc,
    port,
    protocol: elb.ApplicationProtocol.HTTP,
    targetType: elb.TargetType.IP,
    deregistrationDelay: Duration.seconds(30),
    healthCheck: {
      path: '/',
      interval: Duration.seconds(5),
      timeout: Duration.seconds(4),
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 3,
    },
  });
}

function listener(
  loadBalancer: elb.ApplicationLoadBalancer,
  id: string,
  securePort: number,
  { certificateArn }: FrontDoorProps,
): elb.ApplicationListener {
  const nothing = elb.ListenerAction.fixedResponse(404, { contentType: 'text/plain' });
  if (certificateArn === undefined) {
    const port = securePort === 443 ? 80 : 8080;
    const protocol = elb.ApplicationProtocol.HTTP;
    return loadBalancer.addListener(id, { port, protocol, open: false, defaultAction: nothing });
  }
  return loadBalancer.addListener(id, {
    port: securePort,
    protocol: elb.ApplicationProtocol.HTTPS,
    certificates: [elb.ListenerCertificate.fromArn(certificateArn)],
    sslPolicy: elb.SslPolicy.RECOMMENDED_TLS,
    open: false,
    defaultAction: nothing,
  });
}

function redirect(loadBalancer: elb.ApplicationLoadBalancer): void {
  loadBalancer.addListener('redirect', {
    port: 80,
    open: true,
    defaultAction: elb.ListenerAction.redirect({ protocol: 'HTTPS', port: '443', permanent: true }),
  });
}

/** A rule and not the default action: a release that shifts traffic changes the weights of a rule. */
function weighted(
  scope: Construct,
  id: string,
  on: elb.ApplicationListener,
  blue: elb.ApplicationTargetGroup,
  green: elb.ApplicationTargetGroup,
): elb.ApplicationListenerRule {
  return new elb.ApplicationListenerRule(scope, id, {
    listener: on,
    priority: 1,
    conditions: [elb.ListenerCondition.pathPatterns(['/*'])],
    action: elb.ListenerAction.weightedForward([
      { targetGroup: blue, weight: 1 },
      { targetGroup: green, weight: 0 },
    ]),
  });
}

function accessLogs(scope: Construct): s3.IBucket {
  const bucket = new s3.Bucket(scope, 'access-logs', {
    // The only encryption that ELB can write with. (enable-access-logging)
    encryption: s3.BucketEncryption.S3_MANAGED,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    lifecycleRules: [{ expiration: Duration.days(90) }],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason:
      'It is where access logs go; logging the access to them would need another one like it.',
  });
  return bucket as s3.IBucket;
}
