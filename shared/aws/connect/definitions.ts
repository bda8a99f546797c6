/** How files of GitHub are read for a target that has its task definition in git. Loaded where one does. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createGitHubClient, type GitHubOptions } from '../../github/client.ts';
import { createFiles, type ReadFileAt } from '../../github/files.ts';
import { createSecrets } from '../secrets.ts';
import { logCalls } from './call-log.ts';
import { readSettings } from './client-settings.ts';
import type { ConnectOptions } from './options.ts';

type Home = Pick<GitHubOptions, 'github' | 'fetch' | 'polite' | 'onCall'>;

/** With the credentials of the pipeline. */
export function filesOfGitHub(
  { log, clock, aws = {}, onCall }: ConnectOptions,
  home: Home,
): ReadFileAt {
  const client = new SecretsManagerClient(readSettings(aws));
  const secrets = createSecrets(logCalls(client, { log, now: clock.now, onCall }), clock);
  return createFiles(createGitHubClient({ ...home, secrets, clock, log }));
}

/** With a person's own token: the secret of the pipeline is none of theirs. */
export function filesByToken(
  token: string,
  { log, clock }: Pick<ConnectOptions, 'log' | 'clock'>,
  { apiUrl }: Pick<GitHubOptions['github'], 'apiUrl'>,
): ReadFileAt {
  const github = { apiUrl, credentials: 'GITHUB_TOKEN' };
  const secrets = { get: async () => [JSON.stringify({ token })] };
  return createFiles(createGitHubClient({ secrets, github, clock, log }));
}
