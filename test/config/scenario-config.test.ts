/** A story of one's own is told of one's own config, whatever that says. */
import { expect, test } from 'vitest';
import { pipelineOf } from '../../local/stories/scenario-pipeline.ts';
import { parsePipeline } from '../../shared/config/config.ts';

const target = (service: string, more: object) => ({
  ...{ type: 'ecs-service', mode: 'act', cluster: 'production', service },
  containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
  alarms: { noAlarmsBecause: 'a test' },
  ...more,
});

const base = parsePipeline({
  name: 'shop',
  account: '123456789012',
  region: 'eu-central-1',
  sources: { shop: { repository: 'acme/shop', images: { web: { repository: 'shop/web' } } } },
  targets: {
    first: target('first', {}),
    web: target('web', {
      definition: { file: 'web/taskdef.json', leave: ['taskRoleArn'] },
      after: { targets: ['first', 'far'], soakMinutes: 5 },
    }),
  },
  upstream: {
    far: {
      ...{ account: '210987654321', cluster: 'staging', service: 'web' },
      externalId: 'nobody-guesses-this',
    },
  },
  infra: { taskDefinitions: { web: { family: 'web', roles: ['web-task'] } } },
});

test.each([
  ['brings its images by itself', []],
  ['pushes to git', [{ at: 0, gitPush: { repository: 'acme/shop' } }]],
])('which has a name, a task definition in git, and is after another pipeline: %s', (_, steps) => {
  const scenario = { steps, until: 60_000 } as unknown as Parameters<typeof pipelineOf>[0];
  const { name, targets } = pipelineOf(scenario, base);
  expect(name).toBe('shop');
  const { pipeline, definition, after } = base.targets.web?.rules ?? {};
  expect(targets.web?.rules).toMatchObject({ pipeline, definition, after });
});

test('what the story says of a target takes the place of it', () => {
  const config = { definition: 'other.json', after: ['first'] };
  const scenario = {
    steps: [{ at: 0, gitPush: { repository: 'acme/shop' } }],
    until: 60_000,
    targets: { first: {}, web: { config } },
  } as unknown as Parameters<typeof pipelineOf>[0];
  const { web } = pipelineOf(scenario, base).targets;
  expect(web?.rules.definition?.file).toBe('other.json');
  expect(web?.rules.after?.targets.map(({ id }) => id)).toEqual(['first']);
});

test('images that others build are built by nobody in a story, too', () => {
  const shop = { repository: 'acme/shop', builtBy: 'elsewhere' } as const;
  const elsewhere = parsePipeline({
    ...{ account: '123456789012', region: 'eu-central-1' },
    sources: { shop: { ...shop, images: { web: { repository: 'shop/web' } } } },
    targets: { web: target('web', {}) },
  });
  for (const said of [{}, { sources: { shop: { builtBy: 'elsewhere' } } }]) {
    const scenario = {
      ...said,
      steps: [{ at: 0, gitPush: { repository: 'acme/shop' } }],
      until: 1,
    };
    const of = pipelineOf(scenario as never, elsewhere);
    expect(of.sources.shop?.rules).toEqual(elsewhere.sources.shop?.rules);
    expect(of.targets.web?.rules).toEqual(elsewhere.targets.web?.rules);
  }
});
