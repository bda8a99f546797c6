/** What the user may write, what becomes of it, and how a mistake is told. */
import { describe, expect, test } from 'vitest';
import example from '../../pipeline.config.ts';
import {
  blueGreen,
  ConfigError,
  definePipeline,
  ecsService,
  noAlarms,
  parsePipeline,
} from '../../shared/config/config.ts';

const container = { repository: 'shop/web', tags: { glob: 'main-*' } };
const service = {
  type: 'ecs-service',
  cluster: 'production',
  service: 'web',
  containers: { app: container },
  alarms: ['web-5xx'],
};

/** A good config in which one target, or the top, is changed. */
function config(target: object, top: object = {}): unknown {
  const targets = { web: { ...service, ...target } };
  return { account: '123456789012', region: 'eu-central-1', targets, ...top };
}

const STRATEGIES =
  'rolling(), blueGreen({ bakeMinutes: 10 }), canary({ percent: 5, bakeMinutes: 10 }), linear({ stepPercent: 10, bakeMinutes: 10 }) or judged()';

function mistakes(input: unknown): readonly string[] {
  try {
    parsePipeline(input);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const [head, ...lines] = error.message.split('\n  ');
    expect(head).toMatch(
      /^the pipeline config has \d+ mistakes?; nothing runs until (it is|they are) mended:$/,
    );
    expect(error.problems.map(({ line }) => line)).toEqual(lines);
    return lines;
  }
  return [];
}

describe('a good config', () => {
  test('has defaults for everything but the service, its containers and its alarms', () => {
    const pipeline = definePipeline({
      account: '123456789012',
      region: 'eu-central-1',
      targets: {
        web: ecsService({
          cluster: 'production',
          service: 'web',
          containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
          alarms: ['web-5xx'],
        }),
      },
    });
    const registry = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';
    expect(pipeline).toEqual({
      account: '123456789012',
      region: 'eu-central-1',
      registry,
      sources: {},
      github: {
        webhookSecret: 'slipway/github-webhook',
        credentials: 'slipway/github',
        apiUrl: 'https://api.github.com',
      },
      infra: {},
      targets: {
        web: {
          id: 'web',
          key: 'ecs/production/web',
          cluster: 'production',
          service: 'web',
          isModeLeftOut: true,
          rules: {
            mode: 'watch',
            containers: { app: { registry, repository: 'shop/web' } },
            alarms: ['web-5xx'],
            alarmsSharedWith: {},
            whileAlarmRed: 'proceed',
            holdMinutes: 240,
            afterHold: 'ask',
            bakeMinutes: 10,
            rolloutMinutes: 60,
            rollbackMinutes: 30,
            rollout: {},
          },
          tagRules: {
            app: {
              tags: { glob: 'main-*' },
              newer: 'push-time',
              match: { pattern: expect.any(String) },
            },
          },
        },
      },
    });
  });

  test('keeps what it says, and leaves out what it leaves undefined', () => {
    const rollout = {
      minimumHealthyPercent: 50,
      maximumPercent: undefined,
      circuitBreaker: {
        enable: true,
        resetOnHealthyTask: undefined,
        threshold: { type: 'COUNT', value: 4 },
      },
      ecsBakeMinutes: 5,
    };
    const { rules } =
      parsePipeline(config({ rollout, mode: 'watch', bakeMinutes: undefined })).targets.web ?? {};
    expect(rules?.rollout).toStrictEqual({
      minimumHealthyPercent: 50,
      circuitBreaker: { enable: true, threshold: { type: 'COUNT', value: 4 } },
      ecsBakeMinutes: 5,
    });
    expect(rules).toMatchObject({ mode: 'watch', bakeMinutes: 10 });
  });

  test('a mode that is written is no mode that was left out', () => {
    const of = (mode: string) => parsePipeline(config({ mode })).targets.web;
    expect(of('watch')).not.toHaveProperty('isModeLeftOut');
    expect(of('act')).not.toHaveProperty('isModeLeftOut');
    expect(of('act')?.rules.mode).toBe('act');
  });

  test('without alarms says why', () => {
    const { web } = parsePipeline(config({ alarms: noAlarms('it answers nobody') })).targets;
    expect(web?.rules.alarms).toEqual([]);
    expect(web?.noAlarmsBecause).toBe('it answers nobody');
  });

  test('may be plain JSON', () => {
    expect(Object.keys(parsePipeline(JSON.parse(JSON.stringify(config({})))).targets)).toEqual([
      'web',
    ]);
  });

  test('knows who shares an alarm', () => {
    const other = (name: string, alarms: string[]) => ({ ...service, service: name, alarms });
    const targets = {
      web: service,
      api: other('api', ['web-5xx', 'api-5xx']),
      jobs: other('jobs', ['jobs-5xx']),
    };
    const shared = Object.values(parsePipeline(config({}, { targets })).targets).map(
      ({ rules }) => rules.alarmsSharedWith,
    );
    expect(shared).toEqual([{ 'web-5xx': ['api'] }, { 'web-5xx': ['web'] }, {}]);
  });

  test('has no target that it does not name', () => {
    const targets = parsePipeline(config({})).targets;
    expect(targets.constructor).toBeUndefined();
    expect('toString' in targets).toBe(false);
  });

  test('is the example', () => {
    expect(Object.values(example.targets).map(({ key }) => key)).toEqual([
      'ecs/production/web',
      'ecs/production/worker',
    ]);
    expect(example.targets.web?.rules.alarms).toEqual(['web-5xx']);
  });

  test.each([
    ['cn-north-1', '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn'],
    ['us-gov-west-1', '123456789012.dkr.ecr.us-gov-west-1.amazonaws.com'],
    ['xx-somewhere-9', '123456789012.dkr.ecr.xx-somewhere-9.amazonaws.com'],
  ])('may be for the region %s', (region, registry) => {
    expect(parsePipeline(config({}, { region })).registry).toBe(registry);
  });
});

describe('a mistake is told with its path, the value, what was expected and the nearest name', () => {
  const CLUSTER =
    "expected the name of an ECS cluster, like 'production': 1 to 255 letters, digits, - and _";
  const ALARMS =
    "expected at least one alarm name, or noAlarms('why'): then only ECS's circuit breaker and maxTaskFailures guard this service";
  const REPOSITORY =
    "expected the name of an ECR repository, like 'shop/web': 2 to 256 lower-case letters, digits and . _ - /";
  const TAGS = "expected { glob: 'main-*' }, { semver: '>=1.2' } or { regex: '^build-(\\\\d+)$' }";
  const app = (change: object) => config({ containers: { app: { ...container, ...change } } });

  test.each<[string, unknown, string[]]>([
    [
      'an unknown setting',
      config({ bakeMinuts: 20 }),
      [
        'targets.web.bakeMinuts: is the number 20, but there is no such setting; did you mean bakeMinutes?',
      ],
    ],
    [
      'a setting in the wrong case',
      config({ bakeminutes: 20 }),
      [
        'targets.web.bakeminutes: is the number 20, but there is no such setting; did you mean bakeMinutes?',
      ],
    ],
    [
      'a setting like no other',
      config({ rollout: { xyz: {} } }),
      [
        'targets.web.rollout.xyz: is an object, but there is no such setting; known here: minimumHealthyPercent, maximumPercent, circuitBreaker, ecsBakeMinutes',
      ],
    ],
    [
      'a number as text',
      config({ bakeMinutes: '10' }),
      ['targets.web.bakeMinutes: is "10", expected a whole number of minutes from 1 to 1440'],
    ],
    [
      'a number out of bounds',
      config({ holdMinutes: 10_081 }),
      [
        'targets.web.holdMinutes: is the number 10081, expected a whole number of minutes from 1 to 10080',
      ],
    ],
    [
      'a number that is none',
      config({ rollbackMinutes: Number.NaN }),
      [
        'targets.web.rollbackMinutes: is the number NaN, expected a whole number of minutes from 1 to 1440',
      ],
    ],
    [
      'a misspelt word',
      config({ mode: 'wacth' }),
      ["targets.web.mode: is \"wacth\", expected 'watch' or 'act'; did you mean watch?"],
    ],
    [
      'a word like no other',
      config({ afterHold: 'explode' }),
      ["targets.web.afterHold: is \"explode\", expected 'refuse' or 'proceed' or 'ask'"],
    ],
    [
      'a missing name',
      config({ cluster: undefined }),
      [`targets.web.cluster: is missing, ${CLUSTER}`],
    ],
    [
      'an ARN for a name',
      config({ cluster: 'arn:aws:ecs:x:1:cluster/a' }),
      [`targets.web.cluster: is "arn:aws:ecs:x:1:cluster/a", ${CLUSTER}`],
    ],
    [
      'a name for a shell',
      config({ cluster: 'a; rm -rf /\n' }),
      [`targets.web.cluster: is "a; rm -rf /\\n", ${CLUSTER}`],
    ],
    [
      'another strategy',
      config({ strategy: 'canary' }),
      [`targets.web.strategy: is "canary", expected ${STRATEGIES}`],
    ],
    [
      'no strategy of anybody',
      config({ strategy: 'hope' }),
      [`targets.web.strategy: is "hope", expected ${STRATEGIES}`],
    ],
    [
      'no alarms without a word',
      config({ alarms: [] }),
      [`targets.web.alarms: is a list of 0, ${ALARMS}`],
    ],
    [
      'alarms left out',
      config({ alarms: undefined }),
      [`targets.web.alarms: is missing, ${ALARMS}`],
    ],
    [
      'no alarms with an empty word',
      config({ alarms: noAlarms(' ') }),
      [
        'targets.web.alarms.noAlarmsBecause: is " ", expected why there are none, in 1 to 200 characters',
      ],
    ],
    [
      'a bad alarm in a list',
      config({ alarms: ['a', 'b\u0007'] }),
      [
        'targets.web.alarms.1: is "b\\u0007", expected an alarm name of 1 to 255 characters, no control characters',
      ],
    ],
    [
      'an alarm twice',
      config({ alarms: ['a', 'a'] }),
      ['targets.web.alarms: is a list of 2, expected each alarm once'],
    ],
    [
      'no containers',
      config({ containers: {} }),
      [
        'targets.web.containers: is an object, expected at least one container, by its name in the task definition',
      ],
    ],
    [
      'a bad container name',
      config({ containers: { 'a b': container } }),
      [
        'targets.web.containers."a b": is "a b", expected a container name of 1 to 255 letters, digits, - and _',
      ],
    ],
    [
      'a container that every object has',
      config({ containers: { constructor: container } }),
      [
        'targets.web.containers.constructor: is "constructor", expected a container name of 1 to 255 letters, digits, - and _, and not one that every object in JavaScript has',
      ],
    ],
    [
      'a repository in upper case',
      app({ repository: 'Shop/Web' }),
      [`targets.web.containers.app.repository: is "Shop/Web", ${REPOSITORY}`],
    ],
    [
      'a repository with its registry',
      app({ repository: '1.dkr.ecr.x.amazonaws.com/shop/web:latest' }),
      [
        `targets.web.containers.app.repository: is "1.dkr.ecr.x.amazonaws.com/shop/web:latest", ${REPOSITORY}`,
      ],
    ],
    [
      'a repository that climbs',
      app({ repository: '../etc/passwd' }),
      [`targets.web.containers.app.repository: is "../etc/passwd", ${REPOSITORY}`],
    ],
    [
      'tags as text',
      app({ tags: 'main-*' }),
      [`targets.web.containers.app.tags: is "main-*", ${TAGS}`],
    ],
    [
      'tags in two ways',
      app({ tags: { glob: 'a', semver: '1' } }),
      [
        'targets.web.containers.app.tags: is an object, expected exactly one of glob, semver and regex',
      ],
    ],
    [
      'tags in no way',
      app({ tags: {} }),
      [
        'targets.web.containers.app.tags: is an object, expected exactly one of glob, semver and regex',
      ],
    ],
    [
      'a glob that turns around',
      app({ tags: { glob: ['main-*', '!pr-*'] } }),
      [
        'targets.web.containers.app.tags.glob.1: is "!pr-*", expected a glob of 1 to 128 letters, digits, _ . - and * ? [ ] { , }',
      ],
    ],
    [
      'a range that is none',
      app({ tags: { semver: 'newest' } }),
      [
        "targets.web.containers.app.tags.semver: is \"newest\", expected a semver range like '>=1.2' or '1.x'",
      ],
    ],
    [
      'an expression that does not compile',
      app({ tags: { regex: '(' } }),
      [
        'targets.web.containers.app.tags.regex: is "(", expected a regular expression of 1 to 200 characters that compiles',
      ],
    ],
    [
      'an endless expression',
      app({ tags: { regex: 'a'.repeat(201) } }),
      [
        `targets.web.containers.app.tags.regex: is "${'a'.repeat(100)}"… (201 characters), expected a regular expression of 1 to 200 characters`,
      ],
    ],
    [
      'an order that is none',
      app({ newer: 'pushtime' }),
      [
        "targets.web.containers.app.newer: is \"pushtime\", expected 'push-time' or 'semver' or 'number' or 'commit'; did you mean push-time?",
      ],
    ],
    [
      'no room for a rollout',
      config({ rollout: { minimumHealthyPercent: 100, maximumPercent: 100 } }),
      [
        'targets.web.rollout.maximumPercent: is the number 100, expected over 100, or minimumHealthyPercent under 100: no task could be replaced',
      ],
    ],
    [
      'an account as a number',
      config({}, { account: 123456789012 }),
      [
        "account: is the number 123456789012, expected an AWS account: 12 digits in quotes, like '123456789012'",
      ],
    ],
    [
      'a misspelt region',
      config({}, { region: 'eu-central1' }),
      [
        'region: is "eu-central1", expected an AWS region, like \'eu-central-1\'; did you mean eu-central-1?',
      ],
    ],
    [
      'no targets',
      config({}, { targets: {} }),
      ['targets: is an object, expected at least one target, by a name of yours'],
    ],
    [
      'a target without ecsService',
      config({ type: undefined }),
      ['targets.web.type: is missing, expected what ecsService({ … }) puts here'],
    ],
    [
      'a target that is nothing',
      config({}, { targets: { web: null } }),
      ["targets.web: is null, expected ecsService({ cluster: '…', service: '…', … })"],
    ],
    [
      'a bad target name',
      config({}, { targets: { '1a': service } }),
      [
        'targets.1a: is "1a", expected a target name of a letter and up to 39 letters, digits, - and _',
      ],
    ],
    [
      'nothing',
      null,
      ['the config: is null, expected definePipeline({ account, region, targets })'],
    ],
    [
      'a list',
      [],
      ['the config: is a list of 0, expected definePipeline({ account, region, targets })'],
    ],
  ])('%s', (_, input, lines) => {
    expect(mistakes(input)).toEqual(lines);
  });

  test('all mistakes at once, two targets on one service among them', () => {
    const targets = { web: { ...service, mode: 'look' }, again: service };
    expect(mistakes(config({}, { targets, account: '1' }))).toEqual([
      'account: is "1", expected an AWS account: 12 digits in quotes, like \'123456789012\'',
      "targets.web.mode: is \"look\", expected 'watch' or 'act'",
      'targets.again.service: is "web", expected another service: targets.web has web in production already, and two would undo each other\'s releases',
    ]);
  });

  test('the whole message, as it stands in a terminal', () => {
    expect(() => parsePipeline(config({ bakeMinuts: 20 }))).toThrow(
      expect.objectContaining({
        name: 'ConfigError',
        message: `the pipeline config has 1 mistake; nothing runs until it is mended:
  targets.web.bakeMinuts: is the number 20, but there is no such setting; did you mean bakeMinutes?`,
      }),
    );
  });

  test('a key of prototypes is a key like any other', () => {
    expect(mistakes(JSON.parse('{"__proto__":{"account":"123456789012"}}'))).toContain(
      '__proto__: is an object, but there is no such setting; known here: name, account, region, targets, sources, upstream, approvals, freeze, notices, github, infra',
    );
    const targets = JSON.parse(`{"web":${JSON.stringify(service)},"__proto__":{"type":"x"}}`);
    expect(mistakes(config({}, { targets }))).toEqual([
      'targets: is an object, expected no key __proto__',
    ]);
  });
});

/** The editor and the compiler refuse these before zod does. */
function refusedByTheCompiler() {
  const good = {
    cluster: 'c',
    service: 's',
    containers: { app: { repository: 'shop/web', tags: { glob: '*' } } },
    alarms: ['a'] as const,
  };
  // @ts-expect-error an empty list of alarms is said in words
  ecsService({ ...good, alarms: [] });
  // @ts-expect-error an unknown word
  ecsService({ ...good, mode: 'look' });
  // @ts-expect-error an unknown setting
  ecsService({ ...good, bakeMinuts: 10 });
}

test('the compiler refuses what it can', () => {
  expect(refusedByTheCompiler).not.toThrow();
});

describe('migration', () => {
  const of = (migration: unknown) =>
    parsePipeline({
      account: '123456789012',
      region: 'eu-central-1',
      targets: {
        web: {
          ...ecsService({
            cluster: 'production',
            service: 'web',
            containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
            alarms: noAlarms('a test'),
          }),
          migration,
        },
      },
    }).targets.web?.rules.migration;

  test('has a command, a container, and fifteen minutes', () => {
    expect(of({ command: ['npm', 'run', 'migrate'], container: 'app' })).toEqual({
      command: ['npm', 'run', 'migrate'],
      container: 'app',
      minutes: 15,
    });
    expect(of(undefined)).toBeUndefined();
  });

  test.each([
    [{ command: [], container: 'app' }, /at least one word/],
    [{ command: 'npm run migrate', container: 'app' }, /migration.command/],
    [{ command: ['x'] }, /migration.container/],
    [{ command: ['x'], container: 'app', minutes: 0 }, /from 1 to 240/],
    [{ command: ['x'], container: 'app', logGroup: 'no group' }, /the log group of that container/],
  ])('%j is refused', (migration, message) => {
    expect(() => of(migration)).toThrow(message);
  });
});

describe('approvals', () => {
  const of = (more: object, target: object = {}) => {
    const web = { ...ecsService({ ...INPUT_SERVICE, ...target }) };
    return parsePipeline({
      account: '123456789012',
      region: 'eu-central-1',
      targets: { web },
      ...more,
    }).targets.web?.rules.approvals;
  };
  const INPUT_SERVICE = {
    cluster: 'production',
    service: 'web',
    containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
    alarms: noAlarms('a test'),
  };

  test('of the pipeline count for each target, and one of its own takes their place', () => {
    const approvals = { deploy: 1, by: ['ada@example.com'] };
    expect(of({ approvals })).toEqual({
      commands: ['deploy'],
      by: ['ada@example.com'],
      minutes: 60,
    });
    expect(of({ approvals }, { approvals: { unquarantine: 1, minutes: 15 } })).toEqual({
      commands: ['unquarantine'],
      minutes: 15,
    });
    expect(of({ approvals }, { approvals: {} })).toBeUndefined();
    expect(of({})).toBeUndefined();
  });

  test('a word about each release is awaited for as long as is written', () => {
    const release = { before: 'start', within: '2d', by: ['bob'] };
    expect(of({ approvals: { release } })).toEqual({
      commands: [],
      minutes: 60,
      release: { before: 'start', minutes: 2880, otherwise: 'rollback', by: ['bob'] },
    });
    const strategy = blueGreen({ bakeMinutes: 10 });
    const longest = { release: { before: 'traffic', within: '23h', otherwise: 'proceed' } };
    expect(of({ approvals: longest }, { strategy })?.release?.minutes).toBe(1380);
    // Where nothing shifts, ECS waits for nothing.
    expect(of({ approvals: { release: { before: 'full', within: '2d' } } })).toBeDefined();
    expect(() =>
      of({ approvals: { release: { ...release, before: 'full' } } }, { strategy }),
    ).toThrow(
      "expected at most '23h': ECS takes the traffic of targets.web back when a stage has lasted a day",
    );
  });

  test.each([
    [{ release: { before: 'bake', within: '4h' } }, /'start' or 'traffic' or 'full'/],
    [{ release: { before: 'start' } }, /'30m', '4h' or '2d': from '5m' to '14d'/],
    [{ release: { before: 'start', within: '4 h' } }, /'30m', '4h' or '2d'/],
    [{ release: { before: 'start', within: '4m' } }, /from '5m' to '14d'/],
    [{ release: { before: 'start', within: '15d' } }, /from '5m' to '14d'/],
    [{ deploy: 2 }, /approvals.deploy: is the number 2, expected 1: one other person/],
    [{ deploy: 1, by: [] }, /at least one who may approve/],
    [{ deploy: 1, minutes: 1 }, /approvals.minutes/],
    [{ deploi: 1 }, /deploi/],
  ])('%j is refused', (approvals, message) => {
    expect(() => of({ approvals })).toThrow(message);
  });
});
