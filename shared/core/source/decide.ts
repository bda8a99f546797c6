/**
 * decide(record, event) -> record', because: for one branch or tag. Pure; it never throws for what the world
 * does, only for what our own rules exclude (`expected`).
 */
import type { Moment } from '../model/image.ts';
import { buildAccepted, buildRefused, buildStopAccepted } from './build-answers.ts';
import { followBuilds } from './building.ts';
import { imageFound, revived } from './claims/claim.ts';
import { asksOfClaims, claimsDue, claimsHeard } from './claims/confirming.ts';
import { asksPlaces, compared, nextUnplaced } from './comparing.ts';
import { confirmed, newestWanted } from './confirming.ts';
import { because, type SourceDecision } from './decision.ts';
import type { SourceConfigured, SourceDelivered, SourceEvent, SourceObserved } from './event.ts';
import { headSeen } from './head-seen.ts';
import { pushed } from './pushed.ts';
import { SOURCE_FORMAT, type SourceHistoryEntry, type SourceRecord } from './record.ts';
import { buildHeads } from './wanting.ts';

/** A build that CodeBuild says nothing of for so long is asked about. */
const SILENT_MS = 5 * 60_000;
const SOON_MS = 60_000;
const ASK_AGAIN_MAX_MS = 5 * 60_000;

/** The first record of a ref: nothing is known of it yet. */
export function introduceSource(
  at: { readonly key: string; readonly repository: string; readonly ref: string },
  event: SourceConfigured,
): SourceRecord {
  const { key, repository, ref } = at;
  const record: SourceRecord = {
    format: SOURCE_FORMAT,
    ...{ key, repository, ref },
    id: event.id,
    rules: event.rules,
    commits: [],
    unplaced: [],
    builds: {},
    deliveries: [],
    sequence: 0,
    outbox: { announcements: [], history: [], places: [], offers: [] },
  };
  return remember(record, record, event, 'introduced by the config');
}

export function decideSource(record: SourceRecord, event: SourceEvent): SourceDecision {
  if (event.type === 'SourceDelivered') return delivered(record, event);
  const decision = decideOn(record, event);
  if (decision.record === record) return decision;
  const now = event.type === 'SourceObserved' ? event.observation.at : event.at;
  const all = revived(record, decision.record, now, isAnswer(event));
  const next = remember(record, whenToLook(all, now), event, decision.because);
  return because(next, decision.because);
}

/** GitHub says something of a commit, or the config of its images: what nothing was found out of may be asked of again. */
function isAnswer(event: SourceEvent): boolean {
  if (event.type === 'SourceConfigured') return true;
  if (event.type !== 'SourceObserved') return false;
  const { onRef = {} } = event.observation;
  return Object.values(onRef).some(({ state }) => state !== 'unknown');
}

function decideOn(
  record: SourceRecord,
  event: Exclude<SourceEvent, SourceDelivered>,
): SourceDecision {
  switch (event.type) {
    case 'SourceConfigured':
      return because(
        { ...record, id: event.id, rules: event.rules },
        'the config changed: it counts from the next push',
      );
    case 'Pushed':
      return pushed(record, event);
    case 'HeadSeen':
      return headSeen(record, event);
    case 'ImageFound':
      return imageFound(record, event);
    case 'BuildHinted':
      return because(record, `${event.cause}: a look follows`);
    case 'SourceObserved':
      return observed(record, event);
    case 'BuildAccepted':
      return buildAccepted(record, event);
    case 'BuildRefused':
      return buildRefused(record, event);
    case 'BuildStopAccepted':
      return buildStopAccepted(record, event);
  }
}

function observed(record: SourceRecord, { observation }: SourceObserved): SourceDecision {
  const current: SourceRecord = { ...record, observedAt: observation.at };
  const placed = buildHeads(compared(current, observation), observation.at);
  const sentences = placed.record === current ? [] : [placed.because];
  // First the places: only the newest is worth a build.
  if (asksPlaces(placed.record)) {
    return because(placed.record, [...sentences, 'GitHub is asked once more'].join('; '));
  }
  const sure = confirmed(placed.record, observation);
  const followed = followBuilds(sure.record, observation);
  const claimed = claimsHeard(followed.record, observation);
  const all = [...sentences, sure.because, followed.because, claimed.because];
  return because(claimed.record, all.filter((one) => one !== '').join('; '));
}

/** GitHub's answer leads to another question, or nobody asked it yet about what is to be built. */
export function asksMore(record: SourceRecord): boolean {
  return (
    asksPlaces(record) ||
    asksOfClaims(record) ||
    newestWanted(record).some(({ wanted }) => wanted.waits === undefined)
  );
}

/** Something is to be found out or started; otherwise a look would ask nobody anything. */
export function needsLook({ unplaced, builds, claims = [] }: SourceRecord): boolean {
  return (
    claims.length > 0 ||
    unplaced.length > 0 ||
    Object.values(builds).some(({ wanted, running }) => wanted.length > 0 || running.length > 0)
  );
}

/** When `tick` looks again, if nothing is heard before. */
function whenToLook(record: SourceRecord, now: Moment): SourceRecord {
  const { observeAt: _, ...rest } = record;
  const moments = [
    ...unplacedAt(record, now),
    ...buildsAt(record, now),
    ...claimsDue(record, now, askAgainAfter),
    ...owedAt(record, now),
  ];
  return moments.length === 0 ? rest : { ...rest, observeAt: Math.min(...moments) };
}

function unplacedAt(record: SourceRecord, now: Moment): readonly Moment[] {
  const push = nextUnplaced(record);
  if (push === undefined) return [];
  return [now + (push.failures === 0 ? 0 : askAgainAfter(push.failures))];
}

function askAgainAfter(failures: number): number {
  return Math.min(SOON_MS * 2 ** Math.max(failures - 1, 0), ASK_AGAIN_MAX_MS);
}

function buildsAt({ builds }: SourceRecord, now: Moment): readonly Moment[] {
  return Object.values(builds).flatMap(({ wanted, running }) => [
    ...wanted.slice(0, 1).map(({ waits }) => now + askAgainAfter(waits?.failures ?? 0)),
    ...running.map((build) => {
      const waits = build.id === undefined || build.stop !== undefined;
      return waits ? now + SOON_MS : Math.max(now, build.heardAt) + SILENT_MS;
    }),
  ]);
}

function owedAt({ outbox }: SourceRecord, now: Moment): readonly Moment[] {
  const { announcements, offers, places } = outbox;
  return announcements.length + offers.length + places.length > 0 ? [now + SOON_MS] : [];
}

function remember(
  before: SourceRecord,
  after: SourceRecord,
  event: Exclude<SourceEvent, SourceDelivered>,
  sentence: string,
): SourceRecord {
  const entry: SourceHistoryEntry = {
    sequence: before.sequence + 1,
    event,
    because: sentence,
  };
  return {
    ...after,
    sequence: entry.sequence,
    outbox: { ...after.outbox, history: [...after.outbox.history, entry] },
  };
}

/** What is out is forgotten. Not part of the history: it says nothing about the source. */
function delivered(record: SourceRecord, event: SourceDelivered): SourceDecision {
  const { announcements, history, places, offers } = record.outbox;
  const next: SourceRecord = {
    ...record,
    outbox: {
      announcements: announcements.filter((one) => !event.announcements.includes(one.id)),
      history: history.filter((one) => !event.history.includes(one.sequence)),
      places: places.slice(event.places),
      offers: offers.slice(event.offers),
    },
  };
  return because(whenToLook(next, event.at), 'told');
}
