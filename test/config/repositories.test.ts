/** A repository is pasted as ECR shows it: the URI of this account and region is its name, and of another one it is refused. */
import { describe, expect, test } from 'vitest';
import { parsePipeline } from '../../shared/config/config.ts';

function config(repository: string, image = repository): object {
  const web = {
    type: 'ecs-service',
    cluster: 'production',
    service: 'web',
    containers: { app: { repository, tags: { glob: 'main-*' } } },
    alarms: ['web-5xx'],
    mode: 'watch',
  };
  const shop = { repository: 'acme/shop', images: { web: { repository: image } } };
  return {
    account: '123456789012',
    region: 'eu-central-1',
    targets: { web },
    sources: { shop },
  };
}

describe('understood as shop/web', () => {
  test.each([
    'shop/web',
    '123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/web',
    '123456789012.dkr-ecr.eu-central-1.on.aws/shop/web',
  ])('%s', (written) => {
    const { targets, sources } = parsePipeline(config(written));
    expect(targets.web?.rules.containers.app).toMatchObject({
      registry: '123456789012.dkr.ecr.eu-central-1.amazonaws.com',
      repository: 'shop/web',
      builtFrom: ['acme/shop'],
    });
    expect(sources.shop?.rules.images.web?.repository).toBe('shop/web');
  });
});

describe('refused, where it is of a target and where it is of a source', () => {
  test.each([
    ['another account', '210987654321.dkr.ecr.eu-central-1.amazonaws.com/shop/web'],
    ['another region', '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/web'],
    ['the public registry of ECR', 'public.ecr.aws/docker/library/nginx'],
    ['Docker Hub', 'docker.io/library/nginx'],
    ['GitHub', 'ghcr.io/acme/web'],
  ])('%s', (_, written) => {
    const said =
      /repository: is "[^"]+", expected the name of an ECR repository of this account and region, like 'shop\/web'/;
    expect(() => parsePipeline(config(written, 'shop/web'))).toThrow(said);
    expect(() => parsePipeline(config('shop/web', written))).toThrow(said);
  });

  test('a tag belongs to the images, and not to the repository', () => {
    const written = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/web:main-1';
    expect(() => parsePipeline(config(written))).toThrow(
      /repository: is "shop\/web:main-1", expected the name of an ECR repository, like 'shop\/web'/,
    );
  });
});

test('a name with dots of its own stays a name', () => {
  const { targets } = parsePipeline(config('shop.example/web'));
  expect(targets.web?.rules.containers.app?.repository).toBe('shop.example/web');
});

test('a config that is nothing like one is told as before', () => {
  for (const input of [null, [], 'x', { account: 1 }, { account: '123456789012', targets: 7 }]) {
    expect(() => parsePipeline(input)).toThrow(/^the pipeline config has \d+ mistake/);
  }
});
