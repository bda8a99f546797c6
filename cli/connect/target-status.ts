/**
 * Where targets stand, as data: what `slipway status` prints and `--json` gives. Reads only, and many
 * targets with few calls: records, services and alarms are asked for in batches.
 */
import type { Target } from '../../shared/config/config.ts';
import { type CouldReturn, couldReturn } from '../../shared/core/explain/can-roll-back.ts';
import { type Awaited, awaitedOf } from '../../shared/core/incident/awaited.ts';
import { type Incident, incidentOf } from '../../shared/core/incident/incident.ts';
import { type LastRelease, lastReleaseOf } from '../../shared/core/incident/last-release.ts';
import { type ShiftNow, shiftNow } from '../../shared/core/incident/shift-now.ts';
import { incidentUnread, type Unread } from '../../shared/core/incident/unread.ts';
import { type ImageSet, revisionName, waitingImages } from '../../shared/core/model/image.ts';
import type { ObservedAlarm, ServiceNow } from '../../shared/core/model/observation.ts';
import type { Quarantined } from '../../shared/core/model/record/candidate.ts';
import type { Standing } from '../../shared/core/model/record/phase.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import type { Hold } from '../../shared/core/model/record/waiting.ts';
import { standingOf } from '../../shared/core/model/standing.ts';
import { asConfigured, previewReturn } from '../../shared/reconcile/preview.ts';
import { claimsSeen } from '../claims/seen.ts';
import { type ClaimShown, claimsShown } from '../claims/shown.ts';
import { asTyped, type Invoked } from '../output/invocation.ts';
import { becauseOf, sinceWhen } from '../output/standing.ts';
import { byTrouble } from '../output/status/trouble-first.ts';
import { type CouldRollBack, imagesInWords, iso } from '../output/words.ts';
import { harmOf } from './closer/harm.ts';
import type { Connection } from './connection.ts';
import { servicesOf } from './services-now.ts';

/** One more with each change that could break who reads it: docs/json/status.schema.json. */
export const STATUS_FORMAT = 'slipway.status/1';

export interface Status {
  readonly format: typeof STATUS_FORMAT;
  readonly at: string;
  readonly place: string;
  /** Somebody holds the whole account. */
  readonly stop: HoldShown | null;
  /** What AWS did not tell, of all targets together, and why. */
  readonly unseen: readonly string[];
  /** Images that others built, which wait for GitHub's word or were not taken since the last release. */
  readonly claims: readonly ClaimShown[];
  /** Trouble first. */
  readonly targets: readonly TargetStatus[];
}

export interface TargetStatus extends Pick<Incident, 'state' | 'headline' | 'next' | 'actions'> {
  readonly target: string;
  readonly key: string;
  readonly mode: string;
  /** `unknown`: Slipway has not looked at it yet. */
  readonly phase: Standing | 'unknown';
  /** Why it is in this phase, or why what waits does not start. */
  readonly because: string | null;
  /** Since when it is in this phase, or runs what it runs. */
  readonly since: string | null;
  readonly running: {
    /** False: `unseen` says why ECS did not tell. */
    readonly isAsked: boolean;
    /** null: ECS has no such service, or was not asked. */
    readonly desired: number | null;
    readonly revisions: readonly (Omit<Incident['running']['revisions'][number], 'images'> & {
      readonly images: ImageSet | null;
    })[];
  };
  /** How far its traffic has come, as the last look heard it; null: none is being shifted. */
  readonly shift: ShiftShown | null;
  /** What was tried last, and what became of it. */
  readonly last: LastShown | null;
  /** By container. */
  readonly waiting: ImageSet;
  /** null: when the next event comes. */
  readonly nextLook: string | null;
  readonly alarms: Readonly<Record<string, ObservedAlarm['state']>>;
  readonly hold: HoldShown | null;
  /** What waits for a person's word. */
  readonly pending: readonly PendingShown[];
  readonly quarantined: readonly QuarantinedShown[];
  readonly couldRollBack: CouldRollBack;
  /** What could not be seen of it, and why. */
  readonly unseen: readonly string[];
}

interface HoldShown {
  readonly by: string;
  readonly because: string;
  readonly since: string;
  /** When it ends by itself; null: a person ends it. */
  readonly until: string | null;
}

interface ShiftShown {
  /** In ECS's own word; null: it told none. */
  readonly stage: string | null;
  readonly stageSince: string | null;
  /** By revision, 0 to 1; null: no load balancer was heard, as with Service Connect. */
  readonly shares: Readonly<Record<string, number>> | null;
  readonly heardAt: string | null;
}

interface PendingShown {
  readonly id: string;
  readonly what: string;
  readonly by: string;
  readonly because: string;
  readonly since: string;
  readonly until: string;
}

interface QuarantinedShown {
  readonly digest: string;
  readonly since: string;
  /** What it was built from, as far as it is known. */
  readonly source: string | null;
}

interface HarmShown {
  readonly bad: number;
  readonly of: number;
  readonly from: string;
  readonly to: string;
}

interface LastShown {
  readonly release: string | null;
  readonly images: ImageSet | null;
  readonly revision: string | null;
  readonly became: LastRelease['became'];
  readonly at: string;
  readonly because: string | null;
  /** AWS's own words to it. */
  readonly aws: string | null;
  readonly by: string | null;
  /** Of one target alone, where an alarm condemned it and counts answers; null: not asked, or not known. */
  readonly badAnswers: HarmShown | null;
}

/** With fewer targets than this, ECR and ECS are asked whether each could really return. */
const LOOKED_CLOSELY = 1;

export async function statusOf(
  connection: Connection,
  targets: readonly Target[],
  invoked: Invoked = {},
): Promise<Status> {
  const { aws, place } = connection;
  const names = [...new Set(targets.flatMap(({ rules }) => rules.alarms))];
  const [stop, alarms, { found: services, unasked }, { records, unreadable }, seen] =
    await Promise.all([
      aws.records.stop(),
      names.length === 0 ? {} : aws.alarms.states(names),
      servicesOf(connection, targets),
      aws.loadMany(targets.map(({ key }) => key)),
      claimsSeen(connection, targets),
    ]);
  const looksClosely = targets.length <= LOOKED_CLOSELY;
  const shown = targets.map(async (target) => {
    const around = {
      target,
      alarms,
      service: services.get(target.key),
      unasked: unasked.get(target.cluster),
      stop,
      looksClosely,
      invoked,
      at: connection.now(),
    };
    const unread = unreadable.get(target.key);
    if (unread !== undefined) return unreadStatus(around, unread);
    try {
      const stored = records.get(target.key);
      const record = stored && asConfigured(target, stored, connection.now());
      const back = await wayBack(connection, record, looksClosely);
      const status = targetStatus(around, record, back);
      return looksClosely && record ? await withHarm(connection, target, record, status) : status;
    } catch (error) {
      return unreadStatus(around, nonsenseIn(error));
    }
  });
  const all = await Promise.all(shown);
  return {
    format: STATUS_FORMAT,
    at: iso(connection.now()),
    place,
    stop: stop === undefined ? null : holdShown(stop),
    unseen: [...new Set([...all.flatMap(({ unseen }) => unseen), ...seen.unseen])],
    claims: targets.flatMap((target, i) => claimsShown(target, seen, all[i]?.last?.at, invoked)),
    targets: byTrouble(all),
  };
}

/** One record that is not of its format's shape takes no other target with it; AWS's trouble is no record's. */
function nonsenseIn(error: unknown): Unread {
  if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
  return {
    why: `is not of the shape that this version writes (${error.message})`,
    remedy: 'restore it from a backup of the table (docs/restore.md)',
  };
}

/** Of one target it is asked of ECR and ECS; of many it is what the records say. */
async function wayBack(
  { aws, now }: Connection,
  record: TargetRecord | undefined,
  looksClosely: boolean,
): Promise<CouldReturn> {
  if (record === undefined) return { possible: false, because: 'nothing is proven yet' };
  return looksClosely ? await previewReturn(record, aws.eyes()) : couldReturn(record, now());
}

/** Who may not read metrics is told so, and all the rest. */
async function withHarm(
  connection: Connection,
  target: Target,
  record: TargetRecord,
  status: TargetStatus,
): Promise<TargetStatus> {
  try {
    const harm = await harmOf(connection, target, lastReleaseOf(record));
    if (harm === undefined || status.last === null) return status;
    const badAnswers = { ...harm, from: iso(harm.from), to: iso(harm.to) };
    return { ...status, last: { ...status.last, badAnswers } };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ...status, unseen: [...status.unseen, `how many answers were errors: ${why}`] };
  }
}

/** What is known of a target beside its record. */
interface Around {
  readonly target: Target;
  readonly alarms: Readonly<Record<string, ObservedAlarm>>;
  readonly service: ServiceNow | undefined;
  /** Why ECS did not tell of its services. */
  readonly unasked: string | undefined;
  readonly stop: Hold | undefined;
  readonly looksClosely: boolean;
  readonly invoked: Invoked;
  readonly at: number;
}

function targetStatus(
  around: Around,
  record: TargetRecord | undefined,
  back: CouldReturn,
): TargetStatus {
  const { target, stop, looksClosely } = around;
  const observed = observedIn(around);
  const incident = incidentOf(record, {
    ...observed,
    at: around.at,
    couldRollBack: back,
    stop,
  });
  const { running, last } = incident;
  const since = record && sinceWhen(record);
  return {
    ...answerOf(around, incident),
    phase: record === undefined ? 'unknown' : standingOf(record),
    because: record === undefined ? null : becauseOf(record),
    since: since === undefined ? null : iso(since),
    running: runningShown(running),
    shift: shiftShown(record && shiftNow(record)),
    last: last === undefined ? null : lastShown(last),
    waiting: waitingImages(record?.waiting ?? {}),
    nextLook: record?.observeAt === undefined ? null : iso(record.observeAt),
    hold: record?.hold === undefined ? null : holdShown(record.hold),
    pending: (record === undefined ? [] : awaitedOf(record)).map(pendingShown),
    quarantined: (record?.quarantine ?? []).map(quarantinedShown),
    couldRollBack: couldRollBack(target, back, looksClosely),
  };
}

/** Of a record that says nothing to this version. */
function unreadStatus(around: Around, unread: Unread): TargetStatus {
  const incident = incidentUnread(around.target.id, unread, observedIn(around));
  return {
    ...answerOf(around, incident),
    phase: 'unknown',
    because: null,
    since: null,
    running: runningShown(incident.running),
    shift: null,
    last: null,
    waiting: {},
    nextLook: null,
    hold: null,
    pending: [],
    quarantined: [],
    couldRollBack: { possible: false, because: `its record ${unread.why}` },
  };
}

function observedIn({ target, alarms, service, unasked }: Around) {
  const inState = (wanted: ObservedAlarm['state']) =>
    target.rules.alarms.filter((name) => stateOf(alarms, name) === wanted);
  return {
    service,
    unasked: unasked !== undefined,
    redAlarms: inState('ALARM'),
    unseenAlarms: inState('unknown'),
  };
}

function stateOf(alarms: Around['alarms'], name: string): ObservedAlarm['state'] {
  return alarms[name]?.state ?? 'unknown';
}

/** What each answer has, whatever the record says. */
function answerOf(
  { target, alarms, unasked, invoked }: Around,
  { state, headline, next, actions }: Incident,
) {
  const { id, key, rules } = target;
  const reasons = rules.alarms.flatMap((name) => {
    const seen = alarms[name];
    return seen?.state === 'unknown' ? [seen.because] : [];
  });
  return {
    target: id,
    key,
    mode: rules.mode,
    state,
    headline,
    next,
    actions: actions.map(({ to, command }) => ({ to, command: asTyped(command, invoked) })),
    alarms: Object.fromEntries(rules.alarms.map((name) => [name, stateOf(alarms, name)])),
    unseen: [...new Set([...(unasked === undefined ? [] : [unasked]), ...reasons])],
  };
}

function runningShown({
  unasked,
  desired,
  revisions,
}: Incident['running']): TargetStatus['running'] {
  return {
    isAsked: !unasked,
    desired: desired ?? null,
    revisions: revisions.map((one) => ({ ...one, images: one.images ?? null })),
  };
}

function lastShown({
  at,
  release,
  images,
  revision,
  because,
  aws,
  by,
  became,
}: LastRelease): LastShown {
  return {
    release: release ?? null,
    images: images ?? null,
    revision: revision ?? null,
    became,
    at: iso(at),
    because: because ?? null,
    aws: aws ?? null,
    by: by ?? null,
    badAnswers: null,
  };
}

function holdShown({ by, because, since, until }: Hold): HoldShown {
  return { by, because, since: iso(since), until: until === undefined ? null : iso(until) };
}

function shiftShown(shift: ShiftNow | undefined): ShiftShown | null {
  if (shift === undefined) return null;
  const { stage = null, stageSince, shares = null, heardAt } = shift;
  const at = (moment: number | undefined) => (moment === undefined ? null : iso(moment));
  return { stage, stageSince: at(stageSince), shares, heardAt: at(heardAt) };
}

function pendingShown({ since, until, ...asked }: Awaited): PendingShown {
  return { ...asked, since: iso(since), until: iso(until) };
}

function quarantinedShown({ digest, at, source }: Quarantined): QuarantinedShown {
  return { digest, since: iso(at), source: source ?? null };
}

/** Where nothing is changed, it says what would be. `isChecked`: ECR and ECS were asked for it. */
export function couldRollBack(
  { rules }: Pick<TargetRecord, 'rules'>,
  answer: CouldReturn,
  isChecked = true,
): CouldRollBack {
  if (!answer.possible) return answer;
  const { release, revision, images } = answer.candidate;
  if (rules.mode === 'watch') {
    const to = imagesInWords(images);
    return { possible: false, because: `watch mode changes nothing; it would go to ${to}` };
  }
  return { possible: true, images, release, revision: revisionName(revision), isChecked };
}
