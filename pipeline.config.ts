/**
 * The one file that you edit: what is deployed where, and what guards it.
 *
 * It is checked before anything runs; a mistake is told with its path and what was expected.
 * Hover over a name in your editor for its meaning, bounds and default. A changed rule counts from
 * the next release on.
 */
import { definePipeline, ecsService, noAlarms } from './shared/config/config.ts';

export default definePipeline({
  // Events from anywhere else are ignored.
  account: '123456789012',
  region: 'eu-central-1',

  // What is built: a push to one of these branches becomes images, in the order of the commits. Leave
  // it out to push images from elsewhere; then ECR is where a release begins.
  sources: {
    shop: {
      repository: 'acme/shop',
      branches: ['main'],
      images: {
        // A push that changes none of these paths does not build the image.
        web: {
          repository: 'shop/web',
          paths: ['web/**', 'package-lock.json'],
          dockerfile: 'web/Dockerfile',
          // Where the service runs; both for a service that may run on either.
          platforms: ['linux/arm64'],
        },
        worker: {
          repository: 'shop/worker',
          paths: ['worker/**', 'package-lock.json'],
          dockerfile: 'worker/Dockerfile',
          platforms: ['linux/arm64'],
        },
      },
      // A newer commit comes while one is being built. Also: 'finish'.
      whileBuilding: 'stop',
    },
  },

  // Where people are told of a rollback, or that somebody is needed: a topic of SNS for mail, one for
  // Slack and Teams (docs/notices.md). Without it nobody is told.
  // notices: { mail: 'arn:aws:sns:eu-central-1:123456789012:releases' },

  // What Slipway may do in the account, and whom its own alarms tell: docs/configuration.md.
  infra: {
    // For each target that acts: it registers revisions of these families only, and hands no other role
    // to a task.
    taskDefinitions: {
      web: { family: 'web', roles: ['web-task', 'web-execution'] },
      worker: { family: 'worker', roles: ['worker-task', 'worker-execution'] },
    },
  },

  targets: {
    // The name is yours and stands in every message; what counts is the cluster and the service.
    web: ecsService({
      cluster: 'production',
      service: 'web',

      // By the container's name in the task definition. Containers that are not named here, a log
      // router for example, stay as they are.
      containers: {
        app: {
          repository: 'shop/web',
          // Also: { semver: '>=1.2' } or { regex: '^build-(\\d+)$' }.
          tags: { glob: 'main-*' },
          // Which of two images is newer: that of the later commit. Also: 'push-time', 'semver', or
          // 'number' (the one in the tag).
          newer: 'commit',
        },
      },

      // The tighter these are, the fewer people meet a bad release: an alarm that rises during a
      // release, or within `bakeMinutes` after it, brings the last proven one back.
      alarms: ['web-5xx'],
      bakeMinutes: 10,

      // What you leave out here stays as the service has it.
      rollout: {
        minimumHealthyPercent: 100,
        maximumPercent: 200,
        circuitBreaker: { enable: true },
      },

      // A new image while an alarm is red: it starts, since it may be the fix, and is proven when
      // the alarm has been OK for the bake. 'hold' has it wait instead. What still holds an image
      // (an alarm that does not exist, say) holds it for four hours at most; then a person is asked.
      whileAlarmRed: 'proceed',
      holdMinutes: 240,
      afterHold: 'ask',

      // Without this line it watches: it says what it would do, and changes nothing in AWS. Begin so.
      mode: 'act',
    }),

    worker: ecsService({
      cluster: 'production',
      service: 'worker',
      containers: {
        worker: { repository: 'shop/worker', tags: { glob: 'main-*' } },
      },
      // A service without alarms says so, in words. Then ECS's circuit breaker and maxTaskFailures
      // guard it, and nothing else.
      alarms: noAlarms('it answers no requests; a worker that fails stops, and that is counted'),
      // maxTaskFailures is left out: as many failed tasks as half of the desired count, and at
      // least two, condemn a release; each single one begins its bake again.
      rollout: { circuitBreaker: { enable: true } },
      mode: 'act',
    }),
  },
});
