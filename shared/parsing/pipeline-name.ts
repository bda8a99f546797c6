/**
 * What the names of everything that a pipeline has in an account begin with. Its own name stands before
 * `slipway`, and never has that word in it: so no name of one pipeline is the beginning of another's, and a
 * policy on `slipway-*` reaches nothing of `shop-slipway-*`.
 */

/**
 * Of an IAM role the longest name has 64 characters, ours up to 47 without it; a word of a shell. Parameters of
 * SSM may not begin with `aws` or `ssm`. (API_PutParameter; that a path may not either: unverified)
 */
export const PIPELINE_NAME = /^(?!.*slipway)(?!aws|ssm)[a-z](?:[a-z0-9-]{0,14}[a-z0-9])?$/;

/** A pipeline, as far as its name goes; absent: the one without a name. */
export interface Named {
  readonly name?: string | undefined;
}

/** `slipway`, or `shop-slipway`. */
export function prefixOf({ name }: Named): string {
  return name === undefined ? 'slipway' : `${name}-slipway`;
}
