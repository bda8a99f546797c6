/** What is known of each mutant: what kills it (`verdicts.json`), or why nothing does. */

/** By the name of the mutant. Written by `npm run simulate:mutants -- --write`. */
export type Verdicts = Readonly<
  Record<string, { readonly scene?: string; readonly seed?: number; readonly rule: string }>
>;

/** By the name of the mutant, why the simulation does not kill it. */
export const SURVIVORS: Readonly<Record<string, string>> = {
  'what the judge condemned it takes back':
    'the look that hears it begins the way back at once, so nothing asks it again; `test/core/release/judge/judged.test.ts` does',
  'a minute that never came is one without errors':
    'a minute without requests adds nothing either: only the sentence no longer says that it is not known, and no rule counts those; `test/judge/clock-minutes.test.ts` does',
  'a minute is read before it is whole':
    'some judged worlds halve minutes, and it survives in those that were tried; `test/judge/clock-minutes.test.ts` does not let it',
  'how much errors scatter is left out':
    'one world in which the oracle was wrong seemed to kill it, and 54 others with such errors do not; `test/judge/bad-input.test.ts` does',
  'new tasks have no time to warm up':
    'the same: 53 worlds with cold starts do not; `test/judge/judge.test.ts` does',
  'what the judge said an hour ago lets a share grow':
    'wherever looks stop in a scene the hook stops as well; `test/core/hook/judged.test.ts` asks it by itself',
  'what went back in the other target is not refused':
    'it waits there in place of being refused, and no world asks for the word; `test/core/gates/promotion-gate.test.ts` does',
  'an image that tells of a branch that was rewritten begins no new line':
    'within a quarter of an hour the look at the head finds the rewritten branch, and the image is asked of again; `test/core/source/claims.test.ts` does',
};
