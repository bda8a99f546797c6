/** The port `Notes` of feedback on DynamoDB: what GitHub was told, an item each, kept for 90 days. */
import type { Note, Notes } from '../../feedback/ports.ts';
import type { Clock } from '../../ports.ts';
import { getItem, putVersioned, type Table } from './items.ts';
import { feedbackKey, TTL_ATTRIBUTE } from './table.ts';

/** A release that runs for longer has its deployment on GitHub all the same; it is only not made inactive. */
const KEPT_DAYS = 90;

export function createNotes(table: Table, clock: Pick<Clock, 'now' | 'newId'>): Notes {
  return {
    load: async (name): Promise<Note | undefined> => {
      const item = await getItem(table, feedbackKey(name), ['note', 'version']);
      if (item === undefined) return undefined;
      return { value: JSON.parse(String(item.note)), version: Number(item.version) };
    },

    save: (name, value, expected) =>
      putVersioned(
        table,
        feedbackKey(name),
        {
          note: JSON.stringify(value),
          [TTL_ATTRIBUTE]: Math.floor(clock.now() / 1000) + KEPT_DAYS * 86_400,
        },
        { expected, nonce: clock.newId() },
      ),
  };
}
