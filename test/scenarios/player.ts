/** A process of its own that plays the stories that it is asked for, one after the other (`played.ts`). */
import { brokenInWords, checkingCalls } from '@slipway/local-cloud/models/checked-calls.ts';
import type { FunctionName } from '../../infra/names.ts';
import type { Cloud } from '../../local/slipway/slipway-cloud.ts';
import { differences } from '../../local/stories/expectation.ts';
import { playScenario } from '../../local/stories/scenario.ts';
import type { CallMade } from '../../local/stories/timeline.ts';
import example from '../../pipeline.config.ts';
import { incidentUntruths } from './incident-truths.ts';
import { readStory } from './stories.ts';
import { untruths } from './truths.ts';

/** What the tests ask of a story. Not its world: 60 of them would stay in memory. */
export interface Played {
  readonly story: string;
  /** Where it did not end as it says. */
  readonly differences: readonly string[];
  /** What must always hold and did not. */
  readonly untruths: readonly string[];
  /** What the incident answer said at some minute, and was not so. */
  readonly incidentUntruths: readonly string[];
  /** Calls and answers that AWS's models do not know. */
  readonly offModel: readonly string[];
  /** Calls to AWS that IAM refused. */
  readonly refused: readonly string[];
  /** By function, the actions that its calls needed and were allowed: `ecs:updateservice`, in small letters. */
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
  const untrue: string[] = [];
  const { cloud, outcome } = await playScenario(scenario, example, {
    seed,
    hooks: { onCall },
    everyMinute: async (now) => {
      untrue.push(...(await incidentUntruths(now)));
    },
  });
  const calls = cloud.timeline.filter((entry) => entry.type === 'call');
  return {
    story,
    differences: differences(scenario, outcome, cloud.timeline, cloud.labels),
    untruths: untruths(cloud, { isThrottled: scenario.steps.some((it) => it.throttle) }),
    incidentUntruths: untrue.slice(0, 10),
    offModel: [...offModel],
    refused: refusedIn(story, calls),
    used: usedIn(cloud),
    calls: calls.length,
  };
}

function refusedIn(story: string, calls: readonly CallMade[]): readonly string[] {
  return calls
    .filter(({ outcome }) => /^AccessDenied/.test(outcome))
    .map((call) => `${story}: ${call.function} ${call.service}:${call.operation}`);
}

function usedIn({ access }: Cloud): Played['used'] {
  if (access === undefined) throw new Error('a story is played with IAM');
  const lists = Object.entries(access.used).map(([name, actions]) => [name, [...actions]] as const);
  return Object.fromEntries(lists.filter(([, actions]) => actions.length > 0));
}
