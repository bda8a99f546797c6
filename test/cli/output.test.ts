/** How the commands speak: tables, times, failures, differences. */
import { createColors } from 'picocolors';
import { describe, expect, test } from 'vitest';
import { EXIT } from '../../cli/output/exit.ts';
import { failureOf } from '../../cli/output/failure.ts';
import { nearest } from '../../cli/output/nearest.ts';
import { differences } from '../../cli/output/plan/difference.ts';
import { clock, shownSafely } from '../../cli/output/print.ts';
import { sides, table } from '../../cli/output/table.ts';
import { duration, when } from '../../cli/output/times.ts';
import { parseRecord } from '../../shared/aws/table/records.ts';
import { TransientError } from '../../shared/ports.ts';

const plain = createColors(false);

describe('what others wrote does not drive the terminal of who reads it', () => {
  const esc = String.fromCharCode(27);
  test.each([
    ['sets the clipboard', `${esc}]52;c;ZXZpbA==${String.fromCharCode(7)}`],
    ['goes back over a line', `${esc}[2K${esc}[1A\r`],
    ['is an old control character', `${String.fromCharCode(0x9b)}2J`],
    ['conceals what follows', `${esc}[8m`],
    ['turns the text around', '\u202e'],
  ])('%s', (_, sequence) => {
    const shown = shownSafely(`ada${sequence}web resting`);
    expect(shown).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
    expect(shown.startsWith('ada ')).toBe(true);
  });

  test('our own lines stay lines', () => {
    expect(shownSafely('a\nb')).toBe('a\nb');
  });
});

describe('a table', () => {
  const head = ['target', 'phase', 'because'];
  const rows = [['web', 'idle', 'nothing waits and nothing is on its way here at all'] as const];
  const longest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

  test('into a pipe it is plain columns: one line a row, and no frame', () => {
    expect(
      table(
        ['target', 'alarms'],
        [
          ['web', 'a OK\nb OK'],
          ['worker', '–'],
        ],
        plain,
        Infinity,
      ),
    ).toBe('target  alarms\nweb     a OK, b OK\nworker  –');
  });

  test('is as wide as its text where there is room', () => {
    const wide = table(head, rows, plain, 200);
    expect(wide).toBe(table(head, rows, plain, 500));
    expect(longest(wide)).toBeLessThan(100);
  });

  test('wraps its widest column where there is less, and never grows over the terminal', () => {
    for (const width of [60, 65, 70, 80]) {
      const narrow = table(head, rows, plain, width);
      expect(longest(narrow)).toBeLessThanOrEqual(width);
      expect(narrow.replaceAll(/[│\s]+/g, ' ')).toContain('nothing waits');
    }
  });

  test('loses no part of a word that is longer than its column', () => {
    const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
    const cut = table(['image', 'because'], [[digest, 'x'.repeat(200)]], plain, 80);
    const cells = cut.split('\n').flatMap((line) => line.split('│')[1]?.trim() ?? []);
    expect(cells.join('')).toContain(digest);
  });

  test('is lines where no table could be read', () => {
    expect(table(head, rows, plain, 59)).toBe(
      'target: web\nphase: idle\nbecause: nothing waits and nothing is on its way here at all',
    );
  });

  test('with a title over some rows', () => {
    const titled = [[{ title: 'web main-1' }], ['', 'a', 'b']] as const;
    expect(table(['', 'x', 'y'], titled, plain, 200)).toContain('│ web main-1');
    expect(table(['', 'x', 'y'], titled, plain, 8)).toBe('web main-1\n\nx: a\ny: b');
  });

  test('of one thing has its names on one side', () => {
    expect(
      sides(
        [
          ['phase', 'idle'],
          ['now', 'a\nb'],
        ],
        plain,
      ),
    ).toBe('phase  idle\nnow    a\n       b');
  });

  test('of one thing keeps its values beside their names, and where there is no room, below', () => {
    const pairs = [['last release', 'main-2 was rolled back 10:40:05 UTC, 2 min ago']] as const;
    expect(sides(pairs, plain, 56)).toBe(
      'last release  main-2 was rolled back 10:40:05 UTC, 2\n              min ago',
    );
    expect(sides(pairs, plain, 40)).toBe(
      'last release\n  main-2 was rolled back 10:40:05 UTC,\n  2 min ago',
    );
  });
});

test.each([
  [0, '0 s'],
  [59_499, '59 s'],
  [61_000, '1 min 1 s'],
  [3_600_000, '1 h'],
  [2 * 3_600_000 + 5 * 60_000 + 7_000, '2 h 5 min'],
  [3 * 86_400_000, '3 d'],
  [-5, '0 s'],
])('%i ms are %s', (ms, words) => {
  expect(duration(ms)).toBe(words);
});

test('a moment of today has no date, one of another day has', () => {
  const now = Date.parse('2026-11-20T10:15:00Z');
  expect(when(now - 180_000, now)).toBe('10:12:00 UTC, 3 min ago');
  expect(when(now + 60_000, now)).toBe('10:16:00 UTC, in 1 min');
  expect(when(now - 86_400_000, now)).toBe('2026-11-19 10:15:00 UTC, 1 d ago');
});

describe('a failure', () => {
  const named = (name: string, message: string, more: object = {}) =>
    Object.assign(new Error(message), { name, ...more });
  const ill = (cause: Error) =>
    new TransientError('sqs:SendMessageBatch to commands gave no answer to rely on', { cause });

  test.each([
    [
      'an SSO session that has ended',
      named(
        'CredentialsProviderError',
        'The SSO session associated with this profile has expired.',
      ),
      EXIT.credentials,
      /^your credentials have expired \(The SSO session/,
    ],
    [
      'a queue that denies, in small letters',
      ill(
        named(
          'AccessDenied',
          'User: arn:aws:iam::1:user/ada is not authorized to perform: sqs:sendmessage on resource: arn:aws:sqs:eu-central-1:1:slipway-commands because no identity-based policy allows the sqs:sendmessage action',
        ),
      ),
      EXIT.permission,
      /^the permission sqs:sendmessage on arn:aws:sqs:eu-central-1:1:slipway-commands is missing/,
    ],
    [
      'a queue that is not there',
      ill(named('QueueDoesNotExist', 'The specified queue does not exist.')),
      EXIT.unreachable,
      /^there is no Slipway at AWS/,
    ],
    [
      'a name that nobody knows',
      ill(named('Error', 'getaddrinfo ENOTFOUND x', { code: 'ENOTFOUND' })),
      EXIT.unreachable,
      /^AWS cannot be reached \(ENOTFOUND: getaddrinfo ENOTFOUND x\)/,
    ],
    [
      'two addresses that both refuse',
      new AggregateError([named('Error', 'connect', { code: 'ECONNREFUSED' })], ''),
      EXIT.unreachable,
      /^AWS cannot be reached \(ECONNREFUSED/,
    ],
    [
      'a throttle that lasted',
      ill(named('ThrottlingException', 'Rate exceeded')),
      EXIT.unreachable,
      /^AWS did not answer: sqs:SendMessageBatch/,
    ],
    [
      'a page of HTML where AWS should be',
      new SyntaxError('Unexpected token \'<\', "<!doctype "... is not valid JSON'),
      EXIT.unreachable,
      /^AWS answers, and not as AWS does: something else listens there$/,
    ],
    [
      'a mistake of ours',
      new TypeError('x is not a function'),
      EXIT.bug,
      /^something went wrong that should not: TypeError: x is not a function$/,
    ],
    ['what is no error', 'nonsense', EXIT.bug, /nonsense$/],
    [
      'a record of a newer Slipway',
      thrownBy(() => parseRecord('ecs/production/web', '{"format":3}')),
      EXIT.no,
      /^The record of ecs\/production\/web has format 3, this version reads 1 and 2, and a newer Slipway wrote it: install that version/,
    ],
  ])('%s', (_, error, code, line) => {
    expect(failureOf(error).code).toBe(code);
    expect(failureOf(error).line).toMatch(line);
    expect(failureOf(error).line).not.toContain('\n');
  });
});

describe('what differs', () => {
  test('is told by path, lists by the names of their members', () => {
    const before = {
      a: 1,
      list: [{ name: 'app', image: 'x', cpu: 1 }],
      tags: [{ key: 'k', value: 'v' }],
    };
    const after = { a: 1, list: [{ name: 'app', image: 'y', cpu: 1 }], tags: [] };
    expect(differences(before, after)).toEqual([
      { path: 'list.app.image', before: 'x', after: 'y' },
      { path: 'tags.k', before: 'v' },
    ]);
  });

  test('leaves out what is named, and finds nothing in the same', () => {
    expect(differences({ revision: 1 }, { revision: 2 }, ['revision'])).toEqual([]);
    expect(differences({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toEqual([]);
    expect(differences({ a: [1] }, { a: [1, 2] })).toEqual([{ path: 'a.1', after: 2 }]);
  });
});

test('of very many names only some are told', () => {
  const names = Array.from({ length: 100 }, (_, i) => `service-number-${i}`);
  expect(nearest('web', names)).toMatch(/service-number-19, and 80 more$/);
  expect(nearest('web', [])).toBe('; there is none');
});

test.each([
  [65, '01:05'],
  [3_599, '59:59'],
  [3_600, '1:00:00'],
  [4_805, '1:20:05'],
])("the story's clock after %i seconds is %s", (seconds, shown) => {
  expect(clock(seconds)).toBe(shown);
});

function thrownBy(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}
