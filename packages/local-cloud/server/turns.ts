/** One thing at a time, in the order in which it was asked for: the model has one owner. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Does this after everything that was asked for before it, and gives what comes of it. */
  take<T>(work: () => T | Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
