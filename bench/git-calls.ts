/** Calls to AWS and GitHub for one push to git, from the webhook to the proven release, by function. */
import { playScenario, scenarioOf } from '../local/stories/scenario.ts';
import pipeline from '../pipeline.config.ts';

const SCENARIO = {
  steps: [
    {
      at: '5m',
      gitPush: { repository: 'acme/shop', commit: 'aaaaaaa00001', paths: ['web/src/a.ts'] },
    },
  ],
  until: '30m',
};
const PUSHED_AT_MS = 5 * 60_000;
/** They are called by the clock, whether somebody pushes or not. */
const BY_THE_CLOCK = ['tick'];

/** By function, how often each call was made. */
export type GitCalls = Readonly<Record<string, Readonly<Record<string, number>>>>;

export async function countGitCalls(): Promise<GitCalls> {
  const scenario = scenarioOf(JSON.stringify(SCENARIO), pipeline);
  const { cloud, outcome } = await playScenario(scenario, pipeline, { seed: 1 });
  if (outcome.releases.some(({ state }) => state !== 'proven')) {
    throw new Error('the push was not proven: its calls are not those of a push');
  }
  const from = cloud.timeline.find(({ type }) => type === 'step')?.at ?? PUSHED_AT_MS;
  const counts: Record<string, Record<string, number>> = {};
  for (const entry of cloud.timeline) {
    if (entry.type !== 'call' || entry.at < from || BY_THE_CLOCK.includes(entry.function)) continue;
    const name = `${entry.service}:${entry.operation}`;
    const made = counts[entry.function] ?? {};
    counts[entry.function] = { ...made, [name]: (made[name] ?? 0) + 1 };
  }
  return counts;
}
