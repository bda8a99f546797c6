/** A shift of traffic in words: the same on the page and in the story of `npm start`. Text only. */
import type { HookAnswered, TrafficMoved } from '../stories/timeline.ts';

/** `95 % to web-blue, 5 % to web-green`; a group that gets nothing is not named. */
export function trafficWords({ percents }: Pick<TrafficMoved, 'percents'>): string {
  return Object.entries(percents)
    .filter(([, percent]) => percent > 0)
    .map(([group, percent]) => `${percent} % to ${group}`)
    .join(', ');
}

const ANSWERS = { SUCCEEDED: 'go on', IN_PROGRESS: 'wait', FAILED: 'no' } as const;

/** `ECS asks at PRE_PRODUCTION_TRAFFIC_SHIFT with 5 % of the traffic: wait: ada holds this target`. */
export function hookWords({
  stage,
  share,
  status,
  because,
}: Pick<HookAnswered, 'stage' | 'share' | 'status' | 'because'>): string {
  const at = share === undefined ? '' : ` with ${Math.round(share * 1_000) / 10} % of the traffic`;
  return `ECS asks at ${stage}${at}: ${ANSWERS[status]}: ${because}`;
}
