/** The port `ToldPeople`: an item for each notice, so that what comes twice is told once. */
import { type Clock, type ToldPeople, TransientError } from '../../ports.ts';
import { getItem, putVersioned, type Table } from './items.ts';
import { noticeKey, TTL_ATTRIBUTE } from './table.ts';

const KEPT_DAYS = 90;
/** Longer than the function may run: whoever began before that is not telling any more. */
const BEGUN_FOR_MS = 60_000;

export function createToldPeople(table: Table, clock: Pick<Clock, 'now' | 'newId'>): ToldPeople {
  const write = async (name: string, state: object, expected: number | undefined) =>
    await putVersioned(
      table,
      noticeKey(name),
      { ...state, [TTL_ATTRIBUTE]: Math.floor(clock.now() / 1000) + KEPT_DAYS * 86_400 },
      { expected, nonce: clock.newId() },
    );
  return {
    begin: async (name) => {
      const item = await getItem(table, noticeKey(name), ['begunAt', 'told', 'version']);
      if (item?.told === true) return false;
      if (item !== undefined && clock.now() - Number(item.begunAt) < BEGUN_FOR_MS) throw busy(name);
      const expected = item === undefined ? undefined : Number(item.version);
      if ((await write(name, { begunAt: clock.now() }, expected)) === 'stale') throw busy(name);
      return true;
    },
    done: async (name) => {
      const item = await getItem(table, noticeKey(name), ['begunAt', 'version']);
      await write(name, { begunAt: item?.begunAt, told: true }, Number(item?.version));
    },
  };
}

/** Lambda tries again in a minute: by then it was told, or is not being told any more. */
function busy(name: string): TransientError {
  return new TransientError(`somebody is telling people of ${name} right now`);
}
