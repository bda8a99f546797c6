/** The config of the tour: one service of an AWS that is on this machine only. Nobody is asked for it. */

/** `module`: where `definePipeline` comes from, as the file imports it. */
export function exampleConfig(module: string): string {
  return `/**
 * Written by \`slipway init --example\`, for \`slipway local\`: nothing of it is in an account. For services of
 * yours take this file away and say \`slipway init\`.
 */
import { definePipeline, ecsService } from '${module}';

export default definePipeline({
  account: '123456789012',
  region: 'eu-central-1',
  targets: {
    web: ecsService({
      cluster: 'production',
      service: 'web',
      containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
      // One that rises during a release, or in the minutes after it, brings the last proven one back.
      alarms: ['web-5xx'],
      bakeMinutes: 10,
      // It says what it would do, and changes nothing. 'act' lets it.
      mode: 'watch',
    }),
  },
  infra: {
    taskDefinitions: { web: { family: 'web', roles: ['ecsTaskExecutionRole'] } },
  },
});
`;
}
