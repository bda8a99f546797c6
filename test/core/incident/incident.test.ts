/**
 * The answer to "what happened?", one situation a row: state, headline, what comes next by whom, and the
 * commands that a person may copy. What runs is as ECS counts it, and never as the record remembers it.
 */
import { expect, test } from 'vitest';
import { couldReturn } from '../../../shared/core/explain/can-roll-back.ts';
import {
  type Incident,
  incidentOf,
  type Observed,
} from '../../../shared/core/incident/incident.ts';
import type { DeploymentNow, ServiceNow } from '../../../shared/core/model/observation.ts';
import type {
  EndedRelease,
  TargetRecord,
} from '../../../shared/core/model/record/target-record.ts';
import {
  asking,
  at,
  attempt,
  baking,
  CHOOSING,
  candidate,
  condemned,
  digest,
  fresh,
  image,
  observing,
  order,
  record,
  registering,
  release,
  restoring,
  returning,
  revision,
  rolling,
  rules,
  STOPPING,
  twoContainers,
  waiting,
} from '../../build.ts';

/** So many tasks of `web:<n>`; the first one is the newest deployment. */
function runs(...counts: readonly [n: number, running: number, pending?: number][]): ServiceNow {
  const byDeployment = counts.map(
    ([n, running, pending = 0], place): DeploymentNow => ({
      revision: revision(n),
      status: place === 0 ? 'PRIMARY' : 'ACTIVE',
      desired: 2,
      running,
      pending,
    }),
  );
  return { status: 'ACTIVE', desired: 2, byDeployment };
}

const ONE = runs([1, 2]);
const TWO = runs([2, 2]);

function answer(given: TargetRecord | undefined, seen: Partial<Observed> = {}): Incident {
  return incidentOf(given, {
    at: at(20),
    service: ONE,
    redAlarms: [],
    couldRollBack: given
      ? couldReturn(given, at(20))
      : { possible: false, because: 'it was never looked at' },
    ...seen,
  });
}

function inLines({ state, headline, next, actions }: Incident): readonly string[] {
  return [
    `${state}: ${headline}`,
    `${next.by}: ${next.what}`,
    ...actions.map(({ to, command }) => `${command} # ${to}`),
  ];
}

function ended(kind: EndedRelease['kind'], because: string, change: Partial<EndedRelease> = {}) {
  const next = 'push a fix';
  return {
    lastEnded: {
      kind,
      at: at(12),
      release: 'ecs/production/web/2',
      images: { app: image(2) },
      revision: revision(2),
      because,
      next,
      ...change,
    },
  };
}

const held = (reason: 'alarm' | 'clearing' | 'scan' | 'approval', change = {}) =>
  waiting({
    waiting: {
      app: {
        image: image(2),
        order: order(2),
        since: at(0),
        held: {
          reason,
          because: 'alarm web-5xx is red since 09:55:00 UTC',
          next: 'it starts by itself when the alarm is OK',
          since: at(1),
          ...change,
        },
      },
    },
  });
const byAna = { by: 'ana', because: 'a freeze', since: at(0) };
const condemnedByAlarm = 'alarm web-5xx rose at 10:05:00 UTC: 25 % of answers were errors';
const NO_WAY = 'no proven release can be returned to (web:1: its image is no longer in ECR)';
const quarantined = { quarantine: [{ digest: digest(2), at: at(12) }] };

const SITUATIONS: readonly [
  situation: string,
  record: TargetRecord | undefined,
  seen: Partial<Observed>,
][] = [
  ['nobody looked at it', undefined, {}],
  ['it was introduced, and nothing was seen', fresh(), {}],
  ['at rest', record(), {}],
  ['at rest, of one task', record(), { service: { ...runs([1, 1]), desired: 1 } }],
  ['at rest, of three tasks', record(), { service: { ...runs([1, 3]), desired: 3 } }],
  ['one task is missing', record(), { service: runs([1, 1]) }],
  ['no task runs', record(), { service: runs([1, 0, 2]) }],
  ['nothing is wanted', record(), { service: { ...runs([1, 0]), desired: 0 } }],
  ['the service is gone', record(), { service: undefined }],
  [
    'the service went, and a release with it',
    record({
      needsAttention: { because: 'the service was deleted', since: at(12), gone: true },
      ...ended('failed', 'the service was deleted'),
    }),
    { service: undefined },
  ],
  [
    'the service went, and whether it is back could not be asked',
    record({ needsAttention: { because: 'the service was deleted', since: at(13), gone: true } }),
    { service: undefined, unasked: true },
  ],
  [
    'the service is going',
    record({
      needsAttention: { because: 'the service is being deleted', since: at(13), gone: true },
    }),
    { service: { ...ONE, status: 'DRAINING' } },
  ],
  ['the service was deleted', record(), { service: { ...ONE, status: 'INACTIVE' } }],
  ['an alarm is red', record(), { redAlarms: ['web-5xx'] }],
  [
    'an alarm is red, and there is a way back',
    record({
      runs: { revision: revision(2), images: { app: image(2) }, since: at(0) },
      rollbackCandidates: [candidate(2), candidate(1)],
    }),
    { service: TWO, redAlarms: ['web-5xx', 'web-slow'] },
  ],
  ['a revision that nobody knows runs', record(), { service: runs([7, 2]) }],
  [
    'an image without a tag runs',
    record({
      rollbackCandidates: [],
      runs: { revision: revision(1), images: { app: image(1, { tags: [] }) }, since: at(0) },
    }),
    {},
  ],
  ['an image waits', waiting(), {}],
  [
    'two images wait',
    waiting({
      rules: twoContainers(),
      waiting: {
        app: { image: image(2), since: at(0) },
        sidecar: { image: image(3), since: at(0) },
      },
    }),
    {},
  ],
  ['a red alarm holds it', held('alarm'), { redAlarms: ['web-5xx'] }],
  ['the last alarm must clear', held('clearing'), {}],
  ['a red alarm holds it, and so does a person', { ...held('alarm'), hold: byAna }, {}],
  ['a scan holds it', held('scan'), {}],
  ['a scan held it too long', held('scan', { escalated: true }), {}],
  [
    'a gate that holds all held too long',
    {
      ...held('alarm'),
      holds: [{ gate: 'alarm', since: at(0), escalated: true }],
    } as TargetRecord,
    {},
  ],
  ['in watch mode a red alarm holds it', { ...held('alarm'), rules: rules({ mode: 'watch' }) }, {}],
  ['a person holds it', record({ hold: byAna }), {}],
  ['the account is held', record(), { stop: { by: 'bob', because: 'an outage' } }],
  ['in watch mode', record({ rules: rules({ mode: 'watch' }) }), {}],
  ['the config names it no longer', record({ retired: true }), {}],
  ['a release is prepared', registering(), {}],
  ['a release is on its way', rolling(), { service: runs([2, 0, 2], [1, 2]) }],
  [
    'half of its tasks run',
    rolling({ release: release({ by: 'ana' }) }),
    { service: runs([2, 1, 1], [1, 1]) },
  ],
  [
    'in watch mode one is on its way',
    rolling({}, { rules: rules({ mode: 'watch' }) }),
    { service: TWO },
  ],
  ['it is watched', baking(), { service: TWO }],
  [
    'it is watched, and its alarms judge with the bake',
    baking({ judgesInMs: 0 }),
    { service: TWO },
  ],
  ['it is watched without tasks', baking({ empty: true }), { service: TWO }],
  ['its bake goes on', baking({ extendedBecause: 'alarm web-5xx is unknown' }), { service: TWO }],
  ['a deployment by hand is watched', observing(), { service: runs([9, 2]) }],
  ['it is stopped', returning(STOPPING), { service: runs([1, 1], [2, 1]) }],
  ['a way back is looked for', returning(CHOOSING), { service: TWO }],
  [
    'the old one comes back',
    returning(restoring(), {
      condemned: condemned({
        because: `${condemnedByAlarm}; CloudWatch says: 2 out of the last 2`,
      }),
    }),
    { service: runs([1, 0, 2], [2, 2]) },
  ],
  ['it was rolled back', record({ ...ended('rolled-back', condemnedByAlarm), ...quarantined }), {}],
  ['it was rolled back, and is pushed no more', record(ended('rolled-back', condemnedByAlarm)), {}],
  [
    'it was rolled back, and its alarm is still red',
    record({ ...ended('rolled-back', condemnedByAlarm), ...quarantined }),
    { redAlarms: ['web-5xx'] },
  ],
  [
    'it was rolled back a moment ago, and its alarm is still red',
    record({
      ...ended('rolled-back', condemnedByAlarm),
      alarmsToClear: ['web-5xx'],
      runs: { revision: revision(1), images: { app: image(1) }, since: at(12) },
    }),
    { redAlarms: ['web-5xx'] },
  ],
  [
    'it was rolled back a moment ago, and another alarm is red as well',
    record({
      ...ended('rolled-back', condemnedByAlarm),
      rules: rules({ whileAlarmRed: 'proceed' }),
      alarmsToClear: ['web-5xx'],
      runs: { revision: revision(1), images: { app: image(1) }, since: at(12) },
    }),
    { redAlarms: ['web-5xx', 'web-slow'] },
  ],
  [
    'it was rolled back, and its alarm is red for longer than a bake',
    record({
      ...ended('rolled-back', condemnedByAlarm),
      alarmsToClear: ['web-5xx'],
      runs: { revision: revision(1), images: { app: image(1) }, since: at(10) },
    }),
    { redAlarms: ['web-5xx'] },
  ],
  [
    'what is bad serves, and there is nothing to return to',
    asking(
      { because: `${NO_WAY}; condemned: ${condemnedByAlarm}; CloudWatch says: 2 out of 2` },
      ended('needs-attention', NO_WAY),
    ),
    { service: TWO, redAlarms: ['web-5xx'] },
  ],
  [
    'what is bad serves beside another',
    asking(
      { because: `${NO_WAY}; condemned: ${condemnedByAlarm}` },
      { ...ended('needs-attention', NO_WAY), rules: rules({ mode: 'watch' }) },
    ),
    { service: runs([1, 1], [2, 1]) },
  ],
  [
    'what is bad has no task any more',
    asking(
      { because: `${NO_WAY}; condemned: ${condemnedByAlarm}` },
      ended('needs-attention', NO_WAY),
    ),
    { service: runs([1, 2], [2, 0]) },
  ],
  ['it failed', record(ended('failed', 'it did not finish within 30 minutes')), {}],
  [
    'it was proven',
    record({
      ...ended('proven', 'its bake passed'),
      runs: { revision: revision(2), images: { app: image(2) }, since: at(0) },
    }),
    { service: TWO },
  ],
  ['a newer one took its place', record(ended('superseded', 'main-3 came')), {}],
  ['a person is needed', asking(), {}],
  [
    'a person is needed, and it is tried again',
    asking({
      next: 'free the role',
      stillTried: { condemned: condemned(), nextAt: at(30) },
    }),
    { redAlarms: ['web-5xx'] },
  ],
  [
    'a release of which nothing is known ended',
    record(ended('failed', 'ECS ended it', { images: undefined as never, revision: revision(4) })),
    {},
  ],
  [
    'a person is needed, and nothing else is known',
    asking({ because: 'nothing to return to; CloudWatch says: 2 out of the last 2' }),
    {},
  ],
  [
    'a person is needed, and there is a way back',
    asking(
      {},
      {
        runs: { revision: revision(2), images: { app: image(2) }, since: at(0) },
        rollbackCandidates: [candidate(2), candidate(1)],
      },
    ),
    { service: TWO },
  ],
  [
    'it was rolled back, its alarm is red, and there is a way back',
    record({
      ...ended('rolled-back', condemnedByAlarm),
      rollbackCandidates: [candidate(1), candidate(3)],
    }),
    { redAlarms: ['web-5xx'] },
  ],
  [
    'it was rolled back, and it goes back further',
    returning(STOPPING, {}, { ...ended('rolled-back', condemnedByAlarm), ...quarantined }),
    { service: TWO },
  ],
  [
    'a migration runs',
    rolling({
      attempt: attempt({ migration: { observation: 'look-0', at: at(0), lastAt: at(0) } }),
    }),
    {},
  ],
  [
    'a migration has ended well',
    rolling({
      attempt: attempt({
        migration: { observation: 'look-0', at: at(0), lastAt: at(0), succeededAt: at(1) },
      }),
    }),
    {},
  ],
  [
    'an alarm is red, and holds nothing',
    record({ rules: rules({ whileAlarmRed: 'proceed' }) }),
    { redAlarms: ['web-5xx'] },
  ],
  [
    'it was adopted',
    record(ended('adopted', 'its bake passed', { release: undefined as never })),
    {},
  ],
  [
    'what ended runs again, and is known by that alone',
    record({ ...ended('superseded', 'main-3 came'), runs: undefined as never }),
    { service: TWO },
  ],
  [
    'an image of no container runs',
    record({ runs: { revision: revision(1), images: {}, since: at(0) }, rollbackCandidates: [] }),
    {},
  ],
  ['a person holds what a word is needed for', held('approval'), {}],
];

/** State and headline; who does what next; and then the commands to copy. */
const READ: Readonly<Record<string, readonly string[]>> = {
  'nobody looked at it': [
    'unknown: Slipway has not looked at it yet. web:1 runs, both tasks.',
    'Slipway: `tick` introduces it within minutes',
  ],
  'it was introduced, and nothing was seen': [
    'well: main-1 (web:1) runs, both tasks.',
    'nobody: the next push starts by itself',
  ],
  'at rest': ['well: main-1 (web:1) runs, both tasks.', 'nobody: the next push starts by itself'],
  'at rest, of one task': [
    'well: main-1 (web:1) runs, its one task.',
    'nobody: the next push starts by itself',
  ],
  'at rest, of three tasks': [
    'well: main-1 (web:1) runs, all 3 tasks.',
    'nobody: the next push starts by itself',
  ],
  'one task is missing': [
    'short-of-tasks: main-1 (web:1) has 1 of 2 tasks.',
    'ECS: it starts what is missing; where it does not, `slipway why web` tells why',
    'slipway why web # learn why',
  ],
  'no task runs': [
    'down: no task runs, of 2 wanted.',
    'ECS: it starts what is missing; where it does not, `slipway why web` tells why',
    'slipway why web # learn why',
  ],
  'nothing is wanted': [
    'well: no task is wanted, and none runs.',
    'nobody: the next push starts by itself',
  ],
  'the service is gone': [
    'down: nothing serves: ECS shows no such service.',
    'a person: make the service again, or take it out of the config: nothing starts without it',
    'slipway why web # learn why',
  ],
  'the service went, and a release with it': [
    'needs-attention: nothing serves: the service was deleted. main-2 was not to blame.',
    'a person: push a fix, or deploy an image by hand',
    'slipway why web # learn why',
  ],
  'the service went, and whether it is back could not be asked': [
    'needs-attention: a person is needed: the service was deleted. what runs could not be asked of ECS.',
    'a person: push a fix, or deploy an image by hand',
    'slipway why web # learn why',
  ],
  'the service is going': [
    'needs-attention: a person is needed: the service is being deleted. main-1 (web:1) runs, both tasks.',
    'a person: push a fix, or deploy an image by hand',
    'slipway why web # learn why',
  ],
  'the service was deleted': [
    'down: nothing serves: ECS shows no such service.',
    'a person: make the service again, or take it out of the config: nothing starts without it',
    'slipway why web # learn why',
  ],
  'an alarm is red': [
    'alarm: web-5xx is red. main-1 (web:1) runs, both tasks.',
    'nobody: the next push waits for web-5xx to be OK; what a person deploys does not',
  ],
  'an alarm is red, and there is a way back': [
    'alarm: web-5xx, web-slow are red. main-2 (web:2) runs, both tasks.',
    'nobody: the next push waits for web-5xx, web-slow to be OK; what a person deploys does not',
    'slipway rollback web --because "why" # go back to main-1 (web:1) now',
  ],
  'a revision that nobody knows runs': [
    'well: web:7 runs, both tasks.',
    'nobody: the next push starts by itself',
  ],
  'an image without a tag runs': [
    'well: sha256:000000000000 (web:1) runs, both tasks.',
    'nobody: the next push starts by itself',
  ],
  'an image waits': [
    'waiting: main-1 (web:1) runs, both tasks.',
    'Slipway: main-2 starts at the next look',
  ],
  'two images wait': [
    'waiting: main-1 (web:1) runs, both tasks.',
    'Slipway: main-2 + main-3 start at the next look',
  ],
  'a red alarm holds it': [
    'alarm: main-2 waits: alarm web-5xx is red since 09:55:00 UTC. main-1 (web:1) runs, both tasks.',
    'Slipway: main-2 starts by itself when the alarm is OK',
    'slipway deploy web --image shop/web@sha256:0000000000000000000000000000000000000000000000000000000000000002 --because "why" # start main-2 all the same',
  ],
  'the last alarm must clear': [
    'held: main-2 waits: alarm web-5xx is red since 09:55:00 UTC. main-1 (web:1) runs, both tasks.',
    'Slipway: main-2 starts by itself when the alarm is OK',
    'slipway deploy web --image shop/web@sha256:0000000000000000000000000000000000000000000000000000000000000002 --because "why" # start main-2 all the same',
  ],
  'a red alarm holds it, and so does a person': [
    'held: main-2 waits: ana holds this target (a freeze). main-1 (web:1) runs, both tasks.',
    'a person: nothing starts until `resume`; then main-2 does, if nothing else holds it',
    'slipway resume web --because "why" # end the hold',
  ],
  'a scan holds it': [
    'held: main-2 waits: alarm web-5xx is red since 09:55:00 UTC. main-1 (web:1) runs, both tasks.',
    'Slipway: main-2 starts by itself when the alarm is OK',
  ],
  'a scan held it too long': [
    'held: main-2 waits: alarm web-5xx is red since 09:55:00 UTC. main-1 (web:1) runs, both tasks.',
    'a person: main-2 starts by itself when the alarm is OK',
  ],
  'a gate that holds all held too long': [
    'held: main-2 waits: alarm web-5xx is red since 09:55:00 UTC. main-1 (web:1) runs, both tasks.',
    'a person: main-2 starts by itself when the alarm is OK',
    'slipway deploy web --image shop/web@sha256:0000000000000000000000000000000000000000000000000000000000000002 --because "why" # start main-2 all the same',
  ],
  'in watch mode a red alarm holds it': [
    'held: main-2 waits: alarm web-5xx is red since 09:55:00 UTC. main-1 (web:1) runs, both tasks.',
    'Slipway: main-2 starts by itself when the alarm is OK',
  ],
  'a person holds it': [
    'held: ana holds this target (a freeze). main-1 (web:1) runs, both tasks.',
    'a person: nothing starts until `resume`',
    'slipway resume web --because "why" # end the hold',
  ],
  'the account is held': [
    'held: bob holds all targets (an outage). main-1 (web:1) runs, both tasks.',
    'a person: nothing starts until `resume --all`',
    'slipway resume --all --because "why" # end the hold of all targets',
  ],
  'in watch mode': [
    'well: main-1 (web:1) runs, both tasks.',
    'nobody: watch mode: the next push is looked at, and nothing is changed',
  ],
  'the config names it no longer': [
    'retired: main-1 (web:1) runs, both tasks.',
    'nobody: the config names it no longer: what runs stays',
  ],
  'a release is prepared': [
    'deploying: main-2 is being rolled out. main-1 (web:1) runs, both tasks.',
    'ECS: the tasks are replaced; then it is watched for 10 minutes before it is proven',
    'slipway rollback web --because "why" # go back to main-1 (web:1) now',
  ],
  'a release is on its way': [
    'deploying: main-2 is being rolled out. main-1 (web:1) runs, both tasks, main-2 (web:2) has none yet.',
    'ECS: the tasks are replaced; then it is watched for 10 minutes before it is proven',
    'slipway rollback web --because "why" # go back to main-1 (web:1) now',
  ],
  'half of its tasks run': [
    'deploying: main-2 is being rolled out. tasks that run: 1 of main-2 (web:2), 1 of main-1 (web:1); 2 are wanted.',
    'ECS: the tasks are replaced; then it is watched for 10 minutes before it is proven',
    'slipway rollback web --because "why" # go back to main-1 (web:1) now',
  ],
  'in watch mode one is on its way': [
    'deploying: main-2 is being rolled out. main-2 (web:2) runs, both tasks.',
    'ECS: the tasks are replaced; then it is watched for 10 minutes before it is proven',
  ],
  'it is watched': [
    'baking: main-2 was rolled out and is watched. main-2 (web:2) runs, both tasks.',
    'Slipway: its bake ends at 10:13:00 UTC; its alarms have judged all of it by 10:16:00 UTC',
    'slipway rollback web --because "why" # go back to main-1 (web:1) now',
  ],
  'it is watched, and its alarms judge with the bake': [
    'baking: main-2 was rolled out and is watched. main-2 (web:2) runs, both tasks.',
    'Slipway: its bake ends at 10:13:00 UTC; its alarms have judged all of it by 10:15:00 UTC',
    'slipway rollback web --because "why" # go back to main-1 (web:1) now',
  ],
  'it is watched without tasks': [
    'baking: main-2 was rolled out and is watched. main-2 (web:2) runs, both tasks.',
    'Slipway: the bake begins when tasks run',
    'slipway rollback web --because "why" # go back to main-1 (web:1) now',
  ],
  'its bake goes on': [
    'baking: main-2 was rolled out and is watched. main-2 (web:2) runs, both tasks.',
    'Slipway: the bake goes on: alarm web-5xx is unknown',
    'slipway rollback web --because "why" # go back to main-1 (web:1) now',
  ],
  'a deployment by hand is watched': [
    'watching: web:9 runs, both tasks.',
    'Slipway: the deployment of web:9, which is not ours, is watched and left alone',
  ],
  'it is stopped': [
    'rolling-back: main-2 is being rolled back: alarm web-5xx rose. tasks that run: 1 of main-1 (web:1), 1 of main-2 (web:2); 2 are wanted.',
    'Slipway: ECS is asked to stop it and to return',
    'slipway why web # learn why',
  ],
  'a way back is looked for': [
    'rolling-back: main-2 is being rolled back: alarm web-5xx rose. main-2 (web:2) runs, both tasks.',
    'Slipway: the newest proven release that can be had is looked for',
    'slipway why web # learn why',
  ],
  'the old one comes back': [
    'rolling-back: main-2 is being rolled back: alarm web-5xx rose at 10:05:00 UTC: 25 % of answers were errors. main-2 (web:2) runs, both tasks, main-1 (web:1) has none yet.',
    'Slipway: ECS is asked to run main-1 (web:1) again; if it does not within 15 min, the next proven release is tried, or a person is asked',
    'slipway why web # learn why',
  ],
  'it was rolled back': [
    'rolled-back: main-2 was rolled back: alarm web-5xx rose at 10:05:00 UTC: 25 % of answers were errors. main-1 (web:1) runs, both tasks.',
    'a person: push a fix',
    'slipway why web # learn why',
    'slipway unquarantine web sha256:000000000000 --because "why" # lift its quarantine, if it was not to blame (starts nothing yet)',
    'slipway deploy web --image shop/web@sha256:0000000000000000000000000000000000000000000000000000000000000002 --because "why" # start main-2 after that',
  ],
  'it was rolled back, and is pushed no more': [
    'rolled-back: main-2 was rolled back: alarm web-5xx rose at 10:05:00 UTC: 25 % of answers were errors. main-1 (web:1) runs, both tasks.',
    'a person: push a fix',
    'slipway why web # learn why',
  ],
  'it was rolled back, and its alarm is still red': [
    'alarm: main-2 was rolled back: alarm web-5xx rose at 10:05:00 UTC: 25 % of answers were errors. web-5xx is red. main-1 (web:1) runs, both tasks.',
    'a person: push a fix',
    'slipway why web # learn why',
    'slipway unquarantine web sha256:000000000000 --because "why" # lift its quarantine, if it was not to blame (starts nothing yet)',
    'slipway deploy web --image shop/web@sha256:0000000000000000000000000000000000000000000000000000000000000002 --because "why" # start main-2 after that',
  ],
  'it was rolled back a moment ago, and its alarm is still red': [
    'rolled-back: main-2 was rolled back: alarm web-5xx rose at 10:05:00 UTC: 25 % of answers were errors. web-5xx, which condemned main-2, is still red: a fix that is pushed now waits until it is OK, and one that is deployed by hand does not. main-1 (web:1) runs, both tasks.',
    'a person: push a fix',
    'slipway why web # learn why',
  ],
  'it was rolled back a moment ago, and another alarm is red as well': [
    'alarm: main-2 was rolled back: alarm web-5xx rose at 10:05:00 UTC: 25 % of answers were errors. web-5xx, which condemned main-2, is still red: a fix that is pushed now waits until it is OK, at most until 10:22:00 UTC, and one that is deployed by hand does not. web-slow is red. main-1 (web:1) runs, both tasks.',
    'a person: push a fix',
    'slipway why web # learn why',
  ],
  'it was rolled back, and its alarm is red for longer than a bake': [
    'alarm: main-2 was rolled back: alarm web-5xx rose at 10:05:00 UTC: 25 % of answers were errors. web-5xx is red. main-1 (web:1) runs, both tasks.',
    'a person: push a fix',
    'slipway why web # learn why',
  ],
  'what is bad serves, and there is nothing to return to': [
    'needs-attention: main-2 is bad and STILL SERVES, with both tasks: alarm web-5xx rose at 10:05:00 UTC: 25 % of answers were errors. It could not be rolled back: no proven release can be returned to (web:1: its image is no longer in ECR). web-5xx is red. main-2 (web:2) runs, both tasks.',
    'a person: push a fix, or deploy an image by hand',
    'slipway deploy web --image shop/web:TAG --because "why" # deploy an image that you know to be good, by its tag in ECR',
    'slipway why web # learn why',
  ],
  'what is bad serves beside another': [
    'needs-attention: main-2 is bad and STILL RUNS, with 1 of 2 tasks: alarm web-5xx rose at 10:05:00 UTC: 25 % of answers were errors. It could not be rolled back: no proven release can be returned to (web:1: its image is no longer in ECR). tasks that run: 1 of main-1 (web:1), 1 of main-2 (web:2); 2 are wanted.',
    'a person: push a fix, or deploy an image by hand',
    'slipway why web # learn why',
  ],
  'what is bad has no task any more': [
    'needs-attention: a person is needed: no proven release can be returned to (web:1: its image is no longer in ECR); condemned: alarm web-5xx rose at 10:05:00 UTC: 25 % of answers were errors. main-1 (web:1) runs, both tasks.',
    'a person: push a fix, or deploy an image by hand',
    'slipway why web # learn why',
  ],
  'it failed': [
    'failed: main-2 failed: it did not finish within 30 minutes. main-1 (web:1) runs, both tasks.',
    'a person: push a fix',
    'slipway why web # learn why',
  ],
  'it was proven': [
    'well: main-2 (web:2) runs, both tasks.',
    'nobody: the next push starts by itself',
  ],
  'a newer one took its place': [
    'well: main-2 was superseded: main-3 came. main-1 (web:1) runs, both tasks.',
    'nobody: the next push starts by itself',
  ],
  'a person is needed': [
    'needs-attention: a person is needed: nothing to return to. main-1 (web:1) runs, both tasks.',
    'a person: push a fix, or deploy an image by hand',
    'slipway why web # learn why',
  ],
  'a person is needed, and it is tried again': [
    'needs-attention: a person is needed: nothing to return to. web-5xx is red. main-1 (web:1) runs, both tasks.',
    'a person: free the role; next try at 10:30:00 UTC',
    'slipway why web # learn why',
  ],
  'a release of which nothing is known ended': [
    'failed: web:4 failed: ECS ended it. main-1 (web:1) runs, both tasks.',
    'a person: push a fix',
    'slipway why web # learn why',
  ],
  'a person is needed, and nothing else is known': [
    'needs-attention: a person is needed: nothing to return to. main-1 (web:1) runs, both tasks.',
    'a person: push a fix, or deploy an image by hand',
    'slipway why web # learn why',
  ],
  'a person is needed, and there is a way back': [
    'needs-attention: a person is needed: nothing to return to. main-2 (web:2) runs, both tasks.',
    'a person: push a fix, or deploy or roll back by hand',
    'slipway rollback web --because "why" # go back to main-1 (web:1) now',
    'slipway why web # learn why',
  ],
  'it was rolled back, its alarm is red, and there is a way back': [
    'alarm: main-2 was rolled back: alarm web-5xx rose at 10:05:00 UTC: 25 % of answers were errors. web-5xx is red. main-1 (web:1) runs, both tasks.',
    'a person: push a fix',
    'slipway why web # learn why',
  ],
  'it was rolled back, and it goes back further': [
    'rolling-back: main-2 is being rolled back: alarm web-5xx rose. main-2 (web:2) runs, both tasks.',
    'Slipway: ECS is asked to stop it and to return',
    'slipway why web # learn why',
  ],
  'a migration runs': [
    'deploying: main-2 is being rolled out. main-1 (web:1) runs, both tasks.',
    'ECS: its migration runs; when it has ended well, the rollout begins',
    'slipway rollback web --because "why" # go back to main-1 (web:1) now',
  ],
  'a migration has ended well': [
    'deploying: main-2 is being rolled out. main-1 (web:1) runs, both tasks.',
    'ECS: the tasks are replaced; then it is watched for 10 minutes before it is proven',
    'slipway rollback web --because "why" # go back to main-1 (web:1) now',
  ],
  'an alarm is red, and holds nothing': [
    'alarm: web-5xx is red. main-1 (web:1) runs, both tasks.',
    'nobody: the next push starts by itself, whatever web-5xx says',
  ],
  'it was adopted': [
    'well: main-1 (web:1) runs, both tasks.',
    'nobody: the next push starts by itself',
  ],
  'what ended runs again, and is known by that alone': [
    'well: main-2 was superseded: main-3 came. main-2 (web:2) runs, both tasks.',
    'nobody: the next push starts by itself',
  ],
  'an image of no container runs': [
    'well: web:1 runs, both tasks.',
    'nobody: the next push starts by itself',
  ],
  'a person holds what a word is needed for': [
    'held: main-2 waits: alarm web-5xx is red since 09:55:00 UTC. main-1 (web:1) runs, both tasks.',
    'a person: main-2 starts by itself when the alarm is OK',
  ],
};

test.each(SITUATIONS)('what a person reads: %s', (situation, given, seen) => {
  expect(inLines(answer(given, seen))).toEqual(READ[situation]);
});

test('each situation says what a person reads, and nothing is said of another one', () => {
  expect(Object.keys(READ)).toEqual(SITUATIONS.map(([situation]) => situation));
});
