/**
 * What may come of asking GitHub instead of an answer. The difference decides between coming back and
 * telling a person, so it is made in one place. No message holds a token or a key.
 */
import { TransientError } from './ports.ts';

/** It did not answer, is ill, or wants to be asked later: this passes. */
export class GitHubIsBusy extends TransientError {
  /** GitHub's own word on when to ask again. */
  readonly afterSeconds?: number;
  /** A limit is reached: whoever asks all the same makes it worse. */
  readonly isLimit: boolean;

  constructor(
    message: string,
    { afterSeconds, isLimit = false }: { afterSeconds?: number; isLimit?: boolean } = {},
  ) {
    super(message);
    this.isLimit = isLimit;
    if (afterSeconds !== undefined) this.afterSeconds = afterSeconds;
  }
}

/** It says no, and would say it again: credentials, permissions, or what was asked for are wrong. */
export class GitHubRefuses extends Error {
  override readonly name = 'GitHubRefuses';
  /** Of HTTP; absent: it was not asked. */
  readonly status?: number;
  /** GitHub's own words. */
  readonly words: string;

  constructor(message: string, { status, words = '' }: { status?: number; words?: string } = {}) {
    super(message);
    this.words = words;
    if (status !== undefined) this.status = status;
  }
}
