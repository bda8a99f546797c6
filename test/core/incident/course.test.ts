/** How far what one stands behind has come: image 2, which a push or a person brought. */
import { describe, expect, test } from 'vitest';
import { courseOf, type Followed, hasReached } from '../../../shared/core/incident/course.ts';
import type { Announcement } from '../../../shared/core/model/announcement.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import {
  asking,
  at,
  baking,
  candidate,
  condemned,
  digest,
  image,
  order,
  record,
  registering,
  returning,
  revision,
  rolling,
  STOPPING,
  waiting,
} from '../../build.ts';

const TWO: Followed = { by: 'digests', digests: [digest(2)] };
const RELEASE = 'ecs/production/web/2';

function told(kind: Announcement['kind'], change: Partial<Announcement> = {}): Announcement {
  return {
    id: 'ecs/production/web/11',
    kind,
    at: at(5),
    key: 'ecs/production/web',
    target: 'web',
    release: RELEASE,
    images: { app: image(2) },
    because: 'for a reason',
    runsNow: 'something',
    next: 'what to do',
    ...change,
  };
}

const of = (
  given: TargetRecord,
  announcements: readonly Announcement[] = [],
  followed: Followed = TWO,
) => courseOf(given, { announcements }, followed);

test.each<[string, TargetRecord, readonly Announcement[], object]>([
  ['nobody told of it', record(), [], { state: 'unknown', reached: null }],
  ['it waits', waiting(), [], { state: 'waiting', reached: null, because: 'it waits its turn' }],
  ['its revision is made', registering(), [], { state: 'requested', reached: null }],
  ['ECS took it', rolling(), [], { state: 'accepted', reached: 'accepted', release: RELEASE }],
  ['it bakes', baking(), [], { state: 'serving', reached: 'serving' }],
  ['it is proven', record(), [told('proven')], { state: 'proven', reached: 'proven' }],
  ['it was adopted', record(), [told('adopted')], { state: 'proven', reached: 'proven' }],
  ['it goes back', returning(STOPPING), [], { state: 'rolling-back', reached: null }],
  ['it went back', record(), [told('started'), told('rolled-back')], { state: 'rolled-back' }],
  ['it failed', record(), [told('failed')], { state: 'failed', reached: null }],
  ['a newer one came', record(), [told('superseded')], { state: 'superseded' }],
  ['it is older', record(), [told('refused')], { state: 'refused', next: 'what to do' }],
  ['only watched', record(), [told('would-have')], { state: 'watched', reached: null }],
])('%s', (_, given, announcements, expected) => {
  expect(of(given, announcements)).toMatchObject(expected);
});

test('what an earlier time said of the same image does not count while it waits or is on its way', () => {
  expect(of(waiting(), [told('rolled-back')]).state).toBe('waiting');
  expect(of(rolling(), [told('proven')]).state).toBe('accepted');
});

test('a closed gate, a person and the stop switch hold it, and are named', () => {
  const held = {
    app: {
      image: image(2),
      order: order(2),
      since: at(0),
      held: { reason: 'alarm', because: 'held: web-5xx is red', since: at(0) },
    },
  } as const;
  expect(of(waiting({ waiting: held }))).toMatchObject({
    state: 'held',
    because: 'held: web-5xx is red',
  });
  const hold = { by: 'ada', because: 'black friday', since: at(0) };
  const because = 'ada holds it (black friday)';
  expect(of(waiting({ hold }))).toMatchObject({ state: 'held', because });
  expect(courseOf(waiting(), { announcements: [], stop: hold }, TWO)).toMatchObject({
    state: 'held',
    because,
  });
});

test('a deploy that waits for a second person is held, with the command that approves it', () => {
  const pending = [
    {
      id: '0a1b2c3d',
      of: { what: 'command', command: { do: 'deploy', images: { app: image(2) } } },
      by: 'ada',
      sender: 'AROA:ada',
      because: 'why',
      since: at(0),
      until: at(60),
    },
  ] as const;
  const course = of(record({ pending }));
  expect(course.state).toBe('held');
  expect(course.next).toContain('slipway approve web --of 0a1b2c3d --because "why"');
});

describe('a person is needed', () => {
  test('for the release that goes back and cannot', () => {
    const stillTried = { condemned: condemned(), nextAt: at(9) };
    expect(of(asking({ stillTried }))).toMatchObject({
      state: 'needs-attention',
      because: 'nothing to return to',
    });
  });

  test('while it bakes: it serves all the same', () => {
    const needsAttention = { because: 'its alarm has no data', since: at(5) };
    const course = of(baking(undefined, { needsAttention }));
    expect(course).toMatchObject({ state: 'needs-attention', reached: 'serving' });
    expect(hasReached(course, 'serving')).toBe(true);
    expect(hasReached(course, 'proven')).toBe(false);
  });
});

test('what runs long since and is proven needs no announcement; what is quarantined is refused', () => {
  const runs = { revision: revision(2), images: { app: image(2) }, since: at(0) };
  const rollbackCandidates = [candidate(2), candidate(1)];
  expect(of(record({ runs, rollbackCandidates }))).toMatchObject({ state: 'proven' });
  // Proven once, and no longer what runs.
  expect(of(record({ rollbackCandidates })).state).toBe('unknown');
  const quarantine = [{ digest: digest(2), at: at(5) }];
  expect(of(record({ quarantine }))).toMatchObject({ state: 'refused', reached: null });
});

test('of images for two containers only a release of both is theirs; a part that makes way ends it', () => {
  const both: Followed = { by: 'digests', digests: [digest(2), digest(3)] };
  expect(of(rolling(), [], both).state).toBe('unknown');
  expect(of(record(), [told('proven')], both).state).toBe('unknown');
  expect(of(record(), [told('superseded')], both).state).toBe('superseded');
});

test('a commit is known by what built the image, or by a tag that names it', () => {
  const sha = '8f3c2a1b9d048f3c2a1b9d048f3c2a1b9d048f3c';
  const by = (commit: string): Followed => ({ by: 'commit', commit });
  const built = told('proven', {
    images: { app: image(2, { commit: { repository: 'acme/shop', sha } }) },
  });
  const tagged = told('proven', { images: { app: image(2, { tags: ['main-8f3c2a1'] }) } });
  expect(of(record(), [built], by('8f3c2a1')).state).toBe('proven');
  expect(of(record(), [tagged], by(sha)).state).toBe('proven');
  expect(of(record(), [tagged], by('8f3c2a2')).state).toBe('unknown');
  expect(of(record(), [told('proven')], by(sha)).state).toBe('unknown');
});

test('on its way it says so in words, with its release and what comes next', () => {
  expect(of(registering())).toEqual({
    state: 'requested',
    reached: null,
    because: 'its rollout is prepared and requested',
    next: 'the tasks are replaced; then it is watched for 10 minutes before it is proven',
    release: RELEASE,
    images: { app: image(2) },
  });
  expect(of(rolling()).because).toBe('ECS took the rollout and replaces the tasks');
  expect(of(baking()).because).toBe('ECS says SUCCESSFUL: it serves, and is watched');
});

test('a person who is needed before ECS took it: nothing is reached', () => {
  const needsAttention = { because: 'no role; CloudWatch says: x', since: at(5) };
  const course = of(registering({ needsAttention }));
  expect(course).toMatchObject({ state: 'needs-attention', reached: null, because: 'no role' });
  expect(hasReached(course, 'accepted')).toBe(false);
});

test('what goes back without being a release of ours has no name', () => {
  const { release: _, ...external } = condemned();
  const course = of(returning(STOPPING, { condemned: external }));
  expect(course).toMatchObject({ state: 'rolling-back', release: null, images: { app: image(2) } });
  expect(of(returning(STOPPING)).release).toBe(RELEASE);
});

describe('what was announced', () => {
  test('of no release and of no images says so', () => {
    const { release: _, ...held } = told('held');
    expect(of(record(), [held])).toMatchObject({ state: 'waiting', release: null });
    const { images: __, ...bare } = told('started');
    const by: Followed = { by: 'release', release: RELEASE };
    expect(of(record(), [bare], by)).toEqual({
      state: 'accepted',
      reached: 'accepted',
      because: 'for a reason',
      next: 'what to do',
      release: RELEASE,
      images: null,
    });
    expect(of(record(), [told('proven')])).toMatchObject({
      release: RELEASE,
      images: { app: image(2) },
    });
  });

  test.each(['fought', 'retired'] as const)('%s is no state of it', (kind) => {
    expect(of(record(), [told('proven'), told(kind)]).state).toBe('proven');
  });

  test('of other images is not about it, though they made way', () => {
    const other = { images: { app: image(3) } };
    const ends = (['superseded', 'refused', 'failed'] as const).map((kind) => told(kind, other));
    expect(of(record(), ends).state).toBe('unknown');
  });

  test('a part that was refused ends the whole', () => {
    const both: Followed = { by: 'digests', digests: [digest(2), digest(3)] };
    expect(of(record(), [told('refused')], both).state).toBe('refused');
  });
});

describe('it waits', () => {
  const unplaced = [
    {
      image: image(2),
      since: at(0),
      pushedAt: at(0),
      containers: ['app'],
      because: 'GitHub is asked where it stands',
    },
  ] as never;

  test('for its place', () => {
    expect(of(record({ unplaced }))).toMatchObject({
      state: 'waiting',
      because: 'GitHub is asked where it stands',
      images: null,
    });
  });

  test('in its slot: that counts before the place of another push of it', () => {
    expect(of(waiting({ unplaced }))).toMatchObject({
      state: 'waiting',
      because: 'it waits its turn',
      images: { app: image(2) },
    });
  });

  test('another image that waits is not the one that is followed', () => {
    const another = waiting({ waiting: { app: { image: image(3), since: at(0) } } });
    expect(of(another).state).toBe('unknown');
  });

  test('what others wait for a second person for is not it', () => {
    const asks = (command: object) =>
      [
        {
          id: '0a1b2c3d',
          of: { what: 'command', command },
          by: 'ada',
          sender: 'AROA:ada',
          because: 'why',
          since: at(0),
          until: at(60),
        },
      ] as never;
    expect(of(record({ pending: asks({ do: 'rollback' }) })).state).toBe('unknown');
    const deploy = { do: 'deploy', images: { app: image(3) } };
    expect(of(record({ pending: asks(deploy) })).state).toBe('unknown');
  });
});

test('what is quarantined is refused by its digest, and by nothing else', () => {
  const quarantined = record({ quarantine: [{ digest: digest(2), at: at(5) }] });
  expect(of(quarantined).next).toBe(
    `slipway unquarantine web ${digest(2)} --because "why", if you mean it`,
  );
  expect(of(quarantined, [], { by: 'commit', commit: '8f3c2a1' }).state).toBe('unknown');
});

test('of a commit and a tag that names it the shorter is the beginning of the other', () => {
  const tagged = told('proven', { images: { app: image(2, { tags: ['main-8f3c2a1b9d04'] }) } });
  const state = (commit: string) => of(record(), [tagged], { by: 'commit', commit }).state;
  expect(state('8f3c2a1')).toBe('proven');
  expect(state('8f3c2a1b9d04ffff')).toBe('proven');
  expect(state('8f3c2a1b9d05')).toBe('unknown');
});

test('a release is known by its name', () => {
  const by: Followed = { by: 'release', release: RELEASE };
  expect(of(rolling(), [], by).state).toBe('accepted');
  expect(of(rolling(), [], { by: 'release', release: 'ecs/production/web/3' }).state).toBe(
    'unknown',
  );
  expect(of(record(), [told('rolled-back')], by).state).toBe('rolled-back');
});
