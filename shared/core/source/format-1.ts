/** Reads what 0.2.0 stored of a branch or tag: a record of format 1, and entries of its history. */

import { mapValues } from '../model/entries.ts';
import { change, type Words, word } from '../model/format-1.ts';
import { SOURCE_FORMAT, type SourceHistoryEntry, type SourceRecord } from './record.ts';

const RECORD: Words = {
  heard: 'deliveries',
  lookedAt: 'observedAt',
  lookAt: 'observeAt',
  owed: 'outbox',
};

const EVENTS: Words = {
  SourceLooked: 'SourceObserved',
  BuildAsked: 'BuildAccepted',
  BuildStopAsked: 'BuildStopAccepted',
};

/** What JSON gave for a record whose `format` is 1. */
export function readSourceRecord1(old: object): SourceRecord {
  const read = change(old, RECORD, {
    builds: (builds: object) =>
      mapValues({ ...builds }, (one: object) =>
        readBuilds(
          change(one, {}, { running: (running: readonly object[]) => running.map(readBuild) }),
        ),
      ),
    owed: (owed: object) =>
      change(owed, {}, { history: (history: readonly object[]) => history.map(readSourceEntry) }),
  });
  return { ...read, format: SOURCE_FORMAT } as unknown as SourceRecord;
}

/** One commit was wanted, or none. */
function readBuilds(one: object): object {
  const wanted = 'wanted' in one && one.wanted !== undefined ? [one.wanted] : [];
  return { ...one, wanted };
}

/** An entry of the history, of this format or of the one before. */
export function readSourceEntry(stored: object): SourceHistoryEntry {
  return change(
    stored,
    {},
    {
      event: (event: object) =>
        change(event, { seen: 'observation' }, { type: (type: string) => word(EVENTS, type) }),
    },
  ) as unknown as SourceHistoryEntry;
}

function readBuild(old: object): unknown {
  return change(
    old,
    { ask: 'request' },
    {
      ask: (ask: object) => change(ask, { look: 'observation' }),
      stop: (stop: object) => change(stop, { look: 'observation', askedAt: 'acceptedAt' }),
    },
  );
}
