/** What must always hold, watched from outside the core: by calls, writes, announcements and the model. */

import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { asDecided, replay } from '../../shared/core/explain/replay.ts';
import type { Announcement } from '../../shared/core/model/announcement.ts';
import type { TargetKey } from '../../shared/core/model/image.ts';
import { backOf } from '../../shared/core/model/record/phase.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import { standingOf } from '../../shared/core/model/standing.ts';
import type { Envelope } from '../../shared/edge/message.ts';
import type { DecisionTaken } from '../../shared/reconcile/reconcile.ts';
import type { Pushed } from './deeds.ts';
import { type CallMade, describe, type Engine, type Watcher } from './engine.ts';
import { missingImages } from './liveness.ts';
import { awaitsRevision, changesNothing, secondRollout } from './purpose.ts';
import { isAmissNow } from './rule.ts';
import type { Step } from './story.ts';

/** Of AWS, settle may change nothing but by these. */
const CHANGING = new Set(['UpdateService', 'RegisterTaskDefinition', 'StopServiceDeployment']);
const UPDATE_KEYS = ['cluster', 'service', 'taskDefinition', 'deploymentConfiguration'];
/** At rest, and as much again for what is owed while the bus is down: `test/core/model/record.test.ts`. */
const RECORD_BYTES_MAX = 36 * 1024;
const NOTHING_OWED = { announcements: [], history: [], quarantine: [] };
/** Ten rounds of a look, an answer and their like, and eight reloads at the most. */
const DECISIONS_MAX = 100;
/** Handlers are up to two seconds apart, either way. */
const CLOCKS_DIFFER_MS = 4_000;

interface Known {
  /** Revisions that were announced proven or adopted, or put back by a rollback. */
  readonly proven: Set<string>;
  readonly started: Map<string, Announcement>;
  readonly ended: Map<string, Announcement>;
  /** Digests that were condemned and not lifted since: what the record should remember. */
  readonly bad: Set<string>;
  /** Releases that were condemned, and when that was saved. */
  readonly condemned: Map<string, number>;
}

/** Where traffic is shifted, with its share: whatever alarm is red beside it is not what ended it. */
const ENDED_BY_ECS = /^(?:before it had traffic: |at [\d.]+ % of the traffic: )?ECS ended/;

/** Throws `Broken` inside the engine's step that broke the rule. */
export class Invariants implements Watcher {
  readonly broken: string[] = [];
  checked = 0;
  /** Alarms whose events a scenario makes up: CloudWatch's history does not have them. */
  readonly toldByHand = new Set<string>();
  readonly #known = new Map<TargetKey, Known>();

  #of(key: TargetKey): Known {
    const known = this.#known.get(key) ?? {
      proven: new Set<string>(),
      started: new Map<string, Announcement>(),
      ended: new Map<string, Announcement>(),
      bad: new Set<string>(),
      condemned: new Map<string, number>(),
    };
    this.#known.set(key, known);
    return known;
  }

  #demand(holds: boolean, rule: string, facts: () => string): void {
    this.checked++;
    if (!holds) this.broken.push(`${rule}: ${facts()}`);
  }

  failed(error: unknown, envelope: Envelope): void {
    this.#demand(
      false,
      'no error of our own',
      () => `${describe(envelope)}: ${error instanceof Error ? error.stack : String(error)}`,
    );
  }

  called(call: CallMade, engine: Engine): void {
    if (call.service !== 'ecs' || !CHANGING.has(call.operation)) return;
    const record = engine.records.get(call.target)?.record;
    this.#demand(record !== undefined, 'nothing is changed without a record', () => call.operation);
    // One that lands late makes an orphan, which is harmless.
    if (call.operation === 'RegisterTaskDefinition' && awaitsRevision(record)) {
      this.#demand(
        !changesNothing(call.input, call.target, engine.world),
        '9. a release that changes nothing registers no revision',
        () => call.target,
      );
    }
    if (record === undefined || call.operation !== 'UpdateService') return;
    const input = call.input as { taskDefinition?: string } & Record<string, unknown>;
    const foreign = Object.keys(input).filter((key) => !UPDATE_KEYS.includes(key));
    this.#demand(
      foreign.length === 0,
      '10. what we do not own is never changed',
      () => `UpdateService with ${foreign.join(', ')}`,
    );
    const asked = record.requests.some((one) => one.revision === input.taskDefinition);
    this.#demand(
      asked,
      'a rollout is written down before it is asked for',
      () =>
        `${input.taskDefinition} is not among ${record.requests.map((one) => one.revision).join()}`,
    );
  }

  saved(record: TargetRecord, before: TargetRecord | undefined, engine: Engine): void {
    const bytes = sizeOf({ ...record, outbox: NOTHING_OWED });
    const owed = JSON.stringify(record.outbox.announcements).length;
    this.#demand(
      bytes < RECORD_BYTES_MAX && owed < RECORD_BYTES_MAX,
      'the record stays small',
      () => `${bytes} bytes, and ${owed} of announcements`,
    );
    this.#condemned(record, before, engine);
    this.#newAsk(record, before, engine);
    this.#order(record, before);
    this.#restless(record, engine);
    this.#candidates(record, before);
  }

  /** 2 and 3, at the moment of the decision. */
  #newAsk(record: TargetRecord, before: TargetRecord | undefined, engine: Engine): void {
    const [newest] = record.requests;
    if (newest === undefined || sameAsk(newest, before?.requests[0])) return;
    const second = secondRollout(record, engine.world);
    this.#demand(
      second === undefined,
      '1. two rollouts of ours are never in flight on purpose',
      () => `${record.id} asks for ${newest.revision} while ${second}`,
    );
    const digests = digestsOf(engine.world, newest.revision);
    const bad = digests.filter((digest) => this.#of(record.key).bad.has(digest));
    this.#demand(
      bad.length === 0,
      '2. no decision after a quarantine starts that digest',
      () => `${record.id} ${standingOf(record)} asks for ${newest.revision} with ${bad.join()}`,
    );
    const step = backOf(record.phase)?.step;
    if (step?.step !== 'redeploying') return;
    const { candidate } = step;
    this.#demand(
      this.#of(record.key).proven.has(candidate.revision),
      '3. a rollback goes to a proven release',
      () => `${record.id} returns to ${candidate.revision}, which nobody called proven`,
    );
  }

  /** What is condemned now, by the phase and not by the list that should remember it; 7: and why. */
  #condemned(record: TargetRecord, before: TargetRecord | undefined, engine: Engine): void {
    const known = this.#of(record.key);
    for (const change of record.outbox.quarantine) {
      if (change.change === 'lifted') known.bad.delete(change.digest);
    }
    const back = backOf(record.phase);
    if (back === undefined || (before && backOf(before.phase)) !== undefined) return;
    const { release, revision, alarms, blamed } = back.condemned;
    const images = Object.fromEntries(
      Object.entries(back.condemned.images).filter(
        ([name]) => blamed === undefined || blamed.includes(name),
      ),
    );
    for (const { digest } of Object.values(images)) known.bad.add(digest);
    if (release !== undefined && !known.condemned.has(release))
      known.condemned.set(release, engine.world.now);
    const [from] = deploymentsOf(engine.world, revision ?? '').map((one) => one.createdAt);
    if (release === undefined || from === undefined) return;
    for (const alarm of alarms) {
      const rose = engine.world.cloudwatch.history.some(
        (item) => item.alarmName === alarm && item.at >= from && /to ALARM/.test(item.summary),
      );
      this.#demand(
        rose || ENDED_BY_ECS.test(back.condemned.because) || this.toldByHand.has(alarm),
        '7. an alarm that rose before a release started never rolls it back',
        () => `${release}: ${back.condemned.because}`,
      );
    }
  }

  /** 5: what is accepted only ever grows. */
  #order(record: TargetRecord, before: TargetRecord | undefined): void {
    for (const [container, order] of Object.entries(record.newest)) {
      const earlier = before?.newest[container];
      if (earlier === undefined) continue;
      // A branch that is set back has a commit on top again whose image is older; the world judges that.
      const isOfOneBranch = order.by === earlier.by && order.by.startsWith('commit ');
      this.#demand(
        order.pushedAt >= earlier.pushedAt || isOfOneBranch,
        '5. an older push never replaces a newer one',
        () => `${record.id} ${container}: ${order.pushedAt} after ${earlier.pushedAt}`,
      );
    }
  }

  /** Nothing on its way is forgotten by the clock. */
  #restless(record: TargetRecord, engine: Engine): void {
    const quiet = ['idle', 'needs-attention', 'retired'].includes(standingOf(record));
    this.#demand(
      quiet || record.observeAt !== undefined,
      '8. what is on its way is looked at again',
      () => `${record.id} is ${standingOf(record)} without a look to come`,
    );
    this.#demand(
      record.observeAt === undefined || record.observeAt <= engine.world.now + 62 * 60_000,
      'the next look comes within the hour',
      () => `${record.id}: ${record.observeAt}`,
    );
  }

  #candidates(record: TargetRecord, before: TargetRecord | undefined): void {
    const { proven } = this.#of(record.key);
    for (const candidate of record.rollbackCandidates) {
      if (proven.has(candidate.revision)) continue;
      const announced = record.outbox.announcements.some(
        (one) => one.kind === 'proven' || one.kind === 'adopted' || one.kind === 'rolled-back',
      );
      this.#demand(
        announced ||
          before?.rollbackCandidates.some((one) => one.revision === candidate.revision) === true,
        'a candidate is announced when it comes onto the rollbackCandidates',
        () => `${record.id} ${candidate.revision}`,
      );
      proven.add(candidate.revision);
    }
  }

  settled(envelope: Envelope, decisions: readonly DecisionTaken[]): void {
    this.#demand(
      decisions.length <= DECISIONS_MAX,
      'nothing loops beyond its bound',
      () => `${describe(envelope)} took ${decisions.length} decisions`,
    );
  }

  announced(announcement: Announcement, engine: Engine): void {
    const known = this.#of(announcement.key);
    const { kind, release } = announcement;
    if (release === undefined) return;
    if (kind === 'started') {
      known.started.set(release, announcement);
      return;
    }
    // In watch mode a release that was begun before stays, and ends with what would have been done.
    if (kind === 'held' || kind === 'refused') return;
    // What was owed before is told after it, with the time when it was so; clocks differ.
    const condemnedAt = known.condemned.get(release) ?? Number.POSITIVE_INFINITY;
    this.#demand(
      !(kind === 'proven' && announcement.at >= condemnedAt + CLOCKS_DIFFER_MS),
      '6. a rolled-back release is never called a success',
      () => `${release} was condemned and is called proven`,
    );
    known.ended.set(release, announcement);
    if (kind === 'proven') this.#provenIsTrue(announcement, engine.world);
  }

  /** ECS itself says SUCCESSFUL for this revision. */
  #provenIsTrue(announcement: Announcement, world: World): void {
    const deployments = deploymentsOf(world, announcement.revision ?? '');
    this.#demand(
      deployments.some((one) => one.status === 'SUCCESSFUL'),
      '6. proven is said only of what ECS calls SUCCESSFUL',
      () => `${announcement.release}: ${deployments.map((one) => one.status).join()}`,
    );
  }

  /** 4 and 6, when the faults have stopped and the world had time. */
  settledWorld(engine: Engine, story: readonly Step[], pushed: readonly Pushed[]): void {
    const missing = missingImages(engine, story, pushed);
    this.#demand(missing.length === 0, '4. a good image runs in the end', () => missing.join('; '));
    for (const [key, { record }] of engine.records) {
      const { phase } = record;
      const baking = phase.phase === 'baking' && phase.of === 'release' ? phase : undefined;
      const isAwaited = awaitsWholeRule(record, engine.world);
      const over =
        ['idle', 'needs-attention'].includes(standingOf(record)) ||
        (record.retired && !isNamed(key, engine)) ||
        isAwaited ||
        (baking !== undefined && (baking.empty === true || record.needsAttention !== undefined));
      this.#demand(
        over === true,
        '4. when the faults stop, every target settles',
        () => `${key} is still ${JSON.stringify(phase)}`,
      );
      this.#demand(
        Object.keys(record.waiting).length === 0 || isHeld(record) || isAwaited,
        '4. nothing waits without a reason',
        () => `${key}: ${JSON.stringify(record.waiting)}`,
      );
      this.#nothingOwed(key, record);
      this.#replays(key, record, engine);
      if (isNamed(key, engine)) this.#badIsGone(key, record, engine.world);
      const { started, ended } = this.#of(key);
      for (const release of started.keys()) {
        const held = baking?.release.id === release;
        this.#demand(
          ended.has(release) || held,
          '6. every release ends, and every end is announced',
          () => `${release} was started and never ended`,
        );
      }
    }
  }

  #replays(key: TargetKey, record: TargetRecord, engine: Engine): void {
    const entries = [...(engine.history.get(key)?.values() ?? [])];
    entries.sort((a, b) => a.sequence - b.sequence);
    const replayed = replay(
      key,
      entries.map((entry) => JSON.parse(JSON.stringify(entry))),
    );
    const other = replayed.steps.find((step) => !step.agrees);
    this.#demand(
      other === undefined,
      'a history replays decision by decision',
      () => `${key} ${JSON.stringify(other)}`,
    );
    this.#demand(
      JSON.stringify(asDecided(replayed.record)) === JSON.stringify(asDecided(record)),
      'a history replays to its record, byte for byte',
      () =>
        `${key}: ${JSON.stringify(replayed.record)} is not ${JSON.stringify(asDecided(record))}`,
    );
  }

  #nothingOwed(key: TargetKey, record: TargetRecord): void {
    const { announcements, history, quarantine } = record.outbox;
    this.#demand(
      announcements.length + history.length + quarantine.length === 0,
      'nothing stays owed',
      () => `${key} owes ${announcements.length} announcements and ${history.length} entries`,
    );
  }

  /** 2 and 4: a quarantined digest runs only where a person was asked. */
  #badIsGone(key: TargetKey, record: TargetRecord, world: World): void {
    const service = world.ecs.services[key.slice('ecs/'.length)];
    if (service === undefined || standingOf(record) === 'needs-attention') return;
    const primary = service.taskDefinition;
    this.#demand(
      !record.condemnedRevisions.some((one) => one.revision === primary) ||
        record.runs?.revision === primary,
      '2. a late call is removed by the next look',
      () => `${key} runs the condemned ${primary}, ${standingOf(record)}`,
    );
    this.#demand(
      record.runs?.revision === primary,
      '4. the record knows what runs',
      () => `${key} runs ${primary}, the record says ${record.runs?.revision}`,
    );
  }
}

/** Of a target that left the config nothing more is known. */
function isNamed(key: TargetKey, { pipeline }: Engine): boolean {
  return Object.values(pipeline.targets).some((target) => target.key === key);
}

/**
 * Somebody's deployment in the middle of a shift, or an edit, has the traffic elsewhere, as the rule of the world shows: a
 * person was asked with the command that mends it, and nobody did. What splits it by our own call, the oracle condemns.
 */
function awaitsWholeRule(record: TargetRecord, world: World): boolean {
  const isAsked = backOf(record.phase) !== undefined && record.needsAttention !== undefined;
  return isAsked && record.key === 'ecs/production/web' && isAmissNow(world);
}

function isHeld(record: TargetRecord): boolean {
  return record.hold !== undefined || Object.values(record.waiting).every((one) => one.held);
}

/** In characters of JSON. A record shares with the one before it what did not change: that is not written anew. */
function sizeOf(record: object): number {
  const brackets = 1;
  return Object.entries(record).reduce(
    (sum, [name, member]) => (member === undefined ? sum : sum + name.length + 4 + sizeIn(member)),
    brackets,
  );
}

const sizes = new WeakMap<object, number>();

function sizeIn(member: unknown): number {
  if (typeof member !== 'object' || member === null) return JSON.stringify(member).length;
  const size = sizes.get(member) ?? JSON.stringify(member).length;
  sizes.set(member, size);
  return size;
}

function sameAsk(
  a: { readonly revision: string; readonly at: number },
  b: { readonly revision: string; readonly at: number } | undefined,
): boolean {
  return b !== undefined && a.revision === b.revision && a.at === b.at;
}

function digestsOf(world: World, arn: string): readonly string[] {
  const [family, revision] = arn.slice(arn.lastIndexOf('/') + 1).split(':');
  const definition = world.ecs.families[family ?? '']?.find(
    (one) => one.revision === Number(revision),
  );
  const containers = definition?.registered.containerDefinitions ?? [];
  return containers.flatMap(({ image }) => /sha256:[0-9a-f]{64}/.exec(image ?? '')?.[0] ?? []);
}

function deploymentsOf(world: World, revision: string) {
  return Object.values(world.ecs.serviceDeployments).filter(
    (one) => world.ecs.revisions[one.target]?.taskDefinition === revision,
  );
}
