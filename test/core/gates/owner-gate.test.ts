/** A service belongs to one pipeline: nothing starts by itself over what another one released. */
import { expect, test } from 'vitest';
import type { EndedRelease } from '../../../shared/core/model/record/target-record.ts';
import { ofPipeline, releaseTag } from '../../../shared/core/model/release-tag.ts';
import { at, candidate, image, looked, order, revision, rules, waiting } from '../../build.ts';

const SHOP = { pipeline: 'shop' };
const running = (release?: string) => ({
  definition: {
    revision: revision(1),
    containers: { app: 'shop/web:main-1' },
    ...(release !== undefined && { release }),
  },
});
/** What runs was adopted, as the work of somebody else. */
const ADOPTED = { rollbackCandidates: [candidate(1, { changed: [] })] };
/** One minute after a push of main-2, over what has this tag. */
const over = (release: string | undefined, own: { readonly pipeline?: string } = {}) =>
  looked(waiting({ rules: rules(own), ...ADOPTED }), 1, running(release));

test.each([
  ['nobody', undefined, {}],
  ['this pipeline', 'ecs/production/web/12', {}],
  ['this pipeline, which has a name', 'shop:ecs/production/web/12', SHOP],
])('over what %s released, a push starts', (_, release, own) => {
  expect(over(release, own).action).toMatchObject({ type: 'RegisterRevision' });
});

test.each([
  ['the pipeline shop', 'shop:ecs/production/web/12', {}],
  ['the pipeline without a name', 'ecs/production/web/12', SHOP],
  ['the pipeline cart', 'cart:ecs/production/web/12', SHOP],
])('over what %s released, a push is held, and told who must give way', (who, release, own) => {
  const { action, told } = over(release, own);
  expect(action).toBeUndefined();
  expect(told).toMatchObject([
    {
      kind: 'held',
      because: `what runs here was released by ${who} (ecs/production/web/12): two pipelines would undo each other's releases`,
      next: expect.stringContaining('take the service out of one of the two configs'),
    },
  ]);
});

test("a person's deploy takes the service over, and what it registers says whose it is", () => {
  const by = { app: { image: image(2), order: order(2), since: at(0), by: 'ada' } };
  const given = waiting({ rules: rules(SHOP), ...ADOPTED, waiting: by });
  const { action } = looked(given, 1, running('ecs/production/web/12'));
  expect(action).toMatchObject({
    type: 'RegisterRevision',
    tags: { 'slipway:release': 'shop:ecs/production/web/2' },
  });
});

/** Release 1 of this pipeline ended so at 10:00; what runs is of the pipeline shop. */
const ended = (kind: EndedRelease['kind'], more: object = {}) => ({
  ...ADOPTED,
  lastEnded: {
    kind,
    at: at(0),
    release: 'ecs/production/web/1',
    because: 'alarm web-5xx rose',
    next: 'push a fix',
    ...more,
  },
});
const pushOver = (record: object) =>
  looked(waiting({ rules: rules(), ...record }), 1, running('shop:ecs/production/web/12'));

test.each(['rolled-back', 'failed'] as const)(
  'once it was taken over, the fix of what was %s needs no other word of a person',
  (kind) => {
    expect(pushOver(ended(kind)).action).toMatchObject({ type: 'RegisterRevision' });
  },
);

test.each([
  ['what the other pipeline deployed was adopted since', ended('adopted', { release: undefined })],
  ['its own release gave way to it', ended('superseded')],
  ['somebody else was sent back', ended('rolled-back', { release: undefined })],
  ['it came after that end', ended('rolled-back', { at: at(-600) })],
])('a push is held over what another one released, where %s', (_, record) => {
  const { action, told } = pushOver(record);
  expect(action).toBeUndefined();
  expect(told).toMatchObject([{ kind: 'held' }]);
});

test('a pipeline that got a name and kept its table goes on: what runs is proven in its own record', () => {
  const kept = { rules: rules(SHOP), rollbackCandidates: [candidate(1)] };
  expect(looked(waiting(kept), 1, running('ecs/production/web/1')).action?.type).toBe(
    'RegisterRevision',
  );
});

test('the tag names the pipeline and the release, and neither is taken for the other', () => {
  expect(ofPipeline(releaseTag({}, 'ecs/production/web/12'))).toEqual({
    release: 'ecs/production/web/12',
  });
  expect(ofPipeline(releaseTag(SHOP, 'ecs/production/web/12'))).toEqual({
    pipeline: 'shop',
    release: 'ecs/production/web/12',
  });
});
