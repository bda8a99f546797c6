/**
 * The port `Budget`: one item of the table for the whole account, which all handlers book in. What is
 * known of it is kept, so that a booking is one conditional write while nobody else books.
 *
 * It must not be what everything hangs on. A rollback never asks. Whoever cannot read or write it goes at
 * once, as if there were no budget: AWS throttles then, and the SDK repeats. It is no hot spot either: one
 * process books for all its messages in one write, four starts a second are all that it gives, and who
 * loses the write too often waits for some seconds. (DynamoDB: 1,000 writes a second of one item)
 */
import type { Moment } from '../core/model/image.ts';
import { type Budget, type CallsWanted, type Clock, type Log, TransientError } from '../ports.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { book, returned } from './shares.ts';
import type { Table } from './table/items.ts';

/** Others booked first, again and again: so much later it goes. */
const CONTENDED_MS = 2_000;
/** A look as seldom as that needs no booking: it is what the shares leave over. */
const UNBOOKED_EVERY_MS = 10_000;

export function createBudget(table: Table, clock: Pick<Clock, 'now'>, log: Log): Budget {
  const ledger = createLedger(table);
  let askedAt: Moment | undefined;

  /** contended: others were faster again and again. */
  const change = async (
    edit: Parameters<Ledger>[0],
  ): Promise<'written' | 'contended' | 'no answer'> => {
    try {
      return (await ledger(edit)) ? 'written' : 'contended';
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      log.warn('the budget of API calls does not answer, so nobody waits for it', {
        because: error.message,
      });
      return 'no answer';
    }
  };

  return {
    reserve: async (calls) => {
      const now = clock.now();
      const isSeldom = askedAt === undefined || now - askedAt >= UNBOOKED_EVERY_MS;
      askedAt = now;
      if (isSeldom && calls.starts === undefined) return now;
      let at = now;
      const booked = await change((levels) => {
        const booking = book(levels, calls, clock.now());
        at = booking.at;
        return booking.levels;
      });
      if (booked === 'no answer') return now;
      return booked === 'written' ? at : Math.max(at, now + CONTENDED_MS);
    },
    giveBack: async (calls: CallsWanted) => {
      await change((levels) => returned(levels, calls));
    },
  };
}
