/** A scripted world for the page's test: a bad release, seen at a few moments, as plain data. */
import { evidenceLines } from '../../local/page/charts/evidence.ts';
import type { PageServed, PageState, PageTarget } from '../../local/server/page-state.ts';
import {
  alarmEvent,
  announced,
  called,
  decided,
  MINUTE,
  numbered,
  pageAlarm,
  pageImage,
  pageRevision,
  pageServed,
  pageState,
  pageTarget,
  pageTask,
  pageTasks,
  SECOND,
  step,
  TEN,
} from '../local/page-world.ts';

export type Moment = 'calm' | 'deploying' | 'rolling-back' | 'rolled back';

export const MOMENTS: Readonly<Record<Moment, number>> = {
  calm: TEN + 30 * MINUTE,
  deploying: TEN + 34 * MINUTE + 40 * SECOND,
  'rolling-back': TEN + 39 * MINUTE + 20 * SECOND,
  'rolled back': TEN + 44 * MINUTE,
};

const GOOD = pageImage('main-1a2b3c4', 'b');
const BAD = pageImage('main-8f3c2a1', 'c');
const BAD_FROM = TEN + 34 * MINUTE + 20 * SECOND;
const BAD_UNTIL = TEN + 40 * MINUTE;
const REASON =
  'Threshold Crossed: 2 out of the last 3 datapoints [25.0 (20/11/26 10:36:00), 18.7 (20/11/26 10:35:00)] were greater than the threshold (5.0)';

/** Of a release that the judge condemned after its second minute. */
const EVIDENCE = evidenceLines(
  BAD_FROM + 40 * SECOND,
  [
    { 'two-arm': 4.2, history: 3.9, alone: 1.5, harmless: -2.1 },
    { 'two-arm': 11.8, history: 9.6, alone: 4, harmless: -5.3 },
  ],
  { two: 10.1, suspicious: 3 },
);

export function stateAt(moment: Moment, next: number): PageState {
  const now = MOMENTS[moment];
  return pageState({
    now,
    targets: [webAt(moment), workerAt(now)],
    timeline: { first: 0, next },
  });
}

function webAt(moment: Moment): PageTarget {
  const now = MOMENTS[moment];
  const good = pageRevision({ images: { app: GOOD }, served: goodServed(now) });
  const bad = pageRevision({
    revision: 'web:3',
    deployment: 'ecs-svc/3',
    images: { app: BAD },
    rolloutState: 'IN_PROGRESS',
    tasks: pageTasks('c', 2).concat(
      pageTask({ id: 'c9', lastStatus: 'PENDING', serving: false }),
      pageTask({ id: 'ca', lastStatus: 'PROVISIONING', serving: false }),
    ),
    served: badServed(now),
  });
  const alarm = { ...pageAlarm(), points: alarmPoints(now) };
  const red = pageAlarm({ ...alarm, state: 'ALARM', reason: REASON, since: TEN + 39 * MINUTE });
  switch (moment) {
    case 'calm':
      return pageTarget({
        because: 'proven: ECS says SUCCESSFUL, and 10 minutes of bake passed',
        since: TEN + 23 * MINUTE,
        running: { app: GOOD },
        wanted: { app: GOOD },
        revisions: [good],
        alarms: [alarm],
      });
    case 'deploying':
      return pageTarget({
        phase: 'deploying',
        because: 'shop/web:main-8f3c2a1 starts',
        since: BAD_FROM,
        latest: { at: now - 4_000, because: 'ECS says IN_PROGRESS' },
        lookAt: now + 40_000,
        running: { app: BAD },
        wanted: { app: BAD },
        waiting: { app: pageImage('main-c0ffee1', 'd') },
        wayBack: { possible: true, to: 'web:2' },
        counts: { desired: 4, running: 6, pending: 2 },
        revisions: [bad, { ...good, status: 'ACTIVE', desired: 4 }],
        alarms: [alarm],
      });
    case 'rolling-back':
      return pageTarget({
        phase: 'rolling-back: redeploying',
        because: `condemned: alarm web-5xx rose at 10:39:00 UTC: ${REASON}`,
        since: TEN + 39 * MINUTE,
        latest: { at: now - 2_000, because: 'the rollback is on its way: ECS says IN_PROGRESS' },
        lookAt: now + 20_000,
        running: { app: GOOD },
        wanted: { app: GOOD },
        quarantined: [BAD],
        wayBack: { possible: true, to: 'web:2' },
        counts: { desired: 4, running: 6, pending: 2 },
        revisions: [
          {
            ...good,
            deployment: 'ecs-svc/4',
            rolloutState: 'IN_PROGRESS',
            served: goodServed(now).filter(({ at }) => at > now - 20_000),
            tasks: [
              ...pageTasks('d', 2),
              pageTask({ id: 'd8', serving: false }),
              pageTask({ id: 'd9', lastStatus: 'PENDING', serving: false }),
            ],
          },
          {
            ...bad,
            status: 'ACTIVE',
            rolloutState: 'COMPLETED',
            tasks: [
              ...pageTasks('c', 3),
              pageTask({ id: 'c8', desiredStatus: 'STOPPED' }),
              pageTask({
                id: 'c9',
                lastStatus: 'STOPPED',
                desiredStatus: 'STOPPED',
                serving: false,
                stoppedReason: 'Essential container in task exited',
              }),
            ],
          },
          { ...good, status: 'gone', desired: 0, tasks: [] },
        ],
        alarms: [red],
        evidence: EVIDENCE,
      });
    case 'rolled back':
      return pageTarget({
        because: 'rolled back to shop/web:main-1a2b3c4, web:2',
        since: TEN + 42 * MINUTE,
        running: { app: GOOD },
        wanted: { app: GOOD },
        quarantined: [BAD],
        revisions: [good, { ...bad, status: 'gone', desired: 0, tasks: [] }],
        alarms: [alarm],
      });
  }
}

function workerAt(now: number): PageTarget {
  const image = { worker: pageImage('main-0000000', 'e', 'shop/worker') };
  return pageTarget({
    id: 'worker',
    key: 'ecs/production/worker',
    service: 'worker',
    because: 'adopted: worker:1 is steady',
    since: TEN,
    lookAt: now + 3 * MINUTE,
    running: image,
    wanted: image,
    hold: { by: 'ada', because: 'black friday' },
    wayBack: { possible: false, because: 'no other release is proven' },
    counts: { desired: 2, running: 2, pending: 0 },
    revisions: [
      pageRevision({
        revision: 'worker:1',
        deployment: 'ecs-svc/9',
        images: image,
        desired: 2,
        tasks: pageTasks('e', 2),
      }),
    ],
    alarms: [],
  });
}

function served(from: number, to: number, point: (at: number) => PageServed): PageServed[] {
  const points: PageServed[] = [];
  for (let at = Math.ceil(from / 5_000) * 5_000; at <= to; at += 5_000) points.push(point(at));
  return points;
}

/** A little up and down, the same each time. */
function wave(at: number, size: number): number {
  return size * (Math.sin(at / 37_000) + Math.sin(at / 11_000) / 2);
}

function goodServed(now: number): readonly PageServed[] {
  const point = (at: number) => pageServed(at, { latencyMs: 50 + wave(at, 4) });
  const before = served(TEN, Math.min(now, BAD_FROM + 2 * MINUTE), point);
  return [...before, ...served(BAD_UNTIL - MINUTE, now, point)];
}

function badServed(now: number): readonly PageServed[] {
  return served(BAD_FROM + 30_000, Math.min(now, BAD_UNTIL + 30_000), (at) =>
    pageServed(at, { errorRate: 0.25 + wave(at, 0.01), latencyMs: 78 + wave(at, 9) }),
  );
}

function alarmPoints(now: number): readonly { readonly at: number; readonly value: number }[] {
  const points: { at: number; value: number }[] = [];
  for (let at = TEN; at <= now - 2 * MINUTE; at += MINUTE) {
    const bad = at >= BAD_FROM && at < BAD_UNTIL;
    points.push({ at, value: bad ? Math.min(25, 18 + (at - BAD_FROM) / 10_000) : 0 });
  }
  return points;
}

/** All that has happened up to this moment. */
export function entriesUntil(moment: Moment) {
  const all = [
    announced(TEN + 60_000, 'adopted', 'web:1 is steady with quiet alarms'),
    step(TEN + 10 * MINUTE, 'shop/web:main-1a2b3c4 is pushed'),
    called(TEN + 10 * MINUTE + 600, 'RegisterTaskDefinition', { family: 'web' }),
    called(TEN + 10 * MINUTE + 800, 'UpdateService', {
      service: 'web',
      taskDefinition: 'arn/web:2',
    }),
    announced(TEN + 10 * MINUTE + 900, 'started', 'shop/web:main-1a2b3c4'),
    ...Array.from({ length: 12 }, (_, index) =>
      decided(TEN + (11 + index) * MINUTE, 'the bake goes on'),
    ),
    announced(TEN + 23 * MINUTE, 'proven', 'ECS says SUCCESSFUL, and 10 minutes of bake passed'),
    decided(TEN + 24 * MINUTE, 'nothing waits', 'worker'),
    step(BAD_FROM, 'shop/web:main-8f3c2a1 is pushed, which answers 25 % with errors'),
    called(BAD_FROM + 600, 'UpdateService', { service: 'web', taskDefinition: 'arn/web:3' }),
    announced(BAD_FROM + 700, 'started', 'shop/web:main-8f3c2a1'),
    alarmEvent(TEN + 39 * MINUTE, 'ALARM', REASON),
    called(TEN + 39 * MINUTE + 900, 'UpdateService', {
      service: 'web',
      taskDefinition: 'arn/web:2',
    }),
    announced(TEN + 42 * MINUTE, 'rolled-back', `alarm web-5xx rose at 10:39:00 UTC: ${REASON}`),
    alarmEvent(TEN + 43 * MINUTE + 59_000, 'OK'),
  ];
  return numbered(all.filter(({ at }) => at <= MOMENTS[moment]));
}
