/** That the rules of the house bite: each is shown something that breaks it, and something like it that does not. */
import { describe, expect, test } from 'vitest';
import { ROOMS, roomOf } from './rooms.ts';
import {
  bannedWords,
  circles,
  FOLDER_FILES_MAX,
  FUNCTION_LINES_MAX,
  notAllowed,
  roomCircles,
  tooFull,
  tooLong,
  unreached,
  unusedExports,
  withoutRoom,
} from './rules.ts';
import { parse } from './sources.ts';

const HANDLE = 'shared/reconcile/reconcile.ts';
const importsIn = (files: Readonly<Record<string, string>>) =>
  Object.entries(files).flatMap(([file, code]) => parse(file, code).imports);
const whats = (offences: readonly { readonly what: string }[]) => offences.map(({ what }) => what);

describe('an import is found with what it takes and when', () => {
  test.each([
    ["import { a, b as c } from './x.ts';", { names: ['a', 'b'], typesOnly: false, late: false }],
    ["import type { A } from './x.ts';", { names: ['A'], typesOnly: true }],
    ["import { type A, type B } from './x.ts';", { names: ['A', 'B'], typesOnly: true }],
    ["import { type A, b } from './x.ts';", { names: ['A', 'b'], typesOnly: false }],
    ["import * as x from './x.ts';", { names: ['*'], typesOnly: false }],
    ["import x from './x.ts';", { names: ['default'] }],
    ["import './x.ts';", { names: [], typesOnly: false }],
    ["export { a } from './x.ts';", { names: ['a'], typesOnly: false }],
    ["export type { A } from './x.ts';", { names: ['A'], typesOnly: true }],
    ["const x = await import('./x.ts');", { names: ['*'], typesOnly: false, late: true }],
    ["type X = import('./x.ts').X;", { names: ['*'], typesOnly: true }],
  ])('%s', (code, expected) => {
    expect(parse('shared/edge/image.ts', code).imports).toEqual([
      expect.objectContaining({ target: 'shared/edge/x.ts', line: 1, ...expected }),
    ]);
  });

  test('not in a comment, and not in a string', () => {
    const code = "// import { a } from './x.ts';\nconst text = `import './x.ts';`;";
    expect(parse('shared/edge/image.ts', code).imports).toEqual([]);
  });
});

describe('rooms', () => {
  test('the longest name counts', () => {
    expect(roomOf('shared/core/model/image.ts')?.room).toBe('shared/core/model/');
    expect(roomOf('shared/core/decide.ts')?.room).toBe('shared/core/');
    expect(roomOf('shared/aws/ecr/sigstore.ts')?.room).toBe('shared/aws/ecr/sigstore.ts');
  });

  test('a file outside of all of them is refused', () => {
    expect(whats(withoutRoom(['lambdas/new.ts', 'shared/new.ts', HANDLE]))).toEqual([
      'lambdas/new.ts',
      'shared/new.ts',
    ]);
  });

  const LADDER = ['model', 'release', 'gates', 'phases', 'events', '.', 'explain'];
  test.each(LADDER.flatMap((from, i) => LADDER.map((to, j) => [from, to, j <= i] as const)))(
    'in core, %s imports %s: %s',
    (from, to, may) => {
      const file = `shared/core/${from}/a.ts`.replace('/./', '/');
      const taken = parse(
        file,
        `import type { B } from '../${from === '.' ? 'core/' : ''}${to}/b.ts';`,
      );
      expect(notAllowed(taken.imports)).toHaveLength(may ? 0 : 1);
    },
  );

  test.each([
    ['shared/core/decide.ts', "import { readFileSync } from 'node:fs';"],
    ['shared/core/decide.ts', "import type { Ports } from '../ports.ts';"],
    ['shared/edge/image.ts', "import { z } from 'zod';"],
    ['shared/reconcile/reconcile.ts', "import { ECSClient } from '@aws-sdk/client-ecs';"],
    ['shared/edge/image.ts', "import { MINUTE } from '../core/source/rules.ts';"],
    ['shared/aws/queues.ts', "import { createClient } from '../github/client.ts';"],
    ['functions/tick.ts', "import { ECSClient } from '@aws-sdk/client-ecs';"],
    ['packages/local-cloud/ecs/state.ts', "import { home } from '../../../pipeline.config.ts';"],
    ['local/stories/play.ts', "import { decide } from '../../shared/core/decide.ts';"],
    ['local/page/browser/main.ts', "import { readFileSync } from 'node:fs';"],
    ['local/page/charts/plot.ts', "import { build } from '../assets.ts';"],
    ['cli/plan.ts', "import { createStack } from '../infra/pipeline-stack.ts';"],
  ])('%s may not say %s', (file, code) => {
    expect(notAllowed(parse(file, code).imports)).toHaveLength(1);
  });

  test.each([
    ['shared/edge/image.ts', "import { z } from 'zod/mini';"],
    ['shared/edge/image.ts', "import type { Rules } from '../core/source/rules.ts';"],
    ['shared/aws/connect/build.ts', "import { createClient } from '../../github/client.ts';"],
    ['test/core/decide.test.ts', "import { readFileSync } from 'node:fs';"],
  ])('%s may say %s', (file, code) => {
    expect(notAllowed(parse(file, code).imports)).toEqual([]);
  });

  test('none is listed twice', () => {
    const names = ROOMS.map(({ room }) => room);
    expect(names).toEqual([...new Set(names)]);
  });
});

describe('circles', () => {
  const circle = (back: string) =>
    importsIn({
      'shared/edge/a.ts': "import { b } from './b.ts';",
      'shared/edge/b.ts': "import { c } from './c.ts';",
      'shared/edge/c.ts': back,
    });

  test('are found, with the way round', () => {
    const [first, ...more] = circles(circle("import { a } from './a.ts';"));
    expect(first?.line).toBe(
      'circle: shared/edge/a.ts -> shared/edge/b.ts -> shared/edge/c.ts -> shared/edge/a.ts',
    );
    expect(more).toHaveLength(2);
  });

  test.each([
    "import type { A } from './a.ts';",
    "export async function late() { await import('./a.ts'); }",
    "import { d } from './d.ts';",
  ])('%s makes none', (back) => {
    expect(circles(circle(back))).toEqual([]);
  });

  test('of rooms are found where no file stands in one', () => {
    const between = importsIn({
      'shared/edge/a.ts': "import { b } from '../config/b.ts';",
      'shared/config/c.ts': "import { d } from '../edge/d.ts';",
    });
    expect(circles(between)).toEqual([]);
    expect(whats(roomCircles(between))).toEqual(['shared/config/', 'shared/edge/']);
  });
});

test('a file that nobody starts or imports is found, and so are two that import each other', () => {
  const files = {
    'functions/tick.ts': "import type { A } from '../shared/a.ts';",
    'shared/a.ts': '',
    'shared/alone.ts': "import { a } from './a.ts';",
    'shared/island.ts': "import { b } from './other.ts';",
    'shared/other.ts': "import { c } from './island.ts';",
  };
  const starts = [{ file: /^functions\// }];
  expect(whats(unreached(Object.keys(files), starts, importsIn(files)))).toEqual([
    'shared/alone.ts',
    'shared/island.ts',
    'shared/other.ts',
  ]);
});

describe('an unused export', () => {
  const unused = (code: string, user = '') => {
    const file = 'shared/edge/a.ts';
    return whats(
      unusedExports(parse(file, code).exports, parse('shared/edge/user.ts', user).imports),
    ).map((what) => what.replace(`${file} `, ''));
  };

  test.each([
    ['export const a = 1;', ['a']],
    ['export function a() {}', ['a']],
    ['export class A {}', ['A']],
    ['export const { a, b: [c] } = x;', ['a', 'c']],
    ['export default 1;', ['default']],
    ['const a = 1; export { a as b };', ['b']],
    ['export interface A {}', ['A']],
    ["export type { A } from './b.ts';", ['A']],
    // It stands in a signature.
    ['export interface A {} export function a(one: A) {}', ['a']],
    ['const a = 1;', []],
  ])('%s', (code, expected) => {
    expect(unused(code)).toEqual(expected);
  });

  test('is used by whoever takes it, or everything', () => {
    const code = 'export const a = 1; export const b = 2;';
    expect(unused(code, "import { a } from './a.ts';")).toEqual(['b']);
    expect(unused(code, "import * as all from './a.ts';")).toEqual([]);
    expect(unused(code, "await import('./a.ts');")).toEqual([]);
  });
});

test('a function that is too long is found by its name, wherever it hides', () => {
  const body = (lines: number) => `{${'\n'.repeat(lines - 1)}}`;
  const long = body(FUNCTION_LINES_MAX + 1);
  const code = [
    `function one() ${long}`,
    `const two = () => ${long};`,
    `class K { three() ${long} #four() ${long} }`,
    `const five = { six: async () => ${long} };`,
    `function short() ${body(FUNCTION_LINES_MAX)}`,
  ].join('\n');
  const names = tooLong(parse('shared/edge/a.ts', code).functions);
  expect(whats(names)).toEqual(
    ['one', 'two', 'three', 'four', 'six'].map((name) => `shared/edge/a.ts ${name}`),
  );
});

test('a folder that is too full is found; what stands in its folders does not count', () => {
  const inside = (folder: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${folder}/${i}.ts`);
  expect(
    whats(
      tooFull([
        ...inside('full', FOLDER_FILES_MAX + 1),
        ...inside('fits', FOLDER_FILES_MAX),
        ...inside('fits/more', 1),
      ]),
    ),
  ).toEqual(['full/']);
});

describe('banned words', () => {
  const TABLE = [
    { was: 'settle', use: 'reconcile' },
    { was: 'OperatorAsked', use: 'CommandReceived' },
    { was: 'Seen', use: 'Observation', whole: true },
  ] as const;
  const found = (code: string) =>
    whats(bannedWords(parse('a.ts', code).identifiers, TABLE)).map((what) => what.slice(5));

  test.each([
    ['const settle = 1;', ['settle']],
    ['function settleBatch() {}', ['settleBatch']],
    ['const x = { settles: 1 };', ['settles']],
    ['class K { #settle = 1 }', ['settle']],
    ['const SETTLE_MS = 1;', ['SETTLE_MS']],
    ['type T = OperatorAsked;', ['OperatorAsked']],
    ['const operatorAsked = 1;', ['operatorAsked']],
    ['type T = Seen;', ['Seen']],
  ])('%s', (code, expected) => {
    expect(found(code)).toEqual(expected);
  });

  test.each([
    '// settle it',
    "const text = 'settle';",
    'const unsettled = 1;',
    'const settlement = 1;',
    'const seen = new Set();',
    'type T = AlarmSeen;',
    'const operator = asked;',
  ])('%s is free', (code) => {
    expect(found(code)).toEqual([]);
  });
});
