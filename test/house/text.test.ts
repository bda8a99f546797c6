/** What a machine can see in a text: what core must not know, and what stands nowhere. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { files, ROOT, source, sources } from './sources.ts';

/** These name what they forbid. */
const HERE = /^test\/house\//;
/** What decides, and what judges. */
const PURE = /^shared\/(core|judge)\//;

/** Code without comments and without what stands in quotes. */
function codeOf(file: string): string {
  return source(file)
    .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, (comment) => comment.replaceAll(/[^\n]/g, ' '))
    .replaceAll(/'(?:[^'\\\n]|\\.)*'/g, "''");
}

function findIn(list: readonly string[], pattern: RegExp): readonly string[] {
  return list.flatMap((file) =>
    codeOf(file)
      .split('\n')
      .flatMap((line, i) => (pattern.test(line) ? [`${file}:${i + 1}: ${line.trim()}`] : [])),
  );
}

describe('shared/core and shared/judge are pure', () => {
  const core = sources.filter((file) => PURE.test(file));

  test('it is found', () => {
    expect(core.length).toBeGreaterThan(30);
  });

  test.each([
    ['clock', /\bDate\b|\bperformance\b|\bTemporal\b/, 'const at = Date.now();'],
    ['chance', /Math\.random|\bcrypto\b/, 'if (Math.random() > 0.5) return;'],
    [
      'waiting',
      /\bawait\b|\basync\b|\bPromise\b|\bset(Timeout|Interval|Immediate)\b|\bqueueMicrotask\b/,
      'const seen = await look();',
    ],
    [
      'outside world',
      /\bprocess\b|\bglobalThis\b|\bfetch\b|\bconsole\b|\brequire\b|\bBuffer\b|\bimport\(/,
      'return process.env.MODE;',
    ],
    [
      'hidden state',
      /^(export )?let\b|^(export )?const \w+(: [^=]+)? = new (Map|Set|WeakMap)\b/,
      'const known = new Map();',
    ],
  ])('it knows no %s', (_, pattern, sample) => {
    expect(sample).toMatch(pattern);
    expect(findIn(core, pattern)).toEqual([]);
  });

  test('it never throws for what the world does: only a history with a gap, options that are none, and what our own rules rule out', () => {
    const deciding = core.filter(
      (file) => !/\/(replay|judge\/options|model\/defined)\.ts$/.test(file),
    );
    expect(findIn(deciding, /\bthrow\b/)).toEqual([]);
  });

  test.each(['core', 'judge'])('the compiler of %s sees no types of Node', (room) => {
    const settings = JSON.parse(readFileSync(join(ROOT, `shared/${room}/tsconfig.json`), 'utf8'));
    expect(settings.compilerOptions).toMatchObject({ types: [], lib: ['ES2024'] });
  });
});

describe('what stands nowhere', () => {
  const ours = sources.filter((file) => !HERE.test(file));

  test('files named after nothing', () => {
    const vague = /^(utils?|helpers?|commons?|managers?|misc)$/;
    const bad = files.filter((file) =>
      file.split('/').some((part) => vague.test(part.split('.')[0] ?? '')),
    );
    expect(bad).toEqual([]);
  });

  test('barrels', () => {
    expect(sources.filter((file) => basename(file).startsWith('index.'))).toEqual([]);
    expect(findIn(ours, /^export \* /)).toEqual([]);
    const passedOn = /^(import|export) [^;]*?from '';$/gm;
    const empty = ours.filter((file) => codeOf(file).replaceAll(passedOn, '').trim() === '');
    expect(empty).toEqual([]);
  });

  test('enums', () => {
    expect(findIn(ours, /^\s*(export )?(declare )?(const )?enum /)).toEqual([]);
  });

  test('casts to any', () => {
    expect(findIn(ours, /\bas any\b|<any>|:\s*any\b[^\w]/)).toEqual([]);
  });

  test('switched off checks; a test may say what must not compile', () => {
    const off = new RegExp(`${'@ts'}-(ignore|nocheck)`);
    const expected = new RegExp(`${'@ts'}-expect-error`);
    expect(ours.filter((file) => off.test(source(file)))).toEqual([]);
    const product = ours.filter((file) => !/^(packages\/[\w-]+\/)?test\//.test(file));
    expect(product.filter((file) => expected.test(source(file)))).toEqual([]);
  });

  test('tests that are left out, or alone', () => {
    expect(findIn(ours, /\b(test|it|describe)(\.\w+)*\.(only|skip|todo|fails)\b/)).toEqual([]);
  });

  test('paths of the machine that this was written on', () => {
    const places = [
      ['', 'work', 'shared'],
      ['', 'work', 'main'],
      ['', 'root', ''],
      ['', 'home', 'node'],
      ['', 'tmp', 'bash_jobs'],
    ].map((parts) => parts.join('/'));
    const found = files.flatMap((file) => {
      const content = readFileSync(join(ROOT, file), 'utf8');
      return places.filter((place) => content.includes(place)).map((place) => `${file}: ${place}`);
    });
    expect(found).toEqual([]);
  });

  test('merge markers', () => {
    const marker = new RegExp(`^(${'<'.repeat(7)}|${'>'.repeat(7)}) `, 'm');
    expect(ours.filter((file) => marker.test(source(file)))).toEqual([]);
  });
});

describe('functions', () => {
  const functions = sources.filter((file) => file.startsWith('functions/'));

  test('are a few lines each, without logic', () => {
    expect(functions.length).toBeGreaterThanOrEqual(5);
    for (const file of functions) {
      expect(source(file).split('\n').length, file).toBeLessThanOrEqual(40);
    }
    expect(findIn(functions, /\b(if|for|while|switch)\b|\?\s|&&|\|\|/)).toEqual([]);
  });

  test('say in their head what they are for, and export a handler', () => {
    for (const file of functions) {
      expect(source(file).startsWith('/**'), file).toBe(true);
      expect(source(file), file).toMatch(/^export const handler = /m);
    }
  });
});

test('every file of ours says in its head what it is for', () => {
  const rooms = /^(shared|functions|local|packages\/[\w-]+(?!\/test)|cli|infra|bench)\/.*\.ts$/;
  const silent = sources.filter(
    (file) =>
      rooms.test(file) && !file.includes('/test/') && !/^(#!.*\n)?(\/\*\*|\/\/)/.test(source(file)),
  );
  expect(silent).toEqual([]);
});
