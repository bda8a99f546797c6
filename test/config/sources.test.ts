/** What the user may write of sources and GitHub, what becomes of it, and how a mistake is told. */
import { describe, expect, test } from 'vitest';
import example from '../../pipeline.config.ts';
import { ConfigError, type Pipeline, parsePipeline } from '../../shared/config/config.ts';

const REGISTRY = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';
const app = { repository: 'shop/web', tags: { glob: 'main-*' } };
const shop = { repository: 'acme/shop', images: { web: { repository: 'shop/web' } } };

/** A good config with one source, in which something is changed. */
function config(top: object = {}, containers: object = { app }): unknown {
  const web = {
    type: 'ecs-service',
    mode: 'act',
    cluster: 'production',
    service: 'web',
    alarms: ['web-5xx'],
  };
  return {
    account: '123456789012',
    region: 'eu-central-1',
    targets: { web: { ...web, containers } },
    sources: { shop },
    ...top,
  };
}

const withShop = (change: object) => config({ sources: { shop: { ...shop, ...change } } });
const withWeb = (change: object) =>
  withShop({ images: { web: { repository: 'shop/web', ...change } } });

function mistakes(input: unknown): readonly string[] {
  try {
    parsePipeline(input);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ line }) => line);
    throw error;
  }
  return [];
}

/** Which of these texts one of the patterns matches. */
function matching(patterns: readonly string[] = [], texts: readonly string[]): readonly string[] {
  return texts.filter((text) => patterns.some((pattern) => new RegExp(pattern).test(text)));
}

describe('a good source', () => {
  test('needs a repository and one image: main is built by a project of the stack’s own', () => {
    const { sources } = parsePipeline(config());
    expect(sources.shop).toEqual({
      id: 'shop',
      repository: 'acme/shop',
      webhookSecret: 'slipway/github-webhook',
      heads: ['refs/heads/main'],
      rules: {
        whileBuilding: 'stop',
        images: {
          web: { registry: REGISTRY, repository: 'shop/web', project: 'slipway-shop-web' },
        },
      },
      refNames: ['main'],
      branches: [expect.any(String)],
      tags: [],
      paths: {},
      projects: {
        web: { dockerfile: 'Dockerfile', context: '.', platforms: ['linux/amd64'] },
      },
    });
    expect(matching(sources.shop?.branches, ['main', 'mainly', 'x/main'])).toEqual(['main']);
  });

  test('keeps what it says', () => {
    const { sources } = parsePipeline(
      withShop({
        branches: ['main', 'release/*'],
        tags: ['v*'],
        whileBuilding: 'finish',
        images: {
          web: {
            repository: 'shop/web',
            paths: ['web/**'],
            dockerfile: 'web/Dockerfile',
            context: 'web',
            platforms: ['linux/amd64', 'linux/arm64'],
          },
          api: { repository: 'shop/api', project: 'our-own-project' },
        },
      }),
    );
    const source = sources.shop;
    expect(source?.rules).toEqual({
      whileBuilding: 'finish',
      images: {
        web: { registry: REGISTRY, repository: 'shop/web', project: 'slipway-shop-web' },
        api: { registry: REGISTRY, repository: 'shop/api', project: 'our-own-project' },
      },
    });
    expect(source?.projects).toEqual({
      web: {
        dockerfile: 'web/Dockerfile',
        context: 'web',
        platforms: ['linux/amd64', 'linux/arm64'],
      },
    });
    expect([source?.branches.length, source?.tags.length]).toEqual([2, 1]);
    expect(Object.keys(source?.paths ?? {})).toEqual(['web']);
  });

  test('a star does not cross a slash, two do; a dot at the beginning is like any letter', () => {
    const { sources } = parsePipeline(
      withShop({
        branches: ['release/*', 'feature/**'],
        images: { web: { repository: 'shop/web', paths: ['web/**', '.github/*', '!docs'] } },
      }),
    );
    const branches = ['release/1', 'release/1/fix', 'feature/a', 'feature/a/b', 'main'];
    expect(matching(sources.shop?.branches, branches)).toEqual([
      'release/1',
      'feature/a',
      'feature/a/b',
    ]);
    const paths = ['web/.env', 'web/src/a.ts', '.github/ci.yml', 'docs', 'src/web/a.ts'];
    expect(matching(sources.shop?.paths.web, paths)).toEqual([
      'web/.env',
      'web/src/a.ts',
      '.github/ci.yml',
    ]);
  });

  test('can be tags alone', () => {
    const { sources } = parsePipeline(withShop({ branches: [], tags: ['v*'] }));
    expect([sources.shop?.branches, sources.shop?.tags.length]).toEqual([[], 1]);
  });

  test('is not needed: without one nothing is built, and images are ordered by their push', () => {
    const { sources, github, targets } = parsePipeline(config({ sources: undefined }));
    expect(sources).toEqual({});
    expect(github.webhookSecret).toBe('slipway/github-webhook');
    expect(targets.web?.tagRules.app?.newer).toBe('push-time');
    expect(targets.web?.rules.containers.app).toEqual({
      registry: REGISTRY,
      repository: 'shop/web',
    });
  });

  test('has no source that it does not name', () => {
    const { sources } = parsePipeline(config());
    expect(sources.constructor).toBeUndefined();
    expect('toString' in sources).toBe(false);
  });

  test('is the example', () => {
    expect(Object.values(example.sources).map(({ repository }) => repository)).toEqual([
      'acme/shop',
    ]);
  });
});

describe('what is newer', () => {
  const web = ({ targets }: Pipeline) => ({
    newer: targets.web?.tagRules.app?.newer,
    builtFrom: targets.web?.rules.containers.app?.builtFrom,
  });

  test('of an image that a source builds: the later commit, without a word', () => {
    expect(web(parsePipeline(config()))).toEqual({ newer: 'commit', builtFrom: ['acme/shop'] });
  });

  test('said otherwise, what was said', () => {
    const pipeline = parsePipeline(config({}, { app: { ...app, newer: 'push-time' } }));
    expect(web(pipeline)).toEqual({ newer: 'push-time', builtFrom: undefined });
  });

  test('of an image that no source builds: the later push', () => {
    const pipeline = parsePipeline(config({}, { app: { ...app, repository: 'shop/other' } }));
    expect(web(pipeline)).toEqual({ newer: 'push-time', builtFrom: undefined });
  });

  test('two sources may build one image: both are asked', () => {
    const legacy = { repository: 'acme/legacy', images: { web: { repository: 'shop/web' } } };
    const pipeline = parsePipeline(config({ sources: { shop, legacy } }));
    expect(web(pipeline).builtFrom).toEqual(['acme/shop', 'acme/legacy']);
  });
});

describe('GitHub', () => {
  test('has a default for everything', () => {
    expect(parsePipeline(config()).github).toEqual({
      webhookSecret: 'slipway/github-webhook',
      credentials: 'slipway/github',
      apiUrl: 'https://api.github.com',
    });
  });

  test('may be a server of your own', () => {
    const apiUrl = 'https://github.example.com/api/v3';
    expect(parsePipeline(config({ github: { apiUrl } })).github).toMatchObject({
      apiUrl,
      credentials: 'slipway/github',
    });
  });
});

describe('a mistake is told with its path, the value and what was expected', () => {
  const GITHUB = "expected owner and name of a repository on GitHub, like 'acme/shop'";
  const PATH =
    'expected a path inside the repository: letters, digits and . _ - / only, relative, without ..';
  const GLOB = 'expected a glob of 1 to 200 characters, without spaces';
  const HTTPS = "expected an https address, like 'https://github.example.com/api/v3'";

  test.each<[string, unknown, string[]]>([
    [
      'no such setting',
      withShop({ branch: 'main' }),
      ['sources.shop.branch: is "main", but there is no such setting; did you mean branches?'],
    ],
    [
      'a URL in the place of a repository',
      withShop({ repository: 'https://github.com/acme/shop' }),
      [`sources.shop.repository: is "https://github.com/acme/shop", ${GITHUB}`],
    ],
    [
      'a repository without an owner',
      withShop({ repository: 'shop' }),
      [`sources.shop.repository: is "shop", ${GITHUB}`],
    ],
    [
      'no image',
      withShop({ images: {} }),
      ['sources.shop.images: is an object, expected at least one image, by a name of yours'],
    ],
    [
      'no source',
      config({ sources: {} }),
      [
        'sources: is an object, expected at least one source by a name of yours, or no sources at all',
      ],
    ],
    [
      'neither branches nor tags',
      withShop({ branches: [] }),
      [
        'sources.shop.branches: is a list of 0, expected at least one glob, of branches or of tags: nothing would ever be built',
      ],
    ],
    [
      'a glob with a space',
      withShop({ branches: ['main branch'] }),
      [`sources.shop.branches.0: is "main branch", ${GLOB}`],
    ],
    [
      'a path out of the repository',
      withWeb({ dockerfile: '../Dockerfile' }),
      [`sources.shop.images.web.dockerfile: is "../Dockerfile", ${PATH}`],
    ],
    [
      'a path that a shell would read',
      withWeb({ context: 'web; curl evil' }),
      [`sources.shop.images.web.context: is "web; curl evil", ${PATH}`],
    ],
    [
      'a platform twice',
      withWeb({ platforms: ['linux/amd64', 'linux/amd64'] }),
      ['sources.shop.images.web.platforms: is a list of 2, expected each platform once'],
    ],
    [
      'an unknown platform',
      withWeb({ platforms: ['windows/amd64'] }),
      [
        "sources.shop.images.web.platforms.0: is \"windows/amd64\", expected 'linux/amd64' or 'linux/arm64'",
      ],
    ],
    [
      'a project of one’s own, and how the stack should make it',
      withWeb({ project: 'ours', dockerfile: 'Dockerfile' }),
      [
        'sources.shop.images.web.project: is "ours", expected no project, or no dockerfile, context and platforms: those are of the one that we make',
      ],
    ],
    [
      'neither stop nor finish',
      withShop({ whileBuilding: 'wait' }),
      ["sources.shop.whileBuilding: is \"wait\", expected 'stop' or 'finish'"],
    ],
    [
      'a view with a query',
      config({ github: { viewUrl: 'http://127.0.0.1:4580/?q=web' } }),
      [
        `github.viewUrl: is "http://127.0.0.1:4580/?q=web", expected an http or https address without a query, like 'http://127.0.0.1:4580' or 'https://slipway.example.com'`,
      ],
    ],
    [
      'GitHub without https',
      config({ github: { apiUrl: 'http://github.example.com' } }),
      [`github.apiUrl: is "http://github.example.com", ${HTTPS}`],
    ],
    [
      'two sources on one repository, however it is spelled',
      config({ sources: { shop, again: { ...shop, repository: 'Acme/Shop' } } }),
      [
        'sources.again.repository: is "Acme/Shop", expected another repository: sources.shop builds it already; give that one more images',
      ],
    ],
    [
      'an order of commits that no source knows',
      config({}, { app: { ...app, repository: 'shop/other', newer: 'commit' } }),
      [
        'targets.web.containers.app.newer: is "commit", expected another order: no source builds "shop/other", so its commits are not known',
      ],
    ],
    [
      'two images that would share one project of the stack’s',
      config({
        sources: {
          shop: { ...shop, images: { 'web-a': { repository: 'shop/web' } } },
          'shop-web': { repository: 'acme/web', images: { a: { repository: 'shop/a' } } },
        },
      }),
      [
        'sources.shop-web.images.a: is "a", expected another name: its project would be slipway-shop-web-a, as that of sources.shop.images.web-a',
      ],
    ],
    [
      'a project of yours that is the stack’s',
      config({
        sources: {
          shop: { ...shop, images: { web: { repository: 'shop/web' } } },
          other: {
            repository: 'acme/other',
            images: { a: { repository: 'shop/a', project: 'slipway-shop-web' } },
          },
        },
      }),
      [
        'sources.other.images.a.project: is "slipway-shop-web", expected another project: the stack makes it for sources.shop.images.web',
      ],
    ],
  ])('%s', (_, input, lines) => {
    expect(mistakes(input)).toEqual(lines);
  });

  test('a name that every object in JavaScript has, or __proto__, is none', () => {
    const named = (name: string) =>
      JSON.parse(JSON.stringify(config()).replace('"shop":{', `"${name}":{`));
    expect(mistakes(named('constructor'))[0]).toContain('not one that every object in JavaScript');
    expect(mistakes(named('__proto__'))[0]).toContain('no key __proto__');
  });
});

describe('what a container is bound to', () => {
  const config = (app: object) => ({
    account: '123456789012',
    region: 'eu-central-1',
    targets: {
      web: {
        type: 'ecs-service',
        mode: 'act',
        cluster: 'production',
        service: 'web',
        containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' }, ...app } },
        alarms: ['web-5xx'],
      },
    },
    sources: {
      shop: {
        repository: 'acme/shop',
        branches: ['**'],
        images: { web: { repository: 'shop/web' } },
      },
      other: { repository: 'acme/other', images: { web: { repository: 'shop/web' } } },
    },
  });
  const rulesOf = (app: object) => parsePipeline(config(app)).targets.web?.rules.containers.app;

  test('by default it takes what the builds of its sources made, of any branch', () => {
    expect(rulesOf({})).toMatchObject({ onlyBuiltFrom: ['acme/shop', 'acme/other'] });
    expect(rulesOf({})).not.toHaveProperty('branches');
    expect(rulesOf({ onlyBuilt: false })).not.toHaveProperty('onlyBuiltFrom');
    expect(rulesOf({ newer: 'push-time' })).toHaveProperty('onlyBuiltFrom');
  });

  test('with `from` it takes those of one source, and of whole names of branches', () => {
    const bound = rulesOf({ from: { source: 'shop', branches: ['main', 'release/*'] } });
    expect(bound).toMatchObject({ builtFrom: ['acme/shop'], onlyBuiltFrom: ['acme/shop'] });
    const takes = (name: string) => bound?.branches?.some((one) => new RegExp(one).test(name));
    expect(['main', 'release/1', 'main-evil', 'x/main', 'release/1/x'].map(takes)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  test.each([
    [{ from: { source: 'nobody', branches: ['main'] } }, 'from.source'],
    [{ from: { source: 'constructor', branches: ['main'] } }, 'from.source'],
    [{ from: { source: 'shop', branches: [] } }, 'from.branches'],
    [{ from: { source: 'shop', branches: ['main'] }, newer: 'push-time' }, 'newer'],
    [{ repository: 'shop/elsewhere', onlyBuilt: true }, 'onlyBuilt'],
  ])('what nothing could keep is refused: %j', (app, path) => {
    expect(() => parsePipeline(config(app))).toThrow(path);
  });
});
