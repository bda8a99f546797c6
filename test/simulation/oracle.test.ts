/** What the oracle asks for, and what it does not: each where a world once broke that kept every promise. */
import { emptyWorld } from '@slipway/local-cloud/services.ts';
import { expect, test } from 'vitest';
import { meantToRun } from './oracle/commits.ts';
import { Trail } from './oracle/trail.ts';
import { BEGIN } from './stage.ts';

const TRUTH = {
  world: emptyWorld({ now: BEGIN, seed: 1, account: '123456789012', region: 'eu-central-1' }),
  trail: new Trail(),
};

test('an image that says no commit is missed where a push is a release, and not where images come from commits', () => {
  const [web, api] = ['shop/web', 'shop/api'].map((repository) => ({
    ...{ repository, tag: 'main-1', digest: 'sha256:1', at: BEGIN, behaviour: {} },
  }));
  const pushed = [web, api].filter((one) => one !== undefined);
  expect(meantToRun(TRUTH, {}, pushed)).toEqual([web, api]);
  expect(meantToRun(TRUTH, { git: 'built' }, pushed)).toEqual([api]);
  expect(meantToRun(TRUTH, { git: 'elsewhere' }, pushed)).toEqual([api]);
});
