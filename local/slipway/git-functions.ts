/** Our functions from git to image, with clients that talk to the local AWS and the local GitHub. */
import { createHandler as build } from '../../functions/build.ts';
import { createHandler as buildChanged } from '../../functions/build-changed.ts';
import { createHandler as feedback } from '../../functions/feedback.ts';
import { createHandler as githubPush } from '../../functions/github-push.ts';
import { connectBuild } from '../../shared/aws/connect/build.ts';
import { connectFeedback } from '../../shared/aws/connect/feedback.ts';
import { connectQueues } from '../../shared/aws/connect/queues.ts';
import { connectWebhook } from '../../shared/aws/connect/webhook.ts';
import type { GitHubCall } from '../../shared/github/client.ts';
import { asHandler, connectionsOf, type FunctionsOptions } from './function-deps.ts';
import type { FunctionName, LambdaHandler } from './lambda.ts';

type GitFunctions = Readonly<
  Record<
    Extract<FunctionName, 'github-push' | 'build-changed' | 'build' | 'feedback'>,
    LambdaHandler
  >
>;

export function gitFunctions(options: FunctionsOptions): GitFunctions {
  const { pipeline, onBuilt, github, onGitHub } = options;
  const reach = (name: FunctionName) => ({
    fetch: github,
    // Its waiting is by a real clock.
    polite: false,
    onCall: (call: GitHubCall) => onGitHub(name, call),
  });
  const webhook = connectionsOf('github-push', options);
  const webhookDeps = { pipeline, log: webhook.log, ...connectWebhook(webhook) };
  const changed = connectionsOf('build-changed', options);
  const changedDeps = { pipeline, log: changed.log, queues: connectQueues(changed, ['builds']) };
  const building = connectionsOf('build', options);
  const telling = connectionsOf('feedback', options);
  const buildDeps = {
    pipeline,
    log: building.log,
    ...connectBuild({ ...building, fetch: options.outside }, pipeline.github, reach('build')),
    sequential: true,
    onBuilt,
  };
  const tellingDeps = {
    log: telling.log,
    ...connectFeedback(telling, pipeline, reach('feedback')),
  };
  return {
    'github-push': asHandler(githubPush(() => webhookDeps)),
    'build-changed': asHandler(buildChanged(() => changedDeps)),
    build: asHandler(build(() => buildDeps)),
    feedback: asHandler(feedback(() => tellingDeps)),
  };
}
