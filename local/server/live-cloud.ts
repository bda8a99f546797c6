/**
 * A cloud that lives on by itself: its time follows the wall's clock, clients and the page look in
 * between. One thing happens at a time, so that only the order in which clients ask is not the
 * seed's; time that passes is cut into slices, so that nobody waits long for a turn.
 */

import { Beat } from '@slipway/local-cloud/server/beat.ts';
import type { Pace } from '@slipway/local-cloud/server/pace.ts';
import { Turns } from '@slipway/local-cloud/server/turns.ts';
import { Warnings } from '@slipway/local-cloud/server/warnings.ts';
import { advance as goOn } from '@slipway/local-cloud/services.ts';
import { type AwsOptions, answererFor } from '@slipway/local-cloud/wire/aws.ts';
import type { Received, Reply } from '@slipway/local-cloud/wire/protocol.ts';
import type { Cloud } from '../slipway/slipway-cloud.ts';
import { parseScenario } from '../stories/scenario-format.ts';
import { playStep } from '../stories/scenario-steps.ts';
import type { PageEntry, PageState, StepRequest } from './page-state.ts';
import { pageState } from './page-view.ts';
import { Served, STEP_MS } from './served.ts';
import type { Story } from './story.ts';

export interface LiveOptions {
  readonly cloud: Cloud;
  readonly pace: Pace;
  readonly story: Story;
  readonly seed: number;
  readonly hooks?: AwsOptions['hooks'];
  readonly onWarning: (line: string) => void;
}

export class LiveCloud {
  readonly cloud: Cloud;
  readonly story: Story;
  readonly #options: LiveOptions;
  readonly #turns = new Turns();
  readonly #served = new Served();
  readonly #beganAt: number;
  readonly #warnings: Warnings;
  readonly #beat: Beat;
  readonly #listeners: ((entries: readonly PageEntry[]) => void)[] = [];

  constructor(options: LiveOptions) {
    this.#options = options;
    this.cloud = options.cloud;
    this.story = options.story;
    this.#beganAt = options.cloud.world.now;
    this.#warnings = new Warnings(options.onWarning);
    this.#beat = new Beat({
      world: options.cloud.world,
      pace: options.pace,
      turns: this.#turns,
      slice: (until) => this.#slice(until),
    });
    // What happened before anybody could listen is part of the story.
    this.story.takeFrom(this.cloud.timeline);
  }

  /** Lets time pass from now on. */
  start(): void {
    this.#beat.start();
  }

  /** No time passes any more; what is under way is waited for. */
  async stop(): Promise<void> {
    this.#beat.stop();
    await this.#turns.take(() => this.#tell());
  }

  /** From now on the listener is told what just happened, in order. */
  hear(listener: (entries: readonly PageEntry[]) => void): void {
    this.#listeners.push(listener);
  }

  get seed(): number {
    return this.#options.seed;
  }

  get speed(): number {
    return this.#options.pace.speed;
  }

  async changeSpeed(speed: number): Promise<void> {
    await this.#turns.take(() => this.#options.pace.change(speed, this.cloud.world.now));
  }

  /** Lets this much virtual time pass at once; clients get their turns in between. */
  async advance(ms: number): Promise<void> {
    await this.#beat.advance(ms);
  }

  /** The answer to a request of a client; undefined if it is none to AWS. */
  async ask(received: Received): Promise<Reply | undefined> {
    const answer = answererFor(received);
    if (answer === undefined) return undefined;
    return await this.#turns.take(async () => {
      const { onWarning, hooks } = this.#options;
      const { world, dynamo } = this.cloud;
      const reply = await answer({ world, dynamo, onWarning, ...(hooks && { hooks }) });
      this.#tell();
      return reply;
    });
  }

  /** Something happens, as in a scenario. Throws `ScenarioError`, or what AWS refuses. */
  async step(request: StepRequest): Promise<void> {
    await this.#turns.take(async () => {
      const scenario = parseScenario({ steps: [{ ...request, at: '0s' }], until: '0s' });
      for (const step of scenario.steps) await playStep(this.cloud, step);
      this.#tell();
    });
  }

  async state(): Promise<PageState> {
    return await this.#turns.take(() => {
      const { cloud, story, seed, speed } = this;
      return pageState({ cloud, story, served: this.#served, seed, speed, beganAt: this.#beganAt });
    });
  }

  /** Does something with the cloud while nothing else happens. */
  async still<T>(work: () => T | Promise<T>): Promise<T> {
    return await this.#turns.take(work);
  }

  /** Up to the next step of the page's series, at most. */
  async #slice(until: number): Promise<void> {
    const { world, pipeline } = this.cloud;
    const step = (Math.floor(world.now / STEP_MS) + 1) * STEP_MS;
    const moment = Math.min(until, step);
    // A mistake of the model is told, and time goes on: what failed is not tried again for ever.
    await this.#warnings.guard(() => this.cloud.runUntil(moment));
    while (world.now < moment) await this.#warnings.guard(() => goOn(world, moment));
    if (world.now >= step) {
      this.#served.note(world, Object.values(pipeline.targets));
      this.#served.forget(world.now);
    }
    this.#tell();
  }

  #tell(): void {
    // Nobody reads the functions' log lines here, and they would grow for ever.
    this.cloud.lines.length = 0;
    const fresh = this.story.takeFrom(this.cloud.timeline);
    if (fresh.length === 0) return;
    for (const listener of this.#listeners) listener(fresh);
  }
}
