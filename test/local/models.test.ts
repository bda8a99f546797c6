import { readdirSync, readFileSync } from 'node:fs';
import { answerViolationsIn, violationsIn } from '@slipway/local-cloud/models/check.ts';
import { brokenInWords, checkingCalls } from '@slipway/local-cloud/models/checked-calls.ts';
import { modelOf, type ServiceModel } from '@slipway/local-cloud/models/model.ts';
import { operationsOf, SERVICE_NAMES } from '@slipway/local-cloud/services.ts';
import { describe, expect, test } from 'vitest';

const MODELS = new URL('../../packages/local-cloud/models/', import.meta.url).pathname;

describe('AWS’s models', () => {
  test.each(SERVICE_NAMES)('every operation of %s that is served has its model', (service) => {
    const served = Object.keys(operationsOf(service) ?? {}).sort();
    const how = 'run `node packages/local-cloud/models/generate.ts`';
    expect(Object.keys(modelOf(service).operations), how).toEqual(served);
  });

  test('say where they come from and under which licence', () => {
    for (const service of SERVICE_NAMES) {
      expect(modelOf(service).source).toMatch(
        /^botocore \d+\.\d+\.\d+ \(github\.com\/boto\/botocore, Apache-2\.0\)/,
      );
    }
  });

  test('have no file that nobody reads', () => {
    const names = readdirSync(MODELS).filter((name) => name.endsWith('.json'));
    expect(names.sort()).toEqual(SERVICE_NAMES.map((service) => `${service}.json`).sort());
  });

  test('have only patterns that mean something here', () => {
    for (const service of SERVICE_NAMES) {
      for (const [name, shape] of Object.entries(modelOf(service).shapes)) {
        if (shape.type !== 'string' || shape.pattern === undefined) continue;
        const wrong = violationsIn(modelOf(service), name, '\u0000\u0001');
        const isAnything = /\[\\s\\S\]|\.\*|\[\^/.test(shape.pattern);
        expect(wrong.length > 0 || isAnything, `${service} ${name} ${shape.pattern}`).toBe(true);
      }
    }
  });
});

describe('the check of every call', () => {
  test('an answer that breaks its model is told, without its values', () => {
    const told: string[] = [];
    const check = checkingCalls((call) => told.push(brokenInWords(call)));
    const call = { service: 'ssm', operation: 'GetParameter', fault: 'none' as const };
    check({ ...call, input: { Name: 'a' }, output: { Parameter: { Value: 5, Nmae: 'secret' } } });
    expect(told).toEqual([
      "the answer of ssm:GetParameter breaks AWS's model: Parameter.Value: Member must be of type String; Parameter.Nmae: the model has no such member",
    ]);
    check({ ...call, input: {}, error: new Error('x') as never });
    expect(told[1]).toBe(
      "the request of ssm:GetParameter breaks AWS's model: Name: Member must not be null",
    );
  });
});

/** One shape of each kind, with each kind of bound. */
const TOY = {
  service: 'toy',
  shapes: {
    Root: {
      type: 'structure',
      required: ['Name'],
      members: {
        Name: { shape: 'Name' },
        Kind: { shape: 'Kind' },
        Secret: { shape: 'Secret' },
        Count: { shape: 'Count' },
        Big: { shape: 'Big' },
        Share: { shape: 'Share' },
        On: { shape: 'On' },
        At: { shape: 'At' },
        Raw: { shape: 'Raw' },
        List: { shape: 'List' },
        Map: { shape: 'Map' },
        Self: { shape: 'Root' },
      },
    },
    Name: { type: 'string', min: 2, max: 4, pattern: '[a-z]+|\\p{Lu}+' },
    Kind: { type: 'string', enum: ['A', 'B'] },
    Secret: { type: 'string', max: 3, sensitive: true },
    Count: { type: 'integer', min: 1, max: 10 },
    Big: { type: 'long' },
    Share: { type: 'double', max: 1 },
    On: { type: 'boolean' },
    At: { type: 'timestamp' },
    Raw: { type: 'blob' },
    List: { type: 'list', member: { shape: 'Count' }, max: 2 },
    Map: { type: 'map', key: { shape: 'Name' }, value: { shape: 'Kind' }, min: 1 },
  },
} as unknown as ServiceModel;

const wrong = (value: object) =>
  violationsIn(TOY, 'Root', { Name: 'abc', ...value }).map(
    ({ kind, path, seen }) => `${kind} ${path}${seen === undefined ? '' : ` ${seen}`}`,
  );

describe('the check of a value', () => {
  test.each<[object, string[]]>([
    [{}, []],
    [{ Name: undefined }, ['missing Name null']],
    [{ Name: 'a' }, ['length Name a']],
    [{ Name: 'abcde' }, ['length Name abcde']],
    [{ Name: 'ab1' }, ['pattern Name ab1']],
    [{ Name: 'ÄÖ' }, []],
    [{ Name: 5 }, ['type Name 5']],
    [{ Kind: 'A' }, []],
    [{ Kind: 'C' }, ['enum Kind C']],
    [{ Secret: 'abcd' }, ['length Secret']],
    [{ Secret: 4 }, ['type Secret']],
    [{ Count: 10 }, []],
    [{ Count: 11 }, ['range Count 11']],
    [{ Count: 1.5 }, ['type Count 1.5']],
    [{ Count: 2 ** 31 }, ['type Count 2147483648']],
    [{ Big: 2 ** 40 }, []],
    [{ Share: 0.5 }, []],
    [{ Share: 'NaN' }, []],
    [{ Share: 'half' }, ['type Share half']],
    [{ On: 'true' }, ['type On true']],
    [{ At: new Date(0) }, []],
    [{ At: new Date(Number.NaN) }, ['type At']],
    [{ At: 5 }, ['type At 5']],
    [{ Raw: 'aGk=' }, []],
    [{ Raw: new Uint8Array(2) }, []],
    [{ List: [1, 2] }, []],
    [{ List: [1, 2, 3] }, ['length List']],
    [{ List: [1, 0] }, ['range List.2 0']],
    [{ List: { 0: 1 } }, ['type List']],
    [{ Map: { ab: 'A' } }, []],
    [{ Map: {} }, ['length Map']],
    [{ Map: { a: 'A', ab: 'C' } }, ['length Map.a a', 'enum Map.ab C']],
    [{ Map: [] }, ['type Map']],
    [{ Nmae: 'x' }, ['unknown Nmae']],
    [{ constructor: 'x' }, ['unknown constructor']],
    [
      { Self: { Name: 'ab', Self: { Kind: 'C' } } },
      ['missing Self.Self.Name null', 'enum Self.Self.Kind C'],
    ],
  ])('%j', (value, expected) => {
    expect(wrong(value)).toEqual(expected);
  });

  test('an answer may have an empty list', () => {
    const model = modelOf('codebuild');
    const value = { builds: [], buildsNotFound: [] };
    expect(answerViolationsIn(model, 'BatchGetBuildsOutput', value)).toEqual([]);
    expect(violationsIn(model, 'BatchGetBuildsInput', { ids: [] })).toMatchObject([
      { kind: 'length', path: 'ids' },
    ]);
  });

  test('a value that is wrong everywhere tells twenty things', () => {
    const List = Array.from({ length: 1_000 }, () => 'x');
    expect(wrong({ List })).toHaveLength(20);
  });
});

test('the generated files are what their generator writes: whole JSON, a line a shape', () => {
  for (const service of SERVICE_NAMES) {
    const text = readFileSync(`${MODELS}${service}.json`, 'utf8');
    const { shapes, operations } = JSON.parse(text) as ServiceModel;
    const lines = Object.keys(shapes).length + Object.keys(operations).length;
    expect(text.split('\n').length).toBeGreaterThan(lines);
    expect(text).not.toContain('<p>');
  }
});
