/** The wiring of `build`: the records of the sources, CodeBuild, GitHub, labels in ECR. It cannot deploy. */
import { CodeBuildClient } from '@aws-sdk/client-codebuild';
import { ECRClient } from '@aws-sdk/client-ecr';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createGitHubClient, type GitHubOptions } from '../../github/client.ts';
import { createCommits } from '../../github/commits.ts';
import type { Clock, Queues } from '../../ports.ts';
import { historyDays, required } from '../../runtime/environment.ts';
import type { SourcePorts } from '../../source-ports.ts';
import { createAnnouncements } from '../announcements.ts';
import { createBuilds } from '../builds.ts';
import { createLabels } from '../ecr/revision.ts';
import { createSecrets } from '../secrets.ts';
import { createSourceRecords } from '../table/source-records.ts';
import { logCalls } from './call-log.ts';
import { readSettings } from './client-settings.ts';
import type { ConnectOptions } from './options.ts';
import { connectQueues } from './queues.ts';
import { connectTable } from './table.ts';

export interface BuildConnections {
  readonly queues: Queues;
  /** The ports of one handling. `timeLeft` in ms. */
  ports(timeLeft: () => number): SourcePorts;
}

/** What the local world puts in the place of GitHub. */
export type GitHubOf = Pick<GitHubOptions, 'fetch' | 'polite' | 'onCall'>;

/** Makes the clients; they hold connections, so once per process. */
export function connectBuild(
  options: ConnectOptions,
  github: GitHubOptions['github'],
  reach: GitHubOf = {},
): BuildConnections {
  const { environment, log, clock, aws = {}, onCall } = options;
  const callLog = { log, now: clock.now, onCall };
  const settings = readSettings(aws);
  const table = connectTable(required(environment, 'table'), settings, callLog);
  const secrets = createSecrets(logCalls(new SecretsManagerClient(settings), callLog), clock);
  const bus = required(environment, 'bus');
  const queues = connectQueues(options, ['releases']);
  const shared = {
    records: createSourceRecords(table, { clock, historyDays: historyDays(environment) }),
    builds: createBuilds(logCalls(new CodeBuildClient(settings), callLog), webUrl(github.apiUrl)),
    commits: createCommits(createGitHubClient({ secrets, github, clock, log, ...reach })),
    labels: createLabels(logCalls(new ECRClient(settings), callLog), options.fetch),
    announcements: createAnnouncements(
      logCalls(new EventBridgeClient(settings), callLog),
      bus,
      log,
    ),
    queues,
    log,
  };
  return {
    queues,
    ports: (timeLeft) => {
      const handlingClock: Clock = { now: clock.now, newId: clock.newId, timeLeft };
      return { ...shared, clock: handlingClock };
    },
  };
}

/** Where people read: `https://github.com` of `https://api.github.com`, or the server's own address. */
function webUrl(apiUrl: string): string {
  const { protocol, host } = new URL(apiUrl);
  return `${protocol}//${host.replace(/^api\.(?=github\.com$)/, '')}`;
}
