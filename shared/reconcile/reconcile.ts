/**
 * The one loop: load; decide(event); save; then look, decide, save, plan, act, until nothing is left
 * to do. Nobody queues actions: whoever makes a late call looks again and puts it right.
 */

import { configure } from '../core/configure.ts';
import { decide } from '../core/decide.ts';
import { intendedCall } from '../core/intended-call.ts';
import type { Action } from '../core/model/action.ts';
import type { Event } from '../core/model/event.ts';
import type { TargetKey } from '../core/model/image.ts';
import type { Question, Seen } from '../core/model/observation.ts';
import type { Hold, TargetRecord } from '../core/model/record.ts';
import type { Rules } from '../core/model/rules.ts';
import { isAnswered, questionFor } from '../core/question.ts';
import { type Answer, type Ports, WorldIsIll } from '../ports.ts';
import { look } from './observe.ts';

/** Looks of one handling; a rollout needs three, a rollback with two rungs gone needs six. */
const ROUNDS_MAX = 10;
/** How often a handling begins again because somebody else wrote first. */
const RELOADS_MAX = 8;
/** Looks of one target keep this distance, however many hints come. */
const LOOKS_APART_MS = 5_000;
/** A look answers what happened this long before it began: seconds are cut off, clocks differ. */
const ANSWERED_AFTER_MS = 2_000;
/** The look before RegisterTaskDefinition also serves UpdateService while it is this young. */
const LOOK_SERVES_MS = 10_000;
/** No call that changes AWS begins with less time left. */
const ACT_NEEDS_MS = 10_000;
/** A message that waits for API budget comes back after this. */
const LATER_SECONDS = 5;
/** So much history may wait in the record for the end of the handling, in characters of JSON. */
const HISTORY_WAITS_MAX = 8_000;

/** What `handle` needs to know of a target. */
export interface ReconciledTarget {
  readonly key: TargetKey;
  readonly id: string;
  readonly cluster: string;
  readonly service: string;
  readonly rules: Rules;
}

export interface Reconciliation {
  /** later: the account's API budget is spent; the message comes back after `seconds`. */
  readonly outcome: 'done' | 'later';
  readonly seconds?: number;
  readonly decisions: readonly DecisionTaken[];
}

export interface DecisionTaken {
  readonly event: Event['type'];
  readonly because: string;
  readonly phase: TargetRecord['phase']['phase'];
  /** The call that followed from it, if one did. */
  readonly action?: Action['type'];
}

/** Somebody else wrote the record first. */
class Stale extends Error {}

/** Throws `WorldIsIll` when AWS did not answer, or the record was never free. */
export async function reconcile(
  target: ReconciledTarget,
  event: Event,
  ports: Ports,
  { urgent }: { readonly urgent: boolean },
): Promise<Reconciliation> {
  const decisions: DecisionTaken[] = [];
  let heard = false;
  for (let reload = 0; reload < RELOADS_MAX; reload++) {
    const handling = await Handling.load(target, ports, decisions);
    try {
      if (!heard) {
        await handling.hear(event);
        heard = true;
      }
      const reason = handling.mustLook(event);
      if (reason === 'yes') return await handling.run(urgent);
      await handling.deliver();
      return reason === 'no'
        ? { outcome: 'done', decisions }
        : { outcome: 'later', seconds: LATER_SECONDS, decisions };
    } catch (error) {
      if (!(error instanceof Stale)) {
        await handling.deliver().catch(() => undefined);
        throw error;
      }
    }
  }
  throw new WorldIsIll(
    `${target.key} was written by others ${RELOADS_MAX} times while it was handled: the queue tries again`,
  );
}

class Handling {
  readonly #target: ReconciledTarget;
  readonly #ports: Ports;
  readonly #decisions: DecisionTaken[];
  #record: TargetRecord | undefined;
  #saved: TargetRecord | undefined;
  #version: number | undefined;
  #stop: Hold | undefined;

  private constructor(target: ReconciledTarget, ports: Ports, decisions: DecisionTaken[]) {
    this.#target = target;
    this.#ports = ports;
    this.#decisions = decisions;
  }

  static async load(
    target: ReconciledTarget,
    ports: Ports,
    decisions: DecisionTaken[],
  ): Promise<Handling> {
    const handling = new Handling(target, ports, decisions);
    const { records } = ports;
    const [stored, stop] = await Promise.all([records.load(target.key), records.stop()]);
    handling.#record = stored?.record;
    handling.#saved = stored?.record;
    handling.#version = stored?.version;
    handling.#stop = stop;
    return handling;
  }

  /** The config's word first, then the event's; both in one write. */
  async hear(event: Event): Promise<void> {
    this.#configure(event);
    if (event.type !== 'Configured') this.#decide(event);
    await this.#save();
  }

  #configure(event: Event): void {
    if (event.type === 'Retired') return;
    const { key, id, rules } = this.#target;
    const at = this.#ports.clock.now();
    const decision = configure(this.#record, key, { type: 'Configured', at, id, rules });
    if (decision === undefined) return;
    this.#record = decision.record;
    this.#note('Configured', decision.because);
  }

  get record(): TargetRecord {
    if (this.#record === undefined) {
      throw new Error(
        `${this.#target.key} has no record: it must be introduced before it is reconciled`,
      );
    }
    return this.#record;
  }

  /**
   * At rest with nothing waiting, only a hint is a reason to look. A look answers the hints of what
   * happened before it; those that come right after it are answered by one more, a moment later.
   */
  mustLook(event: Event): 'yes' | 'no' | 'later' {
    if (this.#record === undefined) return 'no';
    const { phase, waiting, lookAt, lookedAt } = this.#record;
    if (phase.phase === 'retired') return 'no';
    if (event.type === 'Hinted') {
      if (lookedAt === undefined) return 'yes';
      const happenedAt = event.happenedAt ?? event.at;
      if (lookedAt > happenedAt + ANSWERED_AFTER_MS) return 'no';
      const age = this.#ports.clock.now() - lookedAt;
      return age >= 0 && age < LOOKS_APART_MS ? 'later' : 'yes';
    }
    const atRest = phase.phase === 'resting' || phase.phase === 'asking';
    return atRest && Object.keys(waiting).length === 0 && lookAt === undefined ? 'no' : 'yes';
  }

  async run(urgent: boolean): Promise<Reconciliation> {
    let seen: Seen | undefined;
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const question = questionFor(this.record, this.#ports.clock.now());
      if (!this.#serves(seen, question)) {
        if (!urgent && !(await this.#mayAsk(question))) {
          await this.deliver();
          return { outcome: 'later', seconds: LATER_SECONDS, decisions: this.#decisions };
        }
        seen = await look(this.#target, this.record, question, this.#ports, this.#stop);
      }
      if (seen === undefined) break;
      this.#decide({ type: 'Looked', seen });
      await this.#save();
      const action = intendedCall(this.record, seen);
      if (action === undefined) {
        if (isAnswered(questionFor(this.record, this.#ports.clock.now()), seen.question)) break;
        seen = undefined;
        continue;
      }
      if (!(await this.#mayAct(action))) break;
      await this.#act(action);
      await this.#save();
      if (action.type !== 'RegisterRevision') seen = undefined;
    }
    await this.deliver();
    return { outcome: 'done', decisions: this.#decisions };
  }

  #serves(seen: Seen | undefined, question: Question): boolean {
    if (seen === undefined) return false;
    const young = this.#ports.clock.now() - seen.at < LOOK_SERVES_MS;
    return young && isAnswered(question, seen.question);
  }

  async #mayAsk(question: Question): Promise<boolean> {
    if ((question.alarms?.length ?? 0) === 0) return true;
    return await this.#ports.budget.mayAskAlarms();
  }

  /** The last look before the call: is there time, and is the record still ours? */
  async #mayAct(action: Action): Promise<boolean> {
    const left = this.#ports.clock.timeLeft();
    if (left < ACT_NEEDS_MS) {
      this.#ports.log.warn(`${action.type} is left to the next handling: ${left} ms remain`);
      return false;
    }
    if ((await this.#ports.records.version(this.record.key)) !== this.#version) throw new Stale();
    return true;
  }

  async #act(action: Action): Promise<void> {
    const last = this.#decisions.at(-1);
    if (last !== undefined) {
      this.#decisions[this.#decisions.length - 1] = { ...last, action: action.type };
    }
    const { services, clock } = this.#ports;
    switch (action.type) {
      case 'RegisterRevision': {
        const answer = await services.registerRevision(action.base, action.images, action.tags);
        if (!answer.ok) return this.#refused(action, answer);
        return this.#decide({
          type: 'RevisionRegistered',
          at: clock.now(),
          revision: answer.value,
        });
      }
      case 'StartRollout': {
        const answer = await services.startRollout(this.#target, action);
        if (!answer.ok) return this.#refused(action, answer);
        const { revision, askedAt } = action;
        return this.#decide({ type: 'RolloutAsked', at: clock.now(), revision, askedAt });
      }
      case 'StopRollout': {
        const answer = await services.stopRollout(action.rollout);
        if (!answer.ok) return this.#refused(action, answer);
        return this.#decide({ type: 'StopAsked', at: clock.now(), rollout: action.rollout });
      }
    }
  }

  #refused(action: Action, { code, message }: Extract<Answer<unknown>, { ok: false }>): void {
    const at = this.#ports.clock.now();
    this.#decide({ type: 'ActRefused', at, action: action.type, code, message });
  }

  #decide(event: Event): void {
    if (this.#record === undefined) return;
    const decision = decide(this.#record, event);
    this.#record = decision.record;
    this.#note(event.type, decision.because);
  }

  #note(event: Event['type'], because: string): void {
    const phase = this.record.phase.phase;
    this.#decisions.push({ event, because, phase });
    this.#ports.log.info(because, { event, phase, target: this.#target.id });
  }

  async #save(): Promise<void> {
    if (this.#record === undefined || this.#record === this.#saved) return;
    const result = await this.#ports.records.save(this.#record, this.#version);
    if (result === 'stale') throw new Stale();
    this.#saved = this.#record;
    this.#version = (this.#version ?? 0) + 1;
    const waiting = JSON.stringify(this.#record.owed.history).length;
    if (waiting > HISTORY_WAITS_MAX) await this.#writeHistory();
  }

  /** What is owed goes out, and a later write forgets it; what does not go out stays owed. */
  async deliver(): Promise<void> {
    const record = this.#saved;
    if (record === undefined) return;
    // What was decided and could not be saved did not happen.
    this.#record = record;
    const { announcements, history, quarantine } = record.owed;
    if (announcements.length + history.length + quarantine.length === 0) return;
    await this.#writeHistory();
    const out =
      announcements.length === 0 ? [] : await this.#ports.announcements.tell(announcements);
    this.#forget({ announcements: out });
    try {
      await this.#save();
    } catch (error) {
      // Told once more by whoever wrote in between: at least once is what was promised.
      if (!(error instanceof Stale)) throw error;
    }
  }

  async #writeHistory(): Promise<void> {
    const { owed, key } = this.record;
    const { history, quarantine } = owed;
    if (quarantine.length > 0) await this.#ports.records.changeQuarantine(key, quarantine);
    if (history.length > 0) await this.#ports.records.addHistory(key, history);
    this.#forget({
      history: history.map((entry) => entry.sequence),
      quarantine: quarantine.map((change) => change.digest),
    });
  }

  #forget(out: {
    announcements?: readonly string[];
    history?: readonly number[];
    quarantine?: readonly string[];
  }): void {
    const told = { type: 'Told', announcements: [], history: [], quarantine: [], ...out } as const;
    this.#record = decide(this.record, told).record;
  }
}
