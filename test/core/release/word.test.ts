/** A person's word about a release, in words, and the step before which it is wanted. */
import { expect, test } from 'vitest';
import type { ReleaseWord } from '../../../shared/core/model/approval.ts';
import {
  isIdOf,
  isSilent,
  isStepOf,
  otherwiseInWords,
  waitedMs,
  wantedWord,
  whyAwaited,
} from '../../../shared/core/release/word.ts';
import { at, digest, image } from '../../build.ts';

const word = (change: Partial<ReleaseWord> = {}): ReleaseWord => ({
  before: 'traffic',
  minutes: 60,
  otherwise: 'rollback',
  asked: { id: '00000000-x', digests: [digest(2)], since: at(0), until: at(60) },
  ...change,
});
const { asked: _, ...unasked } = word();

test.each<[Partial<ReleaseWord>, string]>([
  [{ before: 'start' }, 'refuses it; with no word until then it is refused'],
  [{}, 'sends it back; with no word until then it is rolled back'],
  [{ before: 'start', otherwise: 'proceed' }, 'refuses it; with no word until then it starts'],
  [{ otherwise: 'proceed' }, 'sends it back; with no word until then it goes on'],
])('a no and a silence lead to what the config says: %o', (change, sentence) => {
  expect(otherwiseInWords('web', word(change))).toBe(
    `\`slipway reject web --because "why"\` ${sentence}`,
  );
});

test('until when it is awaited is said where it is known', () => {
  const command = 'before it gets traffic: slipway approve web --because "why"';
  expect(whyAwaited('web', word())).toBe(
    `a person's word is awaited until 11:00:00 UTC ${command}`,
  );
  expect(whyAwaited('web', unasked)).toBe(`a person's word is awaited ${command}`);
});

test('the time that its rollout waited for a person is until the word, or until now', () => {
  const given = { at: at(10), because: 'fine' };
  expect(waitedMs({ word: word() }, at(0), at(4))).toBe(4 * 60_000);
  expect(waitedMs({ word: word({ given }) }, at(0), at(30))).toBe(10 * 60_000);
  expect(waitedMs({ word: word() }, at(0), at(-1))).toBe(0);
  expect(waitedMs({ word: word({ before: 'start' }) }, at(0), at(4))).toBe(0);
  expect(waitedMs({ word: unasked }, at(0), at(4))).toBe(0);
  expect(waitedMs({}, at(0), at(4))).toBe(0);
  // The word was awaited for four minutes when somebody made the rollout anew.
  expect(waitedMs({ word: word({ given }) }, at(4), at(30))).toBe(6 * 60_000);
});

test('nobody has said anything when its time is over, and not before', () => {
  expect(isSilent(word(), at(60))).toBe(false);
  expect(isSilent(word(), at(60) + 1)).toBe(true);
  expect(isSilent(word({ given: { at: at(1), because: 'fine' } }), at(90))).toBe(false);
  expect(isSilent(unasked, at(90))).toBe(false);
});

test('an id is of images that begin so, and of none is none', () => {
  expect(isIdOf('00000000-x', { app: image(2) })).toBe(true);
  expect(isIdOf('11111111-x', { app: image(2) })).toBe(false);
  expect(isIdOf('', {})).toBe(false);
});

test('without a shift, or without traffic to shift, a word is wanted before the start', () => {
  const release = { before: 'traffic', minutes: 60, otherwise: 'proceed' } as const;
  const approvals = { commands: [], minutes: 60, release };
  const strategy = { kind: 'blueGreen', bakeMinutes: 5 } as const;
  const traffic = { pairs: [] } as never;
  expect(wantedWord({ approvals, strategy }, { traffic })?.before).toBe('traffic');
  expect(wantedWord({ approvals, strategy }, {})?.before).toBe('start');
  expect(wantedWord({ approvals }, { traffic })?.before).toBe('start');
  expect(wantedWord({}, { traffic })).toBeUndefined();
});

test.each([
  ['traffic, before any step', 'traffic', 'canary', 0, true],
  ['full, at the first step of a canary', 'full', 'canary', 0, false],
  ['full, after its share', 'full', 'canary', 0.1, true],
  ['full, where the share is not told', 'full', 'canary', undefined, true],
  ['start is no step of a shift', 'start', 'canary', 0.1, false],
] as const)('the step before which a word is wanted: %s', (_, before, kind, share, is) => {
  const strategy = { kind, percent: 10, bakeMinutes: 5 } as never;
  expect(isStepOf(word({ before }), strategy, share)).toBe(is);
});

test('without a shift no step is one but the one before traffic', () => {
  expect(isStepOf(word({ before: 'full' }), undefined, 0.1)).toBe(false);
});
