/**
 * The local AWS with our functions in it: real clients over the model, events over the same rules
 * as in production, queues, a scheduler. Time is virtual, and one thing happens at a time, so the
 * same seed gives the same log, byte for byte.
 */

import { type Dynamo, startDynamo } from '@slipway/local-cloud/dynamodb/dynalite.ts';
import { layersFetch } from '@slipway/local-cloud/ecr/blobs.ts';
import type { BusEvent } from '@slipway/local-cloud/eventbridge/bus-event.ts';
import { readPattern } from '@slipway/local-cloud/eventbridge/pattern.ts';
import { drainDeliveries } from '@slipway/local-cloud/eventbridge/state.ts';
import { createGithubFetch } from '@slipway/local-cloud/github/fetch.ts';
import { drainWebhooks, recordAnswer } from '@slipway/local-cloud/github/webhooks/deliveries.ts';
import { functionUrlEvent } from '@slipway/local-cloud/github/webhooks/http-events.ts';
import type { Call as AwsCall } from '@slipway/local-cloud/kernel/call.ts';
import { randomUuid } from '@slipway/local-cloud/kernel/random.ts';
import { nextTimerAt } from '@slipway/local-cloud/kernel/timers.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { batchOf, completeBatch } from '@slipway/local-cloud/lambda/event-source.ts';
import { answerInvocation, takeInvocations } from '@slipway/local-cloud/lambda/state.ts';
import { advance } from '@slipway/local-cloud/services.ts';
import { queueArn, queueNamed, receive, send } from '@slipway/local-cloud/sqs/state.ts';
import { balancerFetch } from '@slipway/local-cloud/traffic/balancer-fetch.ts';
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
  queuesOf,
} from '../../shared/runtime/routing.ts';
import { QUEUE_LIMITS, QUEUE_READERS, TICK_EVERY_MINUTES } from '../../shared/runtime/sizes.ts';
import { ImageNames } from '../stories/image-names.ts';
import type { Attacks, PersonCommand, Stage } from '../stories/stage.ts';
import type { Entry } from '../stories/timeline.ts';
import { type Access, accessKeyOf, accessOf } from './access.ts';
import { attacksOn } from './attacks.ts';
import type { CloudOptions, SavedCloud } from './cloud-options.ts';
import { makeFunctions, recordsOf, stopSwitchOf } from './functions.ts';
import { environmentOf, FEEDBACK, install, installRules } from './installation.ts';
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
import { TimelineWriter } from './timeline-writer.ts';

/** What one call to AWS takes. */
const CALL_MS = 20;
const TICK_EVERY_MS = TICK_EVERY_MINUTES * 60_000;

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
  readonly #writer: TimelineWriter;
  #pending: Invocation[];
  #lost: { readonly detailType: string; left: number }[];

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
    this.#writer = new TimelineWriter(this);
    // Apart from the model's chance: how many ids we draw must not change what ECS does.
    this.#ids = { chance: saved?.ids.chance ?? ~seed };
    this.#pending = [...(saved?.pending ?? [])];
    this.#lost = (saved?.lost ?? []).map((loss) => ({ ...loss }));
    const options = {
      pipeline,
      environment: environmentOf(world, pipeline, table),
      withoutBudget,
      aws: (name: FunctionName) =>
        clientSettings({ world, transport, accessKeyId: accessKeyOf(name) }),
      outside: balancerFetch(world, layersFetch(world)),
      clock: { now: () => world.now, newId: () => randomUuid(this.#ids) },
      onLine: (line: string) => this.#writer.line(line),
      onCall: (name: FunctionName, call: Call) => this.#writer.call(name, call),
      onReconciled: (outcome: ReconcileOutcome) => this.#writer.reconciled(outcome),
      onBuilt: (handled: SourceHandled) => this.#writer.built(handled),
      github: createGithubFetch({
        world,
        // A call takes its time, as those to AWS do.
        fault: () => {
          advance(world, world.now + CALL_MS);
          return 'none';
        },
      }) as typeof fetch,
      onGitHub: (name: FunctionName, call: GitHubCall) => this.#writer.github(name, call),
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
    }
    cloud.#writer.beginHere(saved === undefined ? 'told' : 'known');
    return cloud;
  }

  /** What must be kept beside the world and the tables, for `saved`. */
  save(): SavedCloud {
    this.#writer.takeOver();
    return structuredClone({ ids: this.#ids, pending: this.#pending, lost: this.#lost });
  }

  /** Lets everything happen that happens up to this moment. */
  async runUntil(until: number): Promise<void> {
    for (;;) {
      while (await this.#next()) this.#writer.takeOver();
      this.#writer.takeOver();
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
    send(this.world, queueNamed(this.world, queueName(this.pipeline, commandQueueOf(target))), {
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
    const context = contextOf(name, randomUuid(this.#ids), now, this.pipeline);
    // A function gets its event off the wire: nobody may change somebody else's.
    return await this.#functions[name](structuredClone(event), context);
  }

  /** Who holds the whole account; undefined: nobody. */
  async stopped() {
    return (await this.#stop.read())?.hold;
  }

  /** What we remember about a target. */
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
        send(this.world, queueNamed(this.world, queueName(this.pipeline, 'feedback')), {
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
      this.#writer.failed(
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
      const name = FUNCTION_NAMES.find((one) => functionNameOf(this.pipeline, one) === wanted);
      try {
        if (name === undefined) throw new Error(`there is no function ${wanted}`);
        const payload = await this.invoke(name, event);
        answerInvocation(this.world, id, { kind: 'answered', payload });
      } catch (error) {
        answerInvocation(this.world, id, { kind: 'function-error' });
        if (name !== undefined) this.#writer.failed(name, error, 'who asked hears of an error');
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
        this.#writer.failed('github-push', error, 'GitHub shows the delivery as failed');
      }
    }
    return deliveries.length > 0;
  }

  async #poll(name: AnyQueue): Promise<boolean> {
    const queue = this.world.sqs.queues[queueName(this.pipeline, name)];
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
      this.#writer.failed(reader, error, 'its messages come back');
    }
    return true;
  }
}

/** What a cloud is put together from, beside its options. */
interface Connected {
  readonly dynamo: Dynamo;
  readonly transport: Transport;
  readonly throttled: Map<string, number>;
  readonly access: Access | undefined;
}
