/**
 * The loop of a source: load; decide(event); save; look, decide, save, until GitHub has nothing more
 * to tell; then act, one call after the other, each written down before it is made. What is left over
 * waits for `tick`.
 */

import { defined } from '../core/model/defined.ts';
import type { CommitSha } from '../core/model/image.ts';
import { asksMore, decideSource, introduceSource, needsLook } from '../core/source/decide.ts';
import type { SourceEvent } from '../core/source/event.ts';
import type { SourceAction } from '../core/source/intended-call.ts';
import { intendedSourceCall } from '../core/source/intended-call.ts';
import type {
  ObservedBuild,
  OnRef,
  SourceObservation,
  SourceQuestion,
} from '../core/source/observation.ts';
import { sourceQuestion } from '../core/source/question.ts';
import type { Offer, SourceKey, SourceRecord } from '../core/source/record.ts';
import type { SourceRules } from '../core/source/rules.ts';
import type { SourcePorts } from '../source-ports.ts';
import {
  againOnConflict,
  CALL_NEEDS_MS,
  type Reconciler,
  VersionedRecord,
} from './optimistic-loop.ts';

/** Looks of one handling: each asks GitHub about one push. */
const LOOKS_MAX = 5;
/** Calls of one handling: every image of a large monorepo, asked for and stopped. */
const ACTIONS_MAX = 100;

/** What `reconcileSource` needs to know of a source. */
export interface ReconciledSource {
  readonly key: SourceKey;
  readonly id: string;
  readonly repository: string;
  readonly ref: string;
  readonly rules: SourceRules;
  /** Where images of others say their commit; absent: it builds its own, or left the config. */
  readonly commitIn?: readonly string[];
  /** Makes the targets hear of an image, as ECR's own event would. */
  readonly offer: (offer: Offer) => Promise<void>;
}

export interface SourceDecisionTaken {
  readonly event: SourceEvent['type'];
  readonly because: string;
  /** The calls that followed from it. */
  readonly actions: readonly SourceAction['type'][];
}

/** Throws `TransientError` when somebody did not answer, or the record was never free. */
export async function reconcileSource(
  source: ReconciledSource,
  event: SourceEvent,
  ports: SourcePorts,
): Promise<readonly SourceDecisionTaken[]> {
  const decisions: SourceDecisionTaken[] = [];
  return await againOnConflict(source.key, event, () =>
    SourceReconciler.load(source, ports, decisions),
  );
}

class SourceReconciler implements Reconciler<SourceEvent, readonly SourceDecisionTaken[]> {
  readonly #source: ReconciledSource;
  readonly #ports: SourcePorts;
  readonly #decisions: SourceDecisionTaken[];
  readonly #record: VersionedRecord<SourceRecord>;

  private constructor(
    source: ReconciledSource,
    ports: SourcePorts,
    decisions: SourceDecisionTaken[],
    record: VersionedRecord<SourceRecord>,
  ) {
    this.#source = source;
    this.#ports = ports;
    this.#decisions = decisions;
    this.#record = record;
  }

  static async load(
    source: ReconciledSource,
    ports: SourcePorts,
    decisions: SourceDecisionTaken[],
  ): Promise<SourceReconciler> {
    const { records } = ports;
    const stored = await records.load(source.key);
    const record = new VersionedRecord<SourceRecord>(stored, (...args) => records.save(...args));
    return new SourceReconciler(source, ports, decisions, record);
  }

  /** One that nothing is stored of is introduced by the config. */
  get #known(): SourceRecord {
    this.#record.current ??= introduceSource(this.#source, this.#configured());
    return this.#record.current;
  }

  /** The config's word first, then the event's; both in one write. */
  async hear(event: SourceEvent): Promise<void> {
    const { id, rules } = this.#source;
    const known = this.#known;
    if (id !== known.id || JSON.stringify(rules) !== JSON.stringify(known.rules)) {
      this.#decide(this.#configured());
    }
    this.#decide(event);
    await this.#record.save();
  }

  #configured() {
    const { id, rules } = this.#source;
    return { type: 'SourceConfigured', at: this.#ports.clock.now(), id, rules } as const;
  }

  async run(): Promise<readonly SourceDecisionTaken[]> {
    if (needsLook(this.#known)) await this.#rounds();
    await this.deliver();
    return this.#decisions;
  }

  async #rounds(): Promise<void> {
    for (let looks = 0; looks === 0 || asksMore(this.#known); looks++) {
      if (looks === LOOKS_MAX || (looks > 0 && this.#ports.clock.timeLeft() < CALL_NEEDS_MS))
        return;
      // A call belongs to the look that decided it.
      await this.#act(await this.#observe());
    }
  }

  async #act(observation: SourceObservation): Promise<void> {
    for (let count = 0; count < ACTIONS_MAX; count++) {
      const action = intendedSourceCall(this.#known, observation);
      if (action === undefined || this.#ports.clock.timeLeft() < CALL_NEEDS_MS) break;
      await this.#call(action);
      await this.#record.save();
    }
  }

  async #observe(): Promise<SourceObservation> {
    const observation = await this.#ask();
    this.#decide({ type: 'SourceObserved', observation: observation });
    await this.#record.save();
    return observation;
  }

  async #ask(): Promise<SourceObservation> {
    const { clock, builds, commits } = this.#ports;
    const at = clock.now();
    const question = sourceQuestion(this.#known, at);
    const { repository } = this.#known;
    const compared = (pair: SourceQuestion['compare']) =>
      pair && commits.compare(repository, pair.base, pair.head);
    // Each of its members is asked: one that is not would be asked of again at every look.
    const [states, found, comparison, onRef, standing] = await Promise.all([
      question.builds && this.#builds(question.builds),
      question.lostBuilds && builds.find(question.lostBuilds),
      compared(question.compare),
      question.onRef && this.#onRef(question.onRef),
      compared(question.standing),
    ]);
    const answers = { builds: states, found, comparison, onRef, standing };
    return defined({ id: clock.newId(), at, question, ...answers });
  }

  /** Of an image that stood already our own word is asked for: a label is anybody's. */
  async #builds(ids: readonly string[]): Promise<Readonly<Record<string, ObservedBuild>>> {
    const { builds, records } = this.#ports;
    const asked = Object.entries(await builds.states(ids)).map(async ([id, build]) => {
      if (build.state !== 'ended' || build.stood !== true || build.digest === undefined) {
        return [id, build] as const;
      }
      const madeFrom = await records.commitOf(this.#known.repository, build.digest);
      return [id, defined({ ...build, madeFrom })] as const;
    });
    return Object.fromEntries(await Promise.all(asked));
  }

  async #onRef(commits: readonly CommitSha[]): Promise<Readonly<Record<CommitSha, OnRef>>> {
    const { repository, ref } = this.#known;
    const asked = commits.map(
      async (commit) => [commit, await this.#ports.commits.onRef(repository, commit, ref)] as const,
    );
    return Object.fromEntries(await Promise.all(asked));
  }

  async #call(action: SourceAction): Promise<void> {
    const { builds, clock } = this.#ports;
    const last = this.#decisions.at(-1);
    if (last !== undefined) {
      const actions = [...last.actions, action.type];
      this.#decisions[this.#decisions.length - 1] = { ...last, actions };
    }
    switch (action.type) {
      case 'StartBuild': {
        const { token } = action;
        const answer = await builds.start(action, this.#source);
        const at = clock.now();
        return this.#decide(
          answer.ok
            ? { type: 'BuildAccepted', at, token, id: answer.value }
            : { type: 'BuildRefused', at, token, code: answer.code, message: answer.message },
        );
      }
      case 'StopBuild': {
        // A build that has ended, or is unknown, cannot be stopped: the next look says what it is.
        await builds.stop(action.id);
        return this.#decide({ type: 'BuildStopAccepted', at: clock.now(), id: action.id });
      }
    }
  }

  #decide(event: SourceEvent): void {
    const decision = decideSource(this.#known, event);
    this.#record.current = decision.record;
    this.#decisions.push({ event: event.type, because: decision.because, actions: [] });
    this.#ports.log.info(decision.because, { event: event.type, source: this.#source.id });
  }

  async deliver(): Promise<void> {
    await this.#record.deliver(async (saved) => {
      const { announcements, history, places, offers } = saved.outbox;
      if (announcements.length + history.length + places.length + offers.length === 0) return saved;
      const { records } = this.#ports;
      // A target that hears of an image asks for the place of its commit: that is written first.
      if (places.length > 0) await records.addPlaces(saved, places);
      if (history.length > 0) await records.addHistory(saved.key, history);
      for (const offer of offers) await this.#source.offer(offer);
      const out =
        announcements.length === 0 ? [] : await this.#ports.announcements.tell(announcements);
      const told = {
        type: 'SourceDelivered',
        at: this.#ports.clock.now(),
        announcements: out,
        history: history.map(({ sequence }) => sequence),
        places: places.length,
        offers: offers.length,
      } as const;
      return decideSource(saved, told).record;
    });
  }
}
