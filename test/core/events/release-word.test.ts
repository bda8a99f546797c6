/** A person's word about a release: asked for, given by whom it may be, refused in one sentence, or over. */
import { describe, expect, test } from 'vitest';
import { awaitedOf } from '../../../shared/core/incident/awaited.ts';
import type { ReleaseApprovalRules } from '../../../shared/core/model/approval.ts';
import type { CommandReceived } from '../../../shared/core/model/event.ts';
import type { ImageDigest } from '../../../shared/core/model/image.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import {
  at,
  digest,
  image,
  looked,
  person,
  pushed,
  record,
  red,
  revision,
  rules,
  service,
  waiting,
  when,
} from '../../build.ts';

const ADA = 'AROADEPLOYERS:ada@example.com';
const BOB = 'AROADEPLOYERS:bob@example.com';
/** Of what is asked at minute 1. */
const ID = `00000000-${at(1).toString(36)}`;

const wanting = (change: Partial<ReleaseApprovalRules> = {}, by?: readonly string[]) =>
  rules({
    approvals: {
      commands: [],
      minutes: 60,
      ...(by && { by }),
      release: { before: 'start', minutes: 240, otherwise: 'rollback', ...change },
    },
  });
/** A push of image 2 waits, asked about at minute 1. */
const asked = (change: Partial<ReleaseApprovalRules> = {}, by?: readonly string[]) =>
  looked(waiting({ rules: wanting(change, by) }), 1).record;
const say = (
  word: 'approve' | 'reject',
  change: Partial<CommandReceived> = {},
  of = ID,
): CommandReceived =>
  person(
    { do: word, of },
    { id: 'word-2', at: at(10), by: 'bob', sender: BOB, because: 'seen', ...change },
  );

describe('before the start', () => {
  test('a release waits, and is told with until when and how', () => {
    const then = looked(waiting({ rules: wanting() }), 1);
    expect(then.kinds).toEqual(['held']);
    expect(then.action).toBeUndefined();
    expect(then.told[0]).toMatchObject({
      because:
        'a person\'s word is awaited until 14:01:00 UTC before it starts: slipway approve web --because "why"',
      next: '`slipway reject web --because "why"` refuses it; with no word until then it is refused',
    });
    expect(then.record.startWord).toEqual({
      before: 'start',
      minutes: 240,
      otherwise: 'rollback',
      asked: { id: ID, digests: [digest(2)], since: at(1), until: at(241) },
    });
    expect(awaitedOf(then.record)).toEqual([
      {
        id: ID,
        what: expect.stringMatching(/^the release of shop\/web:main-2 .*, before it starts$/),
        by: 'a push',
        because: "the config wants a person's word about each release",
        since: at(1),
        until: at(241),
      },
    ]);
  });

  test('it is told once, and no other gate is asked past it', () => {
    expect(looked(asked(), 2).kinds).toEqual([]);
    expect(looked(asked(), 2, { alarms: { 'web-5xx': red(at(-60)) } }).action).toBeUndefined();
  });

  test('approved, it starts, and says who said yes', () => {
    const said = when(asked(), say('approve'));
    expect(said.because).toMatch(/before it starts: bob asked: seen$/);
    const then = looked(said.record, 11);
    expect(then.action?.type).toBe('RegisterRevision');
    expect(then.record.phase).toMatchObject({
      release: { word: { given: { by: 'bob', because: 'seen', at: at(10) } } },
    });
    expect(then.record.startWord).toBeUndefined();
  });

  test('rejected, it is refused; a push of the same image does not bring it back', () => {
    const said = when(asked(), say('reject', { sender: ADA }));
    expect(said.kinds).toEqual(['refused']);
    expect(said.told[0]?.because).toBe('bob rejected it: seen');
    expect(said.record).toMatchObject({ waiting: {}, quarantine: [] });
    expect(said.record.startWord).toBeUndefined();
    expect(when(said.record, pushed(2)).because).toMatch(
      /was offered before and has had its turn$/,
    );
  });

  test('with no word it is refused, or starts, as the config says', () => {
    expect(looked(asked(), 240.9).kinds).toEqual([]);
    const refused = looked(asked(), 242);
    expect(refused.kinds).toEqual(['refused']);
    expect(refused.told[0]?.because).toBe('nobody said yes to it until 14:01:00 UTC');
    const goesOn = looked(asked({ otherwise: 'proceed' }), 242);
    expect(goesOn.action?.type).toBe('RegisterRevision');
    expect(goesOn.record.phase).toMatchObject({
      release: { word: { given: { because: 'nobody said yes to it until 14:01:00 UTC' } } },
    });
  });

  test('a newer image is another release: a word for the one before does nothing', () => {
    const approved = when(asked(), say('approve')).record;
    const newer = when(approved, pushed(3)).record;
    expect(newer.startWord).toBeUndefined();
    const then = looked(newer, 11);
    expect(then.kinds).toEqual(['held']);
    expect(when(then.record, say('approve', { id: 'word-3' })).because).toMatch(
      /^refused: shop\/web:main-3 .*: nobody has said yes to it yet, and this was another asking$/,
    );
  });

  test('what is held again after its word needs no second one', () => {
    const starts = looked(when(asked(), say('approve')).record, 11).record;
    const hold = { by: 'ada', because: 'the sale', since: at(11) };
    const registered = when(
      { ...starts, hold },
      {
        type: 'RevisionRegistered',
        at: at(11),
        revision: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/web:2' as never,
      },
    ).record;
    const held = looked(registered, 12);
    expect(held.kinds).toEqual(['held']);
    const { hold: _, ...free } = held.record;
    expect(looked(free, 13).action?.type).toBe('RegisterRevision');
  });

  test('in watch mode nobody is asked', () => {
    const then = looked(waiting({ rules: { ...wanting(), mode: 'watch' } }), 1);
    expect(then.kinds).toEqual(['would-have']);
  });

  test('a shift of a service that gets no requests waits before the start, too', () => {
    const strategy = { kind: 'blueGreen', bakeMinutes: 5 } as const;
    const shifting = waiting({ rules: { ...wanting({ before: 'traffic' }), strategy } });
    expect(looked(shifting, 1).record.startWord?.before).toBe('start');
    const traffic = { balancers: 0, shiftable: 0, pairs: [], connects: true };
    const { record } = looked(shifting, 1, { service: service(1, { traffic }) });
    expect(record.startWord).toBeUndefined();
    expect(record.phase).toMatchObject({ release: { word: { before: 'traffic' } } });
  });

  test('a target that shifts no traffic waits before the start, whatever the config says', () => {
    expect(asked({ before: 'traffic' }).startWord?.before).toBe('start');
  });
});

describe('refused in one sentence, and the release goes on waiting', () => {
  const byAda = () => {
    const told = when(
      waiting({ rules: wanting(), waiting: {} }),
      person({ do: 'deploy', images: { app: image(2) } }, { at: at(0), sender: ADA }),
    );
    return looked(told.record, 1).record;
  };
  const given = when(asked(), say('approve')).record;
  test.each<[string, TargetRecord, CommandReceived, RegExp]>([
    [
      'who asked for it',
      byAda(),
      say('approve', { by: 'ada', sender: ADA }),
      /ada asked for it, and another/,
    ],
    [
      'who asked, by another role',
      byAda(),
      say('approve', { sender: 'AROAX:ADA@example.com' }),
      /another/,
    ],
    [
      'nobody whom SQS names',
      asked(),
      say('approve', { sender: undefined as never }),
      /SQS does not say who/,
    ],
    [
      'who is not named',
      asked({}, ['carol*']),
      say('approve'),
      /bob is not among those who may approve/,
    ],
    [
      'who is not named for releases',
      asked({ by: ['dan'] }, ['bob*']),
      say('approve'),
      /not among/,
    ],
    [
      'after its time',
      asked(),
      say('approve', { at: at(242) }),
      /until 14:01:00 UTC, and that is over/,
    ],
    ['another release', asked(), say('approve', {}, 'feedbeef'), /nothing called feedbeef waits/],
    [
      'before it is asked',
      waiting({ rules: wanting() }),
      say('approve'),
      /no word is awaited for it/,
    ],
    [
      'said twice',
      given,
      say('approve', { id: 'word-3' }),
      /bob let it go on already, at 10:10:00 UTC/,
    ],
  ])('%s', (_, given, word, because) => {
    const then = when(given, word);
    expect(then.kinds).toEqual(['refused']);
    expect(then.because).toMatch(because);
    expect(then.record.startWord).toEqual(given.startWord);
  });

  test('to the last moment, and by whoever is named', () => {
    expect(when(asked(), say('approve', { at: at(241) })).kinds).not.toContain('refused');
    const named = when(asked({}, ['bob*']), say('approve'));
    expect(named.record.startWord?.given?.by).toBe('bob');
  });

  test('of what has ended it is said how, and what another release was is not', () => {
    const lastEnded = {
      ...{ kind: 'failed' as const, at: at(9), because: 'it did not finish', next: 'push a fix' },
      ...{ release: 'ecs/production/web/2', images: { app: image(2) }, revision: revision(2) },
    } as const;
    const gone = record({ rules: wanting(), lastEnded });
    const id = asked().startWord?.asked?.id ?? '';
    expect(when(gone, say('approve', {}, id)).because).toContain(
      'it has ended already (failed): it did not finish',
    );
    const another = `sha256:${'f'.repeat(64)}` as ImageDigest;
    const other = { ...lastEnded, images: { app: image(3, { digest: another }) } };
    expect(when({ ...gone, lastEnded: other }, say('approve', {}, id)).because).toContain(
      'nothing called',
    );
  });

  test('somebody else may approve what a person deployed', () => {
    expect(when(byAda(), say('approve')).record.startWord?.given?.by).toBe('bob');
  });
});
