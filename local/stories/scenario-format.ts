/**
 * What a scenario file may say. Checked once, before anything is played; each `error` is the phrase
 * after "expected". `README.md` in `scenarios/` explains it to people.
 */
import * as z from 'zod';
import { type ConfigProblem, listed, problemsOf } from '../../shared/config/problems.ts';
import { entries, oneOf, settings, text, whole } from '../../shared/config/settings.ts';
import { ALARM, DIGEST } from '../../shared/parsing/names.ts';
import { ATTACKS } from './attacks/attack-format.ts';
import {
  behaviour,
  duration,
  findings,
  flag,
  name,
  rate,
  repository,
  seconds,
  tag,
  words,
} from './scenario-parts.ts';
import { target } from './setup/setup-format.ts';
import { JUDGED_STATES } from './timeline.ts';

/** Somebody wrote the file wrong, and nothing was played: every mistake, one a line. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ line }) => line.replace(/^the config: /, 'the file: '));
    super(listed('the scenario', 'nothing is played', lines));
    this.problems = problems;
  }
}

const WHO = 'the name of a target';
const targetId = z.string({ error: WHO }).min(1, { error: WHO });
const TAGS_BY_CONTAINER = "by container: { app: 'main-1' }";
const REVISIONS = "revision numbers like [1, 2], or 'all'";

/** What waits longest, unless it is named. */
const approvalId = words(100, 'the id of what waits').optional();

const ask = z.discriminatedUnion(
  'do',
  [
    settings("{ do: 'deploy', images: { app: 'main-1' } }", {
      do: z.literal('deploy'),
      images: entries(
        z
          .record(name, tag, { error: TAGS_BY_CONTAINER })
          .refine((images) => Object.keys(images).length > 0, { error: TAGS_BY_CONTAINER }),
      ),
    }),
    settings("{ do: 'rollback' }", {
      do: z.literal('rollback'),
      to: words(300, 'a release').optional(),
    }),
    settings("{ do: 'unquarantine', repository: 'shop/web', tag: 'main-1' }", {
      do: z.literal('unquarantine'),
      repository,
      tag,
    }),
    settings("{ do: 'hold' }", { do: z.literal('hold') }),
    settings("{ do: 'resume' }", { do: z.literal('resume') }),
    settings("{ do: 'approve' }", { do: z.literal('approve'), of: approvalId }),
    settings("{ do: 'reject' }", { do: z.literal('reject'), of: approvalId }),
  ],
  {
    error:
      "{ do: 'deploy' | 'rollback' | 'unquarantine' | 'hold' | 'resume' | 'approve' | 'reject' }",
  },
);

const gitRepository = text(
  /^[\w.-]{1,39}\/[\w.-]{1,100}$/,
  "a repository on GitHub, like 'acme/shop'",
);
const commit = text(/^[0-9a-f]{7,40}$/, 'a commit: 7 to 40 hex digits');
const refName = words(200, 'the name of a branch or tag');
const BUILD_PHASES = [
  'QUEUED',
  'PROVISIONING',
  'DOWNLOAD_SOURCE',
  'INSTALL',
  'PRE_BUILD',
  'BUILD',
  'POST_BUILD',
  'UPLOAD_ARTIFACTS',
  'FINALIZING',
] as const;

const OPERATION = /^[a-z]{2,20}:[A-Z][A-Za-z]{2,60}$/;
const who = {
  by: words(200, 'who asks').default('somebody'),
  because: words(500, 'why').default('the scenario says so'),
};

/** What happens by itself or by those who may, by name; each step has one of them, or one of `ATTACKS`. */
const KINDS = {
  push: settings("{ repository: 'shop/web', tag: 'main-1' }", {
    repository,
    tag: tag.optional(),
    tags: entries(
      z.array(tag, { error: 'a list of tags' }).min(1, { error: 'at least one tag' }),
    ).optional(),
    behaviour: behaviour.optional(),
    digest: text(DIGEST, 'sha256: and 64 hex digits').optional(),
    /** In its label. */
    commit: commit.optional(),
    multiArch: flag.optional(),
    findings: findings.optional(),
    scan: oneOf(['never', 'fails', 'unsupported']).optional(),
    scanSeconds: seconds(864_000).optional(),
    signed: flag.optional(),
  }),
  gitPush: settings("{ repository: 'acme/shop', commit: '8f3c2a1b9d04', paths: ['web/a.ts'] }", {
    repository: gitRepository,
    branch: refName.optional(),
    tag: refName.optional(),
    commit,
    parent: words(100, 'a ref or a commit').optional(),
    forced: flag.optional(),
    message: words(1_000, 'a message').optional(),
    author: words(39, 'the name of a person on GitHub').optional(),
    paths: entries(z.array(words(300, 'a path'), { error: 'a list of paths' })).default([]),
    files: entries(
      z.record(words(300, 'a path'), entries(z.record(z.string(), z.unknown())), {
        error: "what some of the paths hold, as JSON: { 'web/taskdef.json': { cpu: '512' } }",
      }),
    ).optional(),
    behaviour: behaviour.optional(),
    build: settings("how its builds go: { seconds: 90, outcome: 'FAILED' }", {
      seconds: seconds(28_800).optional(),
      outcome: oneOf(['SUCCEEDED', 'FAILED', 'FAULT', 'TIMED_OUT', 'STOPPED']).optional(),
      phase: oneOf(BUILD_PHASES).optional(),
      message: words(500, 'a message').optional(),
      loseEvent: flag.optional(),
      pushes: flag.optional(),
    }).optional(),
    findings: findings.optional(),
    scan: oneOf(['never', 'fails', 'unsupported']).optional(),
    multiArch: flag.optional(),
    signed: flag.optional(),
  }),
  deleteRef: settings("{ repository: 'acme/shop', branch: 'topic' }", {
    repository: gitRepository,
    branch: refName.optional(),
    tag: refName.optional(),
  }),
  redeliverPush: settings("{ repository: 'acme/shop', commit: '8f3c2a1b9d04' }", {
    repository: gitRepository,
    commit,
  }),
  loseWebhooks: whole('deliveries', 1, 1_000),
  githubDown: settings("{ minutes: 10, how: 'unreachable' }", {
    minutes: whole('minutes', 1, 10_000),
    how: oneOf(['unavailable', 'unreachable']).default('unavailable'),
  }),
  redeliver: settings("{ repository: 'shop/web', tag: 'main-1' }", { repository, tag }),
  event: entries(z.record(z.string(), z.unknown(), { error: 'an event, which is an object' })),
  setAlarm: settings("{ name: 'web-5xx', state: 'ALARM' }", {
    name: text(ALARM, 'an alarm name'),
    state: oneOf(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
    reason: words(1_023, 'a reason').optional(),
  }),
  updateService: settings("{ target: 'web', images: { app: 'main-1' } }", {
    target: targetId,
    images: entries(z.record(name, tag, { error: TAGS_BY_CONTAINER })).optional(),
    revision: whole('revision', 1, 100_000).optional(),
    role: text(/^[\w+=,.@-]{1,64}$/, 'the name of a role').optional(),
    release: words(200, 'the tag of a release, like shop:ecs/production/web/12').optional(),
  }),
  scale: settings("{ target: 'web', desiredCount: 4 }", {
    target: targetId,
    desiredCount: whole('tasks', 0, 200),
  }),
  traffic: settings("{ target: 'web', requestsPerSecond: 50 }", {
    target: targetId,
    requestsPerSecond: rate,
  }),
  outage: settings("{ target: 'web', errorPercent: 30, minutes: 5 }", {
    target: targetId,
    errorPercent: whole('percent', 1, 100),
    minutes: whole('minutes', 1, 10_000),
  }),
  deleteImage: settings("{ repository: 'shop/web', tag: 'main-1' }", { repository, tag }),
  deregister: settings("{ target: 'web', revisions: [1] }", {
    target: targetId,
    revisions: z.union([z.literal('all'), entries(z.array(whole('revision', 1, 100_000)))], {
      error: REVISIONS,
    }),
  }),
  loseEvents: settings("{ detailType: 'ECR Image Action', count: 1 }", {
    detailType: z.string({ error: "the detail-type of events, like 'ECR Image Action'" }),
    count: whole('events', 1, 100_000).default(1),
  }),
  operator: settings("{ target: 'web', ask: { do: 'rollback' } }", {
    target: targetId,
    ask,
    minutesLate: whole('minutes', 1, 20_000).optional(),
    ...who,
  }),
  holdAll: settings("{ by: 'ada' }", who),
  resumeAll: settings("{ by: 'ada' }", who),
  muteAlarm: settings("{ name: 'web-5xx', minutes: 60 }", {
    name: text(ALARM, 'an alarm name'),
    minutes: whole('minutes', 1, 10_000),
  }),
  weights: settings("{ target: 'web', percents: [50, 50] }", {
    target: targetId,
    percents: z.tuple([whole('percent', 0, 100), whole('percent', 0, 100)], {
      error: 'what each of the two target groups gets',
    }),
  }),
  hook: settings("{ how: 'throttled', minutes: 60 }", {
    how: oneOf(['throttled', 'throws']),
    minutes: whole('minutes', 1, 10_000),
  }),
  throttle: settings("{ operation: 'ecs:UpdateService', minutes: 10 }", {
    operation: text(OPERATION, "an operation of AWS, like 'ecs:UpdateService'"),
    minutes: whole('minutes', 1, 10_000),
  }),
  capacity: settings('{ tasks: 4 }', {
    tasks: z.union([z.literal('enough'), whole('tasks', 0, 100_000)], {
      error: "how many tasks there is room for, or 'enough'",
    }),
  }),
  deleteService: settings("{ target: 'web' }", { target: targetId }),
  createService: settings("{ target: 'web', images: { app: 'main-1' } }", {
    target: targetId,
    images: entries(z.record(name, tag, { error: TAGS_BY_CONTAINER })).optional(),
  }),
  deleteCluster: settings("{ target: 'web' }", { target: targetId }),
  ...ATTACKS,
};

const kinds = Object.keys(KINDS) as (keyof typeof KINDS)[];
const optionalKinds = Object.fromEntries(
  Object.entries(KINDS).map(([kind, schema]) => [kind, schema.optional()]),
) as { [K in keyof typeof KINDS]: z.ZodOptional<(typeof KINDS)[K]> };

const step = settings("a step: { at: '10m', push: { … } }", {
  at: duration,
  ...optionalKinds,
}).refine((it) => kinds.filter((kind) => it[kind] !== undefined).length === 1, {
  error: `exactly one of ${kinds.join(', ')}`,
});

const RELEASE_STATES = [
  'proven',
  'rolled-back',
  'failed',
  'superseded',
  'refused',
  'held',
  'needs-attention',
  'deploying',
] as const;

const expectedTags = entries(z.array(tag, { error: 'a list of tags' }));

const expectation = settings("the end of a target: { phase: 'idle', running: 'main-1' }", {
  phase: oneOf([
    'new',
    'idle',
    'deploying',
    'baking',
    'watching',
    'rolling-back',
    'needs-attention',
    'retired',
  ]).optional(),
  running: z
    .union([tag, entries(z.record(name, tag))], {
      error: "a tag, or by container: { app: 'main-1' }",
    })
    .optional(),
  proven: expectedTags.optional(),
  quarantined: expectedTags.optional(),
  releases: entries(
    z.record(tag, z.union([oneOf(RELEASE_STATES), entries(z.array(oneOf(RELEASE_STATES)))]), {
      error: "by tag: { 'main-1': 'proven' }",
    }),
  ).optional(),
  badRequestsMost: whole('bad requests', 0, 1_000_000_000).optional(),
  attentionAsked: flag.optional(),
  told: entries(
    z.array(z.string({ error: "what was announced, like 'proven main-1'" }), {
      error: "what was announced, in order: ['proven main-1']",
    }),
  ).optional(),
  judged: entries(
    z.array(oneOf(JUDGED_STATES), { error: "what the judge said, in order: ['suspicious']" }),
  ).optional(),
});

const COUNT = 'how often it was called';
const STATUSES = ['error', 'failure', 'pending', 'success'] as const;
const STATUS = "what stands on it, by context: { 'slipway/web': 'success' }";

const scenario = settings('a scenario: { steps: [ … ], until: "60m" }', {
  about: z.string({ error: 'one sentence' }).optional(),
  targets: entries(z.record(z.string(), target, { error: 'by target: { web: { … } }' })).optional(),
  sources: entries(
    z.record(
      z.string(),
      settings("{ whileBuilding: 'finish' }", {
        whileBuilding: oneOf(['stop', 'finish']).optional(),
        builtBy: oneOf(['slipway', 'elsewhere']).optional(),
      }),
      { error: "by source: { shop: { whileBuilding: 'finish' } }" },
    ),
  ).optional(),
  targetGroups: oneOf(['tuned', 'default']).optional(),
  throttledHook: oneOf(['fails', 'retried']).optional(),
  steps: entries(z.array(step, { error: 'a list of steps' })),
  until: duration,
  expect: settings('{ targets: { web: { … } } }', {
    targets: entries(z.record(z.string(), expectation, { error: 'by target' })).optional(),
    commits: entries(
      z.record(commit, entries(z.record(z.string(), oneOf(STATUSES), { error: STATUS })), {
        error: "by commit: { '8f3c2a1b9d04': { 'slipway/web': 'success' } }",
      }),
    ).optional(),
    calls: entries(z.record(z.string(), whole('calls', 0, 1_000_000), { error: COUNT })).optional(),
  }).optional(),
});

export type Scenario = z.output<typeof scenario>;
export type Step = Scenario['steps'][number];
export type Expectation = z.output<typeof expectation>;

/** The scenario in this value. Throws `ScenarioError` with every mistake in its form. */
export function parseScenario(input: unknown): Scenario {
  const result = scenario.safeParse(input);
  if (!result.success) throw new ScenarioError(problemsIn(result.error.issues, input));
  return result.data;
}

/** In the words for a config, but for what the whole of it is called. */
function problemsIn(issues: Parameters<typeof problemsOf>[0], input: unknown) {
  return problemsOf(issues, input).map(({ path, line }) => ({
    path,
    line: line.replace(/^the config: /, 'the scenario: '),
  }));
}
