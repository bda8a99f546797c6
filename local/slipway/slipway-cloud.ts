/**
 * The local AWS with our functions in it: real clients over the model, events over the same rules
 * as in production, queues, a scheduler. Time is virtual, and one thing happens at a time, so the
 * same seed gives the same log, byte for byte.
 */

import { type Dynamo, startDynamo } from '@slipway/local-cloud/dynamodb/dynalite.ts';
import { layersFetch } from '@slipway/local-cloud/ecr/blobs.ts';
import type { ForwardChange } from '@slipway/local-cloud/elbv2/state.ts';
import type { BusEvent } from '@slipway/local-cloud/eventbridge/bus-event.ts';
import { readPattern } from '@slipway/local-cloud/eventbridge/pattern.ts';
import { drainDeliveries, eventsOn } from '@slipway/local-cloud/eventbridge/state.ts';
import { createGithubFetch } from '@slipway/local-cloud/github/fetch.ts';
import { drainWebhooks, recordAnswer } from '@slipway/local-cloud/github/webhooks/deliveries.ts';
import { functionUrlEvent } from '@slipway/local-cloud/github/webhooks/http-events.ts';
import type { Call as AwsCall, Hooks } from '@slipway/local-cloud/kernel/call.ts';
import { randomUuid } from '@slipway/local-cloud/kernel/random.ts';
import { nextTimerAt } from '@slipway/local-cloud/kernel/timers.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { batchOf, completeBatch } from '@slipway/local-cloud/lambda/event-source.ts';
import { answerInvocation, takeInvocations } from '@slipway/local-cloud/lambda/state.ts';
import { advance } from '@slipway/local-cloud/services.ts';
import { queueArn, queueNamed, receive, send } from '@slipway/local-cloud/sqs/state.ts';
import { clientSettings } from '@slipway/local-cloud/wire/client-settings.ts';
import { throttling } from '@slipway/local-cloud/wire/throttling.ts';
import { createTransport, type Transport } from '@slipway/local-cloud/wire/transport.ts';
import type { Call } from '../../shared/aws/connect/call-log.ts';
import type { Pipeline, Target } from '../../shared/config/config.ts';
import { awaitedOf } from '../../shared/core/incident/awaited.ts';
import { wouldLeave } from '../../shared/core/model/would-leave.ts';
import type { GitHubCall } from '../../shared/github/client.ts';
import type { SourceHandled } from '../../shared/reconcile/build-batch.ts';
import type { ReconcileOutcome } from '../../shared/reconcile/reconcile-batch.ts';
import {
  type AnyQueue,
  commandQueueOf,
  kindOf,
  queueName,
  queueNames,
  queuesOf,
} from '../../shared/runtime/routing.ts';
import { QUEUE_LIMITS, QUEUE_READERS, TICK_EVERY_MINUTES } from '../../shared/runtime/sizes.ts';
import { ImageNames, noteImage } from '../stories/image-names.ts';
import type { Attacks, PersonCommand, Stage } from '../stories/stage.ts';
import type {
  Announced,
  CallMade,
  Entry,
  HookAnswered,
  SourceAnnounced,
} from '../stories/timeline.ts';
import { type Access, accessKeyOf, accessOf } from './access.ts';
import { attacksOn } from './attacks.ts';
import { makeFunctions, recordsOf, stopSwitchOf } from './functions.ts';
import { BUS, environmentOf, FEEDBACK, install, installRules } from './installation.ts';
import {
  contextOf,
  FUNCTION_NAMES,
  type FunctionName,
  functionNameOf,
  type Invocation,
  type LambdaHandler,
  retryOf,
  tickAt,
} from './lambda.ts';
import { senderIdOf } from './senders.ts';
import { answeredIn, isSaidAgain, movedSince } from './shift-entries.ts';

/** What one call to AWS takes. */
const CALL_MS = 20;
const TICK_EVERY_MS = TICK_EVERY_MINUTES * 60_000;

export interface CloudOptions {
  /** Set up: what Slipway finds when it arrives. */
  readonly world: World;
  readonly pipeline: Pipeline;
  readonly seed: number;
  /** Told of every call of our functions, and what goes wrong with it. */
  readonly hooks?: Hooks;
  /** Another one than the usual: restored, with `dynamo` and `saved`. */
  readonly table?: string;
  /**
   * Whether AWS throttles our functions as published. `caller`: whoever starts the cloud does it, in
   * `hooks`, since others ask the same account.
   */
  readonly limits?: 'published' | 'none' | 'caller';
  /** Every handler asks at once, as if there were no shared budget: to see what that does. */
  readonly withoutBudget?: boolean;
  /** With our table in it, if the cloud goes on from `saved`. */
  readonly dynamo?: Dynamo;
  /** Where it goes on, with the world as it was then. */
  readonly saved?: SavedCloud;
  /** Whether IAM is asked of every call of our functions; true unless told. */
  readonly iam?: boolean;
}

/** What a cloud knows beside its world and its DynamoDB. Plain data. */
export interface SavedCloud {
  readonly ids: { readonly chance: number };
  readonly pending: readonly Invocation[];
  readonly lost: readonly { readonly detailType: string; readonly left: number }[];
}

/** Events of AWS that the timeline shows; those of tasks are many and say little. */
const SHOWN = new Set([
  'ECR Image Action',
  'ECR Image Scan',
  'Inspector2 Scan',
  'CloudWatch Alarm State Change',
  'ECS Deployment State Change',
  'CodeBuild Build State Change',
]);

export class Cloud implements Stage {
  readonly world: World;
  readonly pipeline: Pipeline;
  readonly labels: ImageNames;
  /** The DynamoDB of its functions and clients. */
  readonly dynamo: Dynamo;
  readonly timeline: Entry[] = [];
  /** The log lines of all functions, as CloudWatch Logs would have them. */
  readonly lines: string[] = [];
  /** Events that a function failed on three times. */
  readonly givenUp: Invocation[] = [];
  /** Who may do what here; absent: IAM is not asked. */
  readonly access: Access | undefined;
  readonly attacks: Attacks;
  readonly #ids: { chance: number };
  readonly #functions: Readonly<Record<FunctionName, LambdaHandler>>;
  readonly #records: ReturnType<typeof recordsOf>;
  readonly #stop: ReturnType<typeof stopSwitchOf>;
  /** By operation of AWS, until when its calls are throttled. */
  readonly #throttled: Map<string, number>;
  #pending: Invocation[];
  #heard: { default?: BusEvent | undefined; slipway?: BusEvent | undefined } = {};
  #lost: { readonly detailType: string; left: number }[];
  /** How a rule changed last, as far as it was taken over. */
  #moved: ForwardChange | undefined;
  /** By target, what ECS was answered last. */
  readonly #answered = new Map<string, HookAnswered>();
  /** By repository on GitHub, how many statuses were taken over. */
  readonly #statuses = new Map<string, number>();

  private constructor(
    { world, pipeline, seed, saved, table, withoutBudget = false }: CloudOptions,
    { dynamo, transport, throttled, access }: Connected,
  ) {
    this.access = access;
    this.attacks = attacksOn(world, transport, (event) => this.invoke('github-push', event));
    this.#throttled = throttled;
    this.world = world;
    this.dynamo = dynamo;
    this.pipeline = pipeline;
    this.labels = new ImageNames(world);
    // Apart from the model's chance: how many ids we draw must not change what ECS does.
    this.#ids = { chance: saved?.ids.chance ?? ~seed };
    this.#pending = [...(saved?.pending ?? [])];
    this.#lost = (saved?.lost ?? []).map((loss) => ({ ...loss }));
    const options = {
      pipeline,
      environment: environmentOf(world, table),
      withoutBudget,
      aws: (name: FunctionName) =>
        clientSettings({ world, transport, accessKeyId: accessKeyOf(name) }),
      layers: layersFetch(world),
      clock: { now: () => world.now, newId: () => randomUuid(this.#ids) },
      onLine: (line: string) => this.#write(line),
      onCall: (name: FunctionName, call: Call) =>
        this.timeline.push({ type: 'call', at: world.now, function: name, ...call }),
      onReconciled: (outcome: ReconcileOutcome) => this.#reconciled(outcome),
      onBuilt: (handled: SourceHandled) => this.#built(handled),
      github: createGithubFetch({
        world,
        // A call takes its time, as those to AWS do.
        fault: () => {
          advance(world, world.now + CALL_MS);
          return 'none';
        },
      }) as typeof fetch,
      onGitHub: (name: FunctionName, { route, repository, outcome }: GitHubCall) =>
        this.timeline.push({
          type: 'call',
          at: world.now,
          function: name,
          service: 'github',
          operation: route,
          input: { repository },
          outcome,
        }),
    };
    this.#functions = makeFunctions(options);
    const eyes = { ...options, aws: clientSettings({ world, transport }) };
    this.#records = recordsOf(eyes);
    this.#stop = stopSwitchOf(eyes);
  }

  /** Puts us into the world, as the infrastructure would. */
  static async start(options: CloudOptions): Promise<Cloud> {
    const { world, pipeline, hooks = {}, dynamo = startDynamo(), saved, iam = true } = options;
    const { limits = 'published' } = options;
    const limit = limits === 'published' ? throttling(() => world.now) : () => 'none' as const;
    const throttled = new Map<string, number>();
    // A call takes its time, before AWS answers.
    const fault = (call: AwsCall) => {
      advance(world, world.now + CALL_MS);
      const until = throttled.get(`${call.service}:${call.operation}`) ?? 0;
      if (world.now < until) return 'throttle';
      const struck = hooks.fault?.(call) ?? 'none';
      return struck === 'none' ? limit(call) : struck;
    };
    const access = iam ? accessOf(pipeline, options.table) : undefined;
    const authorizer = access && { authorizer: access.authorizer };
    const transport = createTransport({ world, dynamo, ...hooks, ...authorizer, fault });
    const cloud = new Cloud(options, { dynamo, transport, throttled, access });
    if (saved === undefined) {
      await install(world, pipeline, clientSettings({ world, transport }));
      cloud.#pending.push(tickAt(world, world.now + TICK_EVERY_MS));
    } else {
      installRules(world, pipeline);
      cloud.#heard.slipway = eventsOn(world, BUS).at(-1);
    }
    cloud.#heard.default = eventsOn(world, 'default').at(-1);
    cloud.#moved = world.elbv2.changes.at(-1);
    return cloud;
  }

  /** What must be kept beside the world and the tables, for `saved`. */
  save(): SavedCloud {
    this.#listen();
    return structuredClone({ ids: this.#ids, pending: this.#pending, lost: this.#lost });
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

  throttle(operation: string, until: number): void {
    this.#throttled.set(operation, until);
  }

  async stopAll(on: boolean, word: { readonly by: string; readonly because: string }) {
    await this.#stop.turn(on ? 'on' : 'off', word);
  }

  releaseNamed({ id }: Target, tag: string): string | undefined {
    const proven = this.timeline.flatMap((entry) =>
      entry.type === 'announcement' && ['proven', 'adopted'].includes(entry.announcement.kind)
        ? [entry.announcement]
        : [],
    );
    return proven.findLast(
      ({ target, images = {} }) =>
        target === id &&
        Object.values(images).some(({ digest }) => this.labels.tagOf(digest) === tag),
    )?.release;
  }

  async wouldLeave({ key }: Target): Promise<string | undefined> {
    const record = await this.recordOf(key);
    return record && wouldLeave(record);
  }

  async pendingOf({ key }: Target): Promise<string | undefined> {
    const record = await this.recordOf(key);
    return record && awaitedOf(record)[0]?.id;
  }

  ask(target: Target, message: PersonCommand, lateMs = 0): void {
    const id = randomUuid(this.#ids);
    const cause = { id, source: 'slipway.operator', detailType: 'word of a person' };
    const body = JSON.stringify({ target: target.key, message, cause });
    const delaySeconds = lateMs / 1000;
    send(this.world, queueNamed(this.world, queueName(commandQueueOf(target))), {
      body,
      delaySeconds,
      senderId: senderIdOf(message.by),
    });
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
    const context = contextOf(name, randomUuid(this.#ids), now, this.world);
    // A function gets its event off the wire: nobody may change somebody else's.
    return await this.#functions[name](structuredClone(event), context);
  }

  /** What we remember about a target: by its key. */
  /** Who holds the whole account; undefined: nobody. */
  async stopped() {
    return (await this.#stop.read())?.hold;
  }

  async recordOf(key: string) {
    return (await this.#records.load(key))?.record;
  }

  /** Does the next thing that is due; false if nothing is. */
  async #next(): Promise<boolean> {
    this.#route();
    if (await this.#answerInvocations()) return true;
    if (await this.#invokeDue()) return true;
    for (const queue of queuesOf(this.pipeline)) if (await this.#poll(queue)) return true;
    return await this.#hearGithub();
  }

  #route(): void {
    for (const { target, event } of drainDeliveries(this.world)) {
      const lost = this.#lost.find(
        (loss) => loss.left > 0 && loss.detailType === event['detail-type'],
      );
      if (lost !== undefined) lost.left--;
      else if (target === FEEDBACK) {
        send(this.world, queueNamed(this.world, queueNames.feedback), {
          body: JSON.stringify(event),
        });
      } else this.#later(target as FunctionName, event);
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

  /** Who invokes synchronously waits for the answer, and hears of an error no more than that there was one. */
  async #answerInvocations(): Promise<boolean> {
    const taken = takeInvocations(this.world);
    for (const { id, function: wanted, payload: event } of taken) {
      const name = FUNCTION_NAMES.find((one) => functionNameOf(one) === wanted);
      try {
        if (name === undefined) throw new Error(`there is no function ${wanted}`);
        const payload = await this.invoke(name, event);
        answerInvocation(this.world, id, { kind: 'answered', payload });
      } catch (error) {
        answerInvocation(this.world, id, { kind: 'function-error' });
        if (name !== undefined) this.#failed(name, error, 'who asked hears of an error');
      }
    }
    return taken.length > 0;
  }

  /** A webhook waits for its answer; GitHub does not try again. */
  async #hearGithub(): Promise<boolean> {
    const deliveries = drainWebhooks(this.world);
    for (const delivery of deliveries) {
      const event = functionUrlEvent(this.world, delivery);
      try {
        const answer = (await this.invoke('github-push', event)) as { statusCode?: number };
        recordAnswer(this.world, delivery.id, answer?.statusCode ?? 200);
      } catch (error) {
        recordAnswer(this.world, delivery.id, 502);
        this.#failed('github-push', error, 'GitHub shows the delivery as failed');
      }
    }
    return deliveries.length > 0;
  }

  async #poll(name: AnyQueue): Promise<boolean> {
    const queue = this.world.sqs.queues[queueName(name)];
    // Somebody deleted it: nothing comes out of it any more.
    if (queue === undefined) return false;
    const messages = receive(this.world, queue, QUEUE_LIMITS[kindOf(name)].batchSize);
    if (messages.length === 0) return false;
    const arn = queueArn(this.world, queue.name);
    const reader = QUEUE_READERS[kindOf(name)];
    try {
      const answer = await this.invoke(reader, batchOf(this.world, arn, messages));
      completeBatch(queue, messages, answer);
    } catch (error) {
      this.#failed(reader, error, 'its messages come back');
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
    const answer = answeredIn(line, this.pipeline);
    if (answer !== undefined && !isSaidAgain(answer, this.#answered.get(answer.target))) {
      this.#answered.set(answer.target, answer);
      this.timeline.push(answer);
    }
    const last = this.timeline.at(-1);
    if (last?.type !== 'call' || last.cause !== undefined) return;
    const { call, cause, target } = JSON.parse(line) as {
      call?: object;
      cause?: unknown;
      target?: string;
    };
    if (call === undefined || cause === undefined) return;
    const about = target === undefined ? { cause } : { cause, target };
    this.timeline[this.timeline.length - 1] = { ...last, ...about } satisfies CallMade;
  }

  #reconciled(outcome: ReconcileOutcome): void {
    if (!('handled' in outcome)) return;
    const { target } = outcome;
    for (const decision of outcome.handled.decisions) {
      this.timeline.push({ type: 'decision', at: this.world.now, target, ...decision });
    }
  }

  #built({ source: target, decisions }: SourceHandled): void {
    for (const { event, because, actions } of decisions) {
      const entry = { type: 'decision', at: this.world.now, target, event, because } as const;
      const action = actions.length === 0 ? {} : { action: actions.join(', ') };
      this.timeline.push({ ...entry, phase: 'source', ...action });
    }
  }

  /** Takes over what the buses received since the last time. */
  #listen(): void {
    for (const event of this.#fresh('default')) {
      noteImage(this.world, this.labels, event);
      if (!SHOWN.has(event['detail-type'])) continue;
      this.timeline.push({ type: 'event', at: this.world.now, event });
    }
    for (const event of this.#fresh(BUS)) {
      if (Object.hasOwn(event.detail, 'source')) {
        const announcement = event.detail as unknown as SourceAnnounced;
        this.timeline.push({ type: 'source', at: announcement.at, announcement });
      } else {
        const announcement = event.detail as unknown as Announced;
        this.timeline.push({ type: 'announcement', at: announcement.at, announcement });
      }
    }
    this.timeline.push(...movedSince(this.world, this.pipeline, this.#moved));
    this.#moved = this.world.elbv2.changes.at(-1);
    for (const { fullName, statuses } of Object.values(this.world.github.repositories)) {
      const known = this.#statuses.get(fullName) ?? 0;
      this.#statuses.set(fullName, statuses.length);
      for (const { sha, context, state, description } of statuses.slice(known)) {
        const said = { sha, context, state, description: description ?? '' };
        this.timeline.push({ type: 'status', at: this.world.now, repository: fullName, ...said });
      }
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

/** What a cloud is put together from, beside its options. */
interface Connected {
  readonly dynamo: Dynamo;
  readonly transport: Transport;
  readonly throttled: Map<string, number>;
  readonly access: Access | undefined;
}
