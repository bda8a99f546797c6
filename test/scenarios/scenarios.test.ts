/**
 * Every story in local/scenarios ends as it says, and what must always hold holds in it. Least privilege
 * is held against the same playings: the local IAM holds every call against the policies of the stack,
 * so that none may be refused, and every action that is allowed must be used by some story, or say who
 * needs it.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { functionsOf } from '../../infra/names.ts';
import { permissionsOf } from '../../infra/permissions/permissions.ts';
import { checkSettings } from '../../infra/settings-check.ts';
import example from '../../pipeline.config.ts';
import { canary, type Pipeline } from '../../shared/config/config.ts';
import { hookOf } from '../../shared/config/strategies.ts';
import { settingsFor } from '../infra/made.ts';
import { NOT_YET } from './not-yet.ts';
import { Players } from './played.ts';
import type { Played } from './player.ts';
import { PLAYINGS, readStory, STORIES } from './stories.ts';

const isAwaited = (story: string) => NOT_YET[story.replace(/\.json$/, '')] !== undefined;
const AWAITED = STORIES.filter(isAwaited);
const EXPECTED = PLAYINGS.filter(([story]) => !isAwaited(story));

/** The pipeline of the example, with every function: one of its targets shifts traffic in some stories. */
const SHIFTING = withStrategy(example, 'web', canary({ bakeMinutes: 5 }));

function withStrategy(
  { targets, ...pipeline }: Pipeline,
  id: string,
  strategy: ReturnType<typeof canary>,
): Pipeline {
  const target = targets[id];
  if (target === undefined) throw new Error(`the pipeline has no target ${id}`);
  const rules = { ...target.rules, strategy, hook: hookOf(pipeline) };
  return { ...pipeline, targets: { ...targets, [id]: { ...target, rules } } };
}

/** The stories that must exist, in the words of the issue. */
const REQUIRED = [
  'default',
  'healthy',
  'bad-in-flight',
  'bad-within-the-bake',
  'alarm-red-before-the-push',
  'alarm-rises-and-clears',
  'crash-without-an-alarm',
  'ecs-returns-to-an-unproven-revision',
  'out-of-order',
  'app-and-sidecar',
  'lost-push',
  'manual-update',
  'adopted-on-latest',
  'desired-count-0',
  'every-candidate-gone',
  'first-release-fails',
  'watch-mode',
  'scan-refuses',
  'scan-never-comes',
  'scan-goes-on-by-itself',
  'unsigned-image',
  'blue-green',
  'blue-green-bad-after-its-bake',
  'canary',
  'canary-bad-after-full',
  'canary-held-in-the-middle',
  'linear',
  'hook-throttled',
  'hook-throttled-and-asked-again',
  'hook-down-for-an-hour',
  'hook-cannot-see-its-alarms',
  'rule-edited-in-the-middle',
];

/** A story of its own takes a few seconds; while all wait for a core, more. */
const TIMEOUT_MS = 180_000;

const players = new Players();
afterAll(() => players.close());

describe('scenarios', () => {
  test.each(REQUIRED)('%s exists', (name) => {
    expect(STORIES).toContain(`${name}.json`);
  });

  test.each(STORIES)('%s says how it ends', async (name) => {
    const { expect: expected } = await readStory(name);
    expect(Object.keys(expected?.targets ?? {})).not.toEqual([]);
  });

  test('every story that is awaited is there', () => {
    expect(AWAITED).toHaveLength(Object.keys(NOT_YET).length);
  });
});

describe.concurrent('each story', { timeout: TIMEOUT_MS }, () => {
  test.each(AWAITED)('%s does not end yet as it says', async (name) => {
    const { differences } = await players.played(name, 1);
    expect(differences, 'it ends as it says: take its name out of NOT_YET').not.toEqual([]);
  });

  test.each(EXPECTED)('%s ends as it should, with seed %i', async (name, seed) => {
    const { differences, untruths, incidentUntruths, offModel } = await players.played(name, seed);
    expect(differences).toEqual([]);
    expect(untruths).toEqual([]);
    // What a person would have read at each minute was so.
    expect(incidentUntruths).toEqual([]);
    // Requests and answers keep to AWS's models.
    expect(offModel).toEqual([]);
  });
});

describe('least privilege', () => {
  let all: readonly Played[] = [];
  beforeAll(async () => {
    all = await Promise.all(EXPECTED.map(([story, seed]) => players.played(story, seed)));
  }, 3 * TIMEOUT_MS);

  test('no call that a function made was refused by IAM', () => {
    expect(all.flatMap(({ refused }) => refused)).toEqual([]);
  });

  test.each(functionsOf(SHIFTING))(
    'every action that %s is allowed is used, or says who needs it',
    (name) => {
      const used = new Set(all.flatMap((each) => each.used[name] ?? []));
      const settings = checkSettings(SHIFTING, settingsFor(SHIFTING));
      const mine = permissionsOf(SHIFTING, settings).filter((each) => each.function === name);
      const unused = mine
        .filter(({ implied, seldom }) => implied === undefined && seldom === undefined)
        .flatMap(({ actions }) => actions)
        .filter((action) => !used.has(action.toLowerCase()));
      expect(unused).toEqual([]);
      const outdated = mine
        .filter(({ seldom }) => seldom !== undefined)
        .flatMap(({ actions }) => actions)
        .filter((action) => used.has(action.toLowerCase()));
      expect(outdated, 'these are used, so they need no excuse').toEqual([]);
    },
  );

  test('enough is played for this to mean something', () => {
    expect(all.reduce((sum, { calls }) => sum + calls, 0)).toBeGreaterThan(1_000);
    const functions = new Set(all.flatMap(({ used }) => Object.keys(used)));
    expect([...functions].sort()).toEqual([...functionsOf(SHIFTING)].sort());
  });
});
