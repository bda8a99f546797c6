/** The ports `SourceRecords` and `CommitPlaces` on DynamoDB: one record per ref, one item per commit. */
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { ImageDigest } from '../../core/model/image.ts';
import { readSourceRecord1 } from '../../core/source/format-1.ts';
import { type PlaceChange, SOURCE_FORMAT } from '../../core/source/record.ts';
import type { CommitPlaces, StoredPlace } from '../../ports.ts';
import type { SourceRecords } from '../../source-ports.ts';
import { ask } from '../refusal.ts';
import { readerOf } from './formats.ts';
import { getItem, type Item, putAll, putVersioned, type Table } from './items.ts';
import { addHistory, type RecordSettings, recordText } from './records.ts';
import {
  commitKey,
  commitsOf,
  DUE_PARTITION,
  digestKey,
  recordKey,
  SOURCES_PARTITION,
} from './table.ts';

/** Throws for a record of a newer Slipway. */
const parseRecord = readerOf(SOURCE_FORMAT, readSourceRecord1);

/** Of the phase attribute that the indexes show for targets. A ref that is gone is asked for no more. */
const PHASE = 'source';
export const GONE = 'gone';
/** A commit is on few refs; more than these are not compared. */
const PLACES_MAX = 20;

export function createSourceRecords(table: Table, settings: RecordSettings): SourceRecords {
  return {
    load: async (key) => {
      const item = await getItem(table, recordKey(key), ['record', 'version']);
      if (item === undefined) return undefined;
      return { record: parseRecord(key, item.record), version: Number(item.version) };
    },

    save: async (record, expected) =>
      putVersioned(
        table,
        recordKey(record.key),
        {
          record: recordText(record.key, record),
          kind: SOURCES_PARTITION,
          phase: record.goneAt === undefined ? PHASE : GONE,
          ...(record.observeAt === undefined
            ? {}
            : { due: DUE_PARTITION, lookAt: record.observeAt }),
        },
        { expected, nonce: settings.clock.newId() },
      ),

    addHistory: (key, entries) => addHistory(table, key, entries, settings),

    addPlaces: ({ repository, ref }, places) => {
      // They are written side by side, and of two changes of one place the later one counts.
      const last = new Map(places.map((place) => itemOf(repository, ref, place)));
      return putAll(table, [...last.values()]);
    },

    commitOf: (repository, digest) => commitOf(table, repository, digest),
  };
}

export function createCommitPlaces(
  { client, name }: Table,
  revisionOf: CommitPlaces['revisionOf'],
): CommitPlaces {
  return {
    revisionOf,
    places: async (repository, commit) => {
      const { Items = [] } = await ask(`dynamodb:Query of the commits of ${repository}`, () =>
        client.send(
          new QueryCommand({
            TableName: name,
            KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
            ExpressionAttributeValues: {
              ':pk': commitsOf(repository),
              ':sk': `commit#${commit}`,
            },
            ConsistentRead: true,
            Limit: PLACES_MAX,
          }),
        ),
      );
      return Items.map((item) => JSON.parse(String(item.place)) as StoredPlace);
    },
    commitOf: (repository, digest) => commitOf({ client, name }, repository, digest),
  };
}

async function commitOf(
  table: Table,
  repository: string,
  digest: ImageDigest,
): Promise<string | undefined> {
  const item = await getItem(table, digestKey(repository, digest), ['commit']);
  return item === undefined ? undefined : String(item.commit);
}

function itemOf(repository: string, ref: string, place: PlaceChange): [string, Item] {
  const { of: _, ...rest } = place;
  if (place.of === 'digest') {
    const key = digestKey(repository, place.digest as ImageDigest);
    return [key.sk, { ...key, commit: place.commit }];
  }
  const key = commitKey(repository, place.commit, ref);
  const stored = JSON.stringify({ ref, ...rest });
  return [key.sk, { ...key, place: stored }];
}
