/** What several places of a scenario's form are made of. Each `error` is the phrase after "expected". */
import * as z from 'zod';
import { entries, settings, text, whole } from '../../shared/config/settings.ts';
import { ECS_NAME, REPOSITORY, TAG } from '../../shared/parsing/names.ts';

const DURATION =
  "a time since the beginning, like '90s', '10m' or '1h30m', of at most 9999h, 99999m or 999999s";

/** Becomes milliseconds. */
export const duration = z
  .string({ error: DURATION })
  .regex(/^(?=\d)(?:\d{1,3}d)?(?:\d{1,4}h)?(?:\d{1,5}m)?(?:\d{1,6}s)?$/, { error: DURATION })
  .transform((text) => {
    const part = (unit: string) => Number(new RegExp(`(\\d+)${unit}`).exec(text)?.[1] ?? 0);
    return (((part('d') * 24 + part('h')) * 60 + part('m')) * 60 + part('s')) * 1000;
  });

export const flag = z.boolean({ error: 'true or false' });
export const tag = text(TAG, 'an image tag');
export const name = text(ECS_NAME, 'a name of letters, digits, - and _');
export const repository = text(REPOSITORY, "the name of a repository, like 'shop/web'");
export const seconds = (max: number) => {
  const error = `seconds from 0 to ${max}`;
  return z.number({ error }).min(0, { error }).max(max, { error });
};
export const words = (max: number, what: string) => {
  const error = `${what}, in 1 to ${max} characters`;
  return z.string({ error }).min(1, { error }).max(max, { error });
};
export const between = (min: number, max: number, error: string) =>
  z.number({ error }).min(min, { error }).max(max, { error });
const share = between(0, 1, 'a share from 0 to 1');
/** Of a hundred, or a fraction of one. */
export const percent = between(0, 100, 'percent from 0 to 100');
/** Fewer than one a second are a fraction: `0.2` is twelve a minute. */
export const rate = between(0, 100_000, 'requests a second, from 0 to 100000');

export const behaviour = settings('how the image behaves: { errorRate: 0.25 }', {
  errorRate: share.optional(),
  latencyMs: whole('milliseconds', 0, 600_000).optional(),
  latencyFactor: between(0.01, 1_000, 'how many times as long, from 0.01 to 1000').optional(),
  startSeconds: seconds(3_600).optional(),
  exitCodeOnStart: whole('exit code', 0, 255).optional(),
  crashAfterSeconds: seconds(864_000).optional(),
  failsHealthCheck: flag.optional(),
  unpullable: flag.optional(),
  oomAfterSeconds: seconds(864_000).optional(),
  stopSeconds: seconds(3_600).optional(),
  faultyAfterSeconds: seconds(864_000).optional(),
  rampSeconds: seconds(864_000).optional(),
  warmUp: settings('{ errorRate: 0.1, seconds: 20 }', {
    errorRate: share,
    seconds: between(1, 3_600, 'seconds from 1 to 3600'),
  }).optional(),
  blip: settings('{ errorRate: 0.5, seconds: 30, afterSeconds: 300 }', {
    errorRate: share,
    seconds: seconds(3_600),
    afterSeconds: seconds(864_000),
  }).optional(),
  faultyAboveRequestsPerSecond: whole('requests a second', 0, 100_000).optional(),
  commands: entries(
    z.record(
      z.string(),
      settings('{ seconds: 30, exitCode: 1 }', {
        seconds: seconds(864_000).optional(),
        exitCode: whole('exit code', 0, 255).optional(),
      }),
      {
        error: "how a task by RunTask ends, by its command: { 'npm run migrate': { exitCode: 1 } }",
      },
    ),
  ).optional(),
  inEnvironment: settings("{ name: 'POOL', value: '0', behaves: { errorRate: 0.25 } }", {
    name: z.string({ error: 'the name of a variable' }),
    value: z.string({ error: 'its value' }),
    behaves: settings('{ errorRate: 0.25 }, or { exitCodeOnStart: 1 }', {
      errorRate: share.optional(),
      exitCodeOnStart: whole('exit code', 0, 255).optional(),
    }),
  }).optional(),
}).refine((it) => it.rampSeconds === undefined || (it.errorRate ?? 0) > 0, {
  error: 'an errorRate that grows, with rampSeconds',
});

const found = whole('findings', 0, 10_000).optional();
export const findings = settings('what its scan finds, by severity: { HIGH: 1 }', {
  CRITICAL: found,
  HIGH: found,
  MEDIUM: found,
  LOW: found,
  INFORMATIONAL: found,
});
