import { modelOf, type ServiceModel, shapeOf } from '@slipway/local-cloud/models/model.ts';
import { SERVICE_NAMES } from '@slipway/local-cloud/services.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ask, ECS, localAws, stopServersAfterwards, warnings } from './http-world.ts';

stopServersAfterwards();

const SEED = 20_261_120;
const RUNS = 1_500;
const DEPTH_MOST = 5;

/** Words that mean something here, and words that try to. */
const WORDS = [
  'production',
  'web',
  'web:1',
  'shop/web',
  'main-0000000',
  'web-5xx',
  'slipway-urgent',
  '',
  ' ',
  '__proto__',
  'constructor',
  'a'.repeat(300),
  'arn:aws:ecs:eu-central-1:123456789012:service/production/web',
  '{"source":["aws.ecr"]}',
  'errors * (2',
  'ALARM(web-5xx) AND NOT',
  '\u0000\ud800',
  '../../etc/passwd',
  'MQ==',
];

/** Inputs of an operation: of the right form, mostly, with values of every kind. */
function inputs(model: ServiceModel, name: string, depth = 0): fc.Arbitrary<unknown> {
  const shape = shapeOf(model, name);
  switch (shape.type) {
    case 'structure': {
      if (depth > DEPTH_MOST) return fc.constant({});
      const members = Object.entries(shape.members).map(([key, member]) => {
        const value = inputs(model, member.shape, depth + 1);
        const isNeeded = shape.required?.includes(key) === true;
        return [key, isNeeded ? value : fc.option(value, { nil: undefined, freq: 1 })] as const;
      });
      return fc.record(Object.fromEntries(members));
    }
    case 'list':
      return fc.array(inputs(model, shape.member.shape, depth + 1), { maxLength: 3 });
    case 'map':
      return fc.dictionary(fc.constantFrom(...WORDS), inputs(model, shape.value.shape, depth + 1), {
        maxKeys: 3,
      });
    case 'string':
      return shape.enum === undefined
        ? fc.constantFrom(...WORDS)
        : fc.constantFrom(...shape.enum, 'NONSENSE');
    case 'boolean':
      return fc.boolean();
    case 'blob':
      return fc.constantFrom('', 'aGVsbG8=', 'not base64');
    default:
      return fc.constantFrom(-1, 0, 1, 2, 60, 300, 2_147_483_647, 0.5, 'NaN');
  }
}

const calls = SERVICE_NAMES.map(modelOf)
  .filter(({ targetPrefix }) => targetPrefix !== undefined)
  .flatMap((model) =>
    Object.entries(model.operations).map(([operation, { input }]) =>
      fc.record({
        target: fc.constant(`${model.targetPrefix}.${operation}`),
        input: input === undefined ? fc.constant({}) : inputs(model, input),
      }),
    ),
  );

test('whatever a client asks, it is answered or refused, and the local AWS lives on', async () => {
  const aws = await localAws();
  await fc.assert(
    fc.asyncProperty(fc.oneof(...calls), async ({ target, input }) => {
      const { status, body } = await ask(aws, target, input);
      const told = `${target} ${JSON.stringify(input)}: ${JSON.stringify(body)} ${warnings.join()}`;
      // What ECS says to the same service revision twice (observed).
      const isServers = (body.__type as unknown) === 'ServerException';
      expect(isServers ? [500] : [200, 400, 403, 404, 409], told).toContain(status);
      expect(
        warnings.filter((line) => !line.includes('it is ignored, as AWS ignores it')),
        told,
      ).toEqual([]);
    }),
    { numRuns: RUNS, seed: SEED },
  );
  await aws.live.advance(600_000);
  const { body } = await ask(aws, `${ECS}.ListClusters`, {});
  expect(body.clusterArns).toBeDefined();
  expect((await aws.live.state()).targets.map(({ id }) => id)).toEqual(['web', 'worker']);
  expect(warnings.filter((line) => line.startsWith('internal'))).toEqual([]);
});
