/** A process of its own that plays the stories that it is asked for, one after the other (`played.ts`). */
import { brokenInWords, checkingCalls } from '@slipway/local-cloud/models/checked-calls.ts';
import { type FunctionName, functionsOf } from '../../infra/names.ts';
import { differences } from '../../local/stories/expectation.ts';
import { playScenario } from '../../local/stories/scenario.ts';
import type { CallMade } from '../../local/stories/timeline.ts';
import example from '../../pipeline.config.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import { isAllowed } from '../infra/iam.ts';
import { needsOf } from '../infra/needs.ts';
import { statementsOf } from '../infra/statements.ts';
import { readStory } from './stories.ts';
import { untruths } from './truths.ts';

/** What the tests ask of a story. Not its world: 60 of them would stay in memory. */
export interface Played {
  readonly story: string;
  /** Where it did not end as it says. */
  readonly differences: readonly string[];
  /** What must always hold and did not. */
  readonly untruths: readonly string[];
  /** Calls and answers that AWS's models do not know. */
  readonly offModel: readonly string[];
  /** Calls to AWS that the policy of their function does not allow. */
  readonly refused: readonly string[];
  /** By function, the actions that its calls need. */
  readonly used: Readonly<Partial<Record<FunctionName, readonly string[]>>>;
  /** How many calls to AWS the functions made. */
  readonly calls: number;
}

export interface Request {
  readonly story: string;
  readonly seed: number;
}

export type Answer = Request & ({ readonly played: Played } | { readonly error: string });

process.on('message', async (request: Request) => {
  const answer: Answer = await play(request).then(
    (played) => ({ ...request, played }),
    (error: unknown) => ({
      ...request,
      error: error instanceof Error ? `${error.stack}` : `${error}`,
    }),
  );
  process.send?.(answer);
});

async function play({ story, seed }: Request): Promise<Played> {
  const scenario = await readStory(story);
  const offModel = new Set<string>();
  const onCall = checkingCalls((call) => offModel.add(brokenInWords(call)));
  const { cloud, outcome } = await playScenario(scenario, example, { seed, hooks: { onCall } });
  const calls = cloud.timeline.filter((entry) => entry.type === 'call');
  return {
    story,
    differences: differences(scenario, outcome, cloud.timeline, cloud.labels),
    untruths: untruths(cloud, { isThrottled: scenario.steps.some((it) => it.throttle) }),
    offModel: [...offModel],
    ...permissionsIn(story, cloud.pipeline, calls),
    calls: calls.length,
  };
}

/** Which calls were not allowed to their function, and what those that were made need. */
function permissionsIn(
  story: string,
  pipeline: Pipeline,
  calls: readonly CallMade[],
): Pick<Played, 'refused' | 'used'> {
  const refused = new Set<string>();
  const used: Partial<Record<string, Set<string>>> = {};
  const policies = Object.fromEntries(
    functionsOf(pipeline).map((name) => [name, statementsOf(pipeline, name)]),
  );
  for (const call of calls) {
    const mine = used[call.function] ?? new Set();
    used[call.function] = mine;
    for (const need of needsOf(pipeline, call)) {
      mine.add(need.action);
      if (!isAllowed(policies[call.function] ?? [], need)) {
        refused.add(`${story}: ${call.function} ${need.action} on ${need.resource}`);
      }
    }
  }
  const lists = Object.entries(used).map(([name, actions = new Set()]) => [name, [...actions]]);
  return { refused: [...refused], used: Object.fromEntries(lists) };
}
