/**
 * The config's schema. Each `error` is the phrase after "expected"; an object's names its known
 * keys when one is unknown (see `config-problems.ts`).
 */
import validRange from 'semver/ranges/valid.js';
import * as z from 'zod';
import { meant } from '../parsing/meant.ts';
import { ACCOUNT, ALARM, ECS_NAME, REGION } from '../parsing/names.ts';
import { PIPELINE_NAME } from '../parsing/pipeline-name.ts';
import { definition } from './definition.ts';
import { freeze } from './freeze.ts';
import { ownRequests, scan, signature } from './gates.ts';
import { infraSchema } from './infra.ts';
import { notices } from './notices.ts';
import { after } from './promotion/after.ts';
import { upstream } from './promotion/upstream.ts';
import { REGIONS } from './regions.ts';
import { repositoryName } from './repositories.ts';
import { duration, entries, key, named, oneOf, settings, text, whole } from './settings.ts';
import { githubSchema, globs, sourcesSchema } from './sources.ts';
import { strategy } from './strategies.ts';

const ALARMS_MAX = 100;
const REGEX_MAX = 200;

const flag = z.boolean({ error: 'true or false' });

const GLOB = 'a glob of 1 to 128 letters, digits, _ . - and * ? [ ] { , }';
const glob = text(/^[A-Za-z0-9_.\-*?[\]{},]{1,128}$/, GLOB);
const SEMVER = "a semver range like '>=1.2' or '1.x'";
const REGEX = `a regular expression of 1 to ${REGEX_MAX} characters`;

const tags = settings("{ glob: 'main-*' }, { semver: '>=1.2' } or { regex: '^build-(\\\\d+)$' }", {
  glob: z
    .union([glob, entries(z.array(glob).min(1, { error: 'at least one glob' }))], { error: GLOB })
    .optional(),
  semver: z
    .string({ error: SEMVER })
    .max(200, { error: SEMVER })
    .refine((range) => range.trim() !== '' && validRange(range) !== null, { error: SEMVER })
    .optional(),
  // An expression that takes exponential time is the user's own and meets at most 128 characters
  // (tags.ts); who may push such a tag may push any image.
  regex: z
    .string({ error: REGEX })
    .min(1, { error: REGEX })
    .max(REGEX_MAX, { error: REGEX })
    .refine(compiles, { error: `${REGEX} that compiles` })
    .optional(),
}).refine((filter) => Object.values(filter).filter((part) => part !== undefined).length === 1, {
  error: 'exactly one of glob, semver and regex',
});

const container = settings("{ repository: 'shop/web', tags: { glob: 'main-*' } }", {
  repository: repositoryName,
  tags,
  newer: oneOf(['push-time', 'semver', 'number', 'commit']).optional(),
  onlyBuilt: flag.optional(),
  from: settings("{ source: 'shop', branches: ['main'] }", {
    source: z.string({ error: 'the name of a source' }),
    branches: globs.refine((all) => all.length > 0, { error: 'at least one glob' }),
  }).optional(),
});

const circuitBreaker = settings('{ enable: true }', {
  enable: flag,
  resetOnHealthyTask: flag.optional(),
  threshold: settings("{ type: 'COUNT', value: 3 }", {
    type: oneOf(['COUNT', 'BOUNDED_PERCENT', 'UNBOUNDED_PERCENT']),
    value: whole('failures or percent', 1, 1000),
  }).optional(),
});

// The bounds of both percentages are those that ECS states when it refuses.
const rollout = settings('{ minimumHealthyPercent: 100, maximumPercent: 200 }', {
  minimumHealthyPercent: whole('percent', 0, 100).optional(),
  maximumPercent: whole('percent', 100, 1000).optional(),
  circuitBreaker: circuitBreaker.optional(),
  ecsBakeMinutes: whole('minutes', 0, 1440).optional(),
}).refine((it) => !(it.minimumHealthyPercent === 100 && it.maximumPercent === 100), {
  path: ['maximumPercent'],
  error: 'over 100, or minimumHealthyPercent under 100: no task could be replaced',
});

const GUARDS = "then only ECS's circuit breaker and maxTaskFailures guard this service";
const ALARMS = `at least one alarm name, or noAlarms('why'): ${GUARDS}`;
const alarms = z.union(
  [
    entries(
      z
        .array(key('an alarm name of 1 to 255 characters, no control characters', ALARM))
        .min(1, { error: ALARMS })
        .max(ALARMS_MAX, { error: `at most ${ALARMS_MAX} alarms: DescribeAlarms takes no more` })
        .refine((names) => new Set(names).size === names.length, { error: 'each alarm once' }),
    ),
    settings(ALARMS, {
      noAlarmsBecause: text(/^(?=.*\S).{1,200}$/, 'why there are none, in 1 to 200 characters'),
    }),
  ],
  { error: ALARMS },
);

const COMMAND_QUEUE = /^(?!.*-dead$|dead$)[a-z][a-z0-9-]{0,39}$/;
const one = z.literal(1, { error: '1: one other person' });
const APPROVER = /^[A-Za-z0-9_+=,.@*:-]{1,200}$/;
const approvers = entries(
  z
    .array(text(APPROVER, "a session, like 'ada@example.com', or a SenderId of SQS"))
    .min(1, { error: 'at least one who may approve' })
    .max(50, { error: 'at most 50 who may approve; * stands for a part of a name' }),
);
const approvals = settings("{ deploy: 1, by: ['ada@example.com'] }", {
  deploy: one.optional(),
  unquarantine: one.optional(),
  release: settings("{ before: 'traffic', within: '4h', otherwise: 'rollback' }", {
    before: oneOf(['start', 'traffic', 'full']),
    within: duration(5, 14 * 1440, "'30m', '4h' or '2d': from '5m' to '14d'"),
    otherwise: oneOf(['rollback', 'proceed']).default('rollback'),
    by: approvers.optional(),
  }).optional(),
  by: approvers.optional(),
  minutes: whole('minutes', 5, 1440).default(60),
});

const WORD = 'a word of 1 to 300 characters, no control characters';
const migration = settings("{ command: ['npm', 'run', 'migrate'], container: 'app' }", {
  command: entries(
    z
      .array(text(/^[^\p{Cc}]{1,300}$/u, WORD))
      .min(1, { error: 'at least one word' })
      .max(30, { error: 'at most 30 words: put more into a script' }),
  ),
  container: text(ECS_NAME, 'the name of a container of the task definition'),
  minutes: whole('minutes', 1, 240).default(15),
  logGroup: text(
    /^[A-Za-z0-9_./#-]{1,512}$/,
    "the log group of that container, like '/ecs/web'",
  ).optional(),
});

const CLUSTER = "the name of an ECS cluster, like 'production': 1 to 255 letters, digits, - and _";
const SERVICE = "the name of an ECS service, like 'web': 1 to 255 letters, digits, - and _";

const ecsServiceTarget = settings("ecsService({ cluster: '…', service: '…', … })", {
  type: z.literal('ecs-service', { error: 'what ecsService({ … }) puts here' }),
  cluster: text(ECS_NAME, CLUSTER),
  service: text(ECS_NAME, SERVICE),
  containers: named(
    'a container name of 1 to 255 letters, digits, - and _',
    ECS_NAME,
    container,
    'at least one container, by its name in the task definition',
  ),
  alarms,
  rollout: rollout.default({}),
  strategy: strategy.optional(),
  judge: oneOf(['off', 'watch', 'act']).optional(),
  afterInconclusive: oneOf(['proceed', 'hold']).optional(),
  slowMs: whole('milliseconds', 1, 600_000).optional(),
  ownRequests: ownRequests.optional(),
  bakeMinutes: whole('minutes', 1, 1440).default(10),
  maxTaskFailures: z.optional(whole('tasks', 1, 1000)),
  rolloutMinutes: whole('minutes', 1, 1440).default(60),
  rollbackMinutes: whole('minutes', 1, 1440).default(30),
  whileAlarmRed: oneOf(['proceed', 'hold']).default('proceed'),
  holdMinutes: whole('minutes', 1, 10_080).default(240),
  afterHold: oneOf(['refuse', 'proceed', 'ask']).default('ask'),
  scan: scan.optional(),
  signature: signature.optional(),
  approvals: approvals.optional(),
  after: after.optional(),
  freeze: z
    .union([z.literal('none'), freeze], { error: "'none', or { timeZone: '…', windows: […] }" })
    .optional(),
  commandQueue: text(
    COMMAND_QUEUE,
    "a name of up to 40 small letters, digits and -, like 'shop', and not one that ends in -dead",
  ).optional(),
  migration: migration.optional(),
  definition: definition.optional(),
  notSafeBelow: text(
    /^[A-Za-z0-9_][A-Za-z0-9_./-]{0,299}$/,
    "a tag, like 'main-8f3c2a1', or a release, like 'ecs/production/web/12'",
  ).optional(),
  mode: oneOf(['watch', 'act']).optional(),
});

export const pipelineSchema = settings('definePipeline({ account, region, targets })', {
  name: text(
    PIPELINE_NAME,
    "a name of up to 16 small letters, digits and -, like 'shop', without the word slipway, and with neither aws nor ssm in front; left out where the account and region has one pipeline",
  ).optional(),
  account: text(ACCOUNT, "an AWS account: 12 digits in quotes, like '123456789012'"),
  region: z.string({ error: "an AWS region, like 'eu-central-1'" }).regex(REGION, {
    error: ({ input }) => `an AWS region, like 'eu-central-1'${meant(input, REGIONS)}`,
  }),
  targets: named(
    'a target name of a letter and up to 39 letters, digits, - and _',
    /^[A-Za-z][A-Za-z0-9_-]{0,39}$/,
    ecsServiceTarget,
    'at least one target, by a name of yours',
  ),
  sources: sourcesSchema.optional(),
  upstream: upstream.optional(),
  approvals: approvals.optional(),
  freeze: freeze.optional(),
  notices: notices.optional(),
  github: githubSchema.optional(),
  infra: infraSchema.default({}),
});

export type ParsedPipeline = z.output<typeof pipelineSchema>;
export type ParsedContainer = z.output<typeof container>;
export type ParsedTarget = z.output<typeof ecsServiceTarget>;
export type ParsedApprovals = z.output<typeof approvals>;

function compiles(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}
