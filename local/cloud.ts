/**
 * The local AWS with our functions in it: real clients over the model, events over the same rules
 * as in production, queues, a scheduler. Time is virtual, and one thing happens at a time, so the
 * same seed gives the same log, byte for byte.
 */
import type { Call } from '../shared/aws/call-log.ts';
import type { Pipeline, Target } from '../shared/config.ts';
import { queueNames } from '../shared/routing.ts';
import type { Settled } from '../shared/settle-batch.ts';
import { QUEUE_LIMITS, TICK_EVERY_MINUTES } from '../shared/sizes.ts';
import { advance, nextTimerAt } from './clockwork.ts';
import { batchOf, settleBatchAnswer } from './event-source.ts';
import { drainDeliveries, eventsOn } from './eventbridge.ts';
import { BUS, environmentOf, install } from './installation.ts';
import { Labels } from './labels.ts';
import {
  contextOf,
  type FunctionName,
  type Invocation,
  type LambdaHandler,
  retryOf,
  tickAt,
} from './lambda.ts';
import { makeFunctions, recordsOf } from './our-functions.ts';
import { readPattern } from './pattern.ts';
import type { Stage } from './scenario-steps.ts';
import { clientSettings, createSdkSkin } from './sdk-skin.ts';
import { queueArn, queueNamed, receive, send } from './sqs.ts';
import type { Announced, CallMade, Entry } from './timeline.ts';
import { type BusEvent, drawUuid, type World } from './world.ts';

/** What one call to AWS takes. */
export const CALL_MS = 20;
const TICK_EVERY_MS = TICK_EVERY_MINUTES * 60_000;

export interface CloudOptions {
  /** Set up: what Slipway finds when it arrives. */
  readonly world: World;
  readonly pipeline: Pipeline;
  readonly seed: number;
}

/** Events of AWS that the timeline shows; those of tasks are many and say little. */
const SHOWN = new Set([
  'ECR Image Action',
  'CloudWatch Alarm State Change',
  'ECS Deployment State Change',
]);

export class Cloud implements Stage {
  readonly world: World;
  readonly pipeline: Pipeline;
  readonly labels: Labels;
  readonly timeline: Entry[] = [];
  /** The log lines of all functions, as CloudWatch Logs would have them. */
  readonly lines: string[] = [];
  /** Events that a function failed on three times. */
  readonly givenUp: Invocation[] = [];
  readonly #ids: { chance: number };
  readonly #functions: Readonly<Record<FunctionName, LambdaHandler>>;
  readonly #records: ReturnType<typeof recordsOf>;
  #pending: Invocation[] = [];
  #heard: { default?: BusEvent | undefined; slipway?: BusEvent | undefined } = {};
  #lost: { readonly detailType: string; left: number }[] = [];

  private constructor({ world, pipeline, seed }: CloudOptions, aws: AwsSettings) {
    this.world = world;
    this.pipeline = pipeline;
    this.labels = new Labels(world);
    // Apart from the model's chance: how many ids we draw must not change what ECS does.
    this.#ids = { chance: ~seed };
    const options = {
      pipeline,
      environment: environmentOf(world),
      aws,
      clock: { now: () => world.now, newId: () => drawUuid(this.#ids) },
      onLine: (line: string) => this.#write(line),
      onCall: (name: FunctionName, call: Call) =>
        this.timeline.push({ type: 'call', at: world.now, function: name, ...call }),
      onSettled: (settled: Settled) => this.#settled(settled),
    };
    this.#functions = makeFunctions(options);
    this.#records = recordsOf(options);
  }

  /** Puts us into the world, as the infrastructure would. */
  static async start(options: CloudOptions): Promise<Cloud> {
    const { world, pipeline } = options;
    // A call takes its time, before AWS answers.
    const pass = () => {
      advance(world, world.now + CALL_MS);
      return 'none' as const;
    };
    const aws = clientSettings({ world, skin: createSdkSkin({ world, fault: pass }) });
    const cloud = new Cloud(options, aws);
    await install(world, pipeline, aws);
    cloud.#heard.default = eventsOn(world, 'default').at(-1);
    cloud.#pending.push(tickAt(world, world.now + TICK_EVERY_MS));
    return cloud;
  }

  /** Lets everything happen that happens up to this moment. */
  async runUntil(until: number): Promise<void> {
    for (;;) {
      while (await this.#next()) this.#listen();
      this.#listen();
      const at = Math.min(
        nextTimerAt(this.world) ?? Number.POSITIVE_INFINITY,
        ...this.#pending.map((invocation) => invocation.at),
      );
      if (at > until) break;
      // A handler's calls may have moved the clock past it.
      advance(this.world, Math.max(at, this.world.now));
    }
    advance(this.world, Math.max(until, this.world.now));
  }

  lose(detailType: string, count: number): void {
    this.#lost.push({ detailType, left: count });
  }

  /** An alarm's own action and a notification of SNS do not pass EventBridge and its rules. */
  deliver(event: unknown): void {
    const isDirect = (key: string) => Object.hasOwn(Object(event), key);
    if (isDirect('alarmData') || isDirect('Records')) this.#later('alarm-changed', event);
    for (const { pattern, target } of this.world.eventbridge.rules) {
      if (readPattern(pattern)(event as BusEvent)) this.#later(target as FunctionName, event);
    }
  }

  ask(target: Target, message: object): void {
    const id = drawUuid(this.#ids);
    const cause = { id, source: 'slipway.operator', detailType: 'word of a person' };
    const body = JSON.stringify({ target: target.key, message, cause });
    send(this.world, queueNamed(this.world, queueNames.urgent), { body });
  }

  tell(text: string): void {
    this.timeline.push({ type: 'step', at: this.world.now, text });
  }

  #later(name: FunctionName, event: unknown): void {
    this.#pending.push({ function: name, event, at: this.world.now, tried: 0 });
  }

  /** Runs a function now, to its end; throws what it throws. */
  async invoke(name: FunctionName, event: unknown): Promise<unknown> {
    const now = () => this.world.now;
    const context = contextOf(name, drawUuid(this.#ids), now, this.world);
    // A function gets its event off the wire: nobody may change somebody else's.
    return await this.#functions[name](structuredClone(event), context);
  }

  /** What we remember about a target: by its key. */
  async recordOf(key: string) {
    return (await this.#records.load(key))?.record;
  }

  /** Does the next thing that is due; false if nothing is. */
  async #next(): Promise<boolean> {
    this.#route();
    return (
      (await this.#invokeDue()) || (await this.#poll('urgent')) || (await this.#poll('releases'))
    );
  }

  #route(): void {
    for (const { target, event } of drainDeliveries(this.world)) {
      const lost = this.#lost.find(
        (loss) => loss.left > 0 && loss.detailType === event['detail-type'],
      );
      if (lost !== undefined) lost.left--;
      else this.#later(target as FunctionName, event);
    }
  }

  async #invokeDue(): Promise<boolean> {
    const due = this.#pending.find(({ at }) => at <= this.world.now);
    if (due === undefined) return false;
    this.#pending = this.#pending.filter((other) => other !== due);
    if (due.function === 'tick') {
      this.#pending.push(tickAt(this.world, due.at + TICK_EVERY_MS));
    }
    try {
      await this.invoke(due.function, due.event);
    } catch (error) {
      const again = retryOf(due, this.world.now);
      if (again === undefined) this.givenUp.push(due);
      else this.#pending.push(again);
      this.#failed(
        due.function,
        error,
        again === undefined ? 'it is given up' : 'Lambda tries again',
      );
    }
    return true;
  }

  async #poll(name: 'urgent' | 'releases'): Promise<boolean> {
    const queue = queueNamed(this.world, queueNames[name]);
    const messages = receive(this.world, queue, QUEUE_LIMITS[name].batchSize);
    if (messages.length === 0) return false;
    const arn = queueArn(this.world, queue.name);
    try {
      const answer = await this.invoke('settle', batchOf(this.world, arn, messages));
      settleBatchAnswer(queue, messages, answer);
    } catch (error) {
      this.#failed('settle', error, 'its messages come back');
    }
    return true;
  }

  #failed(name: FunctionName, error: unknown, next: string): void {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.timeline.push({ type: 'failure', at: this.world.now, function: name, error: text, next });
  }

  /** `onCall` comes right before the line of the same call, and the line knows the cause. */
  #write(line: string): void {
    this.lines.push(line);
    const last = this.timeline.at(-1);
    if (last?.type !== 'call' || last.cause !== undefined) return;
    const { call, cause } = JSON.parse(line) as { call?: object; cause?: unknown };
    if (call === undefined || cause === undefined) return;
    this.timeline[this.timeline.length - 1] = { ...last, cause } satisfies CallMade;
  }

  #settled(settled: Settled): void {
    if (!('handled' in settled)) return;
    const { target } = settled;
    for (const decision of settled.handled.decisions) {
      this.timeline.push({ type: 'decision', at: this.world.now, target, ...decision });
    }
  }

  /** Takes over what the buses received since the last time. */
  #listen(): void {
    for (const event of this.#fresh('default')) {
      if (!SHOWN.has(event['detail-type'])) continue;
      this.timeline.push({ type: 'event', at: this.world.now, event });
    }
    for (const event of this.#fresh(BUS)) {
      const announcement = event.detail as unknown as Announced;
      this.timeline.push({ type: 'announcement', at: announcement.at, announcement });
    }
  }

  #fresh(bus: 'default' | typeof BUS): readonly BusEvent[] {
    const events = eventsOn(this.world, bus);
    const last = this.#heard[bus];
    const fresh = last === undefined ? events : events.slice(events.lastIndexOf(last) + 1);
    const newest = events.at(-1);
    if (newest !== undefined) this.#heard = { ...this.#heard, [bus]: newest };
    return [...fresh];
  }
}

type AwsSettings = ReturnType<typeof clientSettings>;
