/** What the judge says in a story: a line of it, and what a scenario may expect of it. */

import { emptyWorld } from '@slipway/local-cloud/services.ts';
import { createColors } from 'picocolors';
import { expect, test } from 'vitest';
import { storyLines } from '../../../cli/output/story.ts';
import { entryWords } from '../../../local/page/entry-words.ts';
import { differences } from '../../../local/stories/expectation.ts';
import { ImageNames } from '../../../local/stories/image-names.ts';
import type { DecisionMade, JudgedState } from '../../../local/stories/timeline.ts';

function looked(minute: number, state?: JudgedState): DecisionMade {
  const counts = 'of 2,650 requests to web:2, 21 failed (0.8 %)';
  return {
    type: 'decision',
    at: minute * 60_000,
    target: 'web',
    event: 'Observed',
    phase: 'deploying',
    because: 'the rollout goes on',
    ...(state && { judged: { state, because: counts } }),
  };
}

const TIMELINE = [looked(1, 'waiting'), looked(2), looked(3, 'suspicious'), looked(4, 'harmless')];

test('a look at which it says something else is a line of the story, the others are not', () => {
  expect(storyLines(TIMELINE, 0, createColors(false))).toEqual([
    '01:00  judge     web: waiting: of 2,650 requests to web:2, 21 failed (0.8 %)',
    '03:00  judge     web: suspicious: of 2,650 requests to web:2, 21 failed (0.8 %)',
    '04:00  judge     web: harmless: of 2,650 requests to web:2, 21 failed (0.8 %)',
  ]);
});

test('on the page it belongs to the story as well, and stands out where a share is held for it', () => {
  expect(entryWords({ ...looked(3, 'suspicious'), n: 1 })).toMatchObject({
    depth: 'story',
    tone: 'warn',
  });
  expect(entryWords({ ...looked(4, 'harmless'), n: 1 })).toMatchObject({
    depth: 'story',
    tone: 'plain',
  });
  expect(entryWords({ ...looked(2), n: 1 })).toMatchObject({ depth: 'decisions', tone: 'plain' });
});

const WORLD = emptyWorld({ now: 0, seed: 1, account: '123456789012', region: 'eu-central-1' });

function missed(judged: readonly JudgedState[]): readonly string[] {
  const target = {
    phase: 'idle',
    images: {},
    proven: [],
    quarantined: [],
    badRequests: 0,
    attentionAsked: false,
  } as const;
  const scenario = { steps: [], until: 0, expect: { targets: { web: { judged: [...judged] } } } };
  const outcome = { targets: { web: target }, releases: [], commits: {}, calls: {} };
  return differences(scenario as never, outcome as never, TIMELINE, new ImageNames(WORLD));
}

test('a scenario says what it must say, in order, whatever it says between', () => {
  expect(missed(['waiting', 'harmless'])).toEqual([]);
  expect(missed(['suspicious', 'waiting'])).toEqual([
    'web judged: waiting, suspicious, harmless, expected suspicious, then waiting',
  ]);
});
