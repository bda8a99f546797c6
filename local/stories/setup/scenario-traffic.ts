/** The requests that reach a target as a scenario sets it up: how many, what fails of them, what CloudWatch shows. */
import type { Pattern } from '@slipway/local-cloud/traffic/chances.ts';
import type { NewTraffic } from '@slipway/local-cloud/traffic/state.ts';
import type { Target } from '../../../shared/config/config.ts';
import { type ConfigProblem, problem } from '../../../shared/config/problems.ts';
import { answersRequests } from './answers-requests.ts';
import type { TargetSetup } from './setup-format.ts';

type Drawing = Pick<NewTraffic, 'drawn' | 'errors' | 'readings'>;

/** The same seed draws the same requests for Slipway and for ECS alone: they are compared. */
export function trafficOf(setup: TargetSetup, seed: number): Drawing {
  const { requests = 'expected', errors, metrics } = setup;
  return {
    ...(requests !== 'expected' && { drawn: { seed, pattern: PATTERNS[requests] } }),
    ...(errors && { errors: errorsOf(errors) }),
    ...(metrics && { readings: readingsOf(metrics, seed) }),
  };
}

const PATTERNS: Readonly<Record<'steady' | 'daily' | 'bursts', Pattern>> = {
  steady: { kind: 'steady' },
  daily: { kind: 'daily', amplitude: 0.6, peakHour: 20 },
  bursts: { kind: 'bursts', factor: 10, seconds: 60, everyMinutes: 20 },
};

function errorsOf(errors: NonNullable<TargetSetup['errors']>) {
  const { percent, clusterSize, clusterTail, drift, bursts } = errors;
  return {
    rate: percent / 100,
    ...(clusterSize !== undefined && { clusterSize }),
    ...(clusterTail !== undefined && { clusterTail }),
    ...(drift !== undefined && { drift }),
    ...(bursts && {
      bursts: {
        rate: bursts.percent / 100,
        seconds: bursts.seconds,
        everyMinutes: bursts.everyMinutes,
      },
    }),
  };
}

function readingsOf(metrics: NonNullable<TargetSetup['metrics']>, seed: number) {
  const { missingPercent = 0, latePercent = 0, halvedPercent = 0, correctedPercent = 0 } = metrics;
  const { lateSeconds } = metrics;
  return {
    // Another course of chance than that of the requests.
    chance: ~seed,
    missing: missingPercent / 100,
    late: latePercent / 100,
    halved: halvedPercent / 100,
    corrected: correctedPercent / 100,
    ...(lateSeconds !== undefined && { lateMs: lateSeconds * 1_000 }),
  };
}

/** What a scenario asks of requests that do not come, are not drawn, or are not counted. */
export function trafficProblems(
  id: string,
  setup: TargetSetup,
  target: Target | undefined,
): readonly ConfigProblem[] {
  const { errors, metrics, requests = 'expected', loadBalancer, serviceConnect } = setup;
  const at = (name: string) => ['targets', id, name] as const;
  const isAsked = target !== undefined && answersRequests(target, setup);
  const isCounted =
    isAsked &&
    serviceConnect !== true &&
    !(typeof loadBalancer === 'object' && loadBalancer.type === 'network');
  const byChance = (['clusterSize', 'drift', 'bursts'] as const).find(
    (name) => errors?.[name] !== undefined,
  );
  return [
    ...(errors !== undefined && !isAsked
      ? [problem(at('errors'), errors, 'a target that answers requests: give it a loadBalancer')]
      : []),
    ...(byChance !== undefined && requests === 'expected'
      ? [
          problem(
            [...at('errors'), byChance],
            errors?.[byChance],
            "requests that are drawn: set requests to 'steady', 'daily' or 'bursts'",
          ),
        ]
      : []),
    ...(metrics !== undefined && !isCounted
      ? [problem(at('metrics'), metrics, 'a target behind an application load balancer')]
      : []),
  ];
}
