/** Windows of the config in which releases are frozen, by a stream of its own: some worlds have one, or two. */
import { chanceOf } from './chance.ts';
import { BEGIN, type Settings } from './stage.ts';

const MINUTE = 60_000;
const SALT = 0xf4ee2;

export function drawFreeze(seed: number, minutes: number): Pick<Settings, 'freeze'> {
  const chance = chanceOf(seed ^ SALT);
  if (!chance.hits(0.1)) return {};
  const timeZone = chance.pick(['UTC', 'Europe/Berlin'] as const);
  const windows = Array.from({ length: chance.whole(1, 2) }, () => {
    const from = chance.whole(0, minutes - 20);
    // It is over before the world is, or what waits for it would never be seen to start.
    const to = chance.whole(from + 5, minutes);
    return { from, to };
  });
  return { freeze: freezeOf(timeZone, windows) };
}

/** Minutes since the world began, as the clock on the wall of that zone shows them in November. */
export function freezeOf(
  timeZone: 'UTC' | 'Europe/Berlin',
  windows: readonly { readonly from: number; readonly to: number }[],
): NonNullable<Settings['freeze']> {
  const offset = timeZone === 'UTC' ? 0 : 60;
  const wall = (minute: number) =>
    new Date(BEGIN + (minute + offset) * MINUTE).toISOString().slice(0, 16).replace('T', ' ');
  return {
    timeZone,
    windows: windows.map(({ from, to }) => ({
      from: wall(from),
      to: wall(to),
      because: 'the world says so',
    })),
  };
}
