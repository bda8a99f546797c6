/**
 * The one table, its keys and its indexes. An item of `record` per target, and beside it, under the
 * same key, what would make the record grow without end: history and quarantine.
 */
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { ImageDigest, TargetKey } from '../../core/model/image.ts';

export const DUE_INDEX = 'due';
/** 10,000 targets fit one partition of the index by far: it holds only those that wait for a look. */
export const DUE_PARTITION = 'due';
/**
 * The records alone, without the history beside them: the sweep reads all of them. 10,000 targets
 * are 2 MB of it, and it is written only when a target's phase or revision changes.
 */
export const RECORDS_INDEX = 'records';
export const RECORDS_PARTITION = 'record';
/** The records of branches and tags, in the same index. */
export const SOURCES_PARTITION = 'source';
/** Only history items have it, in seconds. */
export const TTL_ATTRIBUTE = 'expiresAt';

export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

export function recordKey(key: TargetKey): ItemKey {
  return { pk: key, sk: 'record' };
}

export const HISTORY_PREFIX = 'history#';

/** Twelve digits: sorted as text it is sorted by number. */
export function historyKey(key: TargetKey, sequence: number): ItemKey {
  return { pk: key, sk: `${HISTORY_PREFIX}${String(sequence).padStart(12, '0')}` };
}

export function quarantineKey(key: TargetKey, digest: ImageDigest | string): ItemKey {
  return { pk: key, sk: `quarantine#${digest}` };
}

/** What is known of a repository's commits, beside the records of its refs. */
export function commitsOf(repository: string): string {
  return `git/${repository}`;
}

/** A commit may be on several refs, each with a place of its own. */
export function commitKey(repository: string, commit: string, ref: string): ItemKey {
  return { pk: commitsOf(repository), sk: `commit#${commit}#${ref}` };
}

export function digestKey(repository: string, digest: ImageDigest | string): ItemKey {
  return { pk: commitsOf(repository), sk: `digest#${digest}` };
}

/** What GitHub was told of a commit's status, or of an environment. */
export function feedbackKey(name: string): ItemKey {
  return { pk: `feedback/${name}`, sk: 'note' };
}

/** That people were told of something. */
export function noticeKey(name: string): ItemKey {
  return { pk: `notice/${name}`, sk: 'notice' };
}

/**
 * Partition keys of what belongs to no target, whose own begin with their platform. Each has its own,
 * since rights are given by partition: who may turn the stop switch may not stop the sweeps.
 */
export const STOP_PARTITION = 'slipway';
export const SWEEP_PARTITION = 'slipway/sweep';
export const BUDGET_PARTITION = 'slipway/budget';

export function sweepKey(name: string): ItemKey {
  return { pk: SWEEP_PARTITION, sk: `sweep#${name}` };
}

/** The account's one stop switch: see `stop-switch.ts`. It stands where 0.2.0 had it, and alone. */
export function stopKey(): ItemKey {
  return { pk: STOP_PARTITION, sk: 'stop' };
}

/** What releases have taken of the account's API calls: see `budget.ts`. */
export function budgetKey(): ItemKey {
  return { pk: BUDGET_PARTITION, sk: 'budget' };
}

/**
 * What CreateTable needs. TTL (`TTL_ATTRIBUTE`), deletion protection and point-in-time recovery are
 * not among it: they are set by the infrastructure.
 */
export function tableDefinition(TableName: string): CreateTableCommandInput {
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
      { AttributeName: 'due', AttributeType: 'S' },
      { AttributeName: 'lookAt', AttributeType: 'N' },
      { AttributeName: 'kind', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: DUE_INDEX,
        KeySchema: [
          { AttributeName: 'due', KeyType: 'HASH' },
          { AttributeName: 'lookAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['phase'] },
      },
      {
        IndexName: RECORDS_INDEX,
        KeySchema: [
          { AttributeName: 'kind', KeyType: 'HASH' },
          { AttributeName: 'pk', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['phase', 'revision'] },
      },
    ],
  };
}
