import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Image, ImageDigest } from '../../../shared/core/model/image.ts';
import type { JsonRecord } from '../../../shared/core/release/definition/containers.ts';
import {
  containerImages,
  READ_ONLY_FIELDS,
  renderRevision,
} from '../../../shared/core/release/task-definition.ts';

const image: Image = {
  registry: '111122223333.dkr.ecr.eu-west-1.amazonaws.com',
  repository: 'shop/web',
  digest: `sha256:${'a'.repeat(64)}` as ImageDigest,
  tags: ['main-8f3c2a1'],
};
const reference = `${image.registry}/shop/web@${image.digest}`;

const definition: JsonRecord = {
  taskDefinitionArn: 'arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7',
  family: 'web',
  revision: 7,
  status: 'ACTIVE',
  registeredAt: 1_789_551_603.508,
  registeredBy: 'arn:aws:iam::111122223333:user/ada',
  requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.task-iam-role' }],
  compatibilities: ['EC2', 'FARGATE'],
  cpu: '256',
  volumes: [],
  fieldOfTheYear2030: { deep: [1, { deeper: true }] },
  containerDefinitions: [
    { name: 'app', image: 'shop/web:latest', essential: true, knobOfTheYear2030: 'kept' },
    { name: 'log', image: 'fluent/bit:3', essential: false },
  ],
};

test('only the named container gets another image; unknown fields pass through untouched', () => {
  expect(renderRevision(definition, [], { app: image }, {})).toEqual({
    outcome: 'rendered',
    input: {
      family: 'web',
      cpu: '256',
      volumes: [],
      fieldOfTheYear2030: { deep: [1, { deeper: true }] },
      containerDefinitions: [
        { name: 'app', image: reference, essential: true, knobOfTheYear2030: 'kept' },
        { name: 'log', image: 'fluent/bit:3', essential: false },
      ],
    },
  });
});

test('tags are carried over without those of AWS, and ours win', () => {
  const tags = [
    { key: 'team', value: 'shop' },
    { key: 'aws:cloudformation:stack-name', value: 'web' },
    { key: 'AWS:other', value: 'x' },
    { key: 'slipway:release', value: 'ecs/production/web/1' },
  ];
  const rendered = renderRevision(definition, tags, { app: image }, { 'slipway:release': 'r/2' });
  expect(rendered).toMatchObject({
    outcome: 'rendered',
    input: {
      tags: [
        { key: 'team', value: 'shop' },
        { key: 'slipway:release', value: 'r/2' },
      ],
    },
  });
});

test('a container that the definition does not have is refused with the names that it has', () => {
  expect(renderRevision(definition, [], { web: image, app: image }, {})).toEqual({
    outcome: 'missing',
    names: ['web'],
    has: ['app', 'log'],
  });
});

test('a container named like a property of every object is missing all the same', () => {
  const images = Object.fromEntries([['constructor', image]]);
  expect(renderRevision(definition, [], images, {})).toMatchObject({ outcome: 'missing' });
});

test('if nothing would change there is nothing to register', () => {
  const running = { ...definition, containerDefinitions: [{ name: 'app', image: reference }] };
  expect(renderRevision(running, [], { app: image }, { 'slipway:release': 'r/2' })).toEqual({
    outcome: 'unchanged',
  });
});

test('a definition without containers has none, and is not an accident', () => {
  const images = containerImages({ family: 'web' });
  expect(images).toEqual({});
  expect(containerImages(definition)).toEqual({ app: 'shop/web:latest', log: 'fluent/bit:3' });
});

test('a revision that was deregistered is registered anew, though nothing would change', () => {
  const gone = {
    ...definition,
    status: 'INACTIVE',
    containerDefinitions: [{ name: 'app', image: reference }],
  };
  expect(renderRevision(gone, [], { app: image }, {})).toMatchObject({ outcome: 'rendered' });
});

test('what is no container, and a container without a name or an image, goes through untouched', () => {
  const odd = {
    ...definition,
    containerDefinitions: [null, 'x', [], { essential: true }, { name: 'app', image: 7 }],
  };
  expect(containerImages(odd)).toEqual({ '': '', app: '' });
  expect(renderRevision(odd, [], { app: image }, {})).toMatchObject({
    input: { containerDefinitions: [{ essential: true }, { name: 'app', image: reference }] },
  });
});

test('a container that is named like a property of every object gets no image by that', () => {
  const odd = {
    ...definition,
    containerDefinitions: [
      { name: 'app', image: 'a' },
      { name: 'constructor', image: 'b' },
    ],
  };
  expect(renderRevision(odd, [], { app: image }, {})).toMatchObject({
    input: { containerDefinitions: [{ image: reference }, { name: 'constructor', image: 'b' }] },
  });
});

test('a tag without a key is not sent again', () => {
  const rendered = renderRevision(
    definition,
    [{ value: 'x' }, { key: 'a', value: 'b' }],
    { app: image },
    {},
  );
  expect(rendered).toMatchObject({ input: { tags: [{ key: 'a', value: 'b' }] } });
});

test('the read-only fields are those that the SDK returns and does not take', () => {
  const returned = fieldsOf('TaskDefinition');
  const taken = fieldsOf('RegisterTaskDefinitionRequest');
  expect(returned.length).toBeGreaterThan(20);
  expect(returned.filter((field) => !taken.includes(field)).sort()).toEqual(
    [...READ_ONLY_FIELDS].sort(),
  );
});

/** The fields of an interface in the typings of client-ecs. */
function fieldsOf(name: string): string[] {
  const entry = createRequire(import.meta.url).resolve('@aws-sdk/client-ecs');
  const models = join(dirname(entry), '../dist-types/models');
  const text = ['models_0.d.ts', 'models_1.d.ts']
    .map((file) => readFileSync(join(models, file), 'utf8'))
    .join('\n');
  const body = new RegExp(`^export interface ${name} \\{$(.*?)^\\}$`, 'ms').exec(text)?.[1] ?? '';
  return [...body.matchAll(/^ {4}(\w+)\??:/gm)].flatMap(([, field]) => field ?? []);
}

describe('with what stands in git', () => {
  const overlay = (written: JsonRecord) => ({ written, rules: { leave: [], roles: [] } });
  const runs: JsonRecord = {
    ...definition,
    containerDefinitions: [{ name: 'app', image: reference }],
  };

  test('a change of another field alone is a revision of its own', () => {
    expect(renderRevision(runs, [], { app: image }, {}, overlay({ cpu: '512' }))).toMatchObject({
      outcome: 'rendered',
      input: { cpu: '512', containerDefinitions: [{ name: 'app', image: reference }] },
    });
  });

  test('what runs already registers nothing', () => {
    const same = renderRevision(runs, [], { app: image }, {}, overlay({ cpu: '256' }));
    expect(same).toEqual({ outcome: 'unchanged' });
  });

  test('what may not be laid over it is refused in words', () => {
    expect(renderRevision(runs, [], { app: image }, {}, overlay({ family: 'api' }))).toEqual({
      outcome: 'refused',
      because:
        '`family` is not as it runs, and only who owns the service may change it: leave it out',
    });
  });
});
