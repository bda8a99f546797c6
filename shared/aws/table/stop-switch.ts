/**
 * The account's one stop switch: one item of the table. Every handling reads it beside its record,
 * and while it is on, nothing new starts anywhere; rollbacks go through. Persons write it directly,
 * since it must work when no queue moves.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Hold } from '../../core/model/record/waiting.ts';
import type { Clock } from '../../ports.ts';
import { transient } from '../refusal.ts';
import { getItem, type Table } from './items.ts';
import { stopKey } from './table.ts';

export interface StopState {
  /** The newest change of the switch: who, why, when. */
  readonly changed: Hold;
  /** The same, while the switch is on. */
  readonly hold?: Hold;
}

export interface StopSwitch {
  /** Undefined: nobody ever touched it. */
  read(): Promise<StopState | undefined>;
  /**
   * Turns it on or off, if it is not already; a second identical call changes nothing. Returns what
   * is so now, and whether this call made it so. Throws `TransientError`.
   */
  turn(to: 'on' | 'off', word: Pick<Hold, 'by' | 'because'>): Promise<Turned>;
}

export interface Turned {
  readonly changed: boolean;
  readonly state: StopState;
}

export function createStopSwitch(table: Table, clock: Pick<Clock, 'now'>): StopSwitch {
  return {
    read: () => readStop(table),
    turn: async (to, { by, because }) => {
      const on = to === 'on';
      const before = await readStop(table);
      // Off is also how it is before anybody touched it.
      if (before !== undefined && (before.hold !== undefined) === on) {
        return { changed: false, state: before };
      }
      const word: Hold = { by, because, since: clock.now() };
      if (await put(table, on, word, before)) return { changed: true, state: stateOf(on, word) };
      // Somebody was faster, and what they did counts; or the answer to our own write was lost.
      const state = (await readStop(table)) ?? stateOf(on, word);
      return { changed: state.changed.by === by && state.changed.since === word.since, state };
    },
  };
}

/** Read consistently: a handling that begins after the switch was turned knows of it. */
export async function readStop(table: Table): Promise<StopState | undefined> {
  const item = await getItem(table, stopKey(), ['stopped', 'by', 'because', 'since']);
  if (item === undefined) return undefined;
  const { stopped, by, because, since } = item;
  return stateOf(stopped === true, {
    by: String(by),
    because: String(because),
    since: Number(since),
  });
}

function stateOf(on: boolean, changed: Hold): StopState {
  return { changed, ...(on ? { hold: changed } : {}) };
}

/** Only over what was read: nobody undoes a word that they have not seen. */
async function put(
  { client, name }: Table,
  stopped: boolean,
  word: Hold,
  before: StopState | undefined,
): Promise<boolean> {
  try {
    await client.send(
      new PutCommand({
        TableName: name,
        Item: { ...stopKey(), stopped, ...word },
        ...(before === undefined
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: 'since = :since AND stopped = :before',
              ExpressionAttributeValues: { ':since': before.changed.since, ':before': !stopped },
            }),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw transient('dynamodb:PutItem of the stop switch', error);
  }
}
