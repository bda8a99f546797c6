/** The speeds that the page offers, in virtual seconds a second; 0: time stands still. */
export const SPEEDS: readonly number[] = [0, 1, 10, 60, 600];

/** The next one that is offered, from any speed; the last one has none after it. */
export function slowerOrFaster(speed: number, direction: 1 | -1): number {
  const next =
    direction === 1 ? SPEEDS.find((each) => each > speed) : SPEEDS.findLast((each) => each < speed);
  return next ?? speed;
}
