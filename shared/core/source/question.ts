/** What the next look at a source must find out: only what its record waits for. */
import { defined } from '../model/defined.ts';
import type { Moment } from '../model/image.ts';
import { claimsQuestion } from './claims/confirming.ts';
import { asksPlaces, comparisonOf, mayDeny, nextUnplaced } from './comparing.ts';
import { toConfirm } from './confirming.ts';
import type { LostBuild, SourceQuestion } from './observation.ts';
import type { SourceRecord } from './record.ts';

/** BatchGetBuilds takes at most so many. */
const BUILDS_ASKED_MAX = 100;
/** A handler that asked for a build has its answer by then, or has died. */
const ANSWERED_AFTER_MS = 40_000;
/** Clocks differ. */
const MARGIN_MS = 2 * 60_000;

export function sourceQuestion(record: SourceRecord, now: Moment): SourceQuestion {
  const running = Object.values(record.builds).flatMap((builds) => builds.running);
  // The most silent first, so that each has its turn.
  const builds = running
    .toSorted((a, b) => a.heardAt - b.heardAt)
    .flatMap(({ id }) => (id === undefined ? [] : [id]));
  const lostBuilds = running.flatMap(({ id, project, token, request }): LostBuild[] =>
    id === undefined && now > request.lastAt + ANSWERED_AFTER_MS
      ? [{ project, token, since: request.at - MARGIN_MS }]
      : [],
  );
  const compare = comparisonOf(record);
  // What waits for its place is asked of in one go: it may be the newest, or nobody may have pushed it.
  const next = nextUnplaced(record);
  const waiting = next && (asksPlaces(record) || mayDeny(next, now)) ? next : undefined;
  const claims = claimsQuestion(record);
  const onRef = [
    ...new Set([
      ...(waiting === undefined ? [] : [waiting.after]),
      ...toConfirm(record),
      ...claims.onRef,
    ]),
  ];
  return defined({
    builds: builds.length === 0 ? undefined : builds.slice(0, BUILDS_ASKED_MAX),
    lostBuilds: lostBuilds.length === 0 ? undefined : lostBuilds,
    compare,
    onRef: onRef.length === 0 ? undefined : onRef,
    standing: claims.standing,
  });
}
