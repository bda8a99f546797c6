/** Whose is what runs? One answer for every phase: what is not ours is never fought. */
import { describe, expect, test } from 'vitest';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import { type Deployed, whose } from '../../../shared/core/release/whose.ts';
import {
  asked,
  at,
  baking,
  CHOOSING,
  candidate,
  digest,
  image,
  looked,
  observing,
  primary,
  record,
  registering,
  restoring,
  returning,
  revision,
  rolling,
  STOPPING,
  service,
} from '../../build.ts';

const DAY = 24 * 60;
const deployed = (n: number, minutes: number, change: Partial<Deployed> = {}): Deployed => ({
  revision: revision(n),
  createdAt: at(minutes),
  ...change,
});
const at5 = (given: TargetRecord, what: Deployed) => whose(given, what, { at: at(5) });

describe('whose is what runs', () => {
  const asked2 = record({ requests: [{ revision: revision(2), at: at(2) }] });

  test.each([
    ['what we left', record(), deployed(1, 0), 'ours'],
    ['what we left, deployed anew', record(), deployed(1, 4), 'ours'],
    ['what bakes', baking(), deployed(2, 4), 'ours'],
    ['what was there when we registered', registering(), deployed(1, -90), 'ours'],
    ['what must go', returning(CHOOSING), deployed(2, 4), 'ours'],
    ['an older one, seconds after ours was made', baking(), deployed(9, -1), 'ecs-return'],
    ['an older one long after', observing(), deployed(1, -90), 'ecs-return'],
    [
      'what ECS says that it rolls back to',
      observing(),
      deployed(1, 4, { returnedByEcs: true }),
      'ecs-return',
    ],
    ['what we asked for two minutes before', asked2, deployed(2, 4), 'late-call'],
    ['what we asked for long before', asked2, deployed(2, 12), 'external'],
    ['what was there before we asked for it', asked2, deployed(2, -1), 'external'],
    ['what ran before, while ours is on its way', rolling(), deployed(1, 4), 'proven'],
    ['older than our rollout, which was found', rolling(), deployed(9, -1), 'ecs-return'],
    [
      'older than our request, while its rollout is not found',
      asked(),
      deployed(9, -1),
      'external',
    ],
    ['older than what is stopped', returning(STOPPING), deployed(9, 0), 'ecs-return'],
    [
      'newer than what ran, before our way back is found',
      returning(restoring()),
      deployed(9, 0),
      'external',
    ],
    ['older than what ran, on the way back', returning(CHOOSING), deployed(9, -95), 'ecs-return'],
    ['a proven release', observing(), deployed(1, 4), 'proven'],
    ['anything else', record(), deployed(9, 4), 'external'],
  ] as const)('%s', (_, given, what, expected) => {
    expect(at5(given, what)).toBe(expected);
  });

  test('an older one that a read shows seconds after ours was made is stale', () => {
    expect(whose(baking(), deployed(9, -1), { at: at(1) })).toBe('stale');
    // Ours was made one second after minute 0, and reads lag for two minutes at most.
    const same = { revision: revision(9), createdAt: at(0) + 1_000 };
    expect(whose(baking(), same, { at: at(2) + 999 })).toBe('stale');
    expect(whose(baking(), same, { at: at(2) + 1_000 })).toBe('ecs-return');
  });
});

describe('a hotfix by hand is never fought or overwritten', () => {
  test('deployed in the bake, seconds before the alarm was heard: theirs stays, though the release is condemned', () => {
    const given = returning(
      CHOOSING,
      {},
      {
        runs: { revision: revision(2), images: { app: image(2) }, since: at(0) + 1_000 },
      },
    );
    const hotfix = service(9, { primary: primary(9, { createdAt: at(4.9) }) });
    const then = looked(given, 6, { service: hotfix });
    expect(then.action).toBeUndefined();
    expect(then.kinds).toEqual(['superseded']);
    expect(then.record.phase).toMatchObject({
      phase: 'baking',
      of: 'external',
      revision: revision(9),
    });
  });

  test('a condemned revision that a person deploys again a day later is told, and left running', () => {
    const given = record({
      condemnedRevisions: [{ revision: revision(2), digests: [digest(2)] }],
      quarantine: [{ digest: digest(2), at: at(-DAY) }],
      requests: [{ revision: revision(2), at: at(-DAY) }],
    });
    const theirs = service(2, { primary: primary(2, { createdAt: at(0) }) });
    const then = looked(given, 1, { service: theirs });
    expect(then.kinds).toEqual(['superseded']);
    expect(then.told[0]?.because).toBe('somebody else deployed web:2');
    expect(then.standing).toBe('watching');
    const later = looked(then.record, 20, { service: theirs });
    expect(looked(later.record, 40, { service: theirs }).action).toBeUndefined();
  });
});

describe('ECS takes back a deployment of somebody', () => {
  const back = (n: number) =>
    service(n, { primary: primary(n, { createdAt: at(4), returnedByEcs: true }) });

  test('to a proven release: told as the doing of ECS, and that one is adopted again', () => {
    const then = looked(observing(), 5, { service: back(1) });
    expect(then.kinds).toEqual(['adopted']);
    expect(then.told[0]?.because).toBe(
      'ECS returned from web:9, which is not ours, to web:1, which is proven',
    );
    expect(then.standing).toBe('idle');
  });

  test('to one that was condemned: nobody meant that, and it goes', () => {
    const given = observing(
      {},
      { condemnedRevisions: [{ revision: revision(2), digests: [digest(2)] }] },
    );
    const then = looked(given, 5, { service: back(2) });
    expect(then.record.phase).toMatchObject({
      phase: 'deploying',
      goal: 'back',
      condemned: { revision: revision(2) },
    });
  });

  test('somebody puts a proven release back: that is said of somebody, or of ECS', () => {
    const given = record({
      runs: { revision: revision(9), images: { app: image(9) }, since: at(0) },
      rollbackCandidates: [candidate(1)],
    });
    const put = service(1, { primary: primary(1, { createdAt: at(4) }) });
    expect(looked(given, 5, { service: put }).told[0]?.because).toBe(
      'somebody, or ECS itself, put back web:1, which is proven',
    );
  });
});
