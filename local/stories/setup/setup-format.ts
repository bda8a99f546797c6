/** What a scenario may say of a target as it is at the beginning. */
import * as z from 'zod';
import { entries, oneOf, settings, text, whole } from '../../../shared/config/settings.ts';
import { ALARM } from '../../../shared/parsing/names.ts';
import { behaviour, between, flag, name, percent, rate, seconds, tag } from '../scenario-parts.ts';

const initialImage = settings("{ tag: 'main-1' }", {
  tag: tag.optional(),
  behaviour: behaviour.optional(),
  byTag: flag.optional(),
});

const alarm = settings('{ errorPercent: 5, minimumRequests: 20, minutes: 3, redMinutes: 2 }', {
  errorPercent: whole('percent', 1, 100).optional(),
  minimumRequests: whole('requests a minute', 0, 1_000_000).optional(),
  minutes: whole('minutes', 1, 60).optional(),
  redMinutes: whole('minutes', 1, 60).optional(),
  byHand: flag.optional(),
});

const breaker = settings('{ enable: true, rollback: true }', {
  enable: flag,
  rollback: flag.optional(),
});

/** Two target groups and a rule that divides the requests between them. */
const twoGroups = settings('{ healthCheckSeconds: 30, healthyChecks: 5, drainSeconds: 300 }', {
  type: oneOf(['application', 'network']).optional(),
  healthCheckSeconds: whole('seconds', 5, 300).optional(),
  healthyChecks: whole('checks', 2, 10).optional(),
  drainSeconds: whole('seconds', 0, 3_600).optional(),
  testPort: whole('port', 1, 65_535).optional(),
});

/** What fails whichever revision answers. */
const errors = settings('what always fails: { percent: 0.1, clusterSize: 3, drift: 0.7 }', {
  percent,
  clusterSize: between(1, 1_000, 'errors in a cluster, 1 to 1000 in the mean').optional(),
  clusterTail: oneOf(['heavy']).optional(),
  drift: between(0, 3, 'a standard deviation from 0 to 3').optional(),
  bursts: settings('{ percent: 30, seconds: 20, everyMinutes: 30 }', {
    percent,
    seconds: seconds(3_600),
    everyMinutes: between(1, 10_000, 'minutes from 1 to 10000'),
  }).optional(),
});

const PARTS = ['missingPercent', 'latePercent', 'halvedPercent', 'correctedPercent'] as const;

/** Which minutes of its load balancer CloudWatch shows otherwise than whole and in time. */
const metrics = settings('{ missingPercent: 5, latePercent: 10, lateSeconds: 240 }', {
  missingPercent: percent.optional(),
  latePercent: percent.optional(),
  lateSeconds: between(90, 3_600, 'seconds from 90 to 3600').optional(),
  halvedPercent: percent.optional(),
  correctedPercent: percent.optional(),
}).refine((it) => PARTS.reduce((sum, part) => sum + (it[part] ?? 0), 0) <= 100, {
  error: 'percents that are 100 at most together',
});

export const target = settings('what the target is like: { desiredCount: 4 }', {
  desiredCount: whole('tasks', 0, 200).optional(),
  loadBalancer: z
    .union([flag, twoGroups], { error: 'true, false or how its two target groups are set' })
    .optional(),
  /** No load balancer: its requests come by Service Connect. */
  serviceConnect: flag.optional(),
  requestsPerSecond: rate.optional(),
  requests: oneOf(['expected', 'steady', 'daily', 'bursts']).optional(),
  errors: errors.optional(),
  metrics: metrics.optional(),
  images: z
    .union([z.literal('none'), entries(z.record(name, initialImage))], {
      error: "'none', or by container: { app: { tag: 'main-1' } }",
    })
    .optional(),
  circuitBreaker: breaker.optional(),
  scanning: oneOf(['basic', 'enhanced', 'off']).optional(),
  alarms: z
    .union([z.literal('none'), entries(z.record(text(ALARM, 'an alarm name'), alarm))], {
      error: "'none', or by name: { 'web-5xx': { errorPercent: 5 } }",
    })
    .optional(),
  /** Checked by the config's own schema. */
  config: entries(
    z.record(z.string(), z.unknown(), { error: 'settings as in pipeline.config.ts' }),
  ).optional(),
});

export type TargetSetup = z.output<typeof target>;
export type InitialImage = z.output<typeof initialImage>;
export type AlarmSetup = z.output<typeof alarm>;
export type GroupTimes = Omit<z.output<typeof twoGroups>, 'type' | 'testPort'>;
