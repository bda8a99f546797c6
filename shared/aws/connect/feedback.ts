/** The wiring of `feedback`: its notes in the table, its queue, GitHub. It reaches nothing that runs. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Pipeline } from '../../config/config.ts';
import type { FeedbackPorts } from '../../feedback/ports.ts';
import { createGitHubClient, type GitHubOptions } from '../../github/client.ts';
import { createReports } from '../../github/reports.ts';
import type { Clock, Queues } from '../../ports.ts';
import { required } from '../../runtime/environment.ts';
import { createSecrets } from '../secrets.ts';
import { createNotes } from '../table/notes.ts';
import { logCalls } from './call-log.ts';
import { readSettings } from './client-settings.ts';
import type { ConnectOptions } from './options.ts';
import { connectQueues } from './queues.ts';
import { connectTable } from './table.ts';

export interface FeedbackConnections {
  readonly queues: Queues;
  /** The ports of one handling. `timeLeft` in ms. */
  ports(timeLeft: () => number): FeedbackPorts;
}

/** Of the pipeline. */
export interface FeedbackHome
  extends Pick<Pipeline, 'name' | 'account' | 'region' | 'targets' | 'sources'> {
  readonly github: GitHubOptions['github'] & Pick<Pipeline['github'], 'viewUrl'>;
}

/** Makes the clients; they hold connections, so once per process. `reach`: the local world's GitHub. */
export function connectFeedback(
  options: ConnectOptions,
  { name, account, region, github, targets, sources }: FeedbackHome,
  reach: Pick<GitHubOptions, 'fetch' | 'polite' | 'onCall'> = {},
): FeedbackConnections {
  const { environment, log, clock, aws = {}, onCall } = options;
  const callLog = { log, now: clock.now, onCall };
  const { viewUrl } = github;
  const settings = readSettings(aws);
  const table = connectTable(required(environment, 'table'), settings, callLog);
  const secrets = createSecrets(logCalls(new SecretsManagerClient(settings), callLog), clock);
  const shared = {
    notes: createNotes(table, clock),
    reports: createReports(createGitHubClient({ secrets, github, clock, log, ...reach })),
    home: { ...(name !== undefined && { name }), account, region, ...(viewUrl && { viewUrl }) },
    known: {
      repositories: Object.values(sources).map(({ repository }) => repository),
      targets: Object.fromEntries(Object.values(targets).map(({ id, key }) => [id, key])),
    },
    log,
  };
  return {
    queues: connectQueues(options, ['feedback']),
    ports: (timeLeft) => {
      const handlingClock: Clock = { now: clock.now, newId: clock.newId, timeLeft };
      return { ...shared, clock: handlingClock };
    },
  };
}
