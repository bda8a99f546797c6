/**
 * Runs our real code (translate, handle, the adapters) against the model under the direct client, with
 * many handlers in flight. Every outside call passes a gate; there virtual time passes, other
 * handlers run, and faults strike. One thing happens at a time, so a seed repeats itself.
 */

import type { BusEvent } from '@slipway/local-cloud/eventbridge/bus-event.ts';
import { drainDeliveries } from '@slipway/local-cloud/eventbridge/state.ts';
import { drainWebhooks } from '@slipway/local-cloud/github/webhooks/deliveries.ts';
import type { Call, Fault } from '@slipway/local-cloud/kernel/call.ts';
import { AwsError } from '@slipway/local-cloud/kernel/errors.ts';
import { nextTimerAt } from '@slipway/local-cloud/kernel/timers.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { type TakenInvocation, takeInvocations } from '@slipway/local-cloud/lambda/state.ts';
import { advance, executeCall, type ServiceName } from '@slipway/local-cloud/services.ts';
import { throttling } from '@slipway/local-cloud/wire/throttling.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import type { Announcement } from '../../shared/core/model/announcement.ts';
import type { TargetKey } from '../../shared/core/model/image.ts';
import type { HistoryEntry, QuarantineChange } from '../../shared/core/model/record/outbox.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import type { Hold } from '../../shared/core/model/record/waiting.ts';
import type { SourceAnnouncement } from '../../shared/core/source/announcement.ts';
import {
  bodyOf,
  type Cause,
  type Envelope,
  type Message,
  type SourceEnvelope,
} from '../../shared/edge/message.ts';
import { parseAwsEvent } from '../../shared/edge/parse-aws-event.ts';
import { type Ports, type QueueName, type Queues, TransientError } from '../../shared/ports.ts';
import { buildBatch } from '../../shared/reconcile/build-batch.ts';
import type { DecisionTaken } from '../../shared/reconcile/reconcile.ts';
import { type ReconcileOutcome, reconcileBatch } from '../../shared/reconcile/reconcile-batch.ts';
import { findTargets } from '../../shared/route/find-targets.ts';
import { queueFor, queueName } from '../../shared/runtime/routing.ts';
import { FUNCTION_LIMITS } from '../../shared/runtime/sizes.ts';
import { Agenda } from './agenda.ts';
import type { Chance } from './chance.ts';
import type { Faults } from './faults.ts';
import { factsNow, handlingLog } from './handling-log.ts';
import { hasOthers, hearBuild, hearGithub, hearImage } from './hear-git.ts';
import { type Asked, askHook, tellEcs } from './hook.ts';
import { Killed, killedAt } from './killed.ts';
import { type Queued, SimulatedQueues } from './queues.ts';
import { thinPorts } from './thin-ports.ts';
import { SourceTable, thinSourcePorts } from './thin-source-ports.ts';
import { hungUp, Troubles, throttled } from './troubles.ts';

/** Between the choice to call and the call: the save, and the version that is read again. */
const CALLS_BEFORE = 4;
/** A shift asks dozens of times: as frail as a handler, hardly any would come to its end. */
const HOOK_FRAILTY = 0.1;

export interface CallMade {
  readonly at: number;
  readonly handler: number;
  readonly cause: string;
  readonly target: TargetKey;
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: object;
  /** What the same handler asked of the outside just before. */
  readonly after?: string | undefined;
  /** When the handler began. */
  readonly beganAt?: number | undefined;
  /** Of the handler's time, what was left a few calls before: a pause that came since is nobody's choice. */
  readonly leftMs?: number | undefined;
}

/** What the invariants watch. */
export interface Watcher {
  called?(call: CallMade, engine: Engine): void;
  /** AWS would not have it. */
  refused?(call: CallMade, engine: Engine): void;
  saved?(record: TargetRecord, before: TargetRecord | undefined, engine: Engine): void;
  announced?(announcement: Announcement, engine: Engine): void;
  /** An error that is neither the world's nor a person's: ours. */
  failed?(error: unknown, envelope: Envelope, engine: Engine): void;
  settled?(envelope: Envelope, decisions: readonly DecisionTaken[], engine: Engine): void;
  announcedOfSource?(announcement: SourceAnnouncement): void;
  /** The item of a digest was written to the table, or taken out of it. */
  quarantined?(key: TargetKey, change: QuarantineChange, engine: Engine): void;
  /** Our hook has answered ECS. */
  asked?(asked: Asked, engine: Engine): void;
}

/** One Lambda invocation: a batch of messages, and the config that was deployed with it. */
interface Invoked {
  readonly number: number;
  readonly timeoutMs: number;
  /** How often a fault strikes it, compared with a handler. */
  readonly frailty: number;
  readonly pipeline: Pipeline;
  readonly startedAt: number;
  readonly skewMs: number;
  dead: boolean;
}

interface HandlerRun {
  readonly invoked: Invoked;
  readonly envelope: Envelope;
  /** The newest call to the outside that was carried out. */
  previous?: string;
  /** When each of its calls was carried out. */
  readonly carriedOutAt: number[];
}

export interface EngineOptions {
  readonly world: World;
  readonly pipeline: Pipeline;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly watcher: Watcher;
  readonly onLog?: (line: string) => void;
  /** The handler that stands at this gate, counted through the whole run, is killed there. */
  readonly killAtGate?: number;
  /** Whether AWS throttles as it publishes; true unless told. */
  readonly throttling?: boolean;
  /** Thin ports unless told. */
  readonly makePorts?: (outside: Outside) => Ports;
}

/** What one handling sees of the engine. */
export interface Outside {
  readonly engine: Engine;
  /** Of the handling. */
  readonly number: number;
  readonly envelope: Envelope;
  readonly beganAt: number;
  /** The config that its function was deployed with. */
  readonly pipeline: Pipeline;
  readonly clock: Ports['clock'];
  previous(): string | undefined;
  /** Of its time, what was left a few calls before. */
  left(): number | undefined;
  /** One call to the outside: gate, deed, gate; throws what AWS would, when a fault strikes. */
  call<T>(name: string, deed: () => T): Promise<T>;
  /** One gate alone. */
  pass(where: string): Promise<void>;
}

export class Engine {
  readonly world: World;
  readonly agenda = new Agenda();
  readonly records = new Map<TargetKey, { record: TargetRecord; version: number }>();
  readonly history = new Map<TargetKey, Map<number, HistoryEntry>>();
  readonly quarantine = new Map<string, string>();
  readonly announcements = new Map<string, Announcement>();
  /** What the table knows of sources and of commits. */
  readonly sources = new SourceTable();
  readonly counts = {
    steps: 0,
    events: 0,
    handlings: 0,
    calls: 0,
    faults: {} as Record<string, number>,
  };
  pipeline: Pipeline;
  /** The config before, and how long some handlers still go by it. */
  before: { readonly pipeline: Pipeline; readonly until: number } | undefined;
  faults: Faults;
  /** What AWS does to some calls for a while. */
  readonly troubles = new Troubles();
  /** Somebody stopped the whole account. */
  stop: Hold | undefined;
  readonly #chance: Chance;
  readonly #watcher: Watcher;
  readonly #onLog: ((line: string) => void) | undefined;
  readonly #killAtGate: number | undefined;
  readonly #makePorts: (outside: Outside) => Ports;
  readonly #take: (call: Call) => Fault;
  readonly #queues: SimulatedQueues;
  #gates = 0;
  #handlers = 0;
  #ids = 0;
  #stirred = false;

  constructor(options: EngineOptions) {
    const {
      world,
      pipeline,
      chance,
      faults,
      watcher,
      onLog,
      killAtGate,
      throttling: hasBuckets = true,
      makePorts = thinPorts,
    } = options;
    this.world = world;
    this.pipeline = pipeline;
    this.faults = faults;
    this.#chance = chance;
    this.#watcher = watcher;
    this.#onLog = onLog;
    this.#killAtGate = killAtGate;
    this.#makePorts = makePorts;
    this.#take = hasBuckets ? throttling(() => world.now) : () => 'none';
    this.#queues = new SimulatedQueues(
      this.agenda,
      () => this.world.now,
      (queue, batch) => this.#invoke(queue, batch),
    );
  }

  /** What AWS's buckets do to a call. */
  limit(call: Call): Fault {
    const fault = this.#take(call);
    if (fault !== 'none') this.counts.faults.buckets = (this.counts.faults.buckets ?? 0) + 1;
    return fault;
  }

  /** Gates passed so far: two for each outside call, one before and one after it. */
  get gates(): number {
    return this.#gates;
  }

  /** Did any fault strike so far? */
  get struck(): boolean {
    return Object.keys(this.counts.faults).length > 0;
  }

  log(line: () => string): void {
    this.#onLog?.(`${new Date(this.world.now).toISOString()} ${line()}`);
  }

  /** Lets everything happen up to this moment. */
  async run(until: number): Promise<void> {
    for (;;) {
      const next = Math.min(this.agenda.nextAt ?? Infinity, nextTimerAt(this.world) ?? Infinity);
      if (next > until) break;
      this.counts.steps += timersUntil(this.world, next);
      advance(this.world, next);
      this.counts.steps++;
      this.#routeEvents();
      // A webhook is heard when it comes, and not when something else happens next.
      if (this.#stirred) await this.#quiet();
      if ((this.agenda.nextAt ?? Infinity) > this.world.now) continue;
      this.agenda.take()?.run();
      if (this.#stirred) await this.#quiet();
    }
    advance(this.world, until);
    this.#routeEvents();
  }

  /** How many have something to do that takes more than a promise, and stand at no gate. */
  working = 0;
  /** Is something on its way that does not stand at a gate? */
  isBusy: () => boolean = () => this.working > 0;

  /** All promises that can go on have gone on: every handler stands at a gate, or is done. */
  async #quiet(): Promise<void> {
    do await new Promise((resolve) => setImmediate(resolve));
    while (this.isBusy());
    this.#stirred = false;
  }

  strikes(name: keyof Faults, frailty = 1): boolean {
    const share = this.faults[name];
    if (share === undefined || !this.#chance.hits(share * frailty)) return false;
    this.counts.faults[name] = (this.counts.faults[name] ?? 0) + 1;
    return true;
  }

  // --- events and messages ------------------------------------------------------------------------

  #routeEvents(): void {
    for (const delivery of drainWebhooks(this.world)) {
      this.background(() => hearGithub(this, delivery));
    }
    for (const { event } of drainDeliveries(this.world)) {
      if (!this.loses(event)) this.receive(event);
    }
    for (const asked of takeInvocations(this.world)) this.background(() => this.#ask(asked));
  }

  /** ECS waits for it; how often a question comes, and how late, is drawn. */
  async #ask(taken: TakenInvocation): Promise<void> {
    const { agenda, world } = this;
    const again = () => this.background(async () => void (await this.#answered(taken)));
    if (this.strikes('hook-late')) {
      agenda.plan(world.now + this.#chance.whole(30, 1_200) * 1_000, again);
    }
    if (this.strikes('hook-doubled')) agenda.plan(world.now + this.#chance.whole(0, 900), again);
    if (!this.strikes('hook-slow')) {
      tellEcs(world, taken, await this.#answered(taken));
      return;
    }
    agenda.plan(world.now + this.#chance.whole(2, 40) * 1_000, () =>
      this.background(async () => tellEcs(world, taken, await this.#answered(taken))),
    );
  }

  async #answered({ payload }: TakenInvocation): Promise<Asked | undefined> {
    const invoked = this.#begin('lifecycle-hook');
    const cause = { id: '', source: 'aws.ecs', detailType: 'lifecycle hook' };
    const message = { type: 'Hinted', cause: '' } as const;
    const envelope: Envelope = { target: 'the hook', message, cause };
    const run: HandlerRun = { invoked, envelope, carriedOutAt: [] };
    const asked = await askHook(this.#outsideOf(run), structuredClone(payload));
    const { hookStatus, hookDetails } = asked.answer;
    this.log(
      () =>
        `#${invoked.number} ECS asks at ${asked.stage}: ${invoked.dead ? 'nobody' : hookStatus}: ${hookDetails?.slipway.because}`,
    );
    if (invoked.dead) return undefined;
    this.#watcher.asked?.(asked, this);
    return asked;
  }

  /** A story may lose an event on purpose. */
  loses: (event: BusEvent) => boolean = () => false;

  /** An event from AWS on its way to a routing function. */
  receive(event: unknown): void {
    this.counts.events++;
    if (this.strikes('event-lost')) return;
    const copies = this.strikes('event-doubled') ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const late = this.strikes('event-late')
        ? this.#chance.whole(1, 60) ** 2 * 24_000
        : this.#chance.whole(100, 2_000);
      this.agenda.plan(this.world.now + late, () => this.#route(event));
    }
  }

  #route(event: unknown): void {
    if ((event as BusEvent).source === 'aws.codebuild') {
      this.background(() => hearBuild(this, event));
      return;
    }
    const parsed = parseAwsEvent(event, this.pipeline);
    if (parsed.kind === 'ignored') return;
    const { id, source, 'detail-type': detailType } = event as Record<string, string>;
    const cause = { id: id ?? '?', source: source ?? '?', detailType: detailType ?? '?' };
    for (const { key } of findTargets(this.pipeline, parsed.message)) {
      this.send(key, parsed.message, cause);
    }
    if (parsed.message.type === 'ImagePushed' && hasOthers(this.pipeline)) {
      this.background(() => hearImage(this, event));
    }
  }

  send(target: TargetKey, message: Message, cause: Cause): void {
    const copies = this.strikes('message-doubled') ? 2 : 1;
    const body = bodyOf({ target, message, cause });
    for (let copy = 0; copy < copies; copy++) {
      this.#queues.post(queueFor(message), body, this.#chance.whole(20, 400));
    }
  }

  /** What our functions send. */
  readonly queues: Queues = {
    send: async (queue, messages) => {
      for (const { body, delaySeconds = 0 } of messages) {
        this.#queues.post(queue, body, delaySeconds * 1_000 + this.#chance.whole(20, 400));
      }
    },
  };

  /** What runs beside the handlers, and stands at no gate. */
  background(work: () => Promise<void>): void {
    this.#stirred = true;
    void work();
  }

  // --- one invocation -----------------------------------------------------------------------------

  async #invoke(queue: QueueName, batch: readonly Queued[]): Promise<readonly string[]> {
    this.#stirred = true;
    return queue === 'builds'
      ? await this.#build(queue, batch)
      : await this.#reconcile(queue, batch);
  }

  #begin(name: 'reconcile' | 'build' | 'lifecycle-hook'): Invoked {
    return {
      number: ++this.#handlers,
      timeoutMs: FUNCTION_LIMITS[name].timeoutSeconds * 1_000,
      frailty: name === 'lifecycle-hook' ? HOOK_FRAILTY : 1,
      pipeline: this.#deployed(),
      startedAt: this.world.now,
      skewMs: this.faults['clocks-apart'] === undefined ? 0 : this.#chance.whole(-2_000, 2_000),
      dead: false,
    };
  }

  /** Of sources: the same gates, so that a handler of theirs is killed like any other. */
  async #build(queue: QueueName, batch: readonly Queued[]): Promise<readonly string[]> {
    const invoked = this.#begin('build');
    const { pipeline, number } = invoked;
    const [first] = batch;
    const { source, message, cause } = JSON.parse(first?.body ?? '') as SourceEnvelope;
    this.log(() => `#${number} ${source} hears ${message.type}, of ${batch.length}`);
    // Whose word it is matters to no port of a source.
    const envelope: Envelope = { target: source, message: { type: 'Hinted', cause: '' }, cause };
    const run: HandlerRun = { invoked, envelope, carriedOutAt: [] };
    const log = handlingLog((error) => this.#failed(invoked, error, envelope));
    const { batchItemFailures } = await buildBatch(
      { Records: batch.map((item) => recordOf(this.world, queue, item)) },
      { timeLeft: () => this.#timeLeft(invoked), signal: NEVER.signal },
      {
        pipeline,
        log,
        queues: this.queues,
        ports: () => thinSourcePorts(this.#outsideOf(run)),
        onBuilt: ({ decisions }) => {
          for (const { event, because } of decisions) {
            this.log(() => `#${number} ${event} of ${source}: ${because}`);
          }
        },
      },
    );
    return invoked.dead
      ? batch.map(({ messageId }) => messageId)
      : batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  }

  async #reconcile(queue: QueueName, batch: readonly Queued[]): Promise<readonly string[]> {
    const invoked = this.#begin('reconcile');
    const envelopes = new Map(
      batch.map(({ messageId, body }) => [messageId, JSON.parse(body) as Envelope]),
    );
    for (const envelope of envelopes.values()) this.#hears(invoked, envelope);
    const log = handlingLog((error, { messageId }) =>
      this.#failed(invoked, error, envelopes.get(String(messageId))),
    );
    const { batchItemFailures } = await reconcileBatch(
      { Records: batch.map((item) => recordOf(this.world, queue, item)) },
      { timeLeft: () => this.#timeLeft(invoked), signal: NEVER.signal },
      {
        pipeline: invoked.pipeline,
        log,
        queues: this.queues,
        ports: () => {
          const envelope = envelopes.get(String(factsNow(log).messageId));
          if (envelope === undefined) throw new Error('a message without its log');
          return this.#makePorts(this.#outsideOf({ invoked, envelope, carriedOutAt: [] }));
        },
        onReconciled: (outcome) => this.#reconciled(invoked, outcome),
      },
    );
    // Nobody hears the answer of a handler that was killed: all of them come back.
    return invoked.dead
      ? [...envelopes.keys()]
      : batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  }

  /** While a new config is deployed, handlers of the one before go on for a while. */
  #deployed(): Pipeline {
    const { before } = this;
    if (before === undefined || this.world.now >= before.until) return this.pipeline;
    return this.#chance.hits(0.5) ? before.pipeline : this.pipeline;
  }

  #hears({ number }: Invoked, envelope: Envelope): void {
    this.counts.handlings++;
    this.log(() => `#${number} ${nameOf(envelope.target)} hears ${describe(envelope)}`);
  }

  #failed({ number }: Invoked, error: unknown, envelope: Envelope | undefined): void {
    this.log(() => `#${number} ends: ${String(error)}`);
    if (error instanceof Killed || error instanceof TransientError || envelope === undefined)
      return;
    this.#watcher.failed?.(error, envelope, this);
  }

  #reconciled({ number }: Invoked, outcome: ReconcileOutcome): void {
    if ('ignored' in outcome) return;
    const { decisions } = outcome.handled;
    for (const { event, because, phase, action } of decisions) {
      this.log(
        () =>
          `#${number} ${event} -> ${phase}${action === undefined ? '' : ` !${action}`}: ${because}`,
      );
    }
    this.#watcher.settled?.(outcome.envelope, decisions, this);
  }

  #timeLeft({ startedAt, timeoutMs }: Invoked): number {
    return startedAt + timeoutMs - this.world.now;
  }

  /** Waits at a gate: the call's way there, or its way back. */
  async #gate(run: HandlerRun, where: string, longer = 0): Promise<void> {
    const { invoked } = run;
    if (invoked.dead) throw killedAt(where);
    let wait = this.#chance.whole(2, 30) + longer;
    if (this.strikes('paused', invoked.frailty)) {
      wait += this.#chance.whole(10, 240) * 1000;
      this.log(() => `#${invoked.number} is paused ${where} for ${Math.round(wait / 1000)} s`);
    }
    await new Promise<void>((resolve) => {
      this.agenda.plan(this.world.now + wait, () => {
        this.#stirred = true;
        resolve();
      });
    });
    // It was killed meanwhile, with all that it had in hand.
    if (invoked.dead) throw killedAt(where);
    const late =
      this.faults['timed-out'] !== undefined &&
      this.world.now > invoked.startedAt + invoked.timeoutMs &&
      this.strikes('timed-out');
    // A hook that is killed has ECS take the traffic back: that ends otherwise, by ECS's own rule.
    const isSwept = invoked.frailty === 1 && ++this.#gates === this.#killAtGate;
    if (isSwept || late || this.strikes('killed', invoked.frailty)) {
      invoked.dead = true;
      throw killedAt(where);
    }
  }

  /** One call to the outside: gate, deed, gate. */
  async #outside<T>(run: HandlerRun, name: string, deed: () => T): Promise<T> {
    this.counts.calls++;
    const { troubles, world } = this;
    await this.#gate(run, `before ${name}`, troubles.waitsMs(name, world.now, 'late'));
    if (this.strikes('throttled')) throw throttled();
    const trouble = troubles.of(name, world.now);
    if (trouble !== undefined) throw trouble;
    const answer = deed();
    run.previous = name;
    run.carriedOutAt.push(world.now);
    const isLost = troubles.losesAnswer(name, world.now) || this.strikes('answer-lost');
    if (isLost) throw hungUp();
    await this.#gate(run, `after ${name}`, troubles.waitsMs(name, world.now, 'slow'));
    return answer;
  }

  /** What one handling may touch of the world, by its gates. */
  #outsideOf(run: HandlerRun): Outside {
    const { invoked, envelope } = run;
    const { number, startedAt: beganAt, skewMs, pipeline, timeoutMs } = invoked;
    return {
      engine: this,
      number,
      envelope,
      beganAt,
      pipeline,
      previous: () => run.previous,
      left: () => {
        const before = run.carriedOutAt.at(-CALLS_BEFORE);
        return before && beganAt + timeoutMs - before;
      },
      clock: {
        now: () => this.world.now + skewMs,
        newId: () => `id-${++this.#ids}`,
        timeLeft: () => this.#timeLeft(invoked),
      },
      call: (name, deed) => this.#outside(run, name, deed),
      pass: (where) => this.#gate(run, where),
    };
  }

  // --- what the ports tell of what they did ---------------------------------------------------------

  called(call: CallMade): void {
    this.#watcher.called?.(call, this);
  }

  refused(call: CallMade): void {
    this.#watcher.refused?.(call, this);
  }

  saved(record: TargetRecord, version: number): void {
    const before = this.records.get(record.key)?.record;
    this.records.set(record.key, { record, version });
    this.#watcher.saved?.(record, before, this);
  }

  quarantined(key: TargetKey, change: QuarantineChange): void {
    const name = `${key} ${change.digest}`;
    if (change.change === 'lifted') this.quarantine.delete(name);
    else this.quarantine.set(name, change.because);
    this.#watcher.quarantined?.(key, change, this);
  }

  remembered(key: TargetKey, entries: readonly HistoryEntry[]): void {
    const kept = this.history.get(key) ?? new Map<number, HistoryEntry>();
    for (const entry of entries) kept.set(entry.sequence, entry);
    this.history.set(key, kept);
  }

  announced(announcement: Announcement): void {
    if (this.announcements.has(announcement.id)) return;
    this.announcements.set(announcement.id, announcement);
    const { kind, target, release = '', because } = announcement;
    this.log(() => `announced ${kind} ${target} ${release}: ${because}`);
    this.#watcher.announced?.(announcement, this);
  }

  announcedOfSource(announcement: SourceAnnouncement): void {
    const { kind, ref, commit, because } = announcement;
    this.log(() => `announced ${kind} ${ref} ${commit.slice(0, 12)}: ${because}`);
    this.#watcher.announcedOfSource?.(announcement);
  }

  /** What a person or another tool does to AWS, outside of Slipway. */
  asSomebody(service: ServiceName, operation: string, input: object): unknown {
    try {
      return executeCall(this.world, { service, operation, input }, {});
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.log(() => `AWS refuses ${operation}: ${error.message}`);
      return undefined;
    }
  }
}

/** The simulation ends handlers by its own clock. */
const NEVER = new AbortController();

/** As SQS hands it over; what the functions sent came by their own sessions. */
function recordOf(world: World, queue: QueueName, { messageId, body }: Queued): object {
  const SenderId = `AROASIM:${queue === 'commands' ? personIn(body) : 'slipway-tick'}`;
  const eventSourceARN = `arn:aws:sqs:${world.region}:${world.account}:${queueName({}, queue)}`;
  return { messageId, body, eventSourceARN, attributes: { SenderId } };
}

/** Who says a command has a session of that name. */
function personIn(body: string): string {
  const { message } = JSON.parse(body) as Envelope;
  return message.type === 'CommandReceived' ? message.by : 'somebody';
}

function nameOf(target: TargetKey): string {
  return target.slice(target.lastIndexOf('/') + 1);
}

/** Timers of the model that are due: tasks that move, requests that are served, alarms that are judged. */
function timersUntil(world: World, until: number): number {
  let due = 0;
  while ((world.timers[due]?.at ?? Number.POSITIVE_INFINITY) <= until) due++;
  return due;
}

export function describe({ message }: Envelope): string {
  switch (message.type) {
    case 'ImagePushed':
      return `ImagePushed ${message.repository}:${message.tag}`;
    case 'AlarmChanged':
      return `AlarmChanged ${message.alarm} ${message.from}->${message.to}`;
    case 'Hinted':
      return `Hinted ${message.cause}`;
    case 'CommandReceived':
      return `CommandReceived ${message.command.do}`;
  }
}
