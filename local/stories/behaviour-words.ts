/** How an image behaves, in words for the story. */
import type { Behaviour } from '@slipway/local-cloud/ecr/behaviour.ts';

/** Not rounded onto the threshold of an alarm: `4.5`. */
function percent(share: number): number {
  return Math.round(share * 10_000) / 100;
}

/** `answers 25 % with errors and exits with 1 on start`, or `behaves well`. */
export function behaviourInWords(behaviour: Behaviour): string {
  const { errorRate, startSeconds, exitCodeOnStart, crashAfterSeconds, oomAfterSeconds } =
    behaviour;
  const { failsHealthCheck, unpullable, faultyAfterSeconds, latencyMs, stopSeconds } = behaviour;
  const { rampSeconds, latencyFactor, warmUp, blip, inEnvironment: there } = behaviour;
  const failing = Object.entries(behaviour.commands ?? {}).filter(([, { exitCode }]) => exitCode);
  const { faultyAboveRequestsPerSecond: above } = behaviour;
  const after = faultyAfterSeconds === undefined ? '' : ` ${faultyAfterSeconds} s after its start`;
  const later = above === undefined ? after : `${after} above ${above} requests a second and task`;
  const parts = [
    errorRate && `answers ${percent(errorRate)} % with errors${later}${growing(rampSeconds)}`,
    latencyMs !== undefined && `answers in ${latencyMs} ms${later}`,
    latencyFactor !== undefined && `takes ${latencyFactor} times as long to answer${later}`,
    warmUp &&
      `fails ${percent(warmUp.errorRate)} % while it warms up, for some ${warmUp.seconds} s`,
    blip &&
      `fails ${percent(blip.errorRate)} % for ${blip.seconds} s, ${blip.afterSeconds} s after its first request`,
    startSeconds !== undefined && `starts in ${startSeconds} s`,
    exitCodeOnStart !== undefined && `exits with ${exitCodeOnStart} on start`,
    crashAfterSeconds !== undefined && `crashes after ${crashAfterSeconds} s`,
    oomAfterSeconds !== undefined && `runs out of memory after ${oomAfterSeconds} s`,
    stopSeconds !== undefined && `takes ${stopSeconds} s to stop`,
    ...failing.map(([command, { exitCode }]) => `fails \`${command}\` with ${exitCode}`),
    failsHealthCheck && 'fails its health check',
    unpullable && 'cannot be pulled',
    there && `${behaviourInWords(there.behaves)} where ${there.name} is "${there.value}"`,
  ].filter((part) => typeof part === 'string');
  return parts.length === 0 ? 'behaves well' : parts.join(' and ');
}

function growing(seconds: number | undefined): string {
  return seconds === undefined ? '' : `, growing for ${seconds} s`;
}
