/**
 * Stories that do not end yet as they say, by the number of the fault that each waits for in the
 * two reviews of 0.2.0 (issue 11): of its stories, or of its core. Whoever mends the fault takes
 * the name out: `scenarios.test.ts` fails while a story that ends well stands here.
 */
export const NOT_YET: Readonly<Record<string, `${'stories' | 'core'} ${number}`>> = {};
