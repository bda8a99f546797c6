/** GitHub says that the ref moved, or is gone. */
import { defined } from '../model/defined.ts';
import { because, owePlaces, refName, type SourceDecision, shortCommit } from './decision.ts';
import type { Pushed } from './event.ts';
import { place } from './placing.ts';
import { DELIVERIES_MAX, type RefMove, type SourceRecord } from './record.ts';
import { buildHeads, supersede } from './wanting.ts';

export function pushed(record: SourceRecord, event: Pushed): SourceDecision {
  if (record.deliveries.includes(event.delivery)) {
    return because(record, `delivery ${event.delivery} was heard before: nothing is started twice`);
  }
  const heard: SourceRecord = {
    ...record,
    deliveries: [event.delivery, ...record.deliveries].slice(0, DELIVERIES_MAX),
  };
  const move = moveOf(event);
  return move === undefined
    ? gone(heard, event)
    : buildHeads(place(heard, move, event.at), event.at);
}

/** What a push says of the ref; undefined: it is gone. */
function moveOf({ before, after, forced, by, images, skip, tag }: Pushed): RefMove | undefined {
  if (after === undefined) return undefined;
  return defined({ before, after, forced, by, images, tag, skip });
}

/** The ref was deleted: what was not started yet is not started, and what runs is let run or stopped. */
function gone(record: SourceRecord, event: Pushed): SourceDecision {
  const { commits, unplaced } = record;
  const left = shortCommit(event.before ?? '');
  const head = commits[0]?.commit;
  const isNewest =
    unplaced.length === 0
      ? head === undefined || head === event.before
      : unplaced.some(({ after }) => after === event.before);
  if (!isNewest) {
    return because(
      record,
      `it was deleted at ${left}, which is not the newest that is known: a late delivery`,
    );
  }
  const sentence = `${refName(record.ref)} was deleted by ${event.by}`;
  const dropped = unplaced
    .filter(({ after }) => commits.every((one) => one.commit !== after))
    .map(({ after: commit }) => {
      const waitsBecause = `${sentence} before GitHub told where ${shortCommit(commit)} stands`;
      return { of: 'commit', commit, waitsBecause } as const;
    });
  let next = owePlaces({ ...record, goneAt: event.at, unplaced: [] }, ...dropped);
  for (const image of Object.keys(record.builds)) next = supersede(next, image, event.at, sentence);
  return because(next, sentence);
}
