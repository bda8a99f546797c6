/**
 * Runs our real code (translate, handle, the adapters) against the model under the direct client, with
 * many handlers in flight. Every outside call passes a gate; there virtual time passes, other
 * handlers run, and faults strike. One thing happens at a time, so a seed repeats itself.
 */

import type { BusEvent } from '@slipway/local-cloud/eventbridge/bus-event.ts';
import { drainDeliveries } from '@slipway/local-cloud/eventbridge/state.ts';
import type { Call, Fault } from '@slipway/local-cloud/kernel/call.ts';
import { AwsError } from '@slipway/local-cloud/kernel/errors.ts';
import { nextTimerAt } from '@slipway/local-cloud/kernel/timers.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { advance, executeCall, type ServiceName } from '@slipway/local-cloud/services.ts';
import { throttling } from '@slipway/local-cloud/wire/throttling.ts';
import type { Pipeline, Target } from '../../shared/config/config.ts';
import type { Announcement } from '../../shared/core/model/announcement.ts';
import type { TargetKey } from '../../shared/core/model/image.ts';
import type {
  HistoryEntry,
  Hold,
  QuarantineChange,
  TargetRecord,
} from '../../shared/core/model/record.ts';
import type { Cause, Envelope, Message } from '../../shared/edge/message.ts';
import { parseAwsEvent } from '../../shared/edge/parse-aws-event.ts';
import { type Ports, TransientError } from '../../shared/ports.ts';
import { type DecisionTaken, reconcile } from '../../shared/reconcile/reconcile.ts';
import { translate } from '../../shared/reconcile/translate.ts';
import { findTargets } from '../../shared/route/find-targets.ts';
import { FUNCTION_LIMITS, RECEIVES_MAX } from '../../shared/runtime/sizes.ts';
import { Agenda } from './agenda.ts';
import type { Chance } from './chance.ts';
import type { Faults } from './faults.ts';
import { Killed } from './killed.ts';
import { thinPorts } from './thin-ports.ts';
import { Troubles, throttled } from './troubles.ts';

/** Between the choice to call and the call: the save, and the version that is read again. */
const CALLS_BEFORE = 4;
const LAMBDA_TIMEOUT_MS = FUNCTION_LIMITS.reconcile.timeoutSeconds * 1_000;

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
  saved?(record: TargetRecord, before: TargetRecord | undefined, engine: Engine): void;
  announced?(announcement: Announcement, engine: Engine): void;
  /** An error that is neither the world's nor a person's: ours. */
  failed?(error: unknown, envelope: Envelope, engine: Engine): void;
  settled?(envelope: Envelope, decisions: readonly DecisionTaken[], engine: Engine): void;
  /** The item of a digest was written to the table, or taken out of it. */
  quarantined?(key: TargetKey, change: QuarantineChange, engine: Engine): void;
}

interface HandlerRun {
  readonly number: number;
  readonly envelope: Envelope;
  readonly startedAt: number;
  readonly skewMs: number;
  dead: boolean;
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
  readonly counts = {
    steps: 0,
    events: 0,
    handlings: 0,
    calls: 0,
    faults: {} as Record<string, number>,
  };
  pipeline: Pipeline;
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
      if ((this.agenda.nextAt ?? Infinity) > this.world.now) continue;
      this.agenda.take()?.run();
      if (this.#stirred) await this.#quiet();
    }
    advance(this.world, until);
    this.#routeEvents();
  }

  /** Is something on its way that does not stand at a gate? Nothing is, under the direct client. */
  isBusy: () => boolean = () => false;

  /** All promises that can go on have gone on: every handler stands at a gate, or is done. */
  async #quiet(): Promise<void> {
    do await new Promise((resolve) => setImmediate(resolve));
    while (this.isBusy());
    this.#stirred = false;
  }

  strikes(name: keyof Faults): boolean {
    const share = this.faults[name];
    if (share === undefined || !this.#chance.hits(share)) return false;
    this.counts.faults[name] = (this.counts.faults[name] ?? 0) + 1;
    return true;
  }

  // --- events and messages ------------------------------------------------------------------------

  #routeEvents(): void {
    for (const { event } of drainDeliveries(this.world)) {
      if (!this.loses(event)) this.receive(event);
    }
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
    const parsed = parseAwsEvent(event, this.pipeline);
    if (parsed.kind === 'ignored') return;
    const { id, source, 'detail-type': detailType } = event as Record<string, string>;
    const cause = { id: id ?? '?', source: source ?? '?', detailType: detailType ?? '?' };
    for (const { key } of findTargets(this.pipeline, parsed.message)) {
      this.send(key, parsed.message, cause);
    }
  }

  send(target: TargetKey, message: Message, cause: Cause): void {
    const copies = this.strikes('message-doubled') ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const delay = this.#chance.whole(20, 400);
      this.#deliver({ target, message, cause }, 1, this.world.now + delay);
    }
  }

  #deliver(envelope: Envelope, receive: number, at: number): void {
    this.agenda.plan(at, () => {
      void this.#invoke(envelope, receive);
      this.#stirred = true;
    });
  }

  // --- one handling -------------------------------------------------------------------------------

  async #invoke(envelope: Envelope, receive: number): Promise<void> {
    const target = Object.values(this.pipeline.targets).find((one) => one.key === envelope.target);
    if (target === undefined && !this.records.has(envelope.target)) return;
    this.counts.handlings++;
    const run: HandlerRun = {
      number: ++this.#handlers,
      envelope,
      startedAt: this.world.now,
      skewMs: this.faults['clocks-apart'] === undefined ? 0 : this.#chance.whole(-2_000, 2_000),
      dead: false,
      carriedOutAt: [],
    };
    this.log(() => `#${run.number} ${target?.id ?? envelope.target} hears ${describe(envelope)}`);
    try {
      await this.#handle(target, run);
    } catch (error) {
      this.log(() => `#${run.number} ends: ${String(error)}`);
      if (!(error instanceof Killed) && !(error instanceof TransientError)) {
        this.#watcher.failed?.(error, envelope, this);
      }
      if (receive < RECEIVES_MAX) {
        this.#deliver(envelope, receive + 1, this.world.now + LAMBDA_TIMEOUT_MS);
      }
    }
  }

  async #handle(target: Target | undefined, run: HandlerRun): Promise<void> {
    const { envelope } = run;
    const ports = this.#makePorts(this.#outsideOf(run));
    const result =
      target === undefined
        ? await this.#retire(envelope.target, ports)
        : await this.#reconcile(target, envelope, ports);
    if (result === undefined) return;
    for (const { event, because, phase, action } of result.decisions) {
      this.log(
        () =>
          `#${run.number} ${event} -> ${phase}${action === undefined ? '' : ` !${action}`}: ${because}`,
      );
    }
    this.#watcher.settled?.(envelope, result.decisions, this);
    if (result.outcome === 'later') {
      this.#deliver(envelope, 1, this.world.now + result.seconds * 1000);
    }
    if (result.outcome === 'turn' && result.given) {
      const message = { type: 'Hinted', cause: 'its turn to ask AWS', about: 'turn' } as const;
      this.#deliver({ ...envelope, message }, 1, Math.max(result.at, this.world.now));
    }
  }

  async #reconcile(target: Target, envelope: Envelope, ports: Ports) {
    const translated = await translate(target, envelope, ports, { senderId: 'AROASIM:somebody' });
    if ('ignored' in translated) return undefined;
    return await reconcile(target, translated.event, ports, { urgent: translated.urgent });
  }

  /** As `reconcile-batch.ts` does for a target that the config no longer names. */
  async #retire(key: TargetKey, ports: Ports) {
    const stored = await ports.records.load(key);
    if (stored === undefined) return undefined;
    const { id, rules } = stored.record;
    const [, cluster = '', service = ''] = key.split('/');
    const event = { type: 'Retired', at: ports.clock.now() } as const;
    return await reconcile({ key, id, rules, cluster, service }, event, ports, { urgent: false });
  }

  /** Waits at a gate: the call's way there, or its way back. */
  async #gate(run: HandlerRun, where: string): Promise<void> {
    if (run.dead) throw new Killed(where);
    let wait = this.#chance.whole(2, 30);
    if (this.strikes('paused')) {
      wait += this.#chance.whole(10, 240) * 1000;
      this.log(() => `#${run.number} is paused ${where} for ${Math.round(wait / 1000)} s`);
    }
    await new Promise<void>((resolve) => {
      this.agenda.plan(this.world.now + wait, () => {
        this.#stirred = true;
        resolve();
      });
    });
    const late =
      this.faults['timed-out'] !== undefined &&
      this.world.now > run.startedAt + LAMBDA_TIMEOUT_MS &&
      this.strikes('timed-out');
    if (++this.#gates === this.#killAtGate || late || this.strikes('killed')) {
      run.dead = true;
      throw new Killed(where);
    }
  }

  /** One call to the outside: gate, deed, gate. */
  async #outside<T>(run: HandlerRun, name: string, deed: () => T): Promise<T> {
    this.counts.calls++;
    await this.#gate(run, `before ${name}`);
    if (this.strikes('throttled')) throw throttled();
    const trouble = this.troubles.of(name, this.world.now);
    if (trouble !== undefined) throw trouble;
    const answer = deed();
    run.previous = name;
    run.carriedOutAt.push(this.world.now);
    if (this.strikes('answer-lost')) throw lost();
    await this.#gate(run, `after ${name}`);
    return answer;
  }

  /** What one handling may touch of the world, by its gates. */
  #outsideOf(run: HandlerRun): Outside {
    return {
      engine: this,
      number: run.number,
      envelope: run.envelope,
      beganAt: run.startedAt,
      previous: () => run.previous,
      left: () => {
        const before = run.carriedOutAt.at(-CALLS_BEFORE);
        return before && run.startedAt + LAMBDA_TIMEOUT_MS - before;
      },
      clock: {
        now: () => this.world.now + run.skewMs,
        newId: () => `id-${++this.#ids}`,
        timeLeft: () => run.startedAt + LAMBDA_TIMEOUT_MS - this.world.now,
      },
      call: (name, deed) => this.#outside(run, name, deed),
      pass: (where) => this.#gate(run, where),
    };
  }

  // --- what the ports tell of what they did ---------------------------------------------------------

  called(call: CallMade): void {
    this.#watcher.called?.(call, this);
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

/** Timers of the model that are due: tasks that move, requests that are served, alarms that are judged. */
function timersUntil(world: World, until: number): number {
  let due = 0;
  while ((world.timers[due]?.at ?? Number.POSITIVE_INFINITY) <= until) due++;
  return due;
}

function lost(): Error {
  return Object.assign(new Error('socket hang up'), { name: 'TimeoutError', $metadata: {} });
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
