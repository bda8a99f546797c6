/**
 * One builder for each big value of a source: a sensible world in which a test changes one thing. The
 * branch `main` of `acme/shop` makes the image `web`; commits are numbered, as on a branch.
 */

import type { SourceAnnouncement } from '../shared/core/source/announcement.ts';
import { decideSource, introduceSource } from '../shared/core/source/decide.ts';
import type { Pushed, SourceEvent } from '../shared/core/source/event.ts';
import type { SourceAction } from '../shared/core/source/intended-call.ts';
import { intendedSourceCall } from '../shared/core/source/intended-call.ts';
import type {
  Comparison,
  ObservedBuild,
  OnRef,
  SourceObservation,
} from '../shared/core/source/observation.ts';
import { sourceQuestion } from '../shared/core/source/question.ts';
import type { Offer, PlaceChange, SourceRecord } from '../shared/core/source/record.ts';
import type { SourceRules } from '../shared/core/source/rules.ts';
import { at, digest, REGISTRY } from './build.ts';

export const KEY = 'git/acme/shop/refs/heads/main';

/** The `n`th commit: 40 hex digits, of which a person reads the first seven. */
export function commit(n: number): string {
  return `c${String(n).padStart(3, '0')}`.repeat(10);
}

export function tag(n: number): string {
  return `main-${commit(n).slice(0, 12)}`;
}

export function buildRules(image = 'web') {
  return { registry: REGISTRY, repository: `shop/${image}`, project: `slipway-shop-${image}` };
}

export function sourceRules(change: Partial<SourceRules> = {}): SourceRules {
  return { images: { web: buildRules() }, whileBuilding: 'stop', ...change };
}

export const TWO_IMAGES = sourceRules({ images: { web: buildRules(), api: buildRules('api') } });

/** Introduced, and nothing heard of yet. */
export function introduced(rules = sourceRules(), change: Partial<SourceRecord> = {}) {
  const where = { key: KEY, repository: 'acme/shop', ref: 'refs/heads/main' };
  const event = { type: 'SourceConfigured', at: at(0), id: 'shop', rules } as const;
  return { ...untold(introduceSource(where, event)), ...change };
}

/** Everything that is owed is out. */
export function untold(record: SourceRecord): SourceRecord {
  const { announcements, history, places, offers } = record.outbox;
  return decideSource(record, {
    type: 'SourceDelivered',
    at: record.observedAt ?? at(0),
    announcements: announcements.map(({ id }) => id),
    history: history.map(({ sequence }) => sequence),
    places: places.length,
    offers: offers.length,
  }).record;
}

/** The ref moved from one commit to another; undefined: it was created, or deleted. */
export function push(
  from: number | undefined,
  to: number | undefined,
  change: Partial<Pushed> = {},
): Pushed {
  return {
    type: 'Pushed',
    at: at(0),
    delivery: `delivery-${from}-${to}`,
    ...(from === undefined ? {} : { before: commit(from) }),
    ...(to === undefined ? {} : { after: commit(to) }),
    forced: false,
    images: ['web'],
    tag: tag(to ?? from ?? 0),
    by: 'ada',
    ...change,
  };
}

/** A branch at commit 1, nothing built, all told: the next push is an ordinary one. */
export function branch(rules = sourceRules(), change: Partial<SourceRecord> = {}): SourceRecord {
  const { record } = whenSource(introduced(rules), push(undefined, 1, { images: [] }));
  return { ...untold(record), ...change };
}

/** Commit 2 was pushed, and CodeBuild builds it since minute 0: `slipway-shop-web:build-1`. */
export function building(rules = sourceRules()): SourceRecord {
  const pushed = whenSource(branch(rules), push(1, 2, { images: Object.keys(rules.images) }));
  return untold(carriedOut(lookedSource(pushed.record, 0)));
}

export interface SourceStep {
  readonly record: SourceRecord;
  readonly because: string;
  /** Every call that follows from a look, one after the other. */
  readonly actions: readonly SourceAction[];
  /** What this step announced. */
  readonly told: readonly SourceAnnouncement[];
  readonly kinds: readonly SourceAnnouncement['kind'][];
  /** What targets will find. */
  readonly places: readonly PlaceChange[];
  readonly offers: readonly Offer[];
}

/** One decision, and the calls that follow from it. */
export function whenSource(given: SourceRecord, event: SourceEvent): SourceStep {
  const { record, because } = decideSource(given, event);
  const known = given.outbox.announcements.map(({ id }) => id);
  const told = record.outbox.announcements.filter(({ id }) => !known.includes(id));
  return {
    record,
    because,
    actions: event.type === 'SourceObserved' ? actionsOf(record, event.observation) : [],
    told,
    kinds: told.map(({ kind }) => kind),
    places: record.outbox.places.slice(given.outbox.places.length),
    offers: record.outbox.offers.slice(given.outbox.offers.length),
  };
}

/** After each call its answer is decided, so that the next one shows. */
function actionsOf(record: SourceRecord, seen: SourceObservation): readonly SourceAction[] {
  const action = intendedSourceCall(record, seen);
  return action === undefined
    ? []
    : [action, ...actionsOf(answered(record, action, seen.at), seen)];
}

/** CodeBuild took the call. Builds are numbered in the order in which they were asked for. */
function answered(record: SourceRecord, action: SourceAction, when: number): SourceRecord {
  switch (action.type) {
    case 'StartBuild': {
      const { token } = action;
      const id = buildId(newestBuild(record) + 1, action.image);
      return decideSource(record, { type: 'BuildAccepted', at: when, token, id }).record;
    }
    case 'StopBuild':
      return decideSource(record, { type: 'BuildStopAccepted', at: when, id: action.id }).record;
  }
}

export function buildId(n: number, image = 'web'): string {
  return `slipway-shop-${image}:build-${n}`;
}

function newestBuild({ builds }: SourceRecord): number {
  const ids = Object.values(builds).flatMap(({ running, last }) => [
    ...running,
    ...(last ? [last] : []),
  ]);
  return Math.max(0, ...ids.map(({ id = '' }) => Number(id.split('-').at(-1))));
}

/** A step whose calls CodeBuild took. */
export function carriedOut({ record, actions }: SourceStep): SourceRecord {
  return actions.reduce(
    (given, action) => answered(given, action, given.observedAt ?? at(0)),
    record,
  );
}

export interface SourceObservationChange
  extends Partial<Omit<SourceObservation, 'at' | 'comparison'>> {
  readonly comparison?: Comparison;
}

/** A look at minute `minutes` that answers exactly what the record asks: builds run, none is found. */
export function sourceSeen(
  record: SourceRecord,
  minutes: number,
  change: SourceObservationChange = {},
): SourceObservation {
  const when = at(minutes);
  const question = sourceQuestion(record, when);
  const running = question.builds?.map((id) => [id, { state: 'running', phase: 'BUILD' }] as const);
  return {
    id: `look-${minutes}`,
    at: when,
    question,
    ...(running === undefined ? {} : { builds: Object.fromEntries(running) }),
    ...(question.lostBuilds === undefined ? {} : { found: {} }),
    ...(question.compare === undefined
      ? {}
      : { comparison: { state: 'unknown', because: 'HTTP 503' } }),
    ...(question.onRef === undefined
      ? {}
      : { onRef: Object.fromEntries(question.onRef.map(onRef)) }),
    ...change,
  };
}

/** GitHub says that the ref points to it. */
function onRef(head: string): readonly [string, OnRef] {
  return [head, { state: 'on', head }];
}

/** The decision of a look at minute `minutes`, and the calls that follow from it. */
export function lookedSource(
  given: SourceRecord,
  minutes: number,
  change: SourceObservationChange = {},
): SourceStep {
  return whenSource(given, {
    type: 'SourceObserved',
    observation: sourceSeen(given, minutes, change),
  });
}

/** One build ended at minute 3, with what it exported. */
export function endedBuild(
  outcome: Extract<ObservedBuild, { state: 'ended' }>['outcome'],
  change: Partial<Extract<ObservedBuild, { state: 'ended' }>> = {},
): ObservedBuild {
  const exported = outcome === 'SUCCEEDED' ? { digest: digest(2) } : {};
  return { state: 'ended', outcome, endedAt: at(3), ...exported, ...change };
}
