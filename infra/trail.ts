/**
 * The trail: every announcement, kept in a bucket where nobody can change or delete it for as long as
 * its lock says, the roles of this stack least of all. With a bucket in another account, whoever owns
 * this one cannot either.
 */
import {
  Duration,
  aws_events as events,
  aws_kinesisfirehose as firehose,
  aws_iam as iam,
  aws_s3 as s3,
  Validations,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Pipeline } from '../shared/config/config.ts';
import { partitionOf } from '../shared/parsing/names.ts';
import { prefixOf } from '../shared/parsing/pipeline-name.ts';
import { arnIn, nameIn } from './names.ts';
import type { CheckedTrail } from './settings-check-trust.ts';

/** The shortest that Firehose waits, in seconds: a trail that is minutes behind loses them to a thief. */
const BUFFER_SECONDS = 60;

export function createTrail(
  scope: Construct,
  pipeline: Pipeline,
  bus: events.EventBus,
  trail: CheckedTrail,
): void {
  const [prefix, ours] = [prefixOf(pipeline), nameIn(pipeline, 'trail')];
  const name = trail.bucket ?? `${ours}-${pipeline.account}-${pipeline.region}`;
  if (trail.bucket === undefined) createBucket(scope, name, trail.days);
  const bucketArn = `arn:${partitionOf(pipeline.region)}:s3:::${name}`;
  const streamArn = arnIn(pipeline, 'firehose', `deliverystream/${ours}`);
  const stream = new firehose.CfnDeliveryStream(scope, 'trail', {
    deliveryStreamName: ours,
    deliveryStreamType: 'DirectPut',
    deliveryStreamEncryptionConfigurationInput: { keyType: 'AWS_OWNED_CMK' },
    s3DestinationConfiguration: {
      bucketArn,
      roleArn: roleFor(scope, 'trail-writes', pipeline, 'firehose', streamArn, {
        actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
        resource: `${bucketArn}/${prefix}/*`,
      }).roleArn,
      prefix: `${prefix}/announcements/`,
      errorOutputPrefix: `${prefix}/failed/`,
      bufferingHints: { intervalInSeconds: BUFFER_SECONDS, sizeInMBs: 1 },
      compressionFormat: 'UNCOMPRESSED',
    },
  });
  const ruleArn = arnIn(pipeline, 'events', `rule/${bus.eventBusName}/${ours}`);
  new events.CfnRule(scope, 'trail-rule', {
    name: ours,
    description: `Everything that is announced, to ${ours}.`,
    eventBusName: bus.eventBusName,
    eventPattern: { account: [pipeline.account] },
    targets: [
      {
        id: 'trail',
        arn: stream.attrArn,
        roleArn: roleFor(scope, 'trail-feeds', pipeline, 'events', ruleArn, {
          actions: ['firehose:PutRecord', 'firehose:PutRecordBatch'],
          resource: streamArn,
        }).roleArn,
      },
    ],
  });
}

/** COMPLIANCE: not even root shortens it. */
function createBucket(scope: Construct, bucketName: string, days: number): void {
  const bucket = new s3.Bucket(scope, 'trail-bucket', {
    bucketName,
    objectLockEnabled: true,
    objectLockDefaultRetention: s3.ObjectLockRetention.compliance(Duration.days(days)),
    versioned: true,
    encryption: s3.BucketEncryption.S3_MANAGED,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
  });
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason: 'It is a log itself, written by one role; who reads it stands in CloudTrail.',
  });
}

function roleFor(
  scope: Construct,
  id: string,
  pipeline: Pipeline,
  service: 'events' | 'firehose',
  source: string,
  { actions, resource }: { readonly actions: readonly string[]; readonly resource: string },
): iam.Role {
  const { account, region } = pipeline;
  const role = new iam.Role(scope, `${id}-role`, {
    roleName: `${nameIn(pipeline, id)}-${region}`,
    description: 'What becomes of the trail: infra/trail.ts',
    assumedBy: new iam.ServicePrincipal(`${service}.amazonaws.com`, {
      conditions: {
        StringEquals: { 'aws:SourceAccount': account },
        ArnEquals: { 'aws:SourceArn': source },
      },
    }),
    inlinePolicies: {
      permissions: new iam.PolicyDocument({
        statements: [new iam.PolicyStatement({ actions: [...actions], resources: [resource] })],
      }),
    },
  });
  if (resource.includes('*')) {
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${resource}]`,
      reason: 'Firehose names each object by its time.',
    });
  }
  return role;
}
