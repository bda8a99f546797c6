/**
 * The one loop of a target: load; decide(event); save; then observe, decide, save, make the intended
 * call, until nothing is left to do. Nobody queues actions: whoever makes a late call observes again
 * and puts it right.
 */

import { configure } from '../core/configure.ts';
import { decide } from '../core/decide.ts';
import { leadOf } from '../core/incident/lead-time.ts';
import { intendedCall } from '../core/intended-call.ts';
import type { Action } from '../core/model/action.ts';
import type { Event } from '../core/model/event.ts';
import type { Moment, TargetKey } from '../core/model/image.ts';
import type { Judged, Observation, Question } from '../core/model/observation.ts';
import type { HistoryEntry } from '../core/model/record/outbox.ts';
import type { Standing } from '../core/model/record/phase.ts';
import type { TargetRecord } from '../core/model/record/target-record.ts';
import type { OwnRequests, Rules, TaskRights } from '../core/model/rules.ts';
import { standingOf } from '../core/model/standing.ts';
import { isAnswered, questionFor } from '../core/question.ts';
import { judgeSaysNow } from '../core/release/judge/said-now.ts';
import { keepTurn, mustLook } from '../core/when-to-look.ts';
import type { Ports } from '../ports.ts';
import { SERVES_EVERYBODY } from '../runtime/log-lines.ts';
import { heldAgainstHistory } from './late-alarm.ts';
import { makeCall } from './make-call.ts';
import { observe } from './observe.ts';
import {
  againOnConflict,
  CALL_NEEDS_MS,
  type Reconciler,
  VersionConflict,
  VersionedRecord,
} from './optimistic-loop.ts';
import { couldStart, ONE_START, turnOf } from './turn.ts';

/** Looks of one handling; a rollout needs three, a rollback with two candidates gone needs six. */
const ROUNDS_MAX = 10;
/** The look before RegisterTaskDefinition also serves UpdateService while it is this young. */
const LOOK_SERVES_MS = 10_000;
/** A message that has to wait comes back after this. */
const LATER_SECONDS = 5;
/** So much history may wait in the record for something else to go out, in characters of JSON. */
const HISTORY_WAITS_MAX = 20_000;

/** What `reconcile` needs to know of a target. */
export interface ReconciledTarget {
  readonly key: TargetKey;
  readonly id: string;
  readonly cluster: string;
  readonly service: string;
  readonly rules: Rules;
  /** Of the whole pipeline; absent: nobody told. */
  readonly taskRights?: TaskRights | undefined;
  /** Where requests of our own go; absent: none are sent. */
  readonly ownRequests?: OwnRequests | undefined;
  /** The config names it no longer: its record learns that, whatever else is heard. */
  readonly leftConfig?: true;
}

/** later: nothing was asked of AWS, and why not; the message comes back after `seconds`. */
export type Reconciliation = { readonly decisions: readonly DecisionTaken[] } & (
  | { readonly outcome: 'done' }
  /** It waits its turn; `given`: just now, so that nobody has sent the message for it yet. */
  | {
      readonly outcome: 'turn';
      readonly at: Moment;
      readonly given: boolean;
      readonly because: string;
    }
  | { readonly outcome: 'later'; readonly seconds: number; readonly because: string }
);

export interface DecisionTaken {
  readonly event: Event['type'];
  readonly because: string;
  readonly phase: Standing;
  /** What the judge says now, where that is another state than at the look before. */
  readonly judged?: Pick<Judged, 'state' | 'because'>;
  /** The call that followed from it, if one did. */
  readonly action?: Action['type'];
}

/** Throws `TransientError` when AWS did not answer, or the record was never free. */
export async function reconcile(
  target: ReconciledTarget,
  event: Event,
  ports: Ports,
  { urgent }: { readonly urgent: boolean },
): Promise<Reconciliation> {
  const decisions: DecisionTaken[] = [];
  const load = () => TargetReconciler.load(target, ports, decisions, urgent);
  return await againOnConflict(target.key, event, load);
}

class TargetReconciler implements Reconciler<Event, Reconciliation> {
  readonly #target: ReconciledTarget;
  readonly #ports: Ports;
  readonly #decisions: DecisionTaken[];
  readonly #urgent: boolean;
  readonly #record: VersionedRecord<TargetRecord>;

  private constructor(
    target: ReconciledTarget,
    ports: Ports,
    decisions: DecisionTaken[],
    urgent: boolean,
    record: VersionedRecord<TargetRecord>,
  ) {
    this.#target = target;
    this.#ports = ports;
    this.#decisions = decisions;
    this.#urgent = urgent;
    this.#record = record;
  }

  static async load(
    target: ReconciledTarget,
    ports: Ports,
    decisions: DecisionTaken[],
    urgent: boolean,
  ): Promise<TargetReconciler> {
    const { records } = ports;
    const stored = await records.load(target.key);
    const record = new VersionedRecord<TargetRecord>(stored, (...args) => records.save(...args));
    return new TargetReconciler(target, ports, decisions, urgent, record);
  }

  /** The config's word first, then the event's; both in one write. */
  async hear(event: Event): Promise<void> {
    this.#configure(event);
    if (event.type !== 'Configured') {
      this.#decide(await heldAgainstHistory(event, this.#record.current, this.#ports));
    }
    await this.#save();
  }

  #configure(event: Event): void {
    const { key, id, rules, leftConfig } = this.#target;
    const at = this.#ports.clock.now();
    if (leftConfig) {
      if (event.type !== 'Retired') this.#decide({ type: 'Retired', at });
      return;
    }
    const decision = configure(this.#record.current, key, { type: 'Configured', at, id, rules });
    if (decision === undefined) return;
    this.#record.current = decision.record;
    this.#note('Configured', decision.because);
  }

  get #known(): TargetRecord {
    const { current } = this.#record;
    if (current === undefined) {
      throw new Error(
        `${this.#target.key} has no record: it must be introduced before it is reconciled`,
      );
    }
    return current;
  }

  async run(event: Event): Promise<Reconciliation> {
    switch (mustLook(this.#record.current, event, this.#ports.clock.now())) {
      case 'yes':
        return await this.#rounds();
      case 'no':
        return await this.#done();
      case 'later':
        return await this.#later(
          'it was looked at a moment ago, and one more look answers for all',
        );
    }
  }

  async #rounds(): Promise<Reconciliation> {
    const starts = couldStart(questionFor(this.#known, this.#ports.clock.now()));
    if (!this.#urgent) {
      const waits = await this.#turn();
      if (waits !== undefined) return waits;
    }
    const registered = await this.#looksAndCalls();
    // A gate is closed, or nothing is to be registered: the turn is for somebody else.
    if (starts && !registered && !this.#urgent) await this.#ports.budget.giveBack(ONE_START);
    return await this.#done();
  }

  /** Undefined: it is its turn now. */
  async #turn(): Promise<Reconciliation | undefined> {
    const { budget, clock } = this.#ports;
    const now = clock.now();
    const turn = await turnOf(this.#known, questionFor(this.#known, now), budget, now);
    if (turn.turn === 'taken') return undefined;
    if (turn.turn === 'given') {
      this.#record.current = keepTurn(this.#known, turn.at);
      await this.#save();
    }
    await this.deliver();
    const because = 'it waits for its turn to ask AWS';
    return {
      outcome: 'turn',
      at: turn.at,
      given: turn.turn === 'given',
      because,
      decisions: this.#decisions,
    };
  }

  /** Whether a revision was registered. */
  async #looksAndCalls(): Promise<boolean> {
    let registered = false;
    let observation: Observation | undefined;
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const question = questionFor(this.#known, this.#ports.clock.now());
      if (observation === undefined || !this.#serves(observation, question)) {
        observation = await this.#observe(question);
      }
      this.#decide({ type: 'Observed', observation });
      await this.#save();
      const action = intendedCall(this.#known, observation);
      if (action === undefined) {
        if (this.#isAnswered(observation)) break;
        observation = undefined;
        continue;
      }
      if (!(await this.#mayCall(action))) break;
      registered ||= action.type === 'RegisterRevision';
      const answered = await this.#call(action);
      // While the observation serves on, the revision is saved together with the request for it.
      if (answered === 'RevisionRegistered' && this.#servesOn(observation)) continue;
      await this.#save();
      // ECS shows nothing of it yet, and tells by events; who is throttled does not look at once either.
      if (answered !== 'RevisionRegistered' && answered !== 'CallRefused') break;
      observation = undefined;
    }
    return registered;
  }

  #isAnswered({ question }: Observation): boolean {
    return isAnswered(questionFor(this.#known, this.#ports.clock.now()), question);
  }

  async #observe(question: Question): Promise<Observation> {
    const [observation, stop] = await Promise.all([
      observe(this.#target, this.#known, question, this.#ports),
      // Beside what is asked of AWS: no round trip more.
      question.stop ? this.#ports.records.stop() : undefined,
    ]);
    return stop === undefined ? observation : { ...observation, stop };
  }

  #servesOn(observation: Observation): boolean {
    return this.#serves(observation, questionFor(this.#known, this.#ports.clock.now()));
  }

  async #done(): Promise<Reconciliation> {
    await this.deliver();
    return { outcome: 'done', decisions: this.#decisions };
  }

  async #later(because: string): Promise<Reconciliation> {
    await this.deliver();
    return { outcome: 'later', seconds: LATER_SECONDS, because, decisions: this.#decisions };
  }

  #serves(observation: Observation, question: Question): boolean {
    const young = this.#ports.clock.now() - observation.at < LOOK_SERVES_MS;
    return young && isAnswered(question, observation.question);
  }

  /** The last check before the call: is there time, and is the record still ours? */
  async #mayCall(action: Action): Promise<boolean> {
    const left = this.#ports.clock.timeLeft();
    if (left < CALL_NEEDS_MS) {
      this.#ports.log.warn(`${action.type} is left to the next handling: ${left} ms remain`);
      return false;
    }
    const version = await this.#ports.records.version(this.#target.key);
    if (version !== this.#record.version) throw new VersionConflict();
    return true;
  }

  async #call(action: Action): Promise<Event['type']> {
    const last = this.#decisions.at(-1);
    if (last !== undefined) {
      this.#decisions[this.#decisions.length - 1] = { ...last, action: action.type };
    }
    const answer = await makeCall(action, this.#target, this.#ports);
    this.#decide(answer);
    return answer.type;
  }

  #decide(event: Event): void {
    const { current } = this.#record;
    if (current === undefined) return;
    const decision = decide(current, event);
    this.#record.current = decision.record;
    this.#note(event.type, decision.because, judgeSaysNow(current, decision.record));
    const served = leadOf(current, event, decision.record);
    if (served === undefined) return;
    this.#ports.log.info(SERVES_EVERYBODY, { ...served, target: this.#target.id });
  }

  #note(event: Event['type'], because: string, said?: Judged): void {
    const phase = standingOf(this.#known);
    const judged = said && { state: said.state, because: said.because };
    this.#decisions.push({ event, because, phase, ...(judged && { judged }) });
    this.#ports.log.info(because, { event, phase, target: this.#target.id });
  }

  async #save(): Promise<void> {
    if (!(await this.#record.save())) return;
    if (hasMuchHistory(this.#known)) this.#record.current = await this.#writeHistory(this.#known);
  }

  async deliver(): Promise<void> {
    await this.#record.deliver(async (saved) => {
      const { announcements, history, quarantine } = saved.outbox;
      if (announcements.length + history.length + quarantine.length === 0) return saved;
      const waits = endsSoon(saved) && !hasMuchHistory(saved);
      if (waits && announcements.length + quarantine.length === 0) return saved;
      const written = waits && quarantine.length === 0 ? saved : await this.#writeHistory(saved);
      const out =
        announcements.length === 0 ? [] : await this.#ports.announcements.tell(announcements);
      return forget(written, { announcements: out });
    });
  }

  async #writeHistory(record: TargetRecord): Promise<TargetRecord> {
    const { history, quarantine } = record.outbox;
    const { records } = this.#ports;
    if (quarantine.length > 0) await records.changeQuarantine(record.key, quarantine);
    if (history.length > 0) await records.addHistory(record.key, history);
    return forget(record, {
      history: history.map((entry) => entry.sequence),
      quarantine: quarantine.map((change) => change.digest),
    });
  }
}

/**
 * History stands in the record already: it waits for a full load, or for the end of the release; not
 * where that may be days away, nor while a person waits to hear what became of a command.
 */
function endsSoon({ phase, needsAttention, retired, outbox }: TargetRecord): boolean {
  if (outbox.history.some(({ event }) => event.type === 'CommandReceived')) return false;
  if (phase.phase === 'idle' || needsAttention !== undefined || retired) return false;
  return phase.phase !== 'baking' || phase.of !== 'release' || phase.empty !== true;
}

function hasMuchHistory({ outbox }: TargetRecord): boolean {
  const bracket = 1;
  return outbox.history.reduce((sum, one) => sum + sizeOf(one), bracket) > HISTORY_WAITS_MAX;
}

/** Asked at every save, while an entry never changes. */
const sizes = new WeakMap<HistoryEntry, number>();

/** In characters of JSON, with the comma or bracket behind it. */
function sizeOf(entry: HistoryEntry): number {
  const known = sizes.get(entry);
  if (known !== undefined) return known;
  const size = JSON.stringify(entry).length + 1;
  sizes.set(entry, size);
  return size;
}

function forget(
  record: TargetRecord,
  out: {
    readonly announcements?: readonly string[];
    readonly history?: readonly number[];
    readonly quarantine?: readonly string[];
  },
): TargetRecord {
  const told = {
    type: 'Delivered',
    announcements: [],
    history: [],
    quarantine: [],
    ...out,
  } as const;
  return decide(record, told).record;
}
