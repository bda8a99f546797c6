/**
 * The shortest course through the core that is known: scenes and worlds that together reach every decided
 * sentence that any of them reaches. `npm run simulate:sentences -- --search --write` finds it anew.
 */

/** By what was played, the places that it reached. */
export type Reached = ReadonlyMap<string, ReadonlySet<string>>;

/** Of all that were played the few that reach as much; the one that reaches most of what is left comes next. */
export function fewest(played: Reached): readonly string[] {
  const left = new Set([...played.values()].flatMap((places) => [...places]));
  const chosen: string[] = [];
  while (left.size > 0) {
    const [best] = [...played]
      .map(([name, places]) => ({ name, gain: gainOf(places, left) }))
      .sort((a, b) => b.gain - a.gain);
    if (best === undefined || best.gain === 0) break;
    chosen.push(best.name);
    for (const place of played.get(best.name) ?? []) left.delete(place);
  }
  return chosen;
}

function gainOf(places: ReadonlySet<string>, left: ReadonlySet<string>): number {
  let gain = 0;
  for (const place of places) if (left.has(place)) gain++;
  return gain;
}
