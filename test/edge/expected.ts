/** What must be heard in each file of `events/`, written by hand; see `samples.test.ts`. */
import type { HintAbout } from '../../shared/core/model/event.ts';
import type { Here, ParsedEvent } from '../../shared/edge/event.ts';
import type {
  AlarmChangedMessage,
  Envelope,
  ImagePushedMessage,
} from '../../shared/edge/message.ts';

export const home: Here = { account: '123456789012', region: 'eu-central-1' };
const tokyo = { ...home, region: 'ap-northeast-1' };
const seoul = { ...home, region: 'ap-northeast-2' };
const oregon = { ...home, region: 'us-west-2' };
const virginia = { ...home, region: 'us-east-1' };
const docs = { account: '111122223333', region: 'us-west-2' };

export type Expected =
  | { readonly here: Here; readonly result: ParsedEvent }
  | { readonly here: Here; readonly refused: string }
  /** A batch for reconcile: what each body is, or why it is refused. */
  | { readonly bodies: readonly (Envelope | string)[] };

const at = (iso: string) => Date.parse(iso);
const ignored = (here: Here, because: string): Expected => ({
  here,
  result: { kind: 'ignored', because },
});

function image(
  here: Here,
  id: string,
  message: Omit<ImagePushedMessage, 'type' | 'registry'>,
): Expected {
  const registry = `123456789012.dkr.ecr.${here.region}.amazonaws.com`;
  const cause = { id, source: 'aws.ecr', detailType: 'ECR Image Action' };
  return {
    here,
    result: { kind: 'parsed', message: { type: 'ImagePushed', registry, ...message }, cause },
  };
}

function alarm(
  here: Here,
  id: string,
  message: Omit<AlarmChangedMessage, 'type'>,
  told = 'event',
): Expected {
  const cause = {
    event: { id, source: 'aws.cloudwatch', detailType: 'CloudWatch Alarm State Change' },
    action: { id, source: 'aws.cloudwatch', detailType: 'CloudWatch alarm action' },
    sns: { id, source: 'aws.sns', detailType: 'CloudWatch alarm notification' },
  }[told as 'event' | 'action' | 'sns'];
  return { here, result: { kind: 'parsed', message: { type: 'AlarmChanged', ...message }, cause } };
}

function hint(
  here: Here,
  id: string,
  detailType: string,
  word: string,
  service: string,
  happenedAt: number,
): Expected {
  const [cluster = '', name = ''] = service.split('/');
  const message = {
    type: 'Hinted',
    cause: `${detailType} ${word}`,
    happenedAt,
    ...(ABOUT[word] === undefined ? {} : { about: ABOUT[word] }),
    cluster,
    service: name,
  } as const;
  return {
    here,
    result: { kind: 'parsed', message, cause: { id, source: 'aws.ecs', detailType } },
  };
}

const ABOUT: Readonly<Record<string, HintAbout>> = {
  SERVICE_DEPLOYMENT_IN_PROGRESS: 'rollout-began',
  SERVICE_DEPLOYMENT_COMPLETED: 'rollout-ended',
  SERVICE_DEPLOYMENT_FAILED: 'rollout-ended',
  SERVICE_STEADY_STATE: 'steady',
};

/** A hint for the targets that wait for a scan or a signature of an image in a repository. */
function beside(
  here: Here,
  id: string,
  { source, detailType, word }: { source: string; detailType: string; word: string },
  about: { repository: string; happenedAt: number },
): Expected {
  const message = { type: 'Hinted', cause: `${detailType} ${word}`, ...about } as const;
  return { here, result: { kind: 'parsed', message, cause: { id, source, detailType } } };
}

const DEPLOYMENT = 'ECS Deployment State Change';
const ACTION = 'ECS Service Action';
const TASK = 'ECS Task State Change';
const digest = (hex: string) => `sha256:${hex}` as ImagePushedMessage['digest'];
const web1 = digest('4f1d2a6c8e0b3957a1c4e6f80912b3d5c7e9fa0b1c2d3e4f5061728394a5b6c7');
const web2 = digest('9b2e7c4d1f6a8035e9d0c1b2a3f4e5d60718293a4b5c6d7e8f90a1b2c3d4e5f6');

const webRises = {
  alarm: 'web-5xx',
  from: 'OK',
  to: 'ALARM',
  changedAt: at('2026-11-20T10:09:21.405Z'),
  breachEndsAt: at('2026-11-20T10:08:00Z'),
  breachStartsAt: at('2026-11-20T10:06:00Z'),
  muted: false,
  reason:
    'Threshold Crossed: 2 out of the last 3 datapoints [25.4 (20/11/26 10:07:00), 24.9 (20/11/26 10:06:00)] were greater than the threshold (5.0) (minimum 2 datapoints for OK -> ALARM transition).',
  inWords: 'up to 25.4 % of answers were errors for 2 minutes, and it allows 5 %',
};
const cpuRises = {
  alarm: 'ServerCpuTooHigh',
  from: 'OK',
  to: 'ALARM',
  changedAt: at('2019-10-02T17:04:40.989Z'),
  breachEndsAt: at('2019-10-02T17:04:00Z'),
  breachStartsAt: at('2019-10-02T16:59:00Z'),
  muted: false,
  reason:
    'Threshold Crossed: 1 out of the last 1 datapoints [99.50160229693434 (02/10/19 16:59:00)] was greater than the threshold (50.0) (minimum 1 datapoint for OK -> ALARM transition).',
  inWords: 'its value was 99.5 for 5 minutes, and it allows 50',
};
const cpuQuiet = {
  alarm: 'ServerCpuTooHigh',
  from: 'ALARM',
  to: 'OK',
  changedAt: at('2019-10-02T17:24:40.987Z'),
  muted: false,
  reason:
    'Threshold Crossed: 1 out of the last 1 datapoints [0.0666851903306472 (02/10/19 17:19:00)] was not greater than the threshold (50.0) (minimum 1 datapoint for ALARM -> OK transition).',
};
const trafficRises = {
  alarm: 'TotalNetworkTrafficTooHigh',
  from: 'INSUFFICIENT_DATA',
  to: 'ALARM',
  changedAt: at('2019-10-02T17:20:48.554Z'),
  breachEndsAt: at('2019-10-02T17:15:00Z'),
  breachStartsAt: at('2019-10-02T17:10:00Z'),
  muted: false,
  reason:
    'Threshold Crossed: 1 out of the last 1 datapoints [45628.0 (02/10/19 17:10:00)] was greater than the threshold (10000.0) (minimum 1 datapoint for OK -> ALARM transition).',
  inWords: 'its value was 45628 for 5 minutes, and it allows 10000',
};
const compositeRises = {
  alarm: 'ServiceAggregatedAlarm',
  from: 'OK',
  to: 'ALARM',
  changedAt: at('2022-07-22T15:57:45.394Z'),
  muted: false,
  reason:
    'arn:aws:cloudwatch:us-east-1:123456789012:alarm:SuppressionDemo.EventBridge.FirstChild transitioned to ALARM at Friday 22 July, 2022 15:57:45 UTC',
};

const configChange = ignored(
  virginia,
  'nobody here listens to "CloudWatch Alarm Configuration Change" from "aws.cloudwatch"',
);
const NO_BODY = (seen: string, expected: string) =>
  `the body of a queue message${seen}, expected ${expected}; the message goes to the dead-letter queue`;
const NOT_TARGET = NO_BODY(', target: is missing', 'ecs/<cluster>/<service>');

export const expected: Readonly<Record<string, Expected>> = {
  'ecr-image-pushed.json': image(home, '0d9c1f52-6a7e-4f0e-8a55-1b1f8c2d0001', {
    repository: 'shop/web',
    digest: web1,
    tag: 'main-8f3c2a1',
    at: at('2026-11-20T10:00:03Z'),
  }),
  'ecr-image-pushed-worker.json': image(home, '0d9c1f52-6a7e-4f0e-8a55-1b1f8c2d0002', {
    repository: 'shop/worker',
    digest: digest('0c5a9e3f7b1d2846c0e2f4a6b8d0c1e3f5a7b9c1d3e5f708192a3b4c5d6e7f80'),
    tag: 'main-51d07be',
    at: at('2026-11-20T10:00:09Z'),
  }),
  'ecr-image-pushed-other-tag.json': image(home, '0d9c1f52-6a7e-4f0e-8a55-1b1f8c2d0003', {
    repository: 'shop/web',
    digest: web2,
    tag: 'pr-1204',
    at: at('2026-11-20T10:00:12Z'),
  }),
  'ecr-image-pushed-other-repository.json': image(home, '0d9c1f52-6a7e-4f0e-8a55-1b1f8c2d0004', {
    repository: 'shop/admin',
    digest: web2,
    tag: 'main-8f3c2a1',
    at: at('2026-11-20T10:00:15Z'),
  }),
  'ecr-image-pushed-untagged.json': ignored(
    home,
    'the push to "shop/web" has no tag: a platform or attestation of another image',
  ),
  'ecr-image-push-multiarch-index-tagged.json': image(
    oregon,
    '6f1d6a3e-6b1e-4c0e-9c1c-2f6d5a2b0003',
    {
      repository: 'my-service',
      digest: digest('1bc04b5291c26a46d918139138b992d2de976d6851d0893b0476b85bfbdfc6e6'),
      tag: 'git-3f2a9c1',
      at: at('2026-11-20T10:00:03Z'),
    },
  ),
  'ecr-image-push-multiarch-child-arm64-untagged.json': ignored(
    oregon,
    'the push to "my-service" has no tag: a platform or attestation of another image',
  ),
  'ecr-image-pushed-docs-verbatim-short-digest.json': {
    here: oregon,
    refused:
      '"ECR Image Action" event, detail.image-digest: is "sha256:7f5b2640fe6fb4f46592dfd3410c4a79dac4f89e4782432e0378abcd1234", expected sha256: and 64 hex digits; the message goes to the dead-letter queue',
  },
  'ecr-image-push-failure.json': ignored(
    oregon,
    'the push to "my-repository-name" ended with "FAILURE"',
  ),
  'ecr-image-delete.json': ignored(
    oregon,
    'only a PUSH deploys, and this is "DELETE" in "my-repository-name"',
  ),
  'ecr-image-delete-untagged.json': ignored(
    oregon,
    'only a PUSH deploys, and this is "DELETE" in "my-repository-name"',
  ),
  'ecr-image-restore-storage-class.json': ignored(
    virginia,
    'only a PUSH deploys, and this is "UPDATE_STORAGE_CLASS" in "ubuntu"',
  ),
  'ecr-image-pushed-signature.json': beside(
    home,
    '0d9c1f52-6a7e-4f0e-8a55-1b1f8c2d0009',
    { source: 'aws.ecr', detailType: 'ECR Image Action', word: 'of a signature' },
    { repository: 'shop/web', happenedAt: at('2026-11-20T10:00:11Z') },
  ),
  'ecr-image-scan-basic-complete.json': beside(
    virginia,
    '85fc3613-e913-7fc4-a80c-a3753e4aa9ae',
    { source: 'aws.ecr', detailType: 'ECR Image Scan', word: 'COMPLETE' },
    { repository: 'my-repository-name', happenedAt: at('2019-10-29T02:36:48Z') },
  ),
  'ecr-image-scan.json': beside(
    home,
    '0d9c1f52-6a7e-4f0e-8a55-1b1f8c2d0006',
    { source: 'aws.ecr', detailType: 'ECR Image Scan', word: 'COMPLETE' },
    { repository: 'shop/web', happenedAt: at('2026-11-20T10:00:24Z') },
  ),
  'ecr-image-scan-clean.json': beside(
    home,
    '0d9c1f52-6a7e-4f0e-8a55-1b1f8c2d0007',
    { source: 'aws.ecr', detailType: 'ECR Image Scan', word: 'COMPLETE' },
    { repository: 'shop/web', happenedAt: at('2026-11-20T10:00:24Z') },
  ),
  'inspector2-scan.json': beside(
    home,
    '0d9c1f52-6a7e-4f0e-8a55-1b1f8c2d0008',
    { source: 'aws.inspector2', detailType: 'Inspector2 Scan', word: 'INITIAL_SCAN_COMPLETE' },
    { repository: 'shop/web', happenedAt: at('2026-11-20T10:01:12Z') },
  ),

  'alarm-web-5xx.json': alarm(home, '7e1b0a44-93c2-4d8e-b6a1-52f0c1d20001', webRises),
  'alarm-web-5xx-action.json': alarm(home, 'web-5xx 2026-11-20T10:09:21.405Z', webRises, 'action'),
  'alarm-web-5xx-sns.json': alarm(
    home,
    '95df01b4-ee98-5cb9-9903-4c221d410001',
    // Its queries do not tell that `req` counts requests.
    { ...webRises, inWords: 'its value was up to 25.4 for 2 minutes, and it allows 5' },
    'sns',
  ),
  'alarm-web-5xx-ok.json': alarm(home, '7e1b0a44-93c2-4d8e-b6a1-52f0c1d20002', {
    alarm: 'web-5xx',
    from: 'ALARM',
    to: 'OK',
    changedAt: at('2026-11-20T10:21:21.391Z'),
    muted: false,
    reason:
      'Threshold Crossed: 3 out of the last 3 datapoints [0.1 (20/11/26 10:19:00), 0.0 (20/11/26 10:18:00), 0.3 (20/11/26 10:17:00)] were not greater than the threshold (5.0) (minimum 2 datapoints for ALARM -> OK transition).',
  }),
  'cloudwatch-alarm-alb-5xx-rate-ok-to-alarm.json': alarm(
    virginia,
    '2dde0eb1-528b-d2d5-9ca6-6d590caf5001',
    {
      alarm: 'my-service-5xx-rate',
      from: 'OK',
      to: 'ALARM',
      changedAt: at('2026-11-20T17:20:48.554Z'),
      breachEndsAt: at('2026-11-20T17:19:00Z'),
      breachStartsAt: at('2026-11-20T17:17:00Z'),
      muted: false,
      reason:
        'Threshold Crossed: 2 out of the last 3 datapoints [38.2 (20/11/26 17:18:00), 41.7 (20/11/26 17:17:00)] were greater than the threshold (5.0) (minimum 2 datapoints for OK -> ALARM transition).',
      inWords: 'up to 41.7 % of answers were errors for 2 minutes, and it allows 5 %',
    },
  ),
  'cloudwatch-alarm-anomaly-detection-ok-to-alarm.json': alarm(
    virginia,
    'daafc9f1-bddd-c6c9-83af-74971fcfc4ef',
    {
      alarm: 'EC2 CPU Utilization Anomaly',
      from: 'OK',
      to: 'ALARM',
      changedAt: at('2019-10-03T16:00:04.653Z'),
      breachEndsAt: at('2019-10-03T15:59:00Z'),
      breachStartsAt: at('2019-10-03T15:58:00Z'),
      muted: false,
      reason:
        'Thresholds Crossed: 1 out of the last 1 datapoints [0.0 (03/10/19 15:58:00)] was less than the lower thresholds [0.020599444741798756] or greater than the upper thresholds [0.3006915352732461] (minimum 1 datapoint for OK -> ALARM transition).',
    },
  ),
  'cloudwatch-alarm-composite-ok-to-alarm.json': alarm(
    virginia,
    'd3dfc86d-384d-24c8-0345-9f7986db0b80',
    compositeRises,
  ),
  'cloudwatch-alarm-composite-muted.json': alarm(virginia, 'd3dfc86d-384d-24c8-0345-9f7986db0b80', {
    ...compositeRises,
    muted: true,
    suppressed: true,
  }),
  'cloudwatch-alarm-metric-ok-to-alarm.json': alarm(
    virginia,
    'c4c1c1c9-6542-e61b-6ef0-8c4d36933a92',
    cpuRises,
  ),
  'cloudwatch-alarm-metric-muted.json': alarm(virginia, 'c4c1c1c9-6542-e61b-6ef0-8c4d36933a92', {
    ...cpuRises,
    muted: true,
  }),
  'cloudwatch-alarm-metric-alarm-to-ok.json': alarm(
    virginia,
    '0a3c1c1c-6542-e61b-6ef0-8c4d36933a93',
    cpuQuiet,
  ),
  'cloudwatch-alarm-metric-initial-insufficient-to-ok.json': alarm(
    virginia,
    'c4c1c1c9-6542-e61b-6ef0-8c4d36933a92',
    { ...cpuQuiet, from: 'INSUFFICIENT_DATA' },
  ),
  'cloudwatch-alarm-metric-math-insufficient-to-alarm.json': alarm(
    virginia,
    '2dde0eb1-528b-d2d5-9ca6-6d590caf2329',
    trafficRises,
  ),
  'cloudwatch-alarm-metric-math-muted.json': alarm(
    virginia,
    '2dde0eb1-528b-d2d5-9ca6-6d590caf2329',
    { ...trafficRises, muted: true },
  ),
  'cloudwatch-alarm-config-composite-create.json': configChange,
  'cloudwatch-alarm-config-metric-update.json': configChange,
  'cloudwatch-alarm-config-metric-math-delete.json': configChange,
  'cloudwatch-lambda-action-composite-alarm.json': alarm(
    { account: '111122223333', region: 'us-east-1' },
    'CompositeDemo.Main 2023-08-04T12:56:46.138Z',
    {
      alarm: 'CompositeDemo.Main',
      from: 'ALARM',
      to: 'ALARM',
      changedAt: at('2023-08-04T12:56:46.138Z'),
      muted: false,
      reason:
        'arn:aws:cloudwatch:us-east-1:111122223333:alarm:CompositeDemo.FirstChild transitioned to ALARM at Friday 04 August, 2023 12:54:46 UTC',
    },
    'action',
  ),
  'cloudwatch-lambda-action-metric-alarm.json': alarm(
    { account: '444455556666', region: 'us-east-1' },
    'lambda-demo-metric-alarm 2023-08-04T12:36:15.490Z',
    {
      alarm: 'lambda-demo-metric-alarm',
      from: 'INSUFFICIENT_DATA',
      to: 'ALARM',
      changedAt: at('2023-08-04T12:36:15.490Z'),
      muted: false,
      reason: 'test',
    },
    'action',
  ),
  'cloudwatch-lambda-action-metric-math.json': alarm(
    { ...home, region: 'eu-west-1' },
    'Test alert 2024-02-17T11:53:08.431Z',
    {
      alarm: 'Test alert',
      from: 'OK',
      to: 'ALARM',
      changedAt: at('2024-02-17T11:53:08.431Z'),
      breachEndsAt: at('2024-02-17T11:52:00Z'),
      breachStartsAt: at('2024-02-17T11:51:00Z'),
      muted: false,
      reason:
        'Threshold Crossed: 1 out of the last 1 datapoints [1.0 (17/02/24 11:51:00)] was less than the threshold (10.0) (minimum 1 datapoint for OK -> ALARM transition).',
      inWords: 'its value was 1 for a minute, and it wants at least 10',
    },
    'action',
  ),
  'sns-cloudwatch-alarm-metric-math-ok.json': alarm(
    virginia,
    '95df01b4-ee98-5cb9-9903-4c221d41eb5e',
    {
      alarm: 'my-service-5xx-rate',
      from: 'ALARM',
      to: 'OK',
      changedAt: at('2026-11-20T17:30:48.554Z'),
      muted: false,
      reason:
        'Threshold Crossed: 3 out of the last 3 datapoints were not greater than the threshold (5.0).',
    },
    'sns',
  ),
  'sns-cloudwatch-alarm-multiple-metrics.json': ignored(
    home,
    'it comes from account "EXAMPLE" in "REGION", and this pipeline is for 123456789012 in eu-central-1',
  ),
  'sns-cloudwatch-alarm-single-metric.json': ignored(
    home,
    'it comes from account "123456789012" in "REGION", and this pipeline is for 123456789012 in eu-central-1',
  ),

  'ecs-deployment-failed-web.json': hint(
    home,
    'b9baa007-2f33-4eb1-9760-000000000001',
    DEPLOYMENT,
    'SERVICE_DEPLOYMENT_FAILED',
    'production/web',
    at('2026-11-20T10:12:40Z'),
  ),
  'ecs-deployment-completed-web.json': hint(
    home,
    'b9baa007-2f33-4eb1-9760-000000000002',
    DEPLOYMENT,
    'SERVICE_DEPLOYMENT_COMPLETED',
    'production/web',
    at('2026-11-20T10:04:10Z'),
  ),
  'ecs-deployment-completed.json': hint(
    docs,
    'ddca6449-b258-46c0-8653-e0e3aEXAMPLE',
    DEPLOYMENT,
    'SERVICE_DEPLOYMENT_COMPLETED',
    'default/servicetest',
    at('2020-05-23T12:31:14Z'),
  ),
  'ecs-deployment-completed-real.json': hint(
    tokyo,
    'b9baa007-2f33-0eb1-5760-4080fe9c2b36',
    DEPLOYMENT,
    'SERVICE_DEPLOYMENT_COMPLETED',
    'example-cluster/example-service',
    at('2022-07-20T11:08:21.049Z'),
  ),
  'ecs-deployment-failed-circuit-breaker.json': hint(
    docs,
    'ddca6449-b258-46c0-8653-e0e3aEXAMPLE',
    DEPLOYMENT,
    'SERVICE_DEPLOYMENT_FAILED',
    'default/servicetest',
    at('2020-05-23T12:31:14Z'),
  ),
  'ecs-deployment-failed-circuit-breaker-real.json': hint(
    tokyo,
    'b9baa007-2f33-0eb1-5760-d7d03a096f88',
    DEPLOYMENT,
    'SERVICE_DEPLOYMENT_FAILED',
    'example-cluster/example-service',
    at('2025-02-18T00:17:22Z'),
  ),
  'ecs-deployment-in-progress.json': hint(
    docs,
    'ddca6449-b258-46c0-8653-e0e3a6EXAMPLE',
    DEPLOYMENT,
    'SERVICE_DEPLOYMENT_IN_PROGRESS',
    'default/servicetest',
    at('2020-05-23T12:31:14Z'),
  ),
  'ecs-deployment-in-progress-real.json': hint(
    tokyo,
    'b9baa007-2f33-0eb1-5760-357f4a9e57c4',
    DEPLOYMENT,
    'SERVICE_DEPLOYMENT_IN_PROGRESS',
    'example-cluster/example-service',
    at('2025-02-18T00:17:22Z'),
  ),
  'ecs-deployment-in-progress-rollback.json': hint(
    docs,
    'ddca6449-b258-46c0-8653-e0e3aEXAMPLE',
    DEPLOYMENT,
    'SERVICE_DEPLOYMENT_IN_PROGRESS',
    'default/servicetest',
    at('2020-05-23T12:31:14Z'),
  ),
  'ecs-service-steady-web.json': hint(
    home,
    'af3c496d-f4a8-45d1-90f4-000000000001',
    ACTION,
    'SERVICE_STEADY_STATE',
    'production/web',
    at('2026-11-20T10:04:12Z'),
  ),
  'ecs-service-steady-state.json': hint(
    docs,
    'af3c496d-f4a8-65d1-70f4-a69d52e9b584',
    ACTION,
    'SERVICE_STEADY_STATE',
    'default/servicetest',
    at('2019-11-19T19:27:22Z'),
  ),
  'ecs-service-action-deployment-completed.json': hint(
    docs,
    'af3c496d-f4a8-65d1-70f4-fd7d99b6bd24',
    ACTION,
    'SERVICE_DEPLOYMENT_COMPLETED',
    'default/servicetest',
    at('2019-11-19T19:27:22Z'),
  ),
  'ecs-service-action-deployment-failed.json': hint(
    docs,
    'af3c496d-f4a8-65d1-70f4-c69d8c77ab60',
    ACTION,
    'SERVICE_DEPLOYMENT_FAILED',
    'default/servicetest',
    at('2019-11-19T19:27:22Z'),
  ),
  'ecs-service-action-deployment-in-progress.json': hint(
    docs,
    'af3c496d-f4a8-65d1-70f4-78193be12e14',
    ACTION,
    'SERVICE_DEPLOYMENT_IN_PROGRESS',
    'default/servicetest',
    at('2019-11-19T19:27:22Z'),
  ),
  'ecs-service-task-placement-failure-ec2-cpu.json': hint(
    docs,
    'ddca6449-b258-46c0-8653-e0e3a6d0468b',
    ACTION,
    'SERVICE_TASK_PLACEMENT_FAILURE',
    'default/servicetest',
    at('2019-11-19T19:55:38Z'),
  ),
  'ecs-service-task-start-impaired.json': hint(
    docs,
    '57c9506e-9d21-294c-d2fe-e8738da7e67d',
    ACTION,
    'SERVICE_TASK_START_IMPAIRED',
    'default/servicetest',
    at('2019-11-19T19:55:38Z'),
  ),
  'ecs-service-tasks-stopped.json': hint(
    docs,
    'af3c496d-f4a8-65d1-70f4-7b8fd62e910a',
    ACTION,
    'TASKS_STOPPED',
    'default/servicetest',
    at('2019-11-19T19:27:22Z'),
  ),
  'ecs-task-stopped-worker.json': hint(
    home,
    '51a6f4cb-60bd-4181-8ae8-000000000001',
    TASK,
    'STOPPED',
    'production/worker',
    at('2026-11-20T10:07:23Z'),
  ),
  ...Object.fromEntries(
    Object.entries({
      'cannot-pull-image-not-found': 'cef3fca51929',
      'elb-health-check-failed': '430a485d95af',
      'essential-container-exited-nonzero': 'af4bff796086',
      oom: '35b6f2a54fd8',
    }).map(([reason, id]) => [
      `ecs-task-stopped-${reason}.json`,
      hint(
        seoul,
        `51a6f4cb-60bd-b181-8ae8-${id}`,
        TASK,
        'STOPPED',
        'sin-web_cluster-dev/sin-web_service-dev',
        at('2022-08-08T05:07:23Z'),
      ),
    ]),
  ),
  'ecs-task-stopped-scaling-activity.json': ignored(
    seoul,
    'the task was stopped in good order ("ServiceSchedulerInitiated")',
  ),
  'ecs-task-stopped-user-initiated.json': ignored(
    seoul,
    'the task was stopped in good order ("UserInitiated")',
  ),
  'ecs-task-deprovisioning-essential-exited.json': ignored(
    { ...home, region: 'us-east-2' },
    'the task belongs to "family:voterintake", not to a service',
  ),
  'ecs-task-running-2020.json': ignored(
    docs,
    'the task belongs to "family:sample-fargate", not to a service',
  ),
  'codebuild-build-failed.json': ignored(
    home,
    'nobody here listens to "CodeBuild Build State Change" from "aws.codebuild"',
  ),
  'codebuild-build-in-progress.json': ignored(
    home,
    'nobody here listens to "CodeBuild Build State Change" from "aws.codebuild"',
  ),
  'codebuild-build-stopped.json': ignored(
    home,
    'nobody here listens to "CodeBuild Build State Change" from "aws.codebuild"',
  ),
  'codebuild-build-succeeded.json': ignored(
    home,
    'nobody here listens to "CodeBuild Build State Change" from "aws.codebuild"',
  ),
  'ecs-container-instance-state-change.json': ignored(
    docs,
    'nobody here listens to "ECS Container Instance State Change" from "aws.ecs"',
  ),
  'ecs-hook-awaiting-action.json': ignored(
    home,
    'nobody here listens to "ECS Hook State Change" from "aws.ecs"',
  ),

  'eventbridge-scheduled-rule.json': ignored(
    virginia,
    'nobody here listens to "Scheduled Event" from "aws.events"',
  ),
  'scheduler-tick.json': ignored(
    home,
    'nobody here listens to "Scheduled Event" from "aws.scheduler"',
  ),
  'sqs-batch-reconcile.json': {
    bodies: [
      {
        target: 'ecs/production/web',
        message: {
          type: 'ImagePushed',
          registry: '123456789012.dkr.ecr.eu-central-1.amazonaws.com',
          repository: 'shop/web',
          digest: web1,
          tag: 'main-8f3c2a1',
          at: at('2026-11-20T10:00:03Z'),
        },
        cause: {
          id: '0d9c1f52-6a7e-4f0e-8a55-1b1f8c2d0001',
          source: 'aws.ecr',
          detailType: 'ECR Image Action',
        },
      },
      NO_BODY(': is "hello world"', 'JSON'),
      {
        target: 'ecs/production/web',
        message: { type: 'Hinted', cause: 'tick' },
        cause: { id: 'd32c5kddcf5bb8c3', source: 'slipway', detailType: 'tick' },
      },
    ],
  },
  'sqs-batch-eventbridge-ecr-push.json': { bodies: [NOT_TARGET] },
  'sqs-command.json': {
    bodies: [
      {
        target: 'ecs/production/web',
        message: {
          type: 'CommandReceived',
          by: 'ada@example.com (Deployer)',
          because: 'checkout answers with errors',
          saidAt: 1795168803500,
          command: { do: 'hold' },
        },
        cause: {
          id: '5f2b8a34-0f6c-4c55-9c0a-3f1f0d5a0001',
          source: 'slipway.operator',
          detailType: 'word of a person',
        },
      },
    ],
  },
  'sqs-dlq-redrive.json': { bodies: [NO_BODY(': is "hello world"', 'JSON')] },
  'sqs-standard.json': { bodies: [NO_BODY(': is "Test message."', 'JSON'), NOT_TARGET] },
};
