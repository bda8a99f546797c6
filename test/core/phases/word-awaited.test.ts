/** A shift of traffic waits for a person's word: asked for at its step, given, rejected, or over. */
import { describe, expect, test } from 'vitest';
import { answerHook } from '../../../shared/core/hook/answer.ts';
import type { HookAsk } from '../../../shared/core/hook/ask.ts';
import type { ReleaseWord } from '../../../shared/core/model/approval.ts';
import type { ObservedShift } from '../../../shared/core/model/observation.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import type { Strategy } from '../../../shared/core/model/rules.ts';
import { nextAfterRollback } from '../../../shared/core/release/condemn.ts';
import { isStepOf } from '../../../shared/core/release/word.ts';
import {
  at,
  condemned,
  digest,
  green,
  looked,
  person,
  release,
  rolling,
  rollout,
  rules,
  when,
} from '../../build.ts';

const CANARY = { kind: 'canary', percent: 5, canaryBakeMinutes: 5, bakeMinutes: 10 } as const;
const BOB = 'AROADEPLOYERS:bob@example.com';
const OURS = rollout(2).arn;
const WANTED = { before: 'full', minutes: 60, otherwise: 'rollback' } as const;
const ASKED = { id: 'of-2', digests: [digest(2)], since: at(8), until: at(68) };

function shifting(word: ReleaseWord): TargetRecord {
  const shifted = rules({
    strategy: CANARY,
    hook: { function: 'arn:hook', role: 'arn:role' },
    approvals: { commands: [], minutes: 60, release: WANTED },
  });
  return rolling({ release: release({ rules: shifted, word }) }, { rules: shifted });
}
const at5: ObservedShift = { stage: 'PRE_PRODUCTION_TRAFFIC_SHIFT', share: 0.05, hookWaits: true };
const look = (record: TargetRecord, minutes: number, shift: ObservedShift = at5) =>
  looked(record, minutes, { rollouts: [rollout(2)], shift });
const wordOf = ({ phase }: TargetRecord) =>
  phase.phase === 'deploying' && phase.goal === 'forward' ? phase.release.word : undefined;

function hook(record: TargetRecord, ask: Partial<HookAsk> = {}) {
  return answerHook({
    record,
    ask: {
      deployment: OURS,
      stage: 'PRE_PRODUCTION_TRAFFIC_SHIFT',
      share: 0.05,
      since: at(8),
      wentOnAt: at(2),
      ...ask,
    },
    seen: { at: at(20), alarms: { 'web-5xx': green() } },
  });
}

describe('the word is asked for when ECS has come to its step', () => {
  test('told once, with until when and how', () => {
    const then = look(shifting(WANTED), 8);
    expect(then.kinds).toEqual(['held']);
    expect(then.told[0]).toMatchObject({
      release: 'ecs/production/web/2',
      because:
        'a person\'s word is awaited until 11:08:00 UTC before it gets all of the traffic: slipway approve web --because "why"',
      next: '`slipway reject web --because "why"` sends it back; with no word until then it is rolled back',
    });
    expect(wordOf(then.record)?.asked).toMatchObject({ since: at(8), until: at(68) });
    expect(look(then.record, 9).kinds).toEqual([]);
    expect(then.record.observeAt).toBe(at(9));
  });

  test.each<[string, ObservedShift]>([
    ['at the step before it', { ...at5, share: 0 }],
    ['at another stage', { stage: 'SCALE_UP', share: 0, hookWaits: false }],
    ['while its tasks start and nobody tells the share', { stage: 'SCALE_UP', hookWaits: false }],
  ])('not %s', (_, shift) => {
    expect(look(shifting(WANTED), 8, shift).kinds).toEqual([]);
  });

  test('ECS may name the stage as it likes: it waits for our hook', () => {
    expect(look(shifting(WANTED), 8, { share: 0.05, hookWaits: true }).kinds).toEqual(['held']);
  });
});

describe('ECS is told to wait until the word is given', () => {
  test('and looks again soon while nobody was asked', () => {
    expect(hook(shifting(WANTED))).toMatchObject({ status: 'IN_PROGRESS', seconds: 5 });
    expect(hook(shifting({ ...WANTED, asked: ASKED }))).toEqual({
      status: 'IN_PROGRESS',
      seconds: 30,
      because:
        'a person\'s word is awaited until 11:08:00 UTC before it gets all of the traffic: slipway approve web --because "why"',
    });
  });

  test('not before another step, nor after the last', () => {
    expect(hook(shifting(WANTED), { share: 0 }).status).toBe('SUCCEEDED');
    const after = { stage: 'POST_PRODUCTION_TRAFFIC_SHIFT' };
    expect(hook(shifting(WANTED), after).status).toBe('SUCCEEDED');
  });

  test('approved, it goes on', () => {
    const word = person({ do: 'approve', of: 'of-2' }, { at: at(12), by: 'bob', sender: BOB });
    const { record } = when(shifting({ ...WANTED, asked: ASKED }), word);
    expect(wordOf(record)?.given).toEqual({ by: 'bob', because: 'it is slow', at: at(12) });
    expect(hook(record).status).toBe('SUCCEEDED');
    expect(look(record, 13).because).toBe('ECS says IN_PROGRESS');
  });

  test('rejected, it goes and is quarantined, as by a rollback', () => {
    const word = person({ do: 'reject', of: 'of-2' }, { at: at(12), by: 'bob', sender: BOB });
    const { record, because } = when(shifting({ ...WANTED, asked: ASKED }), word);
    expect(because).toBe('condemned: bob rejected it: it is slow');
    expect(record.quarantine).toEqual([{ digest: digest(2), at: at(12) }]);
    expect(hook(record).status).toBe('FAILED');
  });
});

describe('with no word in its time', () => {
  test('it goes, and nobody is blamed', () => {
    const waits = shifting({ ...WANTED, asked: ASKED });
    expect(look(waits, 68).standing).toBe('deploying');
    const { record, because, standing } = look(waits, 68.1);
    expect([standing, because]).toEqual([
      'rolling-back',
      'condemned: nobody said yes to it until 11:08:00 UTC',
    ]);
    expect(record.quarantine).toEqual([]);
    expect(record.phase).toMatchObject({ condemned: { blamed: [], innocent: 'no-word' } });
    const next = nextAfterRollback(condemned({ blamed: [], innocent: 'no-word' }));
    expect(next).toMatch(
      / is not blamed: deploy it by hand, or push it again, when somebody is there to say the word$/,
    );
  });

  test('or goes on, as the config says', () => {
    const { record } = look(shifting({ ...WANTED, otherwise: 'proceed', asked: ASKED }), 68.1);
    expect(wordOf(record)?.given).toEqual({
      because: 'nobody said yes to it until 11:08:00 UTC',
      at: at(68.1),
    });
    expect(hook(record).status).toBe('SUCCEEDED');
  });
});

test('the time of a rollout does not run while a word is awaited', () => {
  // 30 minutes, and ECS's bakes are 0 here.
  const waits = shifting({ ...WANTED, asked: ASKED });
  expect(look(waits, 60).standing).toBe('deploying');
  const given = { by: 'bob', because: 'seen', at: at(28) };
  const goesOn = shifting({ ...WANTED, asked: ASKED, given });
  expect(look(goesOn, 50).standing).toBe('deploying');
  expect(look(goesOn, 50.1).standing).toBe('rolling-back');
});

test('evidence speaks against it while it waits', () => {
  const waits = shifting({ ...WANTED, asked: ASKED });
  const alarms = { 'web-5xx': { ...green(), state: 'ALARM', since: at(10), reason: 'x' } as const };
  const then = looked(waits, 11, { rollouts: [rollout(2)], alarms });
  expect(then.standing).toBe('rolling-back');
});

describe('which step is meant', () => {
  const blueGreen: Strategy = { kind: 'blueGreen', bakeMinutes: 10 };
  const linear: Strategy = { kind: 'linear', stepPercent: 30, stepBakeMinutes: 1, bakeMinutes: 1 };
  test.each<[ReleaseWord['before'], Strategy, number | undefined, boolean]>([
    ['traffic', CANARY, 0, true],
    ['full', CANARY, 0, false],
    ['full', CANARY, 0.05, true],
    ['full', { ...CANARY, percent: 100 }, 0, true],
    ['full', blueGreen, 0, true],
    ['full', linear, 0.6, false],
    ['full', linear, 0.9, true],
    ['full', { ...linear, stepPercent: 25 }, 0.75, true],
    ['full', linear, undefined, true],
    ['start', CANARY, 0, false],
  ])('before %s of %o at a share of %s: %s', (before, strategy, share, is) => {
    expect(isStepOf({ ...WANTED, before }, strategy, share)).toBe(is);
  });
});
