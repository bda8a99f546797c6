/** The rooms of the house, what each may import, and the doors by which one comes in. */

export interface Room {
  /** A folder, or one file of it that may more or less than the others. */
  readonly room: string;
  /**
   * What it may import beside itself: a room (`shared/edge/`, with all below it), a file, or a package
   * (`zod`, with all its paths; `@aws-sdk/` for all of a scope).
   */
  readonly may: readonly string[];
  /** Of what it may import types only. */
  readonly types?: readonly string[];
}

const ALL = [''];
const PORTS = [
  'shared/ports.ts',
  'shared/source-ports.ts',
  'shared/traffic-ports.ts',
  'shared/upkeep-ports.ts',
];
/** What GitHub's errors are, for whoever asks it and whoever waits for it. */
const GITHUB_ERRORS = 'shared/github-errors.ts';
/** An object without its undefined members: there is one such function. */
const DEFINED = 'shared/core/model/defined.ts';
const MODEL = 'shared/core/model/';
const TRAFFIC = 'shared/core/traffic/';
const RELEASE = 'shared/core/release/';
const GATES = 'shared/core/gates/';
const PHASES = 'shared/core/phases/';
const EVENTS = 'shared/core/events/';
const SOURCE = 'shared/core/source/';
/** The verbs: the files of shared/core itself, and whatever stands below them. */
const CORE = 'shared/core/';

/** A file belongs to the room with the longest name that it begins with. */
export const ROOMS: readonly Room[] = [
  // The ladder of core. Each imports what stands before it, as types too, and nothing else at all.
  { room: MODEL, may: [] },
  { room: TRAFFIC, may: [MODEL] },
  { room: RELEASE, may: [MODEL, TRAFFIC] },
  { room: GATES, may: [MODEL, TRAFFIC, RELEASE] },
  { room: PHASES, may: [MODEL, TRAFFIC, RELEASE, GATES] },
  { room: EVENTS, may: [MODEL, RELEASE, GATES, PHASES] },
  { room: CORE, may: [MODEL, TRAFFIC, RELEASE, GATES, PHASES, EVENTS] },
  { room: 'shared/core/explain/', may: [CORE] },
  { room: 'shared/core/incident/', may: [CORE] },
  { room: 'shared/core/hook/', may: [MODEL, RELEASE, TRAFFIC] },
  // Branches and builds: a machine of its own beside the ladder.
  { room: SOURCE, may: [MODEL] },

  // As pure as core, and it knows nobody: counts in, a judgement out.
  { room: 'shared/judge/', may: [] },

  { room: 'shared/traffic-ports.ts', may: [], types: [CORE] },
  { room: 'shared/upkeep-ports.ts', may: [], types: [CORE] },
  { room: 'shared/ports.ts', may: [], types: [CORE, 'shared/traffic-ports.ts'] },
  { room: 'shared/source-ports.ts', may: [], types: [CORE, 'shared/ports.ts'] },
  { room: GITHUB_ERRORS, may: ['shared/ports.ts'] },
  // How outside text is read and its mistakes are named: an event, a config, a scenario.
  { room: 'shared/parsing/', may: ['zod', 'fastest-levenshtein', '@humanwhocodes/momoa', MODEL] },
  {
    room: 'shared/config/',
    may: ['shared/parsing/', MODEL, 'zod', 'semver', 'picomatch', 'node:'],
    types: [SOURCE],
  },
  {
    room: 'shared/edge/',
    // Not the whole of zod: a function that only routes starts faster without.
    may: ['shared/parsing/', MODEL, 'zod/mini', '@octokit/webhooks-methods'],
    types: [SOURCE, 'shared/core/hook/', '@octokit/openapi-webhooks-types'],
  },
  {
    room: 'shared/runtime/',
    may: ['shared/parsing/', 'node:', '@middy/'],
    types: ['shared/config/', 'shared/edge/', ...PORTS, 'aws-lambda'],
  },
  {
    room: 'shared/route/',
    may: ['shared/config/', 'shared/edge/', 'shared/runtime/', ...PORTS],
    types: [CORE],
  },
  {
    room: 'shared/reconcile/',
    may: [
      'shared/route/',
      'shared/edge/',
      'shared/parsing/',
      'shared/runtime/',
      'shared/judge/',
      CORE,
      ...PORTS,
      'node:',
    ],
    types: ['shared/config/', 'aws-lambda'],
  },
  {
    room: 'shared/github/',
    may: [
      ...PORTS,
      GITHUB_ERRORS,
      DEFINED,
      'zod/mini',
      '@octokit/core',
      '@octokit/auth-app',
      '@octokit/plugin-retry',
      '@octokit/plugin-throttling',
    ],
    types: [CORE, 'shared/feedback/ports.ts', '@octokit/types'],
  },
  {
    room: 'shared/feedback/',
    // No Octokit: what it asks of GitHub is a port.
    may: ['shared/edge/', 'shared/parsing/', 'shared/runtime/', GITHUB_ERRORS, MODEL, ...PORTS],
    types: [SOURCE, 'aws-lambda'],
  },
  {
    room: 'shared/aws/',
    may: [
      'shared/aws/ecr/sigstore.ts',
      'shared/parsing/pipeline-name.ts',
      'shared/runtime/',
      MODEL,
      RELEASE,
      SOURCE,
      ...PORTS,
      '@aws-sdk/',
      '@smithy/',
      'node:',
    ],
    types: ['shared/config/', 'shared/feedback/ports.ts'],
  },
  {
    room: 'shared/aws/ecr/sigstore.ts',
    may: ['shared/aws/', MODEL, 'node:', 'sigstore', '@sigstore/'],
  },
  {
    // The wirings: each function's own, so that none carries a client that it does not use.
    room: 'shared/aws/connect/',
    may: ['shared/aws/', 'shared/github/', 'shared/runtime/', '@aws-sdk/', '@smithy/', 'node:'],
    types: [
      CORE,
      'shared/config/',
      'shared/feedback/',
      'shared/parsing/pipeline-name.ts',
      ...PORTS,
    ],
  },

  {
    room: 'functions/',
    may: [
      'pipeline.config.ts',
      'shared/aws/connect/',
      'shared/feedback/',
      'shared/reconcile/',
      'shared/route/',
      'shared/runtime/',
      '@middy/',
    ],
    types: ['aws-lambda'],
  },
  {
    room: 'infra/',
    may: [
      'pipeline.config.ts',
      'shared/config/',
      'shared/parsing/',
      'shared/runtime/',
      // Names that the code and its infrastructure share exist once.
      'shared/aws/table/table.ts',
      'shared/aws/announcements.ts',
      'shared/aws/published.ts',
      DEFINED,
      'aws-cdk-lib',
      'cdk-nag',
      'constructs',
      'esbuild',
      'node:',
    ],
    types: [CORE],
  },
  {
    // The model of AWS and GitHub: it knows nothing of Slipway.
    room: 'packages/local-cloud/',
    may: ['@smithy/', 'd3-random', 'dynalite', 'fast-xml-parser', 'zod', 'commander', 'node:'],
    types: ['@aws-sdk/', '@octokit/', 'aws-lambda'],
  },
  {
    room: 'packages/local-cloud/test/',
    may: [
      'packages/local-cloud/',
      '@aws-sdk/',
      '@smithy/',
      '@octokit/',
      'fast-check',
      'fast-xml-parser',
      'vitest',
      'zod',
      'dynalite',
      'node:',
    ],
    types: ['aws-lambda'],
  },
  {
    // Slipway in that cloud. Not core: what is told here must not know our rules.
    room: 'local/',
    may: [
      'packages/local-cloud/',
      'functions/',
      // Names of what is in the account, and its policies as data: nothing of the CDK.
      'infra/names.ts',
      'infra/permissions/builds.ts',
      'infra/permissions/hook.ts',
      'infra/permissions/people.ts',
      'infra/permissions/permission.ts',
      'infra/permissions/reconcile.ts',
      'infra/permissions/senders.ts',
      'infra/permissions/statements.ts',
      'local/page/assets.ts',
      'shared/aws/connect/',
      'shared/aws/table/',
      'shared/config/',
      // What a person sees who says a rollback.
      'shared/core/model/would-leave.ts',
      // One word for where a target stands, and the answer that a person gets everywhere.
      'shared/core/model/standing.ts',
      'shared/core/explain/can-roll-back.ts',
      'shared/core/incident/',
      // How ECS is told of a strategy: without Slipway it plays the same.
      'shared/core/release/shift.ts',
      // The evidence that the page draws, as `slipway view` draws it.
      'local/page/charts/evidence.ts',
      'shared/judge/',
      'shared/parsing/',
      'shared/route/',
      'shared/runtime/',
      '@aws-sdk/',
      '@smithy/',
      'dynalite',
      'fast-xml-parser',
      'zod',
      'node:',
    ],
    types: [
      'shared/edge/',
      'shared/github/',
      'shared/reconcile/',
      'shared/ports.ts',
      'aws-lambda',
      '@octokit/',
    ],
  },
  { room: 'local/page/', may: [], types: ['local/', 'packages/local-cloud/'] },
  { room: 'local/page/assets.ts', may: ['node:', 'esbuild'] },
  // What runs in a browser: no Node, and of the local cloud only what it sends.
  {
    room: 'local/page/browser/',
    may: ['local/page/', 'uplot'],
    types: ['local/', 'packages/local-cloud/'],
  },
  {
    room: 'cli/',
    may: [
      'pipeline.config.ts',
      'local/',
      'packages/local-cloud/',
      'functions/',
      // Names of what is in the account, and nothing of the CDK.
      'infra/names.ts',
      // What could not be deployed, and the stack for who has no app of the CDK: loaded when it is asked for.
      'infra/settings-check.ts',
      // What the account must let run: `doctor` holds it against that.
      'infra/reserved-concurrency.ts',
      'infra/synth.ts',
      'shared/aws/connect/',
      'shared/config/',
      MODEL,
      RELEASE,
      'shared/core/explain/',
      // `doctor` tells before the first release what the gate would.
      'shared/core/gates/owner-gate.ts',
      'shared/core/incident/',
      'shared/judge/',
      // The nearest to what somebody wrote, and what is wrong with a file.
      'shared/parsing/',
      'shared/reconcile/',
      'shared/route/',
      'shared/runtime/',
      'commander',
      '@bomb.sh/tab',
      '@clack/prompts',
      'cli-table3',
      'picocolors',
      'yaml',
      'zod/mini',
      'node:',
    ],
    types: [CORE, 'shared/aws/', 'shared/edge/', ...PORTS],
  },
  // What is measured may be imported, the simulation too; nobody else imports test.
  {
    // The package: its doors, and what makes it.
    room: 'packages/slipway/',
    may: ['infra/', 'shared/config/', 'aws-cdk-lib', 'constructs', 'esbuild', 'node:'],
  },
  { room: 'bench/', may: ALL },
  { room: 'test/', may: ALL },
  { room: 'pipeline.config.ts', may: ['shared/config/'] },
  { room: 'vitest.config.ts', may: ['vitest'] },
];

export function roomOf(file: string): Room | undefined {
  return ROOMS.filter(({ room }) => file.startsWith(room)).toSorted(
    (a, b) => b.room.length - a.room.length,
  )[0];
}

/** What somebody starts by its name, so that no file of ours imports it. */
export const ENTRIES: readonly { readonly file: RegExp; readonly by: string }[] = [
  { file: /^functions\/[\w-]+\.ts$/, by: 'Lambda' },
  { file: /^cli\/(slipway\.js|main\.ts)$/, by: 'package.json: bin, start' },
  { file: /^infra\/(app|check-templates)\.ts$/, by: 'cdk.json; package.json: synth' },
  {
    file: /^infra\/write-bundles\.ts$/,
    by: 'synth, and packages/slipway/cdk.ts in a process of its own',
  },
  { file: /^infra\/example\/app\.ts$/, by: 'cdk, for the example service' },
  { file: /^infra\/permissions\/table\.ts$/, by: 'who prints it for infra/README.md' },
  {
    file: /^bench\/(main|same-bytes|figures|cost|judge-measure|strategies-measure)\.ts$/,
    by: 'package.json: bench',
  },
  {
    file: /^local\/page\/browser\/(main|theme-first|account|account-charts)\.ts$/,
    by: 'esbuild, for the page',
  },
  { file: /^packages\/local-cloud\/models\/generate\.ts$/, by: 'who updates the models' },
  {
    file: /^packages\/local-cloud\/(local-cloud\.js|server\/main\.ts)$/,
    by: 'its package.json: bin',
  },
  { file: /^pipeline\.config\.ts$/, by: 'the user' },
  { file: /^packages\/slipway\/(build|cdk|door)\.ts$/, by: 'package.json: prepack, exports' },
  { file: /^vitest\.config\.ts$/, by: 'vitest' },
];

/** The same of tests. What only these reach is dead in the product. */
export const TEST_ENTRIES: readonly { readonly file: RegExp; readonly by: string }[] = [
  { file: /^(test|packages\/[\w-]+\/test)\/.*\.test\.ts$/, by: 'vitest' },
  { file: /^test\/\w+\/([\w-]+-)?main\.ts$/, by: 'package.json' },
  {
    file: /^test\/operators\/(child|small-vitest)\.ts$/,
    by: 'main.ts beside them, in a process of its own, in which the second one stands for vitest',
  },
  { file: /^test\/simulation\/properties\.ts$/, by: 'worlds.test.ts, in a process of its own' },
  { file: /^test\/clients\/javascript-client\.ts$/, by: 'test/clients, in a process of its own' },
];
