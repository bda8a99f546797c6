/** What is known of each mutant: what kills it (`verdicts.json`), or why nothing does. */

/** By the name of the mutant. Written by `npm run simulate:mutants -- --write`. */
export type Verdicts = Readonly<
  Record<string, { readonly scene?: string; readonly seed?: number; readonly rule: string }>
>;

/** By the name of the mutant, why the simulation does not kill it. */
export const SURVIVORS: Readonly<Record<string, string>> = {};
