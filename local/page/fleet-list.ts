/** Many targets as a list: which want a look, which are folded, and which a reader searched for. Of both pages. */

export interface Listed {
  /** The name in the config. */
  readonly name: string;
  readonly key: string;
  readonly state: string;
  readonly headline: string;
}

/** With more quiet targets than these they are folded. */
const SHOWN_QUIET = 5;

export interface FleetList<T> {
  /** `2 of 20 targets to look at` */
  readonly title: string;
  /** Something is on its way or wrong. In the order in which they came: the worst first. */
  readonly loud: readonly T[];
  readonly quiet: readonly T[];
  /** `18 are well` */
  readonly quietTitle: string;
  /** They are shown without being asked for: they are few, or searched for. */
  readonly quietOpen: boolean;
}

/** `filter`: what a name, a headline or a state has in it. */
export function fleetList<T extends Listed>(all: readonly T[], filter: string): FleetList<T> {
  const wanted = all.filter((one) => has(one, filter.trim().toLowerCase()));
  const quiet = wanted.filter(isQuiet);
  return {
    title: titleOf(all),
    loud: wanted.filter((one) => !isQuiet(one)),
    quiet,
    quietTitle: `${quiet.length} ${quiet.length === 1 ? 'is' : 'are'} well`,
    quietOpen: filter !== '' || quiet.length <= SHOWN_QUIET,
  };
}

/** Nothing is on its way and nothing is wrong. */
export function isQuiet({ state }: Pick<Listed, 'state'>): boolean {
  return state === 'well' || state === 'retired';
}

function has({ name, key, headline, state }: Listed, filter: string): boolean {
  return [name, key, headline, state].some((one) => one.toLowerCase().includes(filter));
}

function titleOf(all: readonly Listed[]): string {
  const loud = all.filter((one) => !isQuiet(one)).length;
  const count = all.length === 1 ? 'one target' : `${all.length} targets`;
  return loud === 0 ? `All is well: ${count}` : `${loud} of ${count} to look at`;
}
