/** What a config may say of a task definition in git, and what comes of it. */
import { expect, test } from 'vitest';
import { parsePipeline } from '../../shared/config/config.ts';

const image = (repository: string, paths?: readonly string[]) => ({
  repository,
  ...(paths && { paths }),
});

function parsed(
  definition: unknown,
  {
    containers = ['app'],
    newer,
    infra = {},
    paths,
  }: {
    containers?: readonly string[];
    newer?: string;
    infra?: object;
    paths?: readonly string[];
  } = {},
) {
  const container = (name: string) => ({
    repository: `shop/${name}`,
    tags: { glob: 'main-*' },
    ...(newer && { newer }),
  });
  return parsePipeline({
    account: '123456789012',
    region: 'eu-central-1',
    sources: { shop: { repository: 'acme/shop', images: { app: image('shop/app', paths) } } },
    targets: {
      web: {
        ...{ type: 'ecs-service', cluster: 'production', service: 'web', alarms: ['web-5xx'] },
        containers: Object.fromEntries(containers.map((name) => [name, container(name)])),
        definition,
      },
    },
    infra,
  });
}

const rulesOf = (...given: Parameters<typeof parsed>) =>
  parsed(...given).targets.web?.rules.definition;

test('a path is enough for a target with one container', () => {
  expect(rulesOf('web/taskdef.json')).toEqual({
    file: 'web/taskdef.json',
    container: 'app',
    leave: [],
    roles: [],
  });
  expect(rulesOf(undefined)).toBeUndefined();
});

test('it may name the roles that infra lets Slipway hand to the tasks of this target', () => {
  const infra = { taskDefinitions: { web: { family: 'web', roles: ['web-task'] } } };
  expect(rulesOf('taskdef.json', { infra })?.roles).toEqual(['web-task']);
});

test('what Terraform or CDK owns is named, and of several containers the one whose commit counts', () => {
  const leave = [
    'taskRoleArn',
    'containerDefinitions.*.logConfiguration',
    'containerDefinitions.app.environment.DATABASE_URL',
  ];
  expect(
    rulesOf({ file: 'taskdef.json', of: 'app', leave }, { containers: ['log', 'app'] }),
  ).toMatchObject({ container: 'app', leave });
});

test('a push that changes the file alone builds the image, and so is a release', () => {
  const paths = (of: ReturnType<typeof parsed>) => of.sources.shop?.paths.app;
  const with_ = paths(parsed('web/taskdef.json', { paths: ['web/src/**'] })) ?? [];
  expect(with_.some((one) => new RegExp(one).test('web/taskdef.json'))).toBe(true);
  expect(paths(parsed(undefined, { paths: ['web/src/**'] }))).toHaveLength(1);
  expect(paths(parsed('web/taskdef.json'))).toBeUndefined();
  // Two targets of one image have one file.
  const images = { app: { repository: 'shop/app', paths: ['web/src/**'] } };
  const targets = Object.fromEntries(
    ['web', 'canary'].map((id) => [
      id,
      {
        ...{ type: 'ecs-service', cluster: 'production', service: id, alarms: ['web-5xx'] },
        containers: { app: { repository: 'shop/app', tags: { glob: 'main-*' } } },
        definition: 'web/taskdef.json',
      },
    ]),
  );
  const place = { account: '123456789012', region: 'eu-central-1' };
  const sources = { shop: { repository: 'acme/shop', images } };
  expect(paths(parsePipeline({ ...place, sources, targets }))).toHaveLength(2);
});

test.each<
  [what: string, definition: unknown, more: Parameters<typeof parsed>[1], expected: RegExp]
>([
  [
    'a path that leads out',
    '../taskdef.json',
    {},
    /targets\.web\.definition: .*a file in the repository/,
  ],
  ['an absolute path', '/taskdef.json', {}, /a file in the repository/],
  ['a glob', 'web/*.json', {}, /a file in the repository/],
  [
    'a field that there is not',
    { file: 'taskdef.json', leave: ['containerDefinitions.app.enviroment'] },
    {},
    /definition\.leave\.0: is "containerDefinitions\.app\.enviroment", expected a field of the task/,
  ],
  [
    'more of what is left than a record should hold',
    { file: 'taskdef.json', leave: Array.from({ length: 21 }, () => 'cpu') },
    {},
    /at most 20 paths/,
  ],
  [
    'several containers, none of them named',
    'taskdef.json',
    { containers: ['app', 'log'] },
    /expected { file: …, of: 'app' }: of 2 containers, one is that whose commit counts/,
  ],
  [
    'a container that there is not',
    { file: 'taskdef.json', of: 'ap' },
    {},
    /definition\.of: is "ap", expected one of the target's containers: app/,
  ],
  [
    'images that no source builds',
    { file: 'taskdef.json', of: 'log' },
    { containers: ['app', 'log'] },
    /expected nothing, or a source that builds "shop\/log"/,
  ],
  [
    'images that are ordered by something else',
    'taskdef.json',
    { newer: 'push-time' },
    /newer: 'commit'/,
  ],
])('%s is refused', (_, definition, more, expected) => {
  expect(() => parsed(definition, more)).toThrow(expected);
});
