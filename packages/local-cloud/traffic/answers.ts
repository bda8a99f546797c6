/** How a task answers: what its image does at this moment, by what it is asked and since when. */
import type { ServingTask } from '../ecs/serving.ts';

const DEFAULT_LATENCY_MS = 50;

export interface Asked {
  readonly now: number;
  /** Of this task. */
  readonly requestsPerSecond: number;
  /** When its revision got its first request; undefined: long ago. */
  readonly firstAt: number | undefined;
}

export interface Answers {
  /** Share of errors. */
  readonly errorRate: number;
  /** Mean response time. */
  readonly latencyMs: number;
}

type Task = Pick<ServingTask, 'behaviour' | 'runningSince'>;

export function answersOf(task: Task, asked: Asked): Answers {
  const { errorRate, latencyMs } = faultOf(task, asked);
  const cold = coldErrors(task, asked);
  return { errorRate: alsoOf(errorRate, cold), latencyMs };
}

/** What one cause lets pass another may still turn bad. */
export function alsoOf(rate: number, other: number): number {
  return rate + (1 - rate) * other;
}

/** The fault of the image: from its onset on, grown as far as its ramp has come. */
function faultOf({ behaviour, runningSince }: Task, { now, requestsPerSecond }: Asked): Answers {
  const { faultyAfterSeconds = 0, faultyAboveRequestsPerSecond: above } = behaviour;
  const seconds = (now - runningSince) / 1_000 - faultyAfterSeconds;
  const isLoaded = above === undefined || requestsPerSecond > above;
  if (seconds < 0 || !isLoaded) return { errorRate: 0, latencyMs: DEFAULT_LATENCY_MS };
  const { errorRate = 0, rampSeconds = 0, latencyFactor = 1 } = behaviour;
  const { latencyMs = DEFAULT_LATENCY_MS } = behaviour;
  const grown = seconds < rampSeconds ? seconds / rampSeconds : 1;
  return { errorRate: errorRate * grown, latencyMs: latencyMs * latencyFactor };
}

/**
 * What goes wrong with the first requests of a revision, and in a blip after them. A task that starts
 * later is cold from its own start.
 */
function coldErrors({ behaviour, runningSince }: Task, { now, firstAt }: Asked): number {
  const { warmUp, blip } = behaviour;
  if (firstAt === undefined) return 0;
  const since = (from: number) => (now - from) / 1_000;
  const warm =
    warmUp === undefined
      ? 0
      : warmUp.errorRate * Math.exp(-since(Math.max(firstAt, runningSince)) / warmUp.seconds);
  const intoBlip = blip === undefined ? -1 : since(firstAt) - blip.afterSeconds;
  const inBlip = blip !== undefined && intoBlip >= 0 && intoBlip < blip.seconds;
  return alsoOf(warm, inBlip ? blip.errorRate : 0);
}
