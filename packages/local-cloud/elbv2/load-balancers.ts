/** Load balancers. They are there at once: AWS takes minutes in which they are `provisioning`. */
import type {
  CreateLoadBalancerCommandInput,
  DeleteLoadBalancerCommandInput,
  DescribeLoadBalancersCommandInput,
  LoadBalancer,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import { elbArn, newId, pageOf, refuseBadName } from './names.ts';
import type { LoadBalancerRecord } from './state.ts';

export function CreateLoadBalancer(world: World, input: CreateLoadBalancerCommandInput) {
  refuseBadName('Load balancer', input.Name);
  const name = input.Name ?? '';
  const type = input.Type ?? 'application';
  if (type === 'gateway') {
    throw new AwsError('UnsupportedOperation', 'The local AWS has no Gateway Load Balancers.');
  }
  const known = Object.values(world.elbv2.loadBalancers).find((one) => one.name === name);
  // With the same settings it is answered again (API reference); the text is unverified.
  if (known !== undefined && known.type !== type) {
    throw new AwsError(
      'DuplicateLoadBalancerNameException',
      `A load balancer with the same name '${name}' exists, but with different settings`,
    );
  }
  const path = `${type === 'network' ? 'net' : 'app'}/${name}`;
  const record: LoadBalancerRecord = known ?? {
    arn: elbArn(world, `loadbalancer/${path}/${newId(world)}`),
    name,
    type,
    scheme: input.Scheme ?? 'internet-facing',
    createdAt: world.now,
    subnets: [
      ...(input.Subnets ?? []),
      ...(input.SubnetMappings ?? []).flatMap(({ SubnetId }) => SubnetId ?? []),
    ],
    securityGroups: [...(input.SecurityGroups ?? [])],
  };
  world.elbv2.loadBalancers[record.arn] = record;
  return { LoadBalancers: [viewLoadBalancer(world, record)] };
}

export function DescribeLoadBalancers(world: World, input: DescribeLoadBalancersCommandInput) {
  const all = Object.values(world.elbv2.loadBalancers);
  const { LoadBalancerArns: arns, Names: names } = input;
  const found = all.filter(
    ({ arn, name }) => (arns?.includes(arn) ?? true) && (names?.includes(name) ?? true),
  );
  if (found.length < (arns?.length ?? names?.length ?? 0)) throw notFound();
  const { page, next } = pageOf(found, input);
  return { LoadBalancers: page.map((one) => viewLoadBalancer(world, one)), ...next };
}

/** With its listeners and their rules; one that is not there is deleted already (API reference). */
export function DeleteLoadBalancer(world: World, input: DeleteLoadBalancerCommandInput) {
  const { loadBalancers, listeners, rules } = world.elbv2;
  const arn = input.LoadBalancerArn ?? '';
  delete loadBalancers[arn];
  for (const listener of Object.values(listeners)) {
    if (listener.loadBalancer !== arn) continue;
    delete listeners[listener.arn];
    for (const rule of Object.values(rules)) {
      if (rule.listener === listener.arn) delete rules[rule.arn];
    }
  }
  return {};
}

export function loadBalancerAt(world: World, arn: string | undefined): LoadBalancerRecord {
  const found = world.elbv2.loadBalancers[arn ?? ''];
  if (found === undefined) throw notFound();
  return found;
}

function notFound(): AwsError {
  return new AwsError('LoadBalancerNotFoundException', 'One or more load balancers not found');
}

function viewLoadBalancer({ region }: World, record: LoadBalancerRecord): LoadBalancer {
  const { arn, name, type, scheme, createdAt, subnets, securityGroups } = record;
  const [, , id = ''] = arn.slice(arn.indexOf('/') + 1).split('/');
  const prefix = scheme === 'internal' ? 'internal-' : '';
  return {
    LoadBalancerArn: arn,
    DNSName: `${prefix}${name}-${id.slice(0, 10)}.${region}.elb.amazonaws.com`,
    CanonicalHostedZoneId: 'Z215JYRZR1TBD5',
    CreatedTime: new Date(createdAt),
    LoadBalancerName: name,
    Scheme: scheme,
    VpcId: 'vpc-local',
    State: { Code: 'active' },
    Type: type,
    AvailabilityZones: subnets.map((SubnetId, index) => ({
      ZoneName: region + ('abcdef'[index] ?? 'a'),
      SubnetId,
      LoadBalancerAddresses: [],
    })),
    ...(type === 'application' && { SecurityGroups: [...securityGroups] }),
    IpAddressType: 'ipv4',
  };
}
