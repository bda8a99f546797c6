/**
 * What names git and GitHub allow, as far as we must rely on it: what passes here may stand in a key
 * and in a log line. A ref may still hold everything that a shell would read.
 */

/** Owner and name; an owner of an enterprise may have an underscore. */
export const GITHUB_REPOSITORY = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}\/[A-Za-z0-9._-]{1,100}$/;

/** `refs/heads/main`; no control characters, nothing that UTF-8 cannot say. GitHub: 255 bytes. */
export const REF = /^refs\/[a-z]{1,40}\/[^\p{Cc}\p{Cs}]{1,300}$/u;

export const COMMIT = /^[0-9a-f]{40}$/;

/** In place of the commit before a ref was created, and of the one after it was deleted. */
export const NO_COMMIT = '0'.repeat(40);

/** `X-GitHub-Delivery`, a GUID. */
export const DELIVERY = /^[0-9A-Za-z-]{8,100}$/;

/** `git/<owner>/<repository>/refs/heads/<branch>`, or `…/refs/tags/<tag>`. */
export const SOURCE_KEY =
  /^git\/[A-Za-z0-9][A-Za-z0-9_-]{0,99}\/[A-Za-z0-9._-]{1,100}\/refs\/(?:heads|tags)\/[^\p{Cc}\p{Cs}]{1,300}$/u;

/** The user's name of an image that a repository makes. */
export const IMAGE_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;
