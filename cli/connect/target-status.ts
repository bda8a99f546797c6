/** Where targets stand, as data: what `slipway status` prints and `--json` gives. Reads only. */
import type { Target } from '../../shared/config/config.ts';
import type { CouldReturn } from '../../shared/core/explain/can-roll-back.ts';
import { type PendingApproval, pendingOf } from '../../shared/core/model/approval.ts';
import { revisionName } from '../../shared/core/model/image.ts';
import type { ObservedAlarm } from '../../shared/core/model/observation.ts';
import type { Hold, TargetRecord } from '../../shared/core/model/record.ts';
import { type Standing, standingOf } from '../../shared/core/model/standing.ts';
import type { SweptService } from '../../shared/ports.ts';
import { asConfigured, previewReturn } from '../../shared/reconcile/preview.ts';
import { becauseOf, type Running, runningOf, sinceWhen, wantedOf } from '../output/standing.ts';
import { type CouldRollBack, imagesInWords, iso } from '../output/words.ts';
import type { Connection } from './connection.ts';

export interface Status {
  readonly at: string;
  readonly place: string;
  /** Somebody holds the whole account. */
  readonly stop: Hold | null;
  readonly targets: readonly TargetStatus[];
}

export interface TargetStatus {
  readonly target: string;
  readonly key: string;
  readonly mode: string;
  /** `unknown`: Slipway has not looked at it yet. */
  readonly phase: Standing | 'unknown';
  /** Why it is in this phase, or why what waits does not start. */
  readonly because: string | null;
  /** Since when it is in this phase, or runs what it runs. */
  readonly since: string | null;
  readonly running: Running;
  /** What is on its way or waits, in words. */
  readonly wanted: string;
  /** null: when the next event comes. */
  readonly nextLook: string | null;
  readonly alarms: Readonly<Record<string, ObservedAlarm['state']>>;
  readonly hold: Hold | null;
  /** What waits for a second person. */
  readonly pending: readonly PendingApproval[];
  readonly quarantined: readonly string[];
  readonly couldRollBack: CouldRollBack;
}

/** Each asks ECS and ECR: so many targets at once. */
const AT_ONCE = 8;

export async function statusOf(
  connection: Connection,
  targets: readonly Target[],
): Promise<Status> {
  const { aws, place } = connection;
  const names = [...new Set(targets.flatMap(({ rules }) => rules.alarms))];
  const [stop, alarms, services] = await Promise.all([
    aws.records.stop(),
    names.length === 0 ? {} : aws.alarms.states(names),
    servicesOf(connection, targets),
  ]);
  const shown: TargetStatus[] = [];
  for (let from = 0; from < targets.length; from += AT_ONCE) {
    const part = targets.slice(from, from + AT_ONCE);
    const some = part.map((target) =>
      targetStatus(connection, target, alarms, services.get(target.key)),
    );
    shown.push(...(await Promise.all(some)));
  }
  return { at: iso(connection.now()), place, stop: stop ?? null, targets: shown };
}

async function servicesOf({ aws }: Connection, targets: readonly Target[]) {
  const found = new Map<string, SweptService>();
  const clusters = Map.groupBy(targets, ({ cluster }) => cluster);
  for (const [cluster, some] of clusters) {
    const names = some.map(({ service }) => service);
    for (const service of await aws.fleet.servicesOf(cluster, names)) {
      found.set(`ecs/${cluster}/${service.service}`, service);
    }
  }
  return found;
}

async function targetStatus(
  { aws, now }: Connection,
  target: Target,
  alarms: Readonly<Record<string, ObservedAlarm>>,
  service: SweptService | undefined,
): Promise<TargetStatus> {
  const { id, key, rules } = target;
  const common = {
    target: id,
    key,
    mode: rules.mode,
    alarms: Object.fromEntries(
      rules.alarms.map((name) => [name, alarms[name]?.state ?? 'unknown'] as const),
    ),
  };
  const stored = (await aws.records.load(key))?.record;
  if (stored === undefined) {
    return {
      ...common,
      phase: 'unknown',
      because: 'Slipway has not heard of it yet: `tick` introduces it',
      since: null,
      running: runningOf(undefined, service),
      wanted: 'nothing',
      nextLook: null,
      hold: null,
      pending: [],
      quarantined: [],
      couldRollBack: { possible: false, because: 'nothing is proven yet' },
    };
  }
  // What the config says now counts, though no handling has taken it over yet.
  const record = asConfigured(target, stored, now());
  const since = sinceWhen(record);
  return {
    ...common,
    phase: standingOf(record),
    because: becauseOf(record),
    since: since === undefined ? null : iso(since),
    running: runningOf(record, service),
    wanted: wantedOf(record),
    nextLook: record.observeAt === undefined ? null : iso(record.observeAt),
    hold: record.hold ?? null,
    pending: pendingOf(record),
    quarantined: record.quarantine.map(({ digest }) => digest),
    couldRollBack: couldRollBack(target, await previewReturn(record, aws.eyes())),
  };
}

/** Where nothing is changed, it says what would be. */
export function couldRollBack(
  { rules }: Pick<TargetRecord, 'rules'>,
  answer: CouldReturn,
): CouldRollBack {
  if (!answer.possible) return answer;
  const { release, revision, images } = answer.candidate;
  const to = imagesInWords(images);
  if (rules.mode === 'watch') {
    return { possible: false, because: `watch mode changes nothing; it would go to ${to}` };
  }
  return { possible: true, to, release, revision: revisionName(revision) };
}
