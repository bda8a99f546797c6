/** States and entries as the local AWS sends them to its page: a sensible world, of which a test changes one thing. */
import type {
  PageAlarm,
  PageAwaited,
  PageEntry,
  PageImage,
  PageRevision,
  PageServed,
  PageState,
  PageTarget,
  PageTask,
} from '../../local/server/page-state.ts';
import type { Entry } from '../../local/stories/timeline.ts';

/** 20 Nov 2026, 10:00:00 UTC */
export const TEN = Date.UTC(2026, 10, 20, 10);
export const SECOND = 1_000;
export const MINUTE = 60_000;

/** The digest is made of one letter. */
export function pageImage(tag: string, letter = 'a', repository = 'shop/web'): PageImage {
  return { repository, digest: `sha256:${letter.repeat(64)}`, tag };
}

export function pageTask(change: Partial<PageTask> = {}): PageTask {
  const running = { lastStatus: 'RUNNING', desiredStatus: 'RUNNING', serving: true };
  return { id: '3886c22a18a4b149262ddf21689e26d4', ...running, createdAt: TEN, ...change };
}

/** `count` of them, each with an id of its own that begins with `prefix`. */
export function pageTasks(prefix: string, count: number, change: Partial<PageTask> = {}) {
  return Array.from({ length: count }, (_, index) =>
    pageTask({ id: `${prefix}${String(index).padStart(31, '0')}`, ...change }),
  );
}

export function pageServed(at: number, change: Partial<PageServed> = {}): PageServed {
  return { at, requestsPerSecond: 50, errorRate: 0, latencyMs: 50, tasks: 4, ...change };
}

export function pageRevision(change: Partial<PageRevision> = {}): PageRevision {
  return {
    revision: 'web:2',
    deployment: 'ecs-svc/2',
    status: 'PRIMARY',
    rolloutState: 'COMPLETED',
    images: { app: pageImage('main-1a2b3c4') },
    desired: 4,
    tasks: pageTasks('b', 4),
    served: [],
    ...change,
  };
}

export function pageAlarm(change: Partial<PageAlarm> = {}): PageAlarm {
  return {
    name: 'web-5xx',
    state: 'OK',
    reason: 'Threshold Crossed: no datapoints were received',
    since: TEN,
    threshold: 5,
    comparison: 'GreaterThanThreshold',
    label: '5xx %',
    points: [],
    ...change,
  };
}

export function pageAwaited(change: Partial<PageAwaited> = {}): PageAwaited {
  return {
    id: 'cccccccc-mi7b0u80',
    what: 'the release of shop/web:main-2, before it gets traffic',
    by: 'a push',
    because: "the config wants a person's word about each release",
    since: TEN,
    until: TEN + 30 * MINUTE,
    ...change,
  };
}

/** The page's answer is told with the phase: a test that changes that changes it, too. */
function pageAnswer({ phase = 'idle', because }: Partial<PageTarget>): PageTarget['answer'] {
  return {
    state: phase === 'idle' ? 'well' : (phase.split(':')[0] ?? ''),
    rank: phase === 'idle' ? 1 : 0,
    headline: because ?? 'main-1a2b3c4 (web:2) runs, all 4 tasks.',
    next: { by: 'nobody', what: 'the next push starts by itself' },
    actions: [],
  };
}

export function pageTarget(change: Partial<PageTarget> = {}): PageTarget {
  const image = { app: pageImage('main-1a2b3c4') };
  return {
    id: 'web',
    key: 'ecs/production/web',
    answer: pageAnswer(change),
    cluster: 'production',
    service: 'web',
    mode: 'act',
    phase: 'idle',
    because: 'adopted: web:1 is steady with quiet alarms',
    since: TEN,
    push: { repository: 'shop/web', tag: 'main-7' },
    running: image,
    wanted: image,
    waiting: {},
    awaited: [],
    wayBack: { possible: true, to: 'web:1' },
    quarantined: [],
    counts: { desired: 4, running: 4, pending: 0 },
    revisions: [pageRevision()],
    alarms: [pageAlarm()],
    ...change,
  };
}

export function pageState(change: Partial<PageState> = {}): PageState {
  return {
    format: 1,
    now: TEN,
    beganAt: TEN,
    speed: 1,
    seed: 1,
    account: '123456789012',
    region: 'eu-central-1',
    targets: [pageTarget()],
    timeline: { first: 0, next: 0 },
    ...change,
  };
}

/** Numbered from `first`. */
export function numbered(entries: readonly Entry[], first = 0): readonly PageEntry[] {
  return entries.map((entry, index) => ({ ...entry, n: first + index }));
}

export function step(at: number, text: string): Entry {
  return { type: 'step', at, text };
}

export function announced(at: number, kind: string, because: string, target = 'web'): Entry {
  return {
    type: 'announcement',
    at,
    announcement: {
      id: `ecs/production/${target}#${at}`,
      kind,
      at,
      key: `ecs/production/${target}`,
      target,
      images: { app: { ...pageImage('main-8f3c2a1', 'c'), tags: ['main-8f3c2a1'] } },
      because,
      runsNow: 'shop/web:main-1a2b3c4, web:2',
      next: 'a release that fails returns here',
    },
  };
}

export function decided(at: number, because: string, target = 'web', phase = 'idle'): Entry {
  return { type: 'decision', at, target, event: 'Observed', because, phase };
}

export function called(at: number, operation: string, input: object, service = 'ecs'): Entry {
  return { type: 'call', at, function: 'reconcile', service, operation, input, outcome: 'ok' };
}

export function alarmEvent(at: number, value: 'OK' | 'ALARM', reason = ''): Entry {
  return {
    type: 'event',
    at,
    event: {
      version: '0',
      id: `alarm ${at}`,
      'detail-type': 'CloudWatch Alarm State Change',
      source: 'aws.cloudwatch',
      account: '123456789012',
      time: new Date(at).toISOString(),
      region: 'eu-central-1',
      resources: ['arn:aws:cloudwatch:eu-central-1:123456789012:alarm:web-5xx'],
      detail: {
        alarmName: 'web-5xx',
        state: { value, reason },
        previousState: { value: value === 'OK' ? 'ALARM' : 'OK' },
      },
    },
  };
}
