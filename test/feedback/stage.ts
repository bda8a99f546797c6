/** `feedback` between a queue and a small GitHub, with Octokit in the middle and a clock that jumps. */
import type { Announcement } from '../../shared/core/model/announcement.ts';
import { feedbackBatch } from '../../shared/feedback/batch.ts';
import type { Delivered } from '../../shared/feedback/deliver.ts';
import type { FeedbackPorts, Note, Notes } from '../../shared/feedback/ports.ts';
import type { AnyAnnouncement } from '../../shared/feedback/say.ts';
import { createGitHubClient } from '../../shared/github/client.ts';
import { createReports } from '../../shared/github/reports.ts';
import type { Secrets } from '../../shared/ports.ts';
import { listeningLog } from '../aws/wire.ts';
import { invocationWith } from '../functions/sent.ts';
import { HOME, KEY, SHOP, T0 } from './announcements.ts';
import { smallGitHub } from './small-github.ts';

export const TOKEN = 'ghp_thisIsASecretOfTheTest0123456789ab';
const SECRET: Pick<Secrets, 'get'> = { get: async () => [JSON.stringify({ token: TOKEN })] };
/** What receives a message too often is dead. */
const RECEIVES_MAX = 5;
const VISIBLE_AGAIN_MS = 360_000;
const STEPS_MAX = 10_000;

interface Waiting {
  readonly id: string;
  readonly body: string;
  readonly at: number;
  readonly receives: number;
}

/** Kept as the table keeps them: as text, written on condition. */
function notesInMemory(): Notes & { readonly items: Map<string, string> } {
  const items = new Map<string, string>();
  const versionOf = (name: string) => (JSON.parse(items.get(name) ?? '{}') as Note).version;
  return {
    items,
    load: async (name) => {
      const text = items.get(name);
      return text === undefined ? undefined : (JSON.parse(text) as Note);
    },
    save: async (name, value, expected) => {
      if (versionOf(name) !== expected) return 'stale';
      items.set(name, JSON.stringify({ value, version: (expected ?? 0) + 1 }));
      return 'saved';
    },
  };
}

export function eventOf(announcement: AnyAnnouncement): string {
  const { account, region } = HOME;
  return JSON.stringify({
    version: '0',
    id: announcement.id,
    'detail-type': 'Slipway',
    source: 'slipway',
    account,
    time: new Date(announcement.at).toISOString(),
    region,
    resources: [],
    detail: announcement,
  });
}

export function stage() {
  const github = smallGitHub();
  const notes = notesInMemory();
  const log = listeningLog();
  let now = T0;
  let ids = 0;
  let queue: Waiting[] = [];
  const dead: string[] = [];
  const delivered: { readonly id: string; readonly at: number; readonly what: Delivered }[] = [];
  const delays: number[] = [];
  const client = createGitHubClient({
    secrets: SECRET,
    github: { apiUrl: 'https://api.github.com', credentials: 'slipway/github' },
    clock: { now: () => now },
    log,
    fetch: github.fetch,
    polite: false,
  });
  const ports = (timeLeft = () => 60_000): FeedbackPorts => ({
    clock: { now: () => now, newId: () => `id-${++ids}`, timeLeft },
    notes,
    reports: createReports(client),
    home: HOME,
    known: { repositories: [SHOP], targets: { web: KEY, worker: 'ecs/production/worker' } },
    log,
  });
  const put = (body: string, at: number) => queue.push({ id: `m-${++ids}`, body, at, receives: 0 });

  return {
    github,
    notes,
    log,
    ports,
    dead,
    delivered,
    delays,
    now: () => now,
    setNow: (at: number) => {
      now = at;
    },
    /** Announced at its own moment, and heard `afterMs` later. */
    announce: (announcement: AnyAnnouncement | Announcement, afterMs = 0) =>
      put(eventOf(announcement), announcement.at + afterMs),
    waiting: () => queue.length,
    /** Until the queue is empty, or until then. */
    run: async (until = Number.POSITIVE_INFINITY) => {
      for (let step = 0; queue.length > 0; step++) {
        if (step > STEPS_MAX) throw new Error('the queue is never empty');
        queue.sort((a, b) => a.at - b.at);
        const [message] = queue;
        if (message === undefined || message.at > until) return;
        queue = queue.slice(1);
        now = Math.max(now, message.at);
        const { batchItemFailures } = await feedbackBatch(
          { Records: [{ messageId: message.id, body: message.body }] },
          invocationWith(60_000),
          {
            log,
            ports,
            queues: {
              send: async (_, messages) => {
                for (const { body, delaySeconds = 0 } of messages) {
                  delays.push(delaySeconds);
                  put(body, now + delaySeconds * 1000);
                }
              },
            },
            onDelivered: ({ id }, what) => void delivered.push({ id, at: now, what }),
          },
        );
        if (batchItemFailures.length === 0) continue;
        const receives = message.receives + 1;
        if (receives >= RECEIVES_MAX) dead.push(message.body);
        else queue.push({ ...message, receives, at: now + VISIBLE_AGAIN_MS });
      }
    },
  };
}
