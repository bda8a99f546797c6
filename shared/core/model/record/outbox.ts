/** What must still be told to the outside. */
import type { Announcement } from '../announcement.ts';
import type { Event } from '../event.ts';
import type { Quarantined } from './candidate.ts';
import type { Standing } from './phase.ts';

export interface Outbox {
  readonly announcements: readonly Announcement[];
  readonly history: readonly HistoryEntry[];
  readonly quarantine: readonly QuarantineChange[];
}

export interface HistoryEntry {
  readonly sequence: number;
  readonly event: Event;
  readonly because: string;
  readonly phase: Standing;
  /** What this decision announced: the course of a release can be told from the history alone. */
  readonly announcements?: readonly Announcement[];
}

export type QuarantineChange =
  | ({ readonly change: 'added'; readonly because: string } & Quarantined)
  | { readonly change: 'lifted'; readonly digest: string };
