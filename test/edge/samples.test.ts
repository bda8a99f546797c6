/** Every file of `events/` through the edge, the whole result compared. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseEnvelope } from '../../shared/edge/envelope.ts';
import { parseAwsEvent, UnreadableEvent } from '../../shared/edge/parse-aws-event.ts';
import { expected, home } from './expected.ts';

const folder = new URL('../../events/', import.meta.url);
const all = readdirSync(folder).filter((file) => file.endsWith('.json'));
/** GitHub's come over HTTP, and ECS's questions by Invoke: `test/local/github-samples.test.ts`, `lifecycle-hook.test.ts`. */
const files = all.filter((file) => !/^(github|ecs-lifecycle-hook)-/.test(file));
/** `toThrow` with a text would be content with a part of it. */
const exactly = (message: string) => expect.objectContaining({ name: 'UnreadableEvent', message });
const sample = (file: string) => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));

test('every sample has an expected result, and every expected result a sample', () => {
  expect(Object.keys(expected).sort()).toEqual([...files].sort());
});

test('every sample stands in the README of events', () => {
  const readme = readFileSync(new URL('README.md', folder), 'utf8');
  expect(all.filter((file) => !readme.includes(`| ${file} |`))).toEqual([]);
});

describe.each(files)('%s', (file) => {
  const entry = expected[file];
  if (entry === undefined) return;

  if ('bodies' in entry) {
    test.each(entry.bodies.map((body, index) => [index, body] as const))('record %i', (i, body) => {
      const parse = () => parseEnvelope(sample(file).Records[i].body);
      if (typeof body === 'string') expect(parse).toThrow(exactly(body));
      else expect(parse()).toEqual(body);
    });
    test('a batch of the queue is refused where one event is expected', () => {
      expect(() => parseAwsEvent(sample(file), home)).toThrow(UnreadableEvent);
    });
    return;
  }

  test('is heard where it is at home', () => {
    const listen = () => parseAwsEvent(sample(file), entry.here);
    if ('refused' in entry) expect(listen).toThrow(exactly(entry.refused));
    else expect(listen()).toEqual(entry.result);
  });

  test('is ignored in another account and in another region', () => {
    for (const elsewhere of [
      { ...entry.here, account: '999999999999' },
      { ...entry.here, region: 'ap-south-2' },
    ]) {
      expect(parseAwsEvent(sample(file), elsewhere).kind).toBe('ignored');
    }
  });
});
