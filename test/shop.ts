/** A pipeline that builds: a monorepo with two images, and GitHub's own example repository. */
import { type Pipeline, parsePipeline } from '../shared/config/config.ts';

const target = {
  type: 'ecs-service',
  mode: 'act',
  cluster: 'production',
  service: 'web',
  containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
  alarms: { noAlarmsBecause: 'it is never deployed' },
};

/** One source in the place of both, when it is given. */
export function shopPipeline(shop: object = {}): Pipeline {
  return parsePipeline({
    account: '123456789012',
    region: 'eu-central-1',
    targets: { web: target },
    sources: {
      shop: {
        repository: 'acme/shop',
        branches: ['main', 'feature/**', 'release/*'],
        tags: ['v*'],
        images: {
          web: { repository: 'shop/web', paths: ['web/**', '*.json'], project: 'slipway-shop-web' },
          worker: { repository: 'shop/worker', paths: ['worker/**', '*.json'] },
        },
        ...shop,
      },
      hello: {
        repository: 'codertocat/hello-world',
        branches: ['master'],
        images: { hello: { repository: 'hello' } },
      },
    },
  });
}
