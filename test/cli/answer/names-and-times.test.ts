/** What a person may have meant, and since when a target rests. */
import { expect, test } from 'vitest';
import { releaseMeant } from '../../../cli/connect/proven-release.ts';
import { nearestCounted } from '../../../cli/output/nearest.ts';
import { sinceWhen } from '../../../cli/output/standing.ts';
import type { EndedRelease } from '../../../shared/core/model/record/target-record.ts';
import { at, image, record, revision } from '../../build.ts';

test('another number is another image: at night nobody is led to it as to a slip', () => {
  expect(nearestCounted('main-9', ['main-1', 'main-2'])).toBe('; there is: main-1, main-2');
  expect(nearestCounted('man-1', ['main-1', 'main-2'])).toBe('; did you mean main-1?');
  expect(nearestCounted('main-1', [])).toBe('; there is none');
  expect(() => releaseMeant(record(), 'main-9')).toThrow(
    /^no proven release is "main-9"; there is: /,
  );
});

const ended = (kind: EndedRelease['kind'], change: Partial<EndedRelease> = {}) => ({
  lastEnded: {
    kind,
    at: at(12),
    release: 'ecs/production/web/2',
    images: { app: image(2) },
    revision: revision(2),
    because: 'it was so',
    next: 'push a fix',
    ...change,
  },
});

test.each([
  ['a release of ours ended, it rests since that end', ended('rolled-back'), at(12)],
  [
    'what ran was adopted, it rests since that was deployed',
    ended('adopted'),
    record().runs?.since,
  ],
  ['what failed never ran', { lastEnded: withoutRevision() }, record().runs?.since],
  ['nothing has ended yet', {}, record().runs?.since],
])('where %s', (_, change, since) => {
  expect(sinceWhen(record(change))).toBe(since);
});

function withoutRevision(): EndedRelease {
  const { revision: _, ...rest } = ended('failed').lastEnded;
  return rest;
}
