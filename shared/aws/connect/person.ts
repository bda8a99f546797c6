/**
 * The wiring of the commands: a person looks with it, sends words, and turns the stop switch. It has
 * no call that changes ECS: what a person asks for is decided and done by `reconcile`.
 */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import type { Moment, TargetKey } from '../../core/model/image.ts';
import type { Named } from '../../parsing/pipeline-name.ts';
import type { Clock, Definitions, ObservationPorts, Queues, Records } from '../../ports.ts';
import { HISTORY_DAYS } from '../../runtime/environment.ts';
import { queueName } from '../../runtime/routing.ts';
import type { SourceRecords } from '../../source-ports.ts';
import type { Upkeep } from '../../upkeep-ports.ts';
import { askCaller, type Caller } from '../account/caller.ts';
import type { AccountConcurrency } from '../account/concurrency.ts';
import type { AccountVcpus } from '../account/fargate-vcpus.ts';
import type { AlarmDays } from '../alarm-days.ts';
import { createAlarms } from '../alarms.ts';
import {
  type Answered,
  answersByMinute,
  type BadAnswers,
  countBadAnswers,
} from '../bad-answers.ts';
import { createBalancers } from '../balancers.ts';
import { createImages, type TaggedImages } from '../ecr/images.ts';
import { readRevisions } from '../ecr/revision.ts';
import { createScans } from '../ecr/scans.ts';
import { createSignatures } from '../ecr/signatures.ts';
import { createFleet, type Fleet } from '../ecs/fleet.ts';
import { readServices, type ServicesRead } from '../ecs/read.ts';
import type { Examiner } from '../examine.ts';
import { createLogs, type Logs } from '../logs.ts';
import { createQueues } from '../queues.ts';
import { ask } from '../refusal.ts';
import { createRequestCounts } from '../request-counts.ts';
import { deployedVersion } from '../table/deployed-version.ts';
import { createHistory, type History } from '../table/history.ts';
import { loadMany, type ManyRecords } from '../table/many-records.ts';
import { createRecords } from '../table/records.ts';
import { createCommitPlaces, createSourceRecords } from '../table/source-records.ts';
import { createStopSwitch, type StopSwitch } from '../table/stop-switch.ts';
import { createUpkeep } from '../table/upkeep.ts';
import { type SickTarget, sickTargets } from '../target-health.ts';
import { logCalls } from './call-log.ts';
import { readSettings } from './client-settings.ts';
import type { ConnectOptions } from './options.ts';
import { connectTable } from './table.ts';

export type { Caller } from '../account/caller.ts';

/** Names in place of a function's environment: a person's shell has none of it. */
export interface PersonOptions extends Omit<ConnectOptions, 'environment'> {
  /** `name`: of the pipeline, whose queues begin with it. */
  readonly names: { readonly table: string } & Named;
  /** The person's own, for task definitions in git; absent: those are not read. */
  readonly github?: { readonly token: string; readonly apiUrl: string };
}

export interface PersonConnections {
  /** Who one is; throws what the credential chain throws. */
  caller(): Promise<Caller>;
  /** `changeQuarantine` only after a restore: it needs the rights of break glass. */
  readonly records: Pick<Records, 'load' | 'stop' | 'quarantined' | 'changeQuarantine'>;
  /** Of a branch or tag. Throws `TransientError`. */
  readonly loadSource: SourceRecords['load'];
  /** Of all targets that have one: BatchGetItem. Throws `TransientError`. */
  loadMany(keys: readonly TargetKey[]): Promise<ManyRecords>;
  /** Of the stack, by a tag of its table. Throws what AWS answers. */
  deployedVersion(tableArn: string): Promise<string | undefined>;
  readonly history: History;
  readonly stop: StopSwitch;
  readonly images: TaggedImages & Pick<Upkeep, 'taggedImages'> & ObservationPorts['images'];
  readonly alarms: ObservationPorts['alarms'];
  /** Undefined: none of the alarms watches errors of a load balancer. Throws `TransientError`. */
  badAnswers(
    alarms: readonly string[],
    within: { readonly from: Moment; readonly to: Moment },
  ): Promise<BadAnswers | undefined>;
  /** The same by the minute. */
  answers(
    alarms: readonly string[],
    within: { readonly from: Moment; readonly to: Moment },
  ): Promise<Answered | undefined>;
  /** DescribeTargetHealth of target groups, by ARN: those that are not well now. Throws `TransientError`. */
  sickTargets(groups: readonly string[]): Promise<readonly SickTarget[]>;
  /** What the containers of the targets wrote. */
  readonly logs: Logs;
  readonly fleet: Fleet & Pick<Upkeep, 'known'>;
  /** To the queues of commands, where what persons say goes. */
  readonly queues: Queues;
  /** GetQueueUrl; throws `TransientError`. */
  queueUrl(name: string): Promise<string>;
  /** For `doctor`, which needs clients of its own. */
  examiner(): Promise<Examiner & AlarmDays & AccountConcurrency & AccountVcpus>;
  /** What one look needs, and what ECS wrote into a task definition. New for each look. */
  eyes(): ObservationPorts & Pick<ServicesRead, 'rawDefinition'>;
}

export function connectPerson(options: PersonOptions): PersonConnections {
  const { names, log, clock, aws = {}, onCall } = options;
  const callLog = { log, now: clock.now, onCall };
  const settings = readSettings(aws);
  const table = connectTable(names.table, settings, callLog);
  const ecs = logCalls(new ECSClient(settings), callLog);
  const ecr = logCalls(new ECRClient(settings), callLog);
  const sqs = logCalls(new SQSClient(settings), callLog);
  const sts = logCalls(new STSClient(settings), callLog);
  const images = createImages(ecr, log);
  const cloudwatch = logCalls(new CloudWatchClient(settings), callLog);
  const alarms = createAlarms(cloudwatch, log);
  const elb = logCalls(new ElasticLoadBalancingV2Client(settings), callLog);
  const balancers = createBalancers(elb, log);
  const eyeClock: Clock = { ...clock, timeLeft: () => Number.POSITIVE_INFINITY };
  return {
    caller: () => askCaller(sts),
    records: createRecords(table, { clock, historyDays: HISTORY_DAYS }),
    loadSource: createSourceRecords(table, { clock, historyDays: HISTORY_DAYS }).load,
    loadMany: (keys) => loadMany(table, keys),
    deployedVersion: (arn) => deployedVersion(table, arn),
    history: createHistory(table),
    stop: createStopSwitch(table, clock),
    images,
    alarms,
    badAnswers: (names, within) => countBadAnswers(cloudwatch, names, within),
    sickTargets: (groups) => sickTargets(elb, groups),
    answers: (names, within) => answersByMinute(cloudwatch, names, within),
    logs: createLogs(logCalls(new CloudWatchLogsClient(settings), callLog)),
    fleet: { ...createFleet(ecs), ...createUpkeep(table, clock) },
    queueUrl: (name) => urlOf(sqs, name),
    queues: {
      send: async (queue, messages) => {
        const urls = { [queue]: await urlOf(sqs, queueName(names, queue)) };
        return await createQueues(sqs, urls).send(queue, messages);
      },
    },
    examiner: async () => {
      const { connectExaminer } = await import('./examiner.ts');
      return connectExaminer(settings, callLog, options.fetch);
    },
    eyes: () => {
      const { rawDefinition, ...services } = readServices(ecs, log);
      return {
        clock: eyeClock,
        services,
        rawDefinition,
        alarms,
        balancers,
        requestCounts: createRequestCounts(cloudwatch, log),
        images,
        scans: createScans(ecr, log),
        signatures: createSignatures(ecr, log, { now: clock.now, fetch: options.fetch }),
        commits: createCommitPlaces(table, readRevisions(ecr, log, options.fetch)),
        ...definitionsBy(options, rawDefinition),
        records: createRecords(table, { clock, historyDays: HISTORY_DAYS }),
      };
    },
  };
}

function definitionsBy(
  options: PersonOptions,
  registered: Definitions['registered'],
): { readonly definitions?: Definitions } {
  const { github } = options;
  if (github === undefined) return {};
  const written: Definitions['written'] = async (commit, path) => {
    const { filesByToken } = await import('./definitions.ts');
    return await filesByToken(github.token, options, github)(commit, path);
  };
  return { definitions: { written, registered } };
}

async function urlOf(client: SQSClient, QueueName: string): Promise<string> {
  const { QueueUrl = '' } = await ask(`sqs:GetQueueUrl of ${QueueName}`, () =>
    client.send(new GetQueueUrlCommand({ QueueName })),
  );
  return QueueUrl;
}
