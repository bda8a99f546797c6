/** Tells each mistake of the model once: time goes on, and what failed is not tried again for ever. */

/** Different mistakes that are told; there will hardly be two. */
const WARNINGS_MOST = 100;

export class Warnings {
  readonly #onWarning: (line: string) => void;
  readonly #told = new Set<string>();

  constructor(onWarning: (line: string) => void) {
    this.#onWarning = onWarning;
  }

  /** Does the work, and tells what it throws. */
  async guard(work: () => void | Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.tell(`internal: ${why}`);
    }
  }

  tell(line: string): void {
    if (this.#told.has(line) || this.#told.size >= WARNINGS_MOST) return;
    this.#told.add(line);
    this.#onWarning(line);
  }
}
