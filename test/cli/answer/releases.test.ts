/** The releases in a history: each in the state that `status` says, also between its start and its end. */
import { expect, test } from 'vitest';
import { releasesIn } from '../../../cli/output/releases.ts';
import type { HistoryEntry } from '../../../shared/core/model/record/outbox.ts';
import { at, image, revision } from '../../build.ts';

const KEY = 'ecs/production/web';
const entry = (minute: number, phase: string, because: string, kind?: string) =>
  ({
    event: { type: 'Observed', observation: { at: at(minute) } },
    phase,
    because,
    announcements:
      kind === undefined
        ? []
        : [
            {
              ...{ kind, at: at(minute), because, images: { app: image(2) } },
              ...{ release: `${KEY}/2`, revision: revision(2) },
            },
          ],
  }) as unknown as HistoryEntry;
const STARTED = entry(1, 'deploying', 'shop/web:main-2', 'started');
const BAKES = entry(3, 'baking', 'ECS says SUCCESSFUL');
const now = (...entries: readonly HistoryEntry[]) =>
  releasesIn(entries).map(({ state, because, at: since }) => [state, because, since]);
const time = (minute: number) => new Date(at(minute)).toISOString();

test('a release that is watched is called so, since then, and not still rolled out', () => {
  expect(now(STARTED)).toEqual([['deploying', 'shop/web:main-2', time(1)]]);
  expect(now(STARTED, BAKES, entry(4, 'baking', 'the bake goes on'))).toEqual([
    ['baking', 'ECS says SUCCESSFUL', time(3)],
  ]);
});

test('one that goes back says why, and its end is as it was announced', () => {
  const back = entry(5, 'rolling-back', 'condemned: alarm rose; CloudWatch says: x');
  expect(now(STARTED, BAKES, back)).toEqual([['rolling-back', 'condemned: alarm rose', time(5)]]);
  const end = entry(7, 'idle', 'alarm rose', 'rolled-back');
  expect(now(STARTED, BAKES, back, end)).toEqual([['rolled-back', 'alarm rose', time(7)]]);
});

test('what ended before stays as it ended while another goes on', () => {
  const proven = entry(4, 'idle', 'it stood its bake', 'proven');
  expect(now(STARTED, BAKES, proven, entry(9, 'baking', 'external'))).toEqual([
    ['proven', 'it stood its bake', time(4)],
  ]);
});
