/** What git refuses: a branch that is not there, a push that is no fast-forward. */
export class GitError extends Error {
  override readonly name = 'GitError';
}
