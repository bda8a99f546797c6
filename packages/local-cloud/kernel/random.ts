/** Chance in a world: the same seed gives the same numbers in the same order. */
import type { World } from './world.ts';

/** A number in [0, 1), the next of the world's seed (mulberry32). */
export function random(world: Pick<World, 'chance'>): number {
  world.chance = (world.chance + 0x6d2b79f5) | 0;
  let t = Math.imul(world.chance ^ (world.chance >>> 15), 1 | world.chance);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
}

/** `digits` random lower-case hex digits. */
export function randomHex(world: Pick<World, 'chance'>, digits: number): string {
  let hex = '';
  while (hex.length < digits) {
    hex += Math.floor(random(world) * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0');
  }
  return hex.slice(0, digits);
}

/** A random UUID of version 4's shape. */
export function randomUuid(world: Pick<World, 'chance'>): string {
  const hex = randomHex(world, 32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
