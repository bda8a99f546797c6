/**
 * One builder for each big value of the core: a sensible world in which a test changes one thing.
 * The service `web` runs `web:1` with image 1, proven; images, revisions and releases are numbered.
 */

import { decide } from '../shared/core/decide.ts';
import { intendedCall } from '../shared/core/intended-call.ts';
import type { Action } from '../shared/core/model/action.ts';
import type { Announcement } from '../shared/core/model/announcement.ts';
import type { ObservedRules } from '../shared/core/model/balancer.ts';
import type {
  AlarmChanged,
  CommandReceived,
  Event,
  ImagePushed,
} from '../shared/core/model/event.ts';
import type {
  Image,
  ImageDigest,
  ImageSet,
  TaskDefinitionArn,
} from '../shared/core/model/image.ts';
import type {
  AlarmRise,
  FoundService,
  Observation,
  ObservedAlarm,
  ObservedRollout,
  ObservedScan,
  PrimaryDeployment,
  Question,
  StoppedTask,
} from '../shared/core/model/observation.ts';
import type { Order } from '../shared/core/model/order.ts';
import type { RollbackCandidate } from '../shared/core/model/record/candidate.ts';
import type {
  Back,
  Baking,
  External,
  Forward,
  NeedsAttention,
  Standing,
} from '../shared/core/model/record/phase.ts';
import type { Attempt, Release } from '../shared/core/model/record/release.ts';
import type { Condemned, RollbackStep } from '../shared/core/model/record/rollback.ts';
import type { TargetRecord } from '../shared/core/model/record/target-record.ts';
import type { Rules, ScanRules, Severity, SignatureRules } from '../shared/core/model/rules.ts';
import { standingOf } from '../shared/core/model/standing.ts';
import { questionFor } from '../shared/core/question.ts';

/** 2026-11-21T10:00:00Z, and so many minutes later. */
export function at(minutes: number): number {
  return 1_795_255_200_000 + minutes * 60_000;
}

export function digest(n: number): ImageDigest {
  return `sha256:${n.toString(16).padStart(64, '0')}` as ImageDigest;
}

export function revision(n: number, family = 'web'): TaskDefinitionArn {
  return `arn:aws:ecs:eu-central-1:123456789012:task-definition/${family}:${n}` as TaskDefinitionArn;
}

export const REGISTRY = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';

export function image(n: number, change: Partial<Image> = {}): Image {
  return {
    registry: REGISTRY,
    repository: 'shop/web',
    digest: digest(n),
    tags: [`main-${n}`],
    ...change,
  };
}

/** Image `n` was pushed at minute `n` of the day before. */
export function order(n: number, change: Partial<Order> = {}): Order {
  return { by: 'push-time', rank: [], pushedAt: at(n - 1440), digest: digest(n), ...change };
}

export function rules(change: Partial<Rules> = {}): Rules {
  return {
    mode: 'act',
    containers: { app: { registry: REGISTRY, repository: 'shop/web' } },
    alarms: ['web-5xx'],
    alarmsSharedWith: {},
    whileAlarmRed: 'hold',
    holdMinutes: 60,
    afterHold: 'ask',
    bakeMinutes: 10,
    maxTaskFailures: 3,
    rolloutMinutes: 30,
    rollbackMinutes: 15,
    rollout: { ecsBakeMinutes: 0, circuitBreaker: { enable: true } },
    ...change,
  };
}

/** Nothing above MEDIUM; half an hour for the scan, then a person is asked. */
export function scanRules(change: Partial<ScanRules> = {}): Partial<Rules> {
  return {
    scan: { highest: 'MEDIUM', except: [], waitMinutes: 30, afterWait: 'ask', ...change },
  };
}

/** Ten minutes to be signed with a key. */
export function signatureRules(change: Partial<SignatureRules> = {}): Partial<Rules> {
  return { signature: { publicKey: 'a key', waitMinutes: 10, ...change } };
}

/** A service with a second container, for what only sets of images show. */
export function twoContainers(change: Partial<Rules> = {}): Rules {
  return rules({
    containers: {
      app: { registry: REGISTRY, repository: 'shop/web' },
      sidecar: { registry: REGISTRY, repository: 'shop/web' },
    },
    ...change,
  });
}

export function candidate(n: number, change: Partial<RollbackCandidate> = {}): RollbackCandidate {
  return {
    release: `ecs/production/web/${n}`,
    revision: revision(n),
    images: { app: image(n) },
    changed: ['app'],
    pinned: true,
    provenAt: at(-60),
    window: { from: at(-90), to: at(-70), alarms: ['web-5xx'] },
    ...change,
  };
}

/** At rest: `web:1` runs and is proven. */
export function record(change: Partial<TargetRecord> = {}): TargetRecord {
  return {
    format: 2,
    key: 'ecs/production/web',
    id: 'web',
    rules: rules(),
    phase: { phase: 'idle' },
    takeovers: [],
    runs: { revision: revision(1), images: { app: image(1) }, since: at(-90) },
    rollbackCandidates: [candidate(1)],
    quarantine: [],
    newest: { app: order(1) },
    waiting: {},
    alarmsToClear: [],
    requests: [],
    condemnedRevisions: [],
    finishedRollouts: [],
    handledCommands: [],
    releases: 1,
    sequence: 10,
    outbox: { announcements: [], history: [], quarantine: [] },
    ...change,
  };
}

/** The config names it, and nobody looked at it yet. */
export function fresh(change: Partial<TargetRecord> = {}): TargetRecord {
  const { runs: _, ...unseen } = record(change);
  return unseen;
}

/** Image 2 waits. */
export function waiting(change: Partial<TargetRecord> = {}): TargetRecord {
  return record({
    waiting: { app: { image: image(2), order: order(2), since: at(0) } },
    newest: { app: order(2) },
    ...change,
  });
}

export function release(change: Partial<Release> = {}): Release {
  return {
    id: 'ecs/production/web/2',
    images: { app: image(2) },
    rules: rules(),
    startedAt: at(0),
    evidence: { rises: [], failures: [], failed: 0 },
    ...change,
  };
}

/** Registered as `web:2`, asked for at minute 0, found. */
export function attempt(change: Partial<Attempt> = {}): Attempt {
  return {
    images: { app: image(2) },
    base: revision(1),
    register: { at: at(0), observation: 'look-0' },
    revision: revision(2),
    request: {
      at: at(0),
      observation: 'look-0',
      lastAt: at(0),
      count: 1,
      ecsRollsBack: true,
      announced: true,
    },
    rollout: found(2),
    ...change,
  };
}

function found(n: number) {
  return { arn: rolloutArn(n), serviceRevision: serviceRevision(n), createdAt: at(0) + 1_000 };
}

function rolloutArn(n: number): string {
  return `arn:aws:ecs:eu-central-1:123456789012:service-deployment/production/web/rollout-${n}`;
}

function serviceRevision(n: number): string {
  return `arn:aws:ecs:eu-central-1:123456789012:service-revision/production/web/${n}`;
}

/** Release 2 is on its way, and ECS was asked. */
export function rolling(
  change: Partial<Forward> = {},
  other: Partial<TargetRecord> = {},
): TargetRecord {
  return record({
    phase: {
      phase: 'deploying',
      goal: 'forward',
      release: release(),
      attempt: attempt(),
      ...change,
    },
    newest: { app: order(2) },
    releases: 2,
    requests: [{ revision: revision(2), at: at(0) }],
    actedAt: at(0),
    observeAt: at(1),
    ...other,
  });
}

/** Release 2 is on its way, and ECS was not asked yet. */
export function registering(other: Partial<TargetRecord> = {}): TargetRecord {
  const { request: _, rollout: __, revision: ___, ...bare } = attempt();
  return rolling({ attempt: bare }, { requests: [], ...other });
}

/** Asked for at minute 0, and not found yet. */
export function asked(other: Partial<TargetRecord> = {}): TargetRecord {
  const { rollout: _, ...bare } = attempt();
  return rolling({ attempt: bare }, other);
}

/** ECS said SUCCESSFUL at minute 3; the bake ends at minute 13, and is judged at minute 16. */
export function baking(
  change: Partial<Baking> = {},
  other: Partial<TargetRecord> = {},
): TargetRecord {
  return rolling(undefined, {
    phase: {
      phase: 'baking',
      of: 'release',
      release: release(),
      attempt: attempt(),
      rollout: found(2),
      succeededAt: at(3),
      judgesInMs: 60_000,
      ...change,
    },
    runs: { revision: revision(2), images: { app: image(2) }, since: at(0) + 1_000 },
    finishedRollouts: [rolloutArn(2)],
    ...other,
  });
}

/** Somebody deployed `web:9` at minute 0. */
export function observing(
  change: Partial<External> = {},
  other: Partial<TargetRecord> = {},
): TargetRecord {
  return record({
    phase: {
      phase: 'baking',
      of: 'external',
      revision: revision(9),
      createdAt: at(0),
      since: at(0),
      bakeMinutes: 10,
      evidence: { rises: [], failures: [], failed: 0 },
      ...change,
    },
    runs: { revision: revision(9), images: {}, since: at(0) },
    observeAt: at(1),
    ...other,
  });
}

export function condemned(change: Partial<Condemned> = {}): Condemned {
  return {
    release: 'ecs/production/web/2',
    images: { app: image(2) },
    revision: revision(2),
    because: 'alarm web-5xx rose',
    alarms: ['web-5xx'],
    rollbackMinutes: 15,
    ...change,
  };
}

/** Release 2 was condemned at minute 5. */
export function returning(
  way: RollbackStep,
  change: Partial<Back> = {},
  other: Partial<TargetRecord> = {},
): TargetRecord {
  return rolling(undefined, {
    phase: {
      phase: 'deploying',
      goal: 'back',
      condemned: condemned(),
      since: at(5),
      step: way,
      skipped: [],
      started: 0,
      ...change,
    },
    quarantine: [{ digest: digest(2), at: at(5) }],
    condemnedRevisions: [{ revision: revision(2), digests: [digest(2)] }],
    ...other,
  });
}

export const STOPPING: RollbackStep = { step: 'stopping', attempt: attempt() };
export const CHOOSING: RollbackStep = { step: 'selecting' };

/** Our own rollout of `web:1`, asked for at minute 5. */
export function restoring(change: Partial<Attempt> = {}): RollbackStep {
  const ask = { at: at(5), observation: 'look-5', lastAt: at(5), count: 1, ecsRollsBack: false };
  const images: ImageSet = { app: image(1) };
  return {
    step: 'redeploying',
    candidate: candidate(1),
    attempt: { images, base: revision(1), revision: revision(1), request: ask, ...change },
    since: at(5),
  };
}

export function asking(
  change: Partial<NeedsAttention> = {},
  other: Partial<TargetRecord> = {},
): TargetRecord {
  return record({
    needsAttention: { because: 'nothing to return to', since: at(5), ...change },
    ...other,
  });
}

export function primary(n: number, change: Partial<PrimaryDeployment> = {}): PrimaryDeployment {
  return {
    id: `ecs-svc/${n}`,
    revision: revision(n),
    createdAt: n === 1 ? at(-90) : at(0) + 1_000,
    rolloutState: 'COMPLETED',
    desired: 2,
    running: 2,
    failedTasks: 0,
    ...change,
  };
}

/** Two tasks run, all of the PRIMARY deployment. */
export function service(n: number, change: Partial<FoundService> = {}): FoundService {
  return {
    status: 'ACTIVE',
    controller: 'ECS',
    schedulingStrategy: 'REPLICA',
    desired: 2,
    running: 2,
    pending: 0,
    primary: primary(n),
    deployments: 1,
    deploymentConfiguration: {
      strategy: 'ROLLING',
      maximumPercent: 200,
      minimumHealthyPercent: 100,
      bakeTimeInMinutes: 0,
    },
    ...change,
  };
}

export function rollout(n: number, change: Partial<ObservedRollout> = {}): ObservedRollout {
  return { ...found(n), status: 'IN_PROGRESS', revision: revision(n), ...change };
}

export function green(since = at(-1000)): ObservedAlarm {
  return { state: 'OK', since, judgesInMs: 60_000 };
}

export function red(since: number, breachEndsAt?: number): ObservedAlarm {
  const ends = breachEndsAt === undefined ? {} : { breachEndsAt };
  return {
    state: 'ALARM',
    since,
    judgesInMs: 60_000,
    reason: '30 was greater than the threshold (5)',
    ...ends,
  };
}

export function rise(minutes: number, change: Partial<AlarmRise> = {}): AlarmRise {
  return { alarm: 'web-5xx', at: at(minutes), reason: '30 was greater than 5', ...change };
}

export function crashed(id: string, n: number, change: Partial<StoppedTask> = {}): StoppedTask {
  return {
    id,
    revision: revision(n),
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [{ name: 'app', exitCode: 1 }],
    ...change,
  };
}

export interface ObservationChange extends Partial<Omit<Observation, 'service' | 'at'>> {
  /** The revision that the service runs, or the whole service, or none. */
  readonly service?: number | FoundService | 'missing';
}

/**
 * A look at minute `minutes` that answers exactly what the record asks, with nothing wrong: so a
 * test that gets on shows that the question asks for what the decision needs.
 */
export function seen(
  target: TargetRecord,
  minutes: number,
  change: ObservationChange = {},
): Observation {
  const { service: found = 1, ...rest } = change;
  const when = at(minutes);
  const { waysBack, ...now } = questionFor(target, when);
  // Asked once an hour: by the tests that are about it.
  const question = waysBack && rest.waysBack !== undefined ? { ...now, waysBack } : now;
  return {
    id: `look-${minutes}`,
    at: when,
    question,
    undelivered: 0,
    service:
      found === 'missing'
        ? { state: 'missing', because: 'ECS knows no service "web" in cluster "production"' }
        : { state: 'found', ...withAnswers(target, question, found) },
    ...answers(question, found),
    ...rest,
  };
}

function withAnswers(
  target: TargetRecord,
  question: Question,
  found: number | FoundService,
): FoundService {
  const whole = typeof found === 'number' ? service(found) : found;
  if (question.images === undefined) return whole;
  const n = numberOf(whole.primary.revision);
  const names = Object.keys(target.rules.containers);
  const images = Object.fromEntries(names.map((name) => [name, image(n)]));
  return { ...whole, primary: { images, pinned: true, ...whole.primary } };
}

/** Each load balancer gives everything to the configured group, in which the tasks are. */
function wholeRules(found: ObservationChange['service']): ObservedRules {
  const pairs = typeof found === 'object' ? (found.traffic?.pairs ?? []) : [];
  return Object.fromEntries(
    pairs.map(({ rule, groups: [one, other] }) => [
      rule,
      {
        state: 'known',
        weights: [
          { group: one, weight: 100 },
          { group: other, weight: 0 },
        ],
        targets: { [one]: 2, [other]: 0 },
      },
    ]),
  );
}

function answers(question: Question, found: ObservationChange['service']): Partial<Observation> {
  const runs = typeof found === 'object' ? numberOf(found.primary.revision) : Number(found);
  const alarms = question.alarms?.map((name) => [name, green()] as const);
  const rises = question.rises?.alarms.map(
    (name) => [name, { state: 'known', rises: [] }] as const,
  );
  const states = question.waiting?.map((one) => [one.digest, 'present'] as const);
  return {
    ...(question.rollouts === undefined ? {} : { rollouts: [] }),
    ...(question.definition === undefined || found === 'missing'
      ? {}
      : { definition: definition({ app: image(runs) }, runs) }),
    ...(alarms === undefined ? {} : { alarms: Object.fromEntries(alarms) }),
    ...(rises === undefined ? {} : { rises: Object.fromEntries(rises) }),
    ...(question.stoppedTasks === undefined ? {} : { stoppedTasks: [] }),
    ...(question.weights === undefined ? {} : { balancer: wholeRules(found) }),
    ...(question.rollbackTo === undefined
      ? {}
      : { rollbackTo: { state: 'usable', revision: question.rollbackTo.revision } }),
    ...(question.lostRevision === undefined ? {} : { lostRevision: {} }),
    ...(states === undefined ? {} : { waiting: Object.fromEntries(states) }),
    ...(question.places === undefined
      ? {}
      : { places: Object.fromEntries(question.places.map((one) => [one.digest, UNPLACED])) }),
    ...(question.scans === undefined
      ? {}
      : { scans: Object.fromEntries(question.scans.map((one) => [one.digest, scanned()])) }),
    ...(question.signatures === undefined
      ? {}
      : {
          signatures: Object.fromEntries(
            question.signatures.map((one) => [one.digest, { state: 'verified' }]),
          ),
        }),
  };
}

/** GitHub has not told yet where the commit stands. */
const UNPLACED = { state: 'waits', because: 'GitHub does not answer' } as const;

/** A scan that is complete and found these above what is let through. */
export function scanned(...findings: readonly [id: string, severity: Severity][]): ObservedScan {
  const found = findings.map(([id, severity]) => ({ id, severity }));
  const counts = Object.groupBy(found, ({ severity }) => severity);
  return {
    state: 'complete',
    completedAt: at(0),
    counts: Object.fromEntries(
      Object.entries(counts).map(([name, list]) => [name, list?.length ?? 0]),
    ),
    above: found.length,
    findings: found,
    excepted: [],
  };
}

/** The definition of `web:<n>`; a container without an image has a tag. */
export function definition(images: Readonly<Record<string, Image | string>>, n = 1) {
  const written = Object.entries(images).map(([name, one]) => [
    name,
    typeof one === 'string' ? one : `${one.registry}/${one.repository}@${one.digest}`,
  ]);
  return { revision: revision(n), containers: Object.fromEntries(written) };
}

function numberOf(arn: string): number {
  return Number(arn.slice(arn.lastIndexOf(':') + 1));
}

export function pushed(n: number, change: Partial<ImagePushed> = {}): ImagePushed {
  return {
    type: 'ImagePushed',
    at: at(0),
    image: image(n),
    containers: { app: order(n) },
    heardFrom: 'event',
    ...change,
  };
}

/** The alarm rose at that minute, and is heard half a minute later. */
export function rose(minutes: number, change: Partial<AlarmChanged> = {}): AlarmChanged {
  return {
    type: 'AlarmChanged',
    at: at(minutes + 0.5),
    alarm: 'web-5xx',
    from: 'OK',
    to: 'ALARM',
    changedAt: at(minutes),
    muted: false,
    inHistory: 'yes',
    reason: '30 was greater than the threshold (5)',
    ...change,
  };
}

export function person(
  ask: CommandReceived['command'],
  change: Partial<CommandReceived> = {},
): CommandReceived {
  return {
    type: 'CommandReceived',
    at: at(6),
    id: 'word-1',
    by: 'ada',
    because: 'it is slow',
    command: ask,
    ...change,
  };
}

export interface Step {
  readonly record: TargetRecord;
  readonly standing: Standing;
  readonly because: string;
  /** The call that follows from a look. */
  readonly action: Action | undefined;
  /** What this step announced. */
  readonly told: readonly Announcement[];
  readonly kinds: readonly Announcement['kind'][];
}

/** One decision, and the call that follows from it. */
export function when(given: TargetRecord, event: Event): Step {
  const { record: after, because } = decide(given, event);
  const before = given.outbox.announcements.map(({ id }) => id);
  const told = after.outbox.announcements.filter(({ id }) => !before.includes(id));
  return {
    record: after,
    standing: standingOf(after),
    because,
    action: event.type === 'Observed' ? intendedCall(after, event.observation) : undefined,
    told,
    kinds: told.map(({ kind }) => kind),
  };
}

/** The decision of a look at minute `minutes`. */
export function looked(given: TargetRecord, minutes: number, change: ObservationChange = {}): Step {
  return when(given, { type: 'Observed', observation: seen(given, minutes, change) });
}
