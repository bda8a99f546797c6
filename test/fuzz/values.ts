/** Values that have broken parsers before, and the secrets that must never come out again. */
import fc from 'fast-check';

/** Stands beside what we read; it may appear nowhere. */
export const BESIDE = 'hunter2-beside; token=AKIA/S3cr3t+9f1c';
/** Stands in a text that we read, behind what we may show of it. */
export const WITHIN = 'hunter2-within; token=AKIA/S3cr3t+7b2d';

const TEXTS = [
  ...[
    '',
    ' ',
    '\t',
    '\u0000',
    '\u001b[31mred\u001b[0m',
    'a\nb',
    '\r\n',
    '\u2028',
    '\u007f',
    '\u0085',
  ],
  // Unicode: lone surrogates, astral, noncharacters, marks that turn or join.
  ...[
    '\ud800',
    '\udc00x',
    'a\ud83d',
    '😀',
    '\u{10ffff}',
    '\uffff',
    '\ufffe',
    '\ufeff',
    '\u202eabc',
  ],
  ...['e\u0301', 'ﬀ', 'İ', 'ſ', '１２', '\u200b', '𝟙', '日本', 'мain-1', '\u0000\ud800\uffff'],
  // Shells, paths, templates.
  ...[
    '../../etc/passwd',
    '/etc/passwd',
    '..\\..\\',
    '; rm -rf /',
    '$(id)',
    '`id`',
    '| cat',
    '&& x',
  ],
  ...[
    "'",
    '"',
    '\\',
    '\\"',
    '*',
    '?',
    '{}',
    '[',
    ']',
    '(',
    ')',
    '<x>',
    '$&',
    '$1',
    "$'",
    '%00',
    '%s',
  ],
  `${'$'}{jndi:ldap://x/a}`,
  // What JavaScript finds on every object.
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'then'],
  // Like numbers and constants.
  ...[
    'NaN',
    'Infinity',
    '-Infinity',
    '1e999',
    '0x10',
    '-0',
    '1_000',
    '9'.repeat(400),
    'null',
    'true',
  ],
  ...['undefined', '[object Object]', '0', '-1', '1.5', '[]', '{"a":1}', '{"__proto__":{"x":1}}'],
  // Almost what we read.
  ...[
    'sha256:',
    `sha256:${'a'.repeat(63)}`,
    `sha256:${'A'.repeat(64)}`,
    'arn:aws:',
    'service:',
    'ecs//',
  ],
  ...[
    'service:__proto__',
    'ecs/../web',
    'aws:x',
    'main-',
    '-main',
    'shop//web',
    'shop/',
    'ALARM',
    'PUSH',
  ],
  ...[
    '2026-02-30T00:00:00Z',
    '9999-12-31T23:59:59-23:59',
    '0000-00-00T00:00:00Z',
    '2026-13-99T99:99:99Z',
  ],
  ...[
    '1969-12-31T23:59:59Z',
    '1970-01-01T00:00:00+2359',
    '2026-11-20',
    '[1.0 (99/99/99 99:99:99)]',
  ],
  ...['1d', '999d9999h99999m999999s', '0s', '>=1 <', '^(a+)+$', '{a,{b', '[!', '**/**'],
  // Long enough to show an expression that takes more than linear time.
  ...[
    'a'.repeat(300),
    'a-'.repeat(128),
    'a/'.repeat(127),
    `${'a'.repeat(255)}!`,
    '['.repeat(5_000),
  ],
  ...[
    '('.repeat(5_000),
    '-'.repeat(256),
    ' '.repeat(5_000),
    `${'1'.repeat(5_000)}x`,
    '\\'.repeat(999),
  ],
  ...['2026-11-20T10:15:00.'.repeat(50), '(20/11/26 10:02:00'.repeat(300), 'no data'.repeat(700)],
  ...['😀'.repeat(255), '😀'.repeat(200), 'ü'.repeat(200), '.'.repeat(300), 'aws.'.repeat(64)],
] as const;

const NUMBERS = [
  ...[
    0,
    -0,
    1,
    -1,
    0.5,
    -0.5,
    60,
    86_401,
    2 ** 31,
    2 ** 53,
    -(2 ** 53),
    1e21,
    1e308,
    -1e308,
    5e-324,
  ],
  // JSON has no word for these, but 1e999 is one.
  ...[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN],
  ...[253_402_300_799_999, 253_402_300_800_000, 1_795_168_803_000],
];

export const nastyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
);

export const nastyNumber: fc.Arbitrary<number> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NUMBERS) },
  { weight: 1, arbitrary: fc.double() },
);

/** As JSON.parse gives it; `__proto__` is then a key like any other. */
const jsonNoise: fc.Arbitrary<unknown> = fc.jsonValue({
  depthSize: 'medium',
  stringUnit: 'binary',
});

export const nastyValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: nastyText },
  { weight: 2, arbitrary: nastyNumber },
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], { a: {} }, ['x']),
  },
  { weight: 1, arbitrary: nastyText.map((text) => [text]) },
  { weight: 1, arbitrary: nastyText.map((text) => polluting({ [text]: text })) },
  { weight: 1, arbitrary: jsonNoise },
);

/** Keys that would reach every object, if anybody assigned them. */
export function polluting(value: object): object {
  const bad = {
    polluted: true,
    source: 'aws.ecr',
    result: 'SUCCESS',
    target: 'ecs/production/web',
  };
  return Object.fromEntries([
    ['__proto__', bad],
    ['constructor', { prototype: bad }],
    ['prototype', bad],
    ...Object.entries(value),
  ]);
}

/** `bottom` under so many levels of lists, or of objects. */
export function nested(bottom: unknown, levels: number, as: 'list' | 'object'): unknown {
  let value = bottom;
  for (let level = 0; level < levels; level++) value = as === 'list' ? [value] : { a: value };
  return value;
}
