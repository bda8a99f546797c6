/** Our own announcements, read back from a queue. */
import { expect, test } from 'vitest';
import { parseAnnounced } from '../../shared/edge/announced.ts';
import { UnreadableEvent } from '../../shared/parsing/unreadable.ts';
import { built, runs, told } from '../feedback/announcements.ts';
import { eventOf } from '../feedback/stage.ts';

test('an announcement is read as it was told', () => {
  const target = told('proven', 2, 3, { ...runs(2), revision: runs(2).runs.revision });
  expect(parseAnnounced(eventOf(target))).toEqual(target);
  const source = built('built', 2, 3, { logs: 'https://logs.example/1' });
  expect(parseAnnounced(eventOf(source))).toEqual(source);
});

test('what a newer sender adds is left out', () => {
  const newer = { ...told('held', 2, 3), mood: 'good' };
  expect(parseAnnounced(eventOf(newer))).toEqual(told('held', 2, 3));
});

const proven = told('proven', 2, 3);
const wrongCommit = (sha: string) => ({
  ...proven,
  images: { app: { ...proven.images?.app, commit: { repository: 'acme/shop', sha } } },
});

test.each([
  ['no text', undefined, 'the body of a queue message: is missing, expected a text'],
  ['no JSON', 'hello', 'expected JSON'],
  ['of somebody else', { source: 'aws.ecs', detail: {} }, 'expected slipway'],
  ['without detail', { source: 'slipway' }, 'detail: is missing'],
  [
    'a kind of the future',
    { ...proven, kind: 'danced' },
    'detail.kind: is "danced", expected one of',
  ],
  ['a time in words', { ...proven, at: 'now' }, 'detail.at: is "now"'],
  ['half a commit', wrongCommit('1234'), 'detail.images.app.commit.sha: is "1234"'],
  [
    'a repository with a path',
    { ...built('built', 1, 1), repository: '../../x' },
    'detail.repository',
  ],
  [
    'an address with a script',
    { ...built('built', 1, 1), logs: 'javascript:alert(1)' },
    'detail.logs',
  ],
])('%s is no announcement', (_, value, says) => {
  const isDetail = typeof value === 'object' && 'id' in value;
  const body =
    typeof value === 'object'
      ? JSON.stringify(isDetail ? { source: 'slipway', detail: value } : value)
      : value;
  expect(() => parseAnnounced(body)).toThrow(UnreadableEvent);
  expect(() => parseAnnounced(body)).toThrow(says);
});
