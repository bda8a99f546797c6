/**
 * The port `Announcements`: an event on our bus and a log line for each. Nothing here throws: a bus
 * that does not answer must not stop a rollback. What did not go out is owed, and told again.
 */
import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Announcement, AnnouncementKind } from '../core/model/announcement.ts';
import type { SourceAnnouncement, SourceAnnouncementKind } from '../core/source/announcement.ts';
import type { Announcements, Log } from '../ports.ts';
import type { SourceAnnouncements } from '../source-ports.ts';
import { chunks } from './chunks.ts';
import { says } from './refusal.ts';

/** PutEvents takes at most 10. (API_PutEvents) */
const ENTRIES_MAX = 10;

export const ANNOUNCEMENT_SOURCE = 'slipway';

/** What rules on the bus match; a change of a word here breaks somebody's rule. */
export const DETAIL_TYPES: Readonly<Record<AnnouncementKind, string>> = {
  adopted: 'Slipway Service Adopted',
  started: 'Slipway Release Started',
  proven: 'Slipway Release Proven',
  'rolled-back': 'Slipway Release Rolled Back',
  failed: 'Slipway Release Failed',
  held: 'Slipway Release Held',
  refused: 'Slipway Release Refused',
  superseded: 'Slipway Release Superseded',
  'needs-attention': 'Slipway Person Needed',
  'would-have': 'Slipway Would Have Acted',
  fought: 'Slipway Fight Noticed',
  retired: 'Slipway Target Retired',
};

/** The same for what is told of sources. */
export const SOURCE_DETAIL_TYPES: Readonly<Record<SourceAnnouncementKind, string>> = {
  building: 'Slipway Build Started',
  built: 'Slipway Image Built',
  'build-failed': 'Slipway Build Failed',
  'build-stopped': 'Slipway Build Stopped',
  superseded: 'Slipway Build Superseded',
  rewritten: 'Slipway Branch Rewritten',
  unplaced: 'Slipway Commit Unplaced',
  unconfirmed: 'Slipway Commit Unconfirmed',
  unbuilt: 'Slipway Commit Not Built',
  'nothing-to-build': 'Slipway Nothing To Build',
  taken: 'Slipway Image Taken',
  'not-taken': 'Slipway Image Not Taken',
};

type Told = Announcement | SourceAnnouncement;

export function createAnnouncements(
  client: EventBridgeClient,
  bus: string,
  log: Log,
): Announcements & SourceAnnouncements {
  return {
    tell: async (announcements: readonly Told[]) => {
      const told: string[] = [];
      for (const part of chunks(announcements, ENTRIES_MAX)) {
        for (const announcement of await put(client, bus, log, part)) {
          log.info(detailTypeOf(announcement), { announcement });
          told.push(announcement.id);
        }
      }
      return told;
    },
  };
}

/** Those that are out. */
async function put(
  client: EventBridgeClient,
  bus: string,
  log: Log,
  announcements: readonly Told[],
): Promise<readonly Told[]> {
  try {
    const { Entries = [] } = await client.send(
      new PutEventsCommand({ Entries: announcements.map((each) => entry(each, bus)) }),
    );
    // An answer of 200 may hold failures, in the order of the request.
    return announcements.filter((announcement, i) => {
      const { EventId, ErrorCode = 'no answer for it', ErrorMessage } = Entries[i] ?? {};
      if (EventId !== undefined) return true;
      log.warn('an announcement did not go out; it is owed', {
        id: announcement.id,
        because: `${ErrorCode}: ${ErrorMessage ?? ''}`,
      });
      return false;
    });
  } catch (error) {
    const ids = announcements.map(({ id }) => id);
    log.warn('announcements did not go out; they are owed', { ids, because: says(error) });
    return [];
  }
}

function detailTypeOf(announcement: Told): string {
  return 'source' in announcement
    ? SOURCE_DETAIL_TYPES[announcement.kind]
    : DETAIL_TYPES[announcement.kind];
}

function entry(announcement: Told, bus: string) {
  return {
    EventBusName: bus,
    Source: ANNOUNCEMENT_SOURCE,
    DetailType: detailTypeOf(announcement),
    Time: new Date(announcement.at),
    Detail: JSON.stringify(announcement),
  };
}
