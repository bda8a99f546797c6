/**
 * Phase × event → decision, by running the core on one representative record for each phase and on
 * the events that may reach it. docs/decisions-table.md shows this table; a test keeps
 * the two the same.
 */
import { introduce } from '../shared/core/decide.ts';
import type { Event } from '../shared/core/model/event.ts';
import { backOf, type Standing } from '../shared/core/model/record/phase.ts';
import type { TargetRecord } from '../shared/core/model/record/target-record.ts';
import { standingOf } from '../shared/core/model/standing.ts';
import { shorten } from '../shared/core/model/text.ts';
import {
  asking,
  at,
  attempt,
  baking,
  CHOOSING,
  crashed,
  digest,
  image,
  type ObservationChange,
  observing,
  order,
  person,
  primary,
  pushed,
  record,
  red,
  registering,
  restoring,
  returning,
  revision,
  rolling,
  rollout,
  rose,
  rules,
  STOPPING,
  scanned,
  scanRules,
  seen,
  service,
  signatureRules,
  waiting,
  when,
} from './build.ts';

const BECAUSE_MAX = 100;

type PhaseName = Standing;

interface Given {
  readonly name: string;
  readonly phase: PhaseName;
  readonly record: TargetRecord;
  /** The minute of the events, and the revision that the service runs then. */
  readonly minute: number;
  readonly runs: number;
  /** What a look may find beside what it may find in every phase. */
  readonly looks: Readonly<Record<string, Look>>;
}

/** A look, and the record in which it is made where that is not the phase's own. */
type Look = ObservationChange & { readonly given?: TargetRecord };

export interface Row {
  readonly event: string;
  readonly type: Event['type'];
  readonly given: string;
  readonly phase: PhaseName;
  readonly decision: string;
  readonly because: string;
}

/** Quarantined and condemned before, so that what concerns them can be shown in every phase. */
const PAST = {
  quarantine: [{ digest: digest(4), at: at(-200) }],
  condemned: [{ revision: revision(4), digests: [digest(4)] }],
} as const;

const AFTER = { targets: [{ id: 'staging', key: 'ecs/staging/web' }], soakMinutes: 0 } as const;
const FREEZE = {
  timeZone: 'Europe/Berlin',
  windows: [{ from: 'Fri 16:00', to: 'Mon 08:00', because: 'the weekend' }],
};
const hold = { by: 'ada', because: 'black friday', since: at(-9) };
const red1 = { alarms: { 'web-5xx': red(at(2)) } };
const three = (n: number) => ({ stoppedTasks: ['a', 'b', 'c'].map((id) => crashed(id, n)) });
const status = (one: Parameters<typeof rollout>[1], n = 2) => ({ rollouts: [rollout(n, one)] });

const GIVEN: readonly Given[] = [
  {
    name: 'new',
    phase: 'new',
    record: {
      ...introduce('ecs/production/web', {
        type: 'Configured',
        at: at(0),
        id: 'web',
        rules: rules(),
      }).record,
      ...PAST,
    },
    minute: 1,
    runs: 1,
    looks: {
      'steady, alarms quiet': {},
      'a deployment is in flight': {
        service: service(1, { primary: primary(1, { rolloutState: 'IN_PROGRESS' }) }),
      },
    },
  },
  {
    name: 'idle',
    phase: 'idle',
    record: record(PAST),
    minute: 5,
    runs: 1,
    looks: {
      'nothing new': {},
      'an image waits': { given: waiting(PAST) },
      'an image waits, alarm red': { given: waiting(PAST), ...red1 },
      'an image waits, a person holds': { given: waiting({ ...PAST, hold }) },
      'an image waits, on trial in staging': {
        given: waiting({ ...PAST, rules: rules({ after: AFTER }) }),
        proofs: { staging: { [digest(2)]: { state: 'trial' } } },
      },
      'an image waits, passed over in staging': {
        given: waiting({ ...PAST, rules: rules({ after: AFTER }) }),
        proofs: { staging: { [digest(2)]: { state: 'absent', newest: order(3) } } },
      },
      'an image waits, releases are frozen': {
        given: waiting({ ...PAST, rules: rules({ freeze: FREEZE }) }),
      },
      'an image waits, held for too long': {
        given: waiting({
          ...PAST,
          holds: [{ gate: 'alarm', since: at(-90) }],
          waiting: {
            app: {
              image: image(2),
              order: order(2),
              since: at(-90),
              held: { reason: 'alarm', because: 'red', since: at(-90) },
            },
          },
        }),
        ...red1,
      },
      'an image waits, not in ECR': {
        given: waiting(PAST),
        waiting: { [digest(2)]: 'missing' },
      },
      'an image waits, its scan is not complete': {
        given: waiting({ ...PAST, rules: rules(scanRules()) }),
        scans: { [digest(2)]: { state: 'pending', because: 'IN_PROGRESS' } },
      },
      'an image waits, its scan does not come': {
        given: waiting({
          ...PAST,
          rules: rules(scanRules()),
          waiting: {
            app: {
              image: image(2),
              order: order(2),
              since: at(-90),
              held: { reason: 'scan', because: 'PENDING', since: at(-90) },
            },
          },
        }),
        scans: { [digest(2)]: { state: 'pending', because: 'PENDING' } },
      },
      'an image waits, its scan found too much': {
        given: waiting({ ...PAST, rules: rules(scanRules()) }),
        scans: { [digest(2)]: scanned(['CVE-2026-1', 'CRITICAL'], ['CVE-2026-2', 'HIGH']) },
      },
      'an image waits, not signed yet': {
        given: waiting({ ...PAST, rules: rules(signatureRules()) }),
        signatures: { [digest(2)]: { state: 'unsigned', because: 'nothing lies beside it' } },
      },
      'an image waits, never signed': {
        given: waiting({ ...PAST, rules: rules(signatureRules({ waitMinutes: 0 })) }),
        signatures: { [digest(2)]: { state: 'unsigned', because: 'nothing lies beside it' } },
      },
      'an image waits, signed by somebody else': {
        given: waiting({ ...PAST, rules: rules(signatureRules()) }),
        signatures: { [digest(2)]: { state: 'wrong', because: 'another key' } },
      },
      'an image waits, its signature is unknown': {
        given: waiting({ ...PAST, rules: rules(signatureRules()) }),
        signatures: { [digest(2)]: { state: 'unknown', because: 'throttled' } },
      },
      'an image waits, watch mode': {
        given: waiting({ ...PAST, rules: rules({ mode: 'watch' }) }),
      },
    },
  },
  {
    name: 'rolling, not asked yet',
    phase: 'deploying',
    record: registering(PAST),
    minute: 2,
    runs: 1,
    looks: {
      'the revision is found': { lostRevision: { found: revision(2) } },
      'no revision is found': {},
    },
  },
  {
    name: 'deploying',
    phase: 'deploying',
    record: rolling({}, PAST),
    minute: 5,
    runs: 1,
    looks: {
      IN_PROGRESS: status({}),
      SUCCESSFUL: { service: 2, ...status({ status: 'SUCCESSFUL', finishedAt: at(4) }) },
      STOPPED: status({ status: 'STOPPED' }),
      ROLLBACK_IN_PROGRESS: status({ status: 'ROLLBACK_IN_PROGRESS' }),
      'ROLLBACK_SUCCESSFUL, to a proven one': status({
        status: 'ROLLBACK_SUCCESSFUL',
        rolledBackTo: revision(1),
      }),
      'IN_PROGRESS for too long': {
        given: rolling(
          {
            attempt: attempt({
              request: {
                at: at(-30),
                observation: 'x',
                lastAt: at(-30),
                count: 1,
                ecsRollsBack: true,
                announced: true,
              },
            }),
          },
          PAST,
        ),
        ...status({}),
      },
      'alarm red since the start': { ...status({}), ...red1 },
      'alarm red since before': { ...status({}), alarms: { 'web-5xx': red(at(-9)) } },
      'three tasks failed': { ...status({}), ...three(2) },
      'no rollout': { rollouts: [] },
    },
  },
  {
    name: 'baking',
    phase: 'baking',
    record: baking({}, PAST),
    minute: 5,
    runs: 2,
    looks: {
      'nothing new': {},
      'alarm red since the start': red1,
      'three tasks failed': three(2),
      'desired count 0': { service: service(2, { desired: 0, running: 0 }) },
    },
  },
  {
    name: 'baking, its bake is over',
    phase: 'baking',
    record: baking({}, PAST),
    minute: 13,
    runs: 2,
    looks: {
      'all quiet': {},
      'its alarms are unknown': {
        alarms: { 'web-5xx': { state: 'unknown', because: 'throttled' } },
      },
      'its alarms are unknown for too long': {
        given: baking({ succeededAt: at(-60), extendedBecause: 'alarm web-5xx is unknown' }, PAST),
        alarms: { 'web-5xx': { state: 'unknown', because: 'throttled' } },
      },
      'it rose and cleared': {
        rises: {
          'web-5xx': { state: 'known', rises: [{ alarm: 'web-5xx', at: at(6), reason: '30 > 5' }] },
        },
      },
    },
  },
  {
    name: 'watching',
    phase: 'watching',
    record: observing({ steadyAt: at(2) }, PAST),
    minute: 5,
    runs: 9,
    looks: {
      'it is steady': {},
      'it was steady for its bake': { given: observing({ steadyAt: at(-20) }, PAST) },
      'alarm red since the start': red1,
      'its deployment failed': {
        service: service(9, { primary: primary(9, { rolloutState: 'FAILED' }) }),
      },
    },
  },
  {
    name: 'returning: stopping',
    phase: 'rolling-back',
    record: returning(STOPPING, {}, withPast(returning(STOPPING))),
    minute: 6,
    runs: 1,
    looks: {
      IN_PROGRESS: status({}),
      ROLLBACK_IN_PROGRESS: status({ status: 'ROLLBACK_IN_PROGRESS' }),
      'ROLLBACK_SUCCESSFUL, to a proven one': status({
        status: 'ROLLBACK_SUCCESSFUL',
        rolledBackTo: revision(1),
      }),
      'ROLLBACK_SUCCESSFUL, to another one': status({
        status: 'ROLLBACK_SUCCESSFUL',
        rolledBackTo: revision(8),
      }),
      STOPPED: status({ status: 'STOPPED' }),
      SUCCESSFUL: status({ status: 'SUCCESSFUL' }),
    },
  },
  {
    name: 'returning: choosing',
    phase: 'rolling-back',
    record: returning(CHOOSING, {}, withPast(returning(CHOOSING))),
    minute: 6,
    runs: 2,
    looks: {
      'the newest candidate is usable': {},
      'it is gone': {
        rollbackTo: {
          state: 'gone',
          revision: revision(1),
          because: 'its image is no longer in ECR',
        },
      },
      'no candidate is left': { given: returning(CHOOSING, {}, { rollbackCandidates: [] }) },
      'the candidate runs already': { service: 1 },
    },
  },
  {
    name: 'returning: restoring',
    phase: 'rolling-back',
    record: returning(restoring(), { started: 1 }, withPast(returning(restoring()))),
    minute: 6,
    runs: 2,
    looks: {
      IN_PROGRESS: status({ createdAt: at(5) }, 1),
      SUCCESSFUL: { service: 1, ...status({ createdAt: at(5), status: 'SUCCESSFUL' }, 1) },
      STOPPED: status({ createdAt: at(5), status: 'STOPPED' }, 1),
      'no rollout': { rollouts: [] },
    },
  },
  {
    name: 'needs-attention',
    phase: 'needs-attention',
    record: asking({}, PAST),
    minute: 6,
    runs: 1,
    looks: {
      'nothing new': {},
      'an image waits': { given: asking({}, { ...PAST, waiting: waiting().waiting }) },
    },
  },
  {
    name: 'retired',
    phase: 'retired',
    record: record({ ...PAST, retired: true }),
    minute: 6,
    runs: 1,
    looks: { anything: {} },
  },
];

/** What the phase itself quarantined stays beside the past. */
function withPast(given: TargetRecord): Partial<TargetRecord> {
  return {
    quarantine: [...given.quarantine, ...PAST.quarantine],
    condemnedRevisions: [...given.condemnedRevisions, ...PAST.condemned],
  };
}

type Cases = (given: Given) => Readonly<Record<string, Event>>;

/** Complete by its type: a new kind of event has to say what may come of it. */
const CASES: Readonly<Record<Event['type'], Cases>> = {
  ImagePushed: ({ minute }) => ({
    'a newer image': pushed(5, { at: at(minute) }),
    'an older image': pushed(0, { at: at(minute) }),
    'a quarantined image': pushed(4, { at: at(minute), quarantined: 'alarm web-5xx rose' }),
  }),
  AlarmChanged: ({ minute }) => ({
    'rose since the start': rose(2, { at: at(minute) }),
    'rose before the start': rose(-9, { at: at(minute) }),
    'rose in the bake of web:1, heard late': rose(-80, { at: at(minute) }),
    'muted, or OK': rose(2, { at: at(minute), muted: true }),
  }),
  Observed: (given) => {
    const look = ({ given: other, ...change }: Look): Event => ({
      type: 'Observed',
      observation: seen(other ?? given.record, given.minute, { service: given.runs, ...change }),
    });
    const listed = (n: number) => [rollout(n, { createdAt: at(given.minute) })];
    const runs = (n: number) => ({
      service: service(n, { primary: primary(n, { createdAt: at(given.minute) }) }),
      ...(seen(given.record, given.minute).question.rollouts === undefined
        ? {}
        : { rollouts: [...listed(n), rollout(2)] }),
    });
    return {
      ...Object.fromEntries(Object.entries(given.looks).map(([name, one]) => [name, look(one)])),
      "somebody else's deployment": look(runs(8)),
      'a late call of ours': look(runs(4)),
      'the service is gone': look({ service: 'missing' }),
    };
  },
  Hinted: ({ minute }) => ({
    'by ECS, or tick': { type: 'Hinted', at: at(minute), cause: 'SERVICE_DEPLOYMENT_COMPLETED' },
  }),
  CommandReceived: ({ minute }) => {
    const word = (ask: Parameters<typeof person>[0]) => person(ask, { at: at(minute) });
    return {
      deploy: word({ do: 'deploy', images: { app: image(6) } }),
      rollback: word({ do: 'rollback' }),
      unquarantine: word({ do: 'unquarantine', digest: digest(4) }),
      hold: word({ do: 'hold' }),
      resume: word({ do: 'resume' }),
      approve: word({ do: 'approve', of: 'word-1' }),
      reject: word({ do: 'reject', of: 'word-1' }),
    };
  },
  RevisionRegistered: ({ minute }) => ({
    'ECS answers Register': {
      type: 'RevisionRegistered',
      at: at(minute),
      revision: revision(2),
    },
  }),
  MigrationStarted: ({ minute }) => ({
    'ECS answers RunTask': { type: 'MigrationStarted', at: at(minute), task: 'task/one' },
  }),
  RolloutAccepted: ({ minute }) => ({
    'ECS answers Update': {
      type: 'RolloutAccepted',
      at: at(minute),
      revision: revision(2),
      requestedAt: at(minute),
    },
  }),
  StopAccepted: ({ minute }) => ({
    'ECS answers Stop': { type: 'StopAccepted', at: at(minute), rollout: 'rollout-2' },
  }),
  CallRefused: ({ minute }) => ({
    'AWS refuses the call': {
      type: 'CallRefused',
      at: at(minute),
      action: 'StartRollout',
      code: 'InvalidParameterException',
      message: 'no',
    },
  }),
  CallDeferred: ({ minute }) => ({
    'AWS cannot take the call now': {
      type: 'CallDeferred',
      at: at(minute),
      action: 'StartRollout',
      code: 'ThrottlingException',
      message: 'Rate exceeded',
      carriedOut: 'no',
    },
  }),
  Configured: ({ minute }) => ({
    'new rules': {
      type: 'Configured',
      at: at(minute),
      id: 'web',
      rules: rules({ bakeMinutes: 20 }),
    },
  }),
  Retired: ({ minute }) => ({ 'left the config': { type: 'Retired', at: at(minute) } }),
  Delivered: () => ({
    'what was owed is out': { type: 'Delivered', announcements: [], history: [], quarantine: [] },
  }),
};

export const PHASES: readonly PhaseName[] = [...new Set(GIVEN.map(({ phase }) => phase))];
export const EVENTS = Object.keys(CASES) as readonly Event['type'][];

export function decisionRows(): readonly Row[] {
  return EVENTS.flatMap((type) =>
    GIVEN.flatMap((given) =>
      Object.entries(CASES[type](given)).map(([name, event]) => {
        const from = given.looks[name]?.given ?? given.record;
        return {
          event: name,
          type,
          given: given.name,
          phase: given.phase,
          ...outcome(from, event),
        };
      }),
    ),
  );
}

/** `→ returning, StopRollout`: what the target becomes, what is called, what is told. */
function outcome(given: TargetRecord, event: Event): Pick<Row, 'decision' | 'because'> {
  const { record: after, because, action, kinds } = when(given, event);
  const before = nameOf(given);
  const now = nameOf(after);
  const parts = [
    ...(now === before ? [] : [`→ ${now}`]),
    ...(action === undefined ? [] : [`**${action.type}**`]),
    ...kinds.map((kind) => `“${kind}”`),
  ];
  const sentence = because.replaceAll(/ \(sha256:\w+\)|arn:aws:ecs:[^/]+\//g, '');
  return { decision: parts.join(', ') || '–', because: shorten(sentence, BECAUSE_MAX) };
}

function nameOf(record: TargetRecord): string {
  const back = backOf(record.phase);
  return back === undefined ? standingOf(record) : `returning: ${back.step.step}`;
}

/** Phases in which the same comes of the same event share a row. */
export function decisionTable(): string {
  const shared = new Map<string, Row & { givens: string[] }>();
  for (const row of decisionRows()) {
    const key = JSON.stringify([row.type, row.event, row.decision, row.because]);
    const known = shared.get(key);
    if (known === undefined) shared.set(key, { ...row, givens: [row.given] });
    else known.givens.push(row.given);
  }
  const lines = [...shared.values()].map(({ type, event, givens, decision, because }) => {
    return `| ${[`${type}: ${event}`, phasesIn(givens), decision, because].map(cell).join(' | ')} |`;
  });
  return ['| event | while | decision | because |', '| --- | --- | --- | --- |', ...lines].join(
    '\n',
  );
}

function phasesIn(givens: readonly string[]): string {
  const others = GIVEN.map(({ name }) => name).filter((name) => !givens.includes(name));
  if (others.length === 0) return 'always';
  return others.length < 3 ? `always, but not ${others.join(', ')}` : givens.join('; ');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
