/** The wiring of `slipway doctor`: clients that nothing else of ours needs, so they are loaded by it alone. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { type AccountConcurrency, createAccountConcurrency } from '../account/concurrency.ts';
import { type AccountVcpus, createAccountVcpus } from '../account/fargate-vcpus.ts';
import { type AlarmDays, createAlarmDays } from '../alarm-days.ts';
import { createExaminer, type Examiner } from '../examine.ts';
import { type CallLog, logCalls } from './call-log.ts';
import type { readSettings } from './client-settings.ts';

export function connectExaminer(
  settings: ReturnType<typeof readSettings>,
  callLog: CallLog,
  fetcher: typeof fetch = fetch,
): Examiner & AlarmDays & AccountConcurrency & AccountVcpus {
  const examiner = createExaminer(
    {
      ecs: logCalls(new ECSClient(settings), callLog),
      ecr: logCalls(new ECRClient(settings), callLog),
      iam: logCalls(new IAMClient(settings), callLog),
      secrets: logCalls(new SecretsManagerClient(settings), callLog),
      ssm: logCalls(new SSMClient(settings), callLog),
      logs: logCalls(new CloudWatchLogsClient(settings), callLog),
      balancers: logCalls(new ElasticLoadBalancingV2Client(settings), callLog),
    },
    fetcher,
  );
  const cloudwatch = logCalls(new CloudWatchClient(settings), callLog);
  return {
    ...examiner,
    ...createAlarmDays(cloudwatch),
    ...createAccountVcpus(cloudwatch),
    ...createAccountConcurrency(logCalls(new LambdaClient(settings), callLog)),
  };
}
