/** The tag that says for which release, and of which pipeline, a revision was registered. */
import { expect, test } from 'vitest';
import { ofPipeline, releaseIn, releaseTag } from '../../../shared/core/model/release-tag.ts';

const RELEASE = 'ecs/production/web/12';

test.each<[string, { readonly pipeline?: string; readonly release: string }, string]>([
  ['of a pipeline with a name', { pipeline: 'shop', release: RELEASE }, `shop:${RELEASE}`],
  ['of the one that has none', { release: RELEASE }, RELEASE],
])('%s is read as it was written', (_, whose, tag) => {
  expect(releaseTag(whose, RELEASE)).toBe(tag);
  expect(ofPipeline(tag)).toEqual(whose);
});

test('a colon at the beginning is a name, too: an empty one is not the pipeline without a name', () => {
  expect(ofPipeline(`:${RELEASE}`)).toEqual({ pipeline: '', release: RELEASE });
});

test('among the tags of a revision it is found by its key alone', () => {
  const other = { key: 'team', value: 'shop' };
  expect(releaseIn([other, { key: 'slipway:release', value: RELEASE }])).toBe(RELEASE);
  expect(releaseIn([other])).toBeUndefined();
  expect(releaseIn([{ key: 'slipway:release', value: 7 }])).toBeUndefined();
  expect(releaseIn([])).toBeUndefined();
});
