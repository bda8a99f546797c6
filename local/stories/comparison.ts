/**
 * What a story cost with Slipway and with ECS alone. The verdict is over the whole story: what a
 * held fix or a quarantined good image costs comes after the next push, and counts like the rest.
 * Read off the worlds alone, so that it is the same measure for both.
 */

import { badRequestsBetween } from '@slipway/local-cloud/traffic/state.ts';
import type { Pipeline, Target } from '../../shared/config/config.ts';
import { arrivalsIn, type Course, courseOf, failedTasksOf } from './comparison-course.ts';
import { EcsAlone, type EcsSetting, isHeldByJudge } from './ecs-alone.ts';
import { playOn } from './scenario.ts';
import type { Scenario } from './scenario-format.ts';
import { BEGIN } from './setup/scenario-world.ts';
import type { Stage } from './stage.ts';

/** One target, over the whole story. */
export interface Comparison {
  readonly target: string;
  /** What is counted: failed tasks where no request was answered badly in either run. */
  readonly counted: 'bad requests' | 'failed tasks';
  readonly withSlipway: number;
  readonly ecsAlone: number;
  readonly verdict: Verdict;
  /** Of what the judge holds: the best of each way in which ECS brings releases without one. */
  readonly ways: readonly { readonly way: string; readonly count: number }[];
  /** What each bad image did; the verdict does not rest on it. */
  readonly episodes: readonly Episode[];
}

export type Verdict = 'the same' | 'about the same' | 'better' | 'worse';

/** A bad image comes: pushed, pushed again under another tag, or its event comes once more. */
export interface Episode {
  readonly tag: string;
  /** The same digest had come before. */
  readonly again: boolean;
  /** What its harm is counted from. */
  readonly from: 'bad request' | 'failed task';
  readonly withSlipway: Course;
  readonly ecsAlone: Course;
}

/** Two counts this near to one another are told as about the same: chance alone makes as much. */
export const TOLERANCE = { share: 0.1, failedTasks: 2 } as const;

/**
 * ECS as whoever runs without Slipway would set it. Nobody knows before a story how long a bake is
 * best: as long as Slipway's, or until its alarms have judged the whole of it.
 */
const SETTINGS: readonly EcsSetting[] = [{ bakes: 'as long' }, { bakes: 'until judged' }];

/** Where the judge holds the steps, ECS has none of its own: whoever has no judge takes one of these. */
const UNJUDGED: readonly EcsSetting[] = [
  { bakes: 'until judged', unjudged: 'canary' },
  { bakes: 'until judged', unjudged: 'rolling' },
];

const WAYS = { canary: 'its canary, 5 % for ten minutes', rolling: 'its rolling update' } as const;

/** Plays the story with ECS alone in each setting, and takes the best for each target. */
export async function compareWithEcsAlone(
  scenario: Scenario,
  pipeline: Pipeline,
  withSlipway: Stage,
  seed: number,
): Promise<readonly Comparison[]> {
  const alone: Alone[] = [];
  const isJudged = Object.values(pipeline.targets).some(isHeldByJudge);
  for (const setting of isJudged ? UNJUDGED : SETTINGS) {
    const stage = new EcsAlone(pipeline, scenario, seed, setting);
    // A revision that only Slipway registers is not there: whoever names it is refused.
    await playOn(stage, scenario, { refused: () => undefined });
    alone.push({ stage, setting });
  }
  return Object.values(pipeline.targets).flatMap((target) => {
    // What git says beside the image, ECS alone does not deploy: it would be compared with another release.
    if (target.rules.definition !== undefined) return [];
    const all = alone.map((one) => comparisonOf(target, scenario, withSlipway, one.stage));
    // The first of the best: a setting that changes nothing does not replace the plainer one.
    const best = all.toSorted((a, b) => a.ecsAlone - b.ecsAlone)[0];
    if (best === undefined || isUneventful(best)) return [];
    return [{ ...best, ways: isHeldByJudge(target) ? waysOf(alone, all) : [] }];
  });
}

interface Alone {
  readonly stage: Stage;
  readonly setting: EcsSetting;
}

function waysOf(alone: readonly Alone[], all: readonly Comparison[]): Comparison['ways'] {
  return (['canary', 'rolling'] as const).map((unjudged) => {
    const counts = all.flatMap(({ ecsAlone }, i) =>
      alone[i]?.setting.unjudged === unjudged ? ecsAlone : [],
    );
    return { way: WAYS[unjudged], count: Math.min(...counts) };
  });
}

function comparisonOf(
  target: Target,
  scenario: Scenario,
  withSlipway: Stage,
  ecsAlone: Stage,
): Comparison {
  const from = BEGIN;
  const to = BEGIN + scenario.until;
  const stages = [withSlipway, ecsAlone] as const;
  const requests = stages.map(({ world }) => badRequestsBetween(world, target, from, to));
  const isAboutRequests = requests.some((count) => count > 0);
  const tasks = () => stages.map(({ world }) => failedTasksOf(world, target, { from, to }).length);
  const [ours = 0, theirs = 0] = isAboutRequests ? requests : tasks();
  const counted = isAboutRequests ? 'bad requests' : 'failed tasks';
  return {
    target: target.id,
    counted,
    withSlipway: ours,
    ecsAlone: theirs,
    verdict: verdictOf(ours, theirs, counted),
    ways: [],
    episodes: episodesOf(target, scenario, withSlipway, ecsAlone),
  };
}

/** Of two counts of what is bad: is the first, Slipway's, the better one? */
export function verdictOf(ours: number, theirs: number, counted: Comparison['counted']): Verdict {
  if (ours === theirs) return 'the same';
  const share = TOLERANCE.share * Math.max(ours, theirs);
  const byChance = counted === 'failed tasks' ? Math.max(share, TOLERANCE.failedTasks) : share;
  if (Math.abs(ours - theirs) <= byChance) return 'about the same';
  return ours < theirs ? 'better' : 'worse';
}

function isUneventful({ withSlipway, ecsAlone, episodes }: Comparison): boolean {
  return withSlipway === 0 && ecsAlone === 0 && episodes.length === 0;
}

/** One for each bad image that ran in either world, in the order in which they came. */
function episodesOf(
  target: Target,
  scenario: Scenario,
  withSlipway: Stage,
  ecsAlone: Stage,
): readonly Episode[] {
  const until = BEGIN + scenario.until;
  const ours = arrivalsIn(withSlipway, target, scenario.steps);
  const theirs = arrivalsIn(ecsAlone, target, scenario.steps);
  // A build that one of the two worlds stopped leaves an arrival in the other alone.
  const names = [...new Set([...ours, ...theirs].map(({ name }) => name))];
  return names.flatMap((name) => {
    const arrival = [...ours, ...theirs].find((it) => it.name === name);
    const courses = (from: Episode['from']) =>
      [
        courseOf(withSlipway.world, target, ours, name, from, until),
        courseOf(ecsAlone.world, target, theirs, name, from, until),
      ] as const;
    const byRequests = courses('bad request');
    const isAboutRequests = byRequests.some((course) => course.deployed && course.harm);
    const from = isAboutRequests ? 'bad request' : 'failed task';
    const [one, other] = isAboutRequests ? byRequests : courses(from);
    if (arrival === undefined || (!one.deployed && !other.deployed)) return [];
    const { tag, again } = arrival;
    return [{ tag, again, from, withSlipway: one, ecsAlone: other }];
  });
}
