/**
 * What one release costs, counted by phase, service and operation in a scenario with the real clients:
 * from the push to UpdateService, from there to *proven*, from an alarm to the way back.
 */
import type { Announced, CallMade, Entry } from '../local/stories/timeline.ts';

/** `ecs:DescribeServices`, how often. */
export type Counts = Readonly<Record<string, number>>;

export interface Cost {
  /** ECS, ECR, CloudWatch: what we deploy to. */
  readonly aws: Counts;
  /** The table, the queues, what is announced: our own. */
  readonly own: Counts;
}

export interface ReleaseCost {
  /** UpdateService included. */
  readonly before: Cost;
  readonly after: Cost;
}

const AWS: ReadonlySet<string> = new Set(['ecs', 'ecr', 'cloudwatch']);

export function isAskedOfAws({ service }: Pick<CallMade, 'service'>): boolean {
  return AWS.has(service);
}

export function sum(counts: Counts): number {
  return Object.values(counts).reduce((all, count) => all + count, 0);
}

/** The newest release of a target that was proven, from the event of its push. */
export function costOfRelease(
  timeline: readonly Entry[],
  target: { readonly id: string; readonly key: string; readonly repository: string },
): ReleaseCost {
  const proven = timeline.findLastIndex((entry) => tells(entry, 'proven', target.id));
  // Announcements are taken over after the calls of the handling that made them.
  const pushed = timeline.findLastIndex(
    (entry, index) =>
      index < proven &&
      entry.type === 'event' &&
      entry.event['detail-type'] === 'ECR Image Action' &&
      (entry.event.detail as { 'repository-name'?: string })['repository-name'] ===
        target.repository,
  );
  const calls = callsFor(target.key, timeline.slice(pushed, proven));
  const update = calls.findIndex(({ operation }) => operation === 'UpdateService');
  if (pushed === -1 || update === -1) throw new Error(`no release of ${target.id} was proven`);
  return { before: costOf(calls.slice(0, update + 1)), after: costOf(calls.slice(update + 1)) };
}

/** From the event that an alarm rose to the call that asks ECS for the way back, that included. */
export function costOfWayBack(timeline: readonly Entry[], key: string): Cost {
  const rose = timeline.findIndex(isRise);
  const calls = callsFor(key, timeline.slice(rose));
  const asked = calls.findIndex(
    ({ operation }) => operation === 'UpdateService' || operation === 'StopServiceDeployment',
  );
  if (rose === -1 || asked === -1) throw new Error('no alarm led to a way back');
  return costOf(calls.slice(0, asked + 1));
}

export function isRise(entry: Entry): boolean {
  if (entry.type !== 'event' || entry.event['detail-type'] !== 'CloudWatch Alarm State Change') {
    return false;
  }
  return (entry.event.detail.state as { value?: string }).value === 'ALARM';
}

/** The calls of its handlings, and the messages to it; a batch of messages is one call of each. */
function callsFor(key: string, timeline: readonly Entry[]): readonly CallMade[] {
  return timeline.filter(
    (entry): entry is CallMade =>
      entry.type === 'call' &&
      (entry.target === key ||
        (entry.service === 'sqs' && JSON.stringify(entry.input).includes(`\\"${key}\\"`))),
  );
}

function tells(entry: Entry, kind: string, id: string): boolean {
  const isTold = (announcement: Announced) =>
    announcement.kind === kind && announcement.target === id;
  return entry.type === 'announcement' && isTold(entry.announcement);
}

function costOf(calls: readonly CallMade[]): Cost {
  const [aws, own] = [new Map<string, number>(), new Map<string, number>()];
  for (const call of calls) {
    const counts = isAskedOfAws(call) ? aws : own;
    const name = `${call.service}:${call.operation}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return { aws: Object.fromEntries(aws), own: Object.fromEntries(own) };
}
