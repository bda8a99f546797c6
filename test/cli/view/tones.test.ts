/** Every state of a target has its colour on both pages: none is missed, which would look like nothing special. */
import { expect, test } from 'vitest';
import { toneOf as toneOfView } from '../../../cli/view/fleet-page.ts';
import { toneOf as toneOfLocal } from '../../../local/page/answer-words.ts';
import { STATES } from '../../../shared/core/incident/incident.ts';

test('only what is not known, or left the config, looks like nothing special', () => {
  expect(STATES.filter((state) => toneOfView(state) === '')).toEqual(['unknown', 'retired']);
  expect(STATES.filter((state) => toneOfLocal(state) === 'quiet')).toEqual(['unknown', 'retired']);
});
