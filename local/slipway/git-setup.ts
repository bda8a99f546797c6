/** The world of a pipeline with sources, before anything is pushed: GitHub's repositories, CodeBuild's projects. */

import { addRepository } from '@slipway/local-cloud/ecr/state.ts';
import {
  addGithubRepository,
  addToken,
  addWebhook,
  WEBHOOK_SECRET,
} from '@slipway/local-cloud/github/setup.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { execute } from '@slipway/local-cloud/services.ts';
import type { Pipeline, Source } from '../../shared/config/config.ts';

/** The function behind the webhook's address. */
const WEBHOOK_TARGET = 'github-push';
export const TOKEN = 'local-token-of-slipway';

/** As a user would make them: repositories with a webhook each, and the projects of their images. */
export function addGit(world: World, { sources, github }: Pipeline): void {
  for (const source of Object.values(sources)) {
    if (world.github.repositories[source.repository.toLowerCase()] === undefined) {
      const repository = addGithubRepository(world, { name: source.repository });
      const secret = secretOf(source.webhookSecret, github);
      addWebhook(world, repository, { target: WEBHOOK_TARGET, secret, ping: false });
    }
    for (const { project, repository: name } of Object.values(source.rules.images)) {
      if (world.ecr.repositories[name] === undefined) addRepository(world, name);
      addProject(world, project, source);
    }
  }
}

/** A source with a secret of its own has another one than the rest. */
function secretOf(name: string, { webhookSecret }: Pipeline['github']): string {
  return name === webhookSecret ? WEBHOOK_SECRET : `${WEBHOOK_SECRET} of ${name}`;
}

function addProject(world: World, name: string, { repository }: Source): void {
  if (world.codebuild.projects[name] !== undefined) return;
  execute(world, 'codebuild', 'CreateProject', {
    name,
    source: { type: 'GITHUB', location: `https://github.com/${repository}.git` },
    artifacts: { type: 'NO_ARTIFACTS' },
    environment: {
      type: 'LINUX_CONTAINER',
      image: 'aws/codebuild/amazonlinux-x86_64-standard:5.0',
      computeType: 'BUILD_GENERAL1_SMALL',
      privilegedMode: true,
    },
    serviceRole: `arn:aws:iam::${world.account}:role/${name}`,
  });
}

/** What Slipway is given: the webhook's secret, and a token for GitHub. */
export function addGitSecrets(world: World, { sources, github }: Pipeline): void {
  if (Object.keys(sources).length === 0) return;
  addToken(world, TOKEN, { login: 'slipway-bot' });
  const names = Object.values(sources).map(({ webhookSecret }) => webhookSecret);
  const secrets = {
    ...Object.fromEntries(names.map((name) => [name, secretOf(name, github)])),
    [github.credentials]: JSON.stringify({ token: TOKEN }),
  };
  for (const [Name, SecretString] of Object.entries(secrets)) {
    execute(world, 'secretsmanager', 'CreateSecret', { Name, SecretString });
  }
}
