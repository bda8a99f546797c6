/**
 * The answer where the record cannot be read, as where a newer Slipway wrote it: what ECS and CloudWatch
 * show, and nothing of what was tried, waits or is wanted.
 */
import { alarmsInWords, type Incident, type Observed } from './incident.ts';
import { describeRunningNow, runningNow, tasksRunning } from './running-now.ts';
import { sentences } from './sentences.ts';

export interface Unread {
  /** After "its record": `has format 3, this version reads 1 and 2, …`. */
  readonly why: string;
  readonly remedy: string;
}

export function incidentUnread(
  id: string,
  { why, remedy }: Unread,
  { service, unasked, redAlarms, unseenAlarms }: Omit<Observed, 'at' | 'couldRollBack' | 'stop'>,
): Incident {
  const running = runningNow(undefined, service, unasked);
  const isDown = !unasked && running.desired !== 0 && tasksRunning(running) === 0;
  return {
    state: isDown ? 'down' : redAlarms.length > 0 ? 'alarm' : 'unreadable',
    headline: sentences(
      `what was tried and what waits cannot be told: its record ${why}`,
      ...alarmsInWords(redAlarms, unseenAlarms),
      describeRunningNow(running),
    ),
    running,
    redAlarms,
    next: { by: 'a person', what: remedy },
    actions: [{ to: 'see which version is deployed', command: `slipway doctor ${id}` }],
  };
}
