/** A source whose images others build: what it may say, what becomes of it, and whom it is asked of. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ConfigError, parsePipeline } from '../../shared/config/config.ts';
import { findElsewhere } from '../../shared/route/find-sources.ts';
import { route } from '../../shared/route/route.ts';
import { imageQueuesOf, routes } from '../../shared/runtime/routing.ts';
import { listeningLog } from '../aws/wire.ts';

const REGISTRY = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';

function config(shop: object): unknown {
  return {
    account: '123456789012',
    region: 'eu-central-1',
    targets: {
      web: {
        ...{ type: 'ecs-service', mode: 'act', cluster: 'production', service: 'web' },
        alarms: ['web-5xx'],
        containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
      },
    },
    sources: {
      shop: {
        ...{ repository: 'acme/shop', builtBy: 'elsewhere' },
        images: { web: { repository: 'shop/web' } },
        ...shop,
      },
    },
  };
}

function mistakes(shop: object): readonly string[] {
  try {
    parsePipeline(config(shop));
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ line }) => line);
    throw error;
  }
  return [];
}

const PIPELINE = parsePipeline(config({}));

describe("a source with builtBy: 'elsewhere'", () => {
  test('has no project, builds nothing, and reads the label first, then the tag', () => {
    expect(PIPELINE.sources.shop).toMatchObject({
      rules: {
        images: {},
        elsewhere: { web: { registry: REGISTRY, repository: 'shop/web' } },
      },
      projects: {},
      commitIn: ['label', '{branch}-{sha}', '{sha}'],
    });
    expect(routes(PIPELINE).map((route) => route.function)).not.toContain('build-changed');
  });

  test('orders the images of its repository by commits, and only what is confirmed starts by itself', () => {
    const app = PIPELINE.targets.web?.rules.containers.app;
    expect([app?.builtFrom, app?.onlyBuiltFrom]).toEqual([['acme/shop'], ['acme/shop']]);
  });

  test('is asked of the images of its repository, on its branch, and of no others', () => {
    const image = { registry: REGISTRY, repository: 'shop/web' };
    expect(findElsewhere(PIPELINE, image)).toMatchObject([
      { key: 'git/acme/shop/refs/heads/main', image: 'web' },
    ]);
    expect(findElsewhere(PIPELINE, { ...image, repository: 'shop/api' })).toEqual([]);
    expect(findElsewhere(PIPELINE, { ...image, registry: 'elsewhere' })).toEqual([]);
  });

  test('is told of pushes to ECR by the queue of the sources', () => {
    expect(imageQueuesOf(PIPELINE)).toContain('builds');
    const built = parsePipeline(config({ builtBy: 'slipway' }));
    expect(imageQueuesOf(built)).not.toContain('builds');
  });

  test('hears of an image that some target takes, and of no other', async () => {
    const sent: string[] = [];
    const hear = (tag: string) => {
      const pushed = JSON.parse(readFileSync('events/ecr-image-pushed.json', 'utf8'));
      const detail = { ...pushed.detail, 'repository-name': 'shop/web', 'image-tag': tag };
      const { account, region } = PIPELINE;
      const queues = { send: async (queue: string) => void sent.push(queue) };
      return route(
        { ...pushed, account, region, detail },
        { pipeline: PIPELINE, queues, log: listeningLog() },
      );
    };
    await hear('pr-8f3c2a1');
    expect(sent).toEqual([]);
    await hear('main-8f3c2a1');
    expect(sent).toEqual(['releases', 'builds']);
  });

  test.each([[['label']], [['main-{sha}']], [['{sha}', 'label']], [['{branch}.{sha}-prod']]])(
    'takes commitIn %j',
    (commitIn) => {
      expect(parsePipeline(config({ commitIn })).sources.shop?.commitIn).toEqual(commitIn);
    },
  );
});

describe('refused is', () => {
  const WHERE = "'label', or a whole tag with {sha} in it, like 'main-{sha}'";
  test.each<[object, string]>([
    [{ commitIn: [] }, `sources.shop.commitIn: is a list of 0, expected a list of ${WHERE}`],
    [{ commitIn: ['main-*'] }, `sources.shop.commitIn.0: is "main-*", expected ${WHERE}`],
    [{ commitIn: ['{sha}{sha}'] }, `sources.shop.commitIn.0: is "{sha}{sha}", expected ${WHERE}`],
    [{ commitIn: ['latest'] }, `sources.shop.commitIn.0: is "latest", expected ${WHERE}`],
    [
      { builtBy: 'slipway', commitIn: ['label'] },
      "sources.shop.commitIn: is a list of 1, expected nothing, or builtBy: 'elsewhere'",
    ],
    [
      { branches: ['main', 'next'] },
      "sources.shop.branches: is a list of 2, expected one branch, without a glob: with builtBy: 'elsewhere' GitHub is asked whether that branch has the commit of an image",
    ],
    [
      { branches: ['release/*'] },
      "sources.shop.branches: is a list of 1, expected one branch, without a glob: with builtBy: 'elsewhere' GitHub is asked whether that branch has the commit of an image",
    ],
    [
      { tags: ['v*'] },
      "sources.shop.tags: is a list of 1, expected no tags of git: with builtBy: 'elsewhere' GitHub is asked whether that branch has the commit of an image",
    ],
    [
      { whileBuilding: 'stop' },
      'sources.shop.whileBuilding: is "stop", expected nothing: with builtBy: \'elsewhere\' whoever builds decides that',
    ],
    [
      { images: { web: { repository: 'shop/web', project: 'ours' } } },
      'sources.shop.images.web.project: is "ours", expected nothing: with builtBy: \'elsewhere\' whoever builds decides that',
    ],
    [
      { images: { web: { repository: 'shop/web', paths: ['web/**'] } } },
      "sources.shop.images.web.paths: is a list of 1, expected nothing: with builtBy: 'elsewhere' whoever builds decides that",
    ],
  ])('%j', (shop, line) => {
    expect(mistakes(shop)).toEqual([line]);
  });
});
