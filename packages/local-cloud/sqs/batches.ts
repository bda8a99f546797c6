/** Batches of SQS: what makes a whole batch fail, and members that fail one by one. */
import { AwsError } from '../kernel/errors.ts';

export interface Batch<Entry> {
  readonly QueueUrl?: string;
  readonly Entries?: readonly (Entry & { readonly Id?: string })[];
}

const BATCH_MOST = 10;

/** What makes a whole batch fail. */
export function checkedEntries<Entry extends { readonly Id?: string }>({
  Entries: entries = [],
}: {
  readonly Entries?: readonly Entry[];
}): readonly Entry[] {
  if (entries.length === 0) {
    throw new AwsError(
      'EmptyBatchRequest',
      'There should be at least one SendMessageBatchRequestEntry in the request.',
    );
  }
  if (entries.length > BATCH_MOST) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${BATCH_MOST}. You have sent ${entries.length}.`,
    );
  }
  const ids = entries.map(({ Id = '' }) => Id);
  const malformed = ids.find((id) => !/^[\w-]{1,80}$/.test(id));
  if (malformed !== undefined) {
    throw new AwsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  }
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${twice} repeated.`);
  return entries;
}

/** A batch whose members fail one by one: HTTP 200 with `Failed`. */
export function eachEntry<Entry extends { readonly Id?: string }>(
  entries: readonly Entry[],
  carryOut: (entry: Entry) => object,
) {
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...carryOut(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return {
    ...(Successful.length === 0 ? {} : { Successful }),
    ...(Failed.length === 0 ? {} : { Failed }),
  };
}
