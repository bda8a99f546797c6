/**
 * The loop of a source: load; decide(event); save; look, decide, save, until GitHub has nothing more
 * to tell; then act, one call after the other, each written down before it is made. What is left over
 * waits for `tick`.
 */

import { asksMore, decideSource, introduceSource, needsLook } from '../core/source/decide.ts';
import type { SourceEvent } from '../core/source/event.ts';
import type { SourceAction } from '../core/source/intended-call.ts';
import { intendedSourceCall } from '../core/source/intended-call.ts';
import { sourceQuestion } from '../core/source/question.ts';
import type { Offer, SourceKey, SourceRecord } from '../core/source/record.ts';
import type { SourceRules } from '../core/source/rules.ts';
import type { SourceSeen } from '../core/source/seen.ts';
import { WorldIsIll } from '../ports.ts';
import type { SourcePorts } from '../source-ports.ts';

/** How often a handling begins again because somebody else wrote first. */
const RELOADS_MAX = 8;
/** Looks of one handling: each asks GitHub about one push. */
const LOOKS_MAX = 5;
/** Calls of one handling: every image of a large monorepo, asked for and stopped. */
const ACTIONS_MAX = 100;
/** No call that changes something begins with less time left. */
const ACT_NEEDS_MS = 10_000;

/** What `reconcileSource` needs to know of a source. */
export interface ReconciledSource {
  readonly key: SourceKey;
  readonly id: string;
  readonly repository: string;
  readonly ref: string;
  readonly rules: SourceRules;
  /** Makes the targets hear of an image, as ECR's own event would. */
  readonly offer: (offer: Offer) => Promise<void>;
}

export interface SourceDecisionTaken {
  readonly event: SourceEvent['type'];
  readonly because: string;
  /** The calls that followed from it. */
  readonly actions: readonly SourceAction['type'][];
}

/** Somebody else wrote the record first. */
class Stale extends Error {}

/** Throws `WorldIsIll` when somebody did not answer, or the record was never free. */
export async function reconcileSource(
  source: ReconciledSource,
  event: SourceEvent,
  ports: SourcePorts,
): Promise<readonly SourceDecisionTaken[]> {
  const decisions: SourceDecisionTaken[] = [];
  let heard = false;
  for (let reload = 0; reload < RELOADS_MAX; reload++) {
    const stored = await ports.records.load(source.key);
    const handling = new Handling(source, ports, decisions, stored?.record, stored?.version);
    try {
      if (!heard) await handling.hear(event);
      heard = true;
      await handling.run();
      return decisions;
    } catch (error) {
      if (!(error instanceof Stale)) {
        await handling.deliver().catch(() => undefined);
        throw error;
      }
    }
  }
  throw new WorldIsIll(
    `${source.key} was written by others ${RELOADS_MAX} times while it was handled: the queue tries again`,
  );
}

class Handling {
  readonly #source: ReconciledSource;
  readonly #ports: SourcePorts;
  readonly #decisions: SourceDecisionTaken[];
  #record: SourceRecord;
  #saved: SourceRecord | undefined;
  #version: number | undefined;

  constructor(
    source: ReconciledSource,
    ports: SourcePorts,
    decisions: SourceDecisionTaken[],
    stored: SourceRecord | undefined,
    version: number | undefined,
  ) {
    this.#source = source;
    this.#ports = ports;
    this.#decisions = decisions;
    this.#record = stored ?? introduceSource(source, this.#configured());
    this.#saved = stored;
    this.#version = version;
  }

  /** The config's word first, then the event's; both in one write. */
  async hear(event: SourceEvent): Promise<void> {
    const { id, rules } = this.#source;
    if (id !== this.#record.id || JSON.stringify(rules) !== JSON.stringify(this.#record.rules)) {
      this.#decide(this.#configured());
    }
    this.#decide(event);
    await this.#save();
  }

  #configured() {
    const { id, rules } = this.#source;
    return { type: 'SourceConfigured', at: this.#ports.clock.now(), id, rules } as const;
  }

  async run(): Promise<void> {
    const { clock } = this.#ports;
    if (!needsLook(this.#record)) return await this.deliver();
    let seen = await this.#look();
    for (let looks = 1; looks < LOOKS_MAX && asksMore(this.#record); looks++) {
      seen = await this.#look();
    }
    for (let count = 0; count < ACTIONS_MAX; count++) {
      const action = intendedSourceCall(this.#record, seen);
      if (action === undefined || clock.timeLeft() < ACT_NEEDS_MS) break;
      await this.#act(action);
      await this.#save();
    }
    await this.deliver();
  }

  async #look(): Promise<SourceSeen> {
    const seen = await this.#ask();
    this.#decide({ type: 'SourceLooked', seen });
    await this.#save();
    return seen;
  }

  async #ask(): Promise<SourceSeen> {
    const { clock, builds, commits } = this.#ports;
    const at = clock.now();
    const question = sourceQuestion(this.#record, at);
    const [states, found, comparison] = await Promise.all([
      question.builds && builds.states(question.builds),
      question.lostBuilds && builds.find(question.lostBuilds),
      question.compare &&
        commits.compare(this.#record.repository, question.compare.base, question.compare.head),
    ]);
    return {
      id: clock.newId(),
      at,
      question,
      ...(states === undefined ? {} : { builds: states }),
      ...(found === undefined ? {} : { found }),
      ...(comparison === undefined ? {} : { comparison }),
    };
  }

  async #act(action: SourceAction): Promise<void> {
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
            ? { type: 'BuildAsked', at, token, id: answer.value }
            : { type: 'BuildRefused', at, token, code: answer.code, message: answer.message },
        );
      }
      case 'StopBuild': {
        // A build that has ended, or is unknown, cannot be stopped: the next look says what it is.
        await builds.stop(action.id);
        return this.#decide({ type: 'BuildStopAsked', at: clock.now(), id: action.id });
      }
    }
  }

  #decide(event: SourceEvent): void {
    const decision = decideSource(this.#record, event);
    this.#record = decision.record;
    this.#decisions.push({ event: event.type, because: decision.because, actions: [] });
    this.#ports.log.info(decision.because, { event: event.type, source: this.#source.id });
  }

  async #save(): Promise<void> {
    if (this.#record === this.#saved) return;
    const result = await this.#ports.records.save(this.#record, this.#version);
    if (result === 'stale') throw new Stale();
    this.#saved = this.#record;
    this.#version = (this.#version ?? 0) + 1;
  }

  /** What is owed goes out, and a later write forgets it; what does not go out stays owed. */
  async deliver(): Promise<void> {
    const record = this.#saved;
    if (record === undefined) return;
    // What was decided and could not be saved did not happen.
    this.#record = record;
    const { announcements, history, places, offers } = record.owed;
    if (announcements.length + history.length + places.length + offers.length === 0) return;
    const { records } = this.#ports;
    // A target that hears of an image asks for the place of its commit: that is written first.
    if (places.length > 0) await records.addPlaces(record, places);
    if (history.length > 0) await records.addHistory(record.key, history);
    for (const offer of offers) await this.#source.offer(offer);
    const out =
      announcements.length === 0 ? [] : await this.#ports.announcements.tell(announcements);
    this.#record = decideSource(record, {
      type: 'SourceTold',
      at: this.#ports.clock.now(),
      announcements: out,
      history: history.map(({ sequence }) => sequence),
      places: places.length,
      offers: offers.length,
    }).record;
    try {
      await this.#save();
    } catch (error) {
      // Told once more by whoever wrote in between: at least once is what was promised.
      if (!(error instanceof Stale)) throw error;
    }
  }
}
