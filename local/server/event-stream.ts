/**
 * Server-sent events for the page: what happened, as it happens, and the state about once a second.
 * The state is made once for everybody who listens, and not at all when nobody does.
 */
import type { ServerResponse } from 'node:http';
import type { LiveCloud } from './live-cloud.ts';
import type { PageEvent } from './page-state.ts';

const STATE_EVERY_MS = 1_000;
/** Proxies and browsers give up connections on which nothing moves. */
const ALIVE_EVERY_MS = 15_000;
/** A page that reads no more than this behind is let go: it comes back and asks from its number on. */
const UNREAD_BYTES_MOST = 4 * 1_048_576;

export class EventStream {
  readonly #live: LiveCloud;
  /** Who listens, and the number of the entry that each gets next. */
  readonly #listeners = new Map<ServerResponse, number>();
  #timer: NodeJS.Timeout | undefined;
  #sent = '';
  #quietSince = 0;

  constructor(live: LiveCloud) {
    this.#live = live;
  }

  /** From entry number `since` on, until the listener goes. */
  listen(response: ServerResponse, since: number): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.write('retry: 1000\n\n');
    this.#listeners.set(response, since);
    response.once('close', () => this.#forget(response));
    this.#tellTimeline(response);
    this.#sent = '';
    this.#timer ??= setInterval(() => void this.#tellState(), STATE_EVERY_MS);
    void this.#tellState();
  }

  /** Tells everybody what is new. */
  tell(): void {
    for (const response of this.#listeners.keys()) this.#tellTimeline(response);
  }

  /** Lets everybody go. */
  end(): void {
    for (const response of [...this.#listeners.keys()]) {
      response.end();
      this.#forget(response);
    }
  }

  #forget(response: ServerResponse): void {
    this.#listeners.delete(response);
    if (this.#listeners.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tellTimeline(response: ServerResponse): void {
    for (;;) {
      const data = this.#live.story.since(this.#listeners.get(response) ?? 0);
      if (data.entries.length === 0) return;
      this.#listeners.set(response, data.next);
      if (!this.#write(response, { event: 'timeline', data }, data.next)) return;
    }
  }

  async #tellState(): Promise<void> {
    const data = await this.#live.state();
    const text = JSON.stringify(data);
    const changed = text !== this.#sent;
    if (changed || performance.now() - this.#quietSince > ALIVE_EVERY_MS) {
      this.#quietSince = performance.now();
      for (const response of [...this.#listeners.keys()]) {
        if (changed) this.#write(response, { event: 'state', data });
        else response.write(':\n\n');
      }
    }
    this.#sent = text;
  }

  /** False: the listener reads too slowly and was let go. */
  #write(response: ServerResponse, { event, data }: PageEvent, id?: number): boolean {
    if (response.writableLength > UNREAD_BYTES_MOST) {
      response.destroy();
      return false;
    }
    const number = id === undefined ? '' : `id: ${id}\n`;
    response.write(`${number}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    return true;
  }
}
