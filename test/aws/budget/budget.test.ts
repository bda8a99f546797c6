/** One budget of the account in the table: all processes share it, and nothing hangs on it. */
import { expect, test } from 'vitest';
import { createBudget } from '../../../shared/aws/budget.ts';
import { book, type Levels } from '../../../shared/aws/shares.ts';
import { startTable } from '../table.ts';
import { listeningLog, lost } from '../wire.ts';

const T0 = Date.parse('2026-11-20T10:00:00Z');

async function connected() {
  const far = await startTable();
  const time = { now: T0 };
  const log = listeningLog();
  const process = () => createBudget(far.table, { now: () => time.now }, log);
  return { ...far, time, log, process };
}

/** The moments that so many starts are given, one after the other. */
function turns(count: number): readonly number[] {
  let levels: Levels = {};
  return Array.from({ length: count }, () => {
    const booking = book(levels, { starts: 1 }, T0);
    levels = booking.levels;
    return booking.at;
  });
}

test('two processes share it, whoever asks', async () => {
  const { process, time } = await connected();
  const [one, two] = [process(), process()];
  const given = await Promise.all(
    Array.from({ length: 24 }, (_, i) => (i % 2 === 0 ? one : two).reserve({ starts: 1 })),
  );
  expect(given.toSorted((a, b) => a - b)).toEqual(turns(24));
  time.now += 3_600_000;
  expect(await two.reserve({ starts: 1 })).toBe(time.now);
});

test('while nobody else books, a booking is one call; a look now and then needs none', async () => {
  const { process, operations, time } = await connected();
  const budget = process();
  await budget.reserve({ starts: 1 });
  operations.length = 0;
  await budget.reserve({ starts: 1 });
  expect(operations).toEqual(['UpdateItem']);
  await budget.reserve({ services: 1 });
  expect(operations).toHaveLength(2);
  time.now += 10_000;
  expect(await budget.reserve({ services: 1 })).toBe(time.now);
  expect(operations).toHaveLength(2);
});

test('a hundred messages of one process are booked in a few writes: the item is no hot spot', async () => {
  const { process, operations } = await connected();
  const budget = process();
  await Promise.all(Array.from({ length: 100 }, () => budget.reserve({ starts: 1 })));
  expect(operations.filter((one) => one === 'UpdateItem').length).toBeLessThanOrEqual(2);
});

test('a turn that was not used is for the next', async () => {
  const { process } = await connected();
  const budget = process();
  for (let i = 0; i < 40; i++) await budget.reserve({ starts: 1 });
  await budget.giveBack({ starts: 1 });
  await budget.giveBack({ starts: 1 });
  expect(await budget.reserve({ starts: 1 })).toBeLessThan(turns(41)[40] ?? 0);
});

test('a budget that does not answer keeps nobody waiting, and is asked again by the next', async () => {
  const { process, network, dynamo, log } = await connected();
  const budget = process();
  for (let i = 0; i < 40; i++) await budget.reserve({ starts: 1 });
  network.carry = async () => {
    throw lost;
  };
  expect(await budget.reserve({ starts: 1 })).toBe(T0);
  await budget.giveBack({ starts: 1 });
  expect(log.lines.map(({ level, message }) => `${level}: ${message}`)).toContain(
    'warn: the budget of API calls does not answer, so nobody waits for it',
  );
  network.carry = (request) => dynamo.handle(request);
  expect(await budget.reserve({ starts: 1 })).toBeGreaterThan(T0 + 20_000);
});
