/** What the edge does with text that is not what it claims to be. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAwsEvent, UnreadableEvent } from '../../shared/edge/parse-aws-event.ts';
import { home } from './expected.ts';

type Path = readonly (string | number)[];

const sample = (file: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../../events/${file}`, import.meta.url), 'utf8'));

/** The sample with another value at a path; `undefined` takes the key away. */
function changed(file: string, path: Path, value: unknown): Record<string, unknown> {
  const event = sample(file);
  let here = event as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) here = here[key] as Record<string | number, unknown>;
  const last = path.at(-1) as string;
  if (value === undefined) delete here[last];
  else here[last] = value;
  return event;
}

function messageOf(listen: () => unknown): string {
  try {
    listen();
  } catch (error) {
    if (error instanceof UnreadableEvent) return error.message;
    throw error;
  }
  return 'heard';
}

const push = 'ecr-image-pushed.json';
const needed: readonly [file: string, paths: readonly Path[]][] = [
  [
    push,
    [
      ['id'],
      ['account'],
      ['region'],
      ['time'],
      ['detail'],
      ['detail', 'action-type'],
      ['detail', 'result'],
      ['detail', 'repository-name'],
      ['detail', 'image-digest'],
    ],
  ],
  [
    'alarm-web-5xx.json',
    [
      ['detail', 'alarmName'],
      ['detail', 'state'],
      ['detail', 'state', 'value'],
      ['detail', 'state', 'timestamp'],
      ['detail', 'previousState'],
      ['detail', 'previousState', 'value'],
    ],
  ],
  [
    'alarm-web-5xx-action.json',
    [
      ['alarmArn'],
      ['accountId'],
      ['region'],
      ['alarmData', 'alarmName'],
      ['alarmData', 'state', 'value'],
      ['alarmData', 'previousState', 'value'],
    ],
  ],
  [
    'alarm-web-5xx-sns.json',
    [
      ['Records', 0, 'Sns'],
      ['Records', 0, 'Sns', 'Message'],
    ],
  ],
  [
    'ecs-deployment-failed-web.json',
    [
      ['detail', 'eventName'],
      ['resources', 0],
    ],
  ],
  ['ecs-service-steady-web.json', [['detail', 'eventName']]],
  [
    'ecr-image-scan.json',
    [
      ['detail', 'scan-status'],
      ['detail', 'repository-name'],
    ],
  ],
  [
    'inspector2-scan.json',
    [
      ['detail', 'scan-status'],
      ['detail', 'repository-name'],
    ],
  ],
  [
    'ecs-task-stopped-worker.json',
    [
      ['detail', 'lastStatus'],
      ['detail', 'clusterArn'],
    ],
  ],
];
const cases = needed.flatMap(([file, paths]) =>
  paths.map((path) => [file, path.join('.'), path] as const),
);

describe('an event that we claim to know and cannot read goes to the dead-letter queue', () => {
  test.each(cases)('%s without %s, or with something else there', (file, _, path) => {
    for (const value of [undefined, null, 5, true, {}, [], '', '\u0000', 'a b;c']) {
      // A region or account that is a text is another region or account: ignored, not refused.
      const isPlace = /account|region/i.test(String(path.at(-1)));
      const isText = typeof value === 'string' && (value !== '' || file.includes('action'));
      if (isPlace && isText) continue;
      // Another action or result is readable, and so is the text of another notification.
      const isWord = ['action-type', 'result', 'Message', 'id', 'alarmArn'].includes(
        String(path.at(-1)),
      );
      if (isWord && typeof value === 'string') continue;
      if (path.at(-1) === 'alarmName' && value === 'a b;c') continue;
      const message = messageOf(() => parseAwsEvent(changed(file, path, value), home));
      expect(message, `${path.join('.')} = ${JSON.stringify(value)}`).toMatch(
        /^.+: is .+, expected .+; the message goes to the dead-letter queue$/,
      );
    }
  });

  test('the error names the event, the place, the value and what was expected', () => {
    expect(
      messageOf(() => parseAwsEvent(changed(push, ['detail', 'image-digest'], 'sha256:xyz'), home)),
    ).toBe(
      '"ECR Image Action" event, detail.image-digest: is "sha256:xyz", expected sha256: and 64 hex digits; the message goes to the dead-letter queue',
    );
    expect(messageOf(() => parseAwsEvent(changed(push, ['time'], 'yesterday'), home))).toBe(
      '"ECR Image Action" event, time: is "yesterday", expected an ISO 8601 time; the message goes to the dead-letter queue',
    );
  });

  test.each([null, undefined, 5, true, 'not JSON at all', [], [1]])('%j is no event', (input) => {
    expect(messageOf(() => parseAwsEvent(input, home))).toContain(
      'expected an event, which is an object',
    );
  });
});

describe('a name that AWS does not allow is refused', () => {
  const dirty = [
    '../../etc/passwd',
    'web; rm -rf /',
    '$(id)',
    '`id`',
    'a\nb',
    'web\u001b[31m',
    ' web',
    "'",
    '"',
    '*',
    'a'.repeat(400),
  ];
  test.each([
    ['repository', push, ['detail', 'repository-name']],
    ['tag', push, ['detail', 'image-tag']],
    ['digest', push, ['detail', 'image-digest']],
    ['service', 'ecs-deployment-failed-web.json', ['resources', 0]],
    ['cluster', 'ecs-task-stopped-worker.json', ['detail', 'clusterArn']],
    ['event name', 'ecs-service-steady-web.json', ['detail', 'eventName']],
  ] as const)('%s', (_, file, path) => {
    for (const name of dirty) {
      expect(
        messageOf(() => parseAwsEvent(changed(file, path, name), home)),
        name,
      ).not.toBe('heard');
    }
  });

  test('a service in a group of tasks', () => {
    for (const name of dirty) {
      const event = changed('ecs-task-stopped-worker.json', ['detail', 'group'], `service:${name}`);
      expect(
        messageOf(() => parseAwsEvent(event, home)),
        name,
      ).not.toBe('heard');
    }
  });

  test('an alarm may have spaces and slashes in its name, but no control characters', () => {
    const named = (name: string) =>
      messageOf(() =>
        parseAwsEvent(changed('alarm-web-5xx.json', ['detail', 'alarmName'], name), home),
      );
    expect(named('EC2 / CPU (%) über 5; "web"')).toBe('heard');
    expect(named('web\u001b[31m')).not.toBe('heard');
    expect(named('a'.repeat(256))).not.toBe('heard');
  });
});

describe('a megabyte of nonsense', () => {
  const nonsense = 'x'.repeat(1_000_000);

  test('is named in a short error', () => {
    const message = messageOf(() =>
      parseAwsEvent(changed(push, ['detail', 'repository-name'], nonsense), home),
    );
    expect(message.length).toBeLessThan(400);
    expect(message).toContain('… (1000000 characters)');
  });

  test('from somewhere else is one short reason', () => {
    const parsed = parseAwsEvent({ source: nonsense, 'detail-type': nonsense }, home);
    expect(parsed.kind).toBe('ignored');
    expect(JSON.stringify(parsed).length).toBeLessThan(400);
  });

  test('beside what we read does no harm', () => {
    expect(parseAwsEvent({ ...sample(push), nonsense, nested: deep(5_000) }, home).kind).toBe(
      'parsed',
    );
  });
});

function deep(levels: number): unknown {
  let value: unknown = 'bottom';
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

test('what stands beside the needed fields is never shown', () => {
  const event = changed(push, ['detail', 'image-digest'], 'no digest');
  const message = messageOf(() =>
    parseAwsEvent({ ...event, environment: { PASSWORD: 'hunter2' } }, home),
  );
  expect(message).not.toContain('hunter2');
  const object = changed(push, ['detail', 'image-digest'], { PASSWORD: 'hunter2' });
  expect(messageOf(() => parseAwsEvent(object, home))).toContain(
    'detail.image-digest: is an object, expected',
  );
});

test('keys of prototypes are keys like any other', () => {
  const input = JSON.parse(
    '{"__proto__":{"source":"aws.ecr","detail-type":"ECR Image Action"},"constructor":{"prototype":{"polluted":true}}}',
  );
  expect(parseAwsEvent(input, home)).toEqual({
    kind: 'ignored',
    because: 'it has no source and detail-type: no event of AWS',
  });
  const event = { ...sample(push), detail: JSON.parse('{"__proto__":{"result":"SUCCESS"}}') };
  expect(messageOf(() => parseAwsEvent(event, home))).toContain('detail.action-type: is missing');
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test('an alarm whose extra fields cannot be read is heard all the same', () => {
  for (const [path, value] of [
    [['detail', 'configuration'], 5],
    [['detail', 'configuration', 'metrics'], 'none'],
    [['detail', 'configuration', 'metrics'], [null]],
    [['detail', 'state', 'reasonData'], '{'],
  ] as const) {
    expect(messageOf(() => parseAwsEvent(changed('alarm-web-5xx.json', path, value), home))).toBe(
      'heard',
    );
  }
});

test('a notification of SNS that is no alarm is for other subscribers', () => {
  const told = (message: string) =>
    parseAwsEvent(
      changed('alarm-web-5xx-sns.json', ['Records', 0, 'Sns', 'Message'], message),
      home,
    );
  expect(told('hello')).toEqual({
    kind: 'ignored',
    because: 'a notification of SNS that is not JSON, so no alarm',
  });
  expect(told('{"hello":1}')).toEqual({
    kind: 'ignored',
    because: 'a notification of SNS that tells of no alarm',
  });
  expect(() => told('{"AlarmName":"web-5xx"}')).toThrow(UnreadableEvent);
});

test('whatever stands anywhere in an event, it is heard, ignored or refused, and nothing else', () => {
  const files = needed.map(([file]) => file);
  const pathsOf = (value: unknown): Path[] =>
    typeof value !== 'object' || value === null
      ? []
      : Object.entries(value).flatMap(([key, part]) => [
          [key],
          ...pathsOf(part).map((path) => [key, ...path]),
        ]);
  const paths = files.flatMap((file) => pathsOf(sample(file)).map((path) => [file, path] as const));
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.jsonValue(), ([file, path], value) => {
      const message = messageOf(() => parseAwsEvent(changed(file, path, value), home));
      expect(message.length).toBeLessThan(600);
    }),
    { seed: 20_261_120, numRuns: 3_000 },
  );
});
