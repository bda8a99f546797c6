/**
 * Attacks that succeed still, each with the guard that it waits for. Whoever builds the guard takes the
 * name out: `attacks.test.ts` fails while an attack that is stopped stands here.
 */
export const NOT_YET: Readonly<Record<string, string>> = {
  'stolen-webhook-secret': 'GitHub is asked whether the commit is on the branch',
};
