/**
 * The connection to the local AWS: server-sent events, tried again for as long as the page is open.
 * `EventSource` would reconnect by itself, but with the number of the last event only, and to a
 * server that began anew that number says nothing.
 */
import type { PageEvent } from '../../server/page-state.ts';
import { askFrom, connected, type Memory, NOTHING_KNOWN, remember } from '../memory.ts';
import { retryDelayMs } from '../retry.ts';

export type Connection =
  | { readonly status: 'connecting' | 'open' }
  | { readonly status: 'lost'; readonly failures: number; readonly retryMs: number }
  /** The server speaks another format: it was updated under this page. */
  | { readonly status: 'foreign' };

export interface FeedOptions {
  readonly onMemory: (memory: Memory) => void;
  readonly onConnection: (connection: Connection) => void;
}

export interface Feed {
  /** At once, instead of when it is due. */
  retryNow(): void;
}

const EVENTS = ['timeline', 'state'] as const;

export function startFeed({ onMemory, onConnection }: FeedOptions): Feed {
  let memory = NOTHING_KNOWN;
  let failures = 0;
  let source: EventSource | undefined;
  let timer: number | undefined;

  function connect(): void {
    clearTimeout(timer);
    source?.close();
    memory = connected(memory);
    const opened = new EventSource(`/_slipway/events?since=${askFrom(memory)}`);
    source = opened;
    opened.addEventListener('open', () => {
      failures = 0;
      onConnection({ status: 'open' });
    });
    opened.addEventListener('error', lost);
    for (const event of EVENTS) {
      opened.addEventListener(event, ({ data }) => hear(event, String(data)));
    }
  }

  function lost(): void {
    source?.close();
    failures += 1;
    const retryMs = retryDelayMs(failures);
    onConnection({ status: 'lost', failures, retryMs });
    timer = setTimeout(connect, retryMs);
  }

  function hear(event: (typeof EVENTS)[number], text: string): void {
    const told = { event, data: JSON.parse(text) } as PageEvent;
    if (told.event === 'state' && told.data.format !== 1) {
      source?.close();
      onConnection({ status: 'foreign' });
      return;
    }
    const remembered = remember(memory, told);
    memory = remembered.memory;
    onMemory(memory);
    if (remembered.anew) connect();
  }

  onConnection({ status: 'connecting' });
  connect();
  return { retryNow: connect };
}
