/**
 * The only wiring: from clients of the SDK to the ports of `reconcile`. The functions that need less
 * have smaller wirings beside this one (`connect-tick.ts`, `connect-queues.ts`), so that their
 * bundles stay small and hold no client that can deploy.
 */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Pipeline } from '../../config/config.ts';
import type { GitHubOptions } from '../../github/client.ts';
import type { ReadFileAt } from '../../github/files.ts';
import type { Named } from '../../parsing/pipeline-name.ts';
import type { Clock, Definitions, Ports, Queues, ReadElsewhere } from '../../ports.ts';
import { historyDays, required } from '../../runtime/environment.ts';
import { createAlarms } from '../alarms.ts';
import { createAnnouncements } from '../announcements.ts';
import { createBalancers } from '../balancers.ts';
import { createBudget } from '../budget.ts';
import { createImages } from '../ecr/images.ts';
import { readRevisions } from '../ecr/revision.ts';
import { createScans } from '../ecr/scans.ts';
import { createSignatures } from '../ecr/signatures.ts';
import { readServices } from '../ecs/read.ts';
import { writeServices } from '../ecs/write.ts';
import { createLogs } from '../logs.ts';
import { parametersPath, publishes } from '../published.ts';
import { createRequestCounts } from '../request-counts.ts';
import { createRecords } from '../table/records.ts';
import { createCommitPlaces } from '../table/source-records.ts';
import { createTestListener } from '../test-listener.ts';
import { logCalls } from './call-log.ts';
import { readSettings, writeSettings } from './client-settings.ts';
import type { ConnectOptions } from './options.ts';
import { connectQueues } from './queues.ts';
import { connectTable } from './table.ts';

export interface Connections {
  readonly queues: Queues;
  /**
   * The ports of one handling. What a handling asks ECS about a task definition it asks once, so
   * ports are made anew for each. `timeLeft` in ms.
   */
  ports(timeLeft: () => number): Ports;
}

/** What is only information must not take a handling's time from it. */
const PUBLISH_ATTEMPTS_MAX = 2;

/** Of the pipeline; `fetch` and the rest: the local world's GitHub. Who only reads records needs none of it. */
export interface ReconcileHome
  extends Named,
    Partial<Pick<Pipeline, 'targets' | 'github'>>,
    Partial<Pick<GitHubOptions, 'fetch' | 'polite' | 'onCall'>> {}

/** Makes the clients; they hold connections, so once per process. */
export function connect(options: ConnectOptions, pipeline: ReconcileHome = {}): Connections {
  const { environment, log, clock, aws = {}, onCall } = options;
  const callLog = { log, now: clock.now, onCall };
  const reads = readSettings(aws);

  const table = connectTable(required(environment, 'table'), reads, callLog);
  const ecsReads = logCalls(new ECSClient(reads), callLog);
  const ecsWrites = logCalls(new ECSClient(writeSettings(aws)), callLog);
  const cloudwatch = logCalls(new CloudWatchClient(reads), callLog);
  const ecr = logCalls(new ECRClient(reads), callLog);
  const logs = createLogs(logCalls(new CloudWatchLogsClient(reads), callLog));
  const eventbridge = logCalls(new EventBridgeClient(reads), callLog);
  const ssm = logCalls(new SSMClient({ ...reads, maxAttempts: PUBLISH_ATTEMPTS_MAX }), callLog);

  const shared = {
    records: createRecords(table, { clock, historyDays: historyDays(environment) }),
    budget: createBudget(table, clock, log),
    alarms: createAlarms(cloudwatch, log),
    balancers: createBalancers(logCalls(new ElasticLoadBalancingV2Client(reads), callLog), log),
    requestCounts: createRequestCounts(cloudwatch, log),
    testListener: createTestListener(options.fetch ?? fetch, clock.now, log),
    images: createImages(ecr, log),
    commits: createCommitPlaces(table, readRevisions(ecr, log, options.fetch)),
    scans: createScans(ecr, log),
    signatures: createSignatures(ecr, log, { now: clock.now, fetch: options.fetch }),
    recordsElsewhere: readElsewhereLater(reads, clock),
    announcements: publishes(
      createAnnouncements(eventbridge, required(environment, 'bus'), log),
      { client: ssm, path: parametersPath(pipeline) },
      log,
    ),
    log,
  };
  const written = readsGitHub(options, pipeline);
  return {
    queues: connectQueues(options),
    ports: (timeLeft) => {
      const { rawDefinition, ...services } = readServices(ecsReads, log, logs);
      const handlingClock: Clock = { now: clock.now, newId: clock.newId, timeLeft };
      return {
        ...shared,
        clock: handlingClock,
        ...(written && { definitions: { written, registered: rawDefinition } }),
        services: { ...services, ...writeServices(ecsWrites, rawDefinition) },
      };
    },
  };
}

/** Undefined: no target has its task definition in git. Octokit is loaded by the first one that is read. */
function readsGitHub(
  options: ConnectOptions,
  { targets = {}, github, ...reach }: ReconcileHome,
): Definitions['written'] | undefined {
  const isNeeded = Object.values(targets).some(({ rules }) => rules.definition !== undefined);
  if (!isNeeded || github === undefined) return undefined;
  const home = { github, ...reach };
  let files: Promise<ReadFileAt> | undefined;
  return async (commit, path) => {
    files ??= import('./definitions.ts').then(({ filesOfGitHub }) => filesOfGitHub(options, home));
    return await (await files)(commit, path);
  };
}

/** Loaded by the first proof of another pipeline: a start does not pay for a client that few need. */
function readElsewhereLater(
  settings: ReturnType<typeof readSettings>,
  clock: Pick<Clock, 'now'>,
): ReadElsewhere {
  let made: Promise<ReadElsewhere> | undefined;
  return async (where, key) => {
    made ??= import('../table/records-elsewhere.ts').then((it) =>
      it.readElsewhere(settings, clock),
    );
    return (await made)(where, key);
  };
}
