/** Where targets stand, as data: what `slipway status` prints and `--json` gives. Reads only. */
import type { Target } from '../shared/config.ts';
import { bakeEndsAt } from '../shared/core/bake-window.ts';
import type { CouldReturn } from '../shared/core/could-return.ts';
import { type ImageSet, imageLabel } from '../shared/core/image.ts';
import type { Hold, Phase, TargetRecord } from '../shared/core/record.ts';
import type { AlarmSeen } from '../shared/core/seen.ts';
import type { SweptService } from '../shared/ports.ts';
import { asConfigured, previewReturn } from '../shared/preview.ts';
import type { Connection } from './speaking/connection.ts';
import { imagesInWords, iso, revisionName, waitingImages } from './speaking/words.ts';

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
  readonly phase: Phase['phase'] | 'unknown';
  /** Why it is in this phase, or why what waits does not start. */
  readonly because: string | null;
  /** Since when it is in this phase, or runs what it runs. */
  readonly since: string | null;
  readonly running: Running;
  /** What is on its way or waits, in words. */
  readonly wanted: string;
  /** null: when the next event comes. */
  readonly nextLook: string | null;
  readonly alarms: Readonly<Record<string, AlarmSeen['state']>>;
  readonly hold: Hold | null;
  readonly quarantined: readonly string[];
  readonly couldRollBack: WayBack;
}

export interface Running {
  readonly images: string;
  readonly revision: string | null;
  readonly tasks: { readonly running: number; readonly desired: number } | null;
}

export type WayBack =
  | {
      readonly possible: true;
      readonly to: string;
      readonly release: string;
      readonly revision: string;
    }
  | { readonly possible: false; readonly because: string };

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
  alarms: Readonly<Record<string, AlarmSeen>>,
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
      quarantined: [],
      couldRollBack: { possible: false, because: 'nothing is proven yet' },
    };
  }
  // What the config says now counts, though no handling has taken it over yet.
  const record = asConfigured(target, stored, now());
  const since = sinceWhen(record);
  return {
    ...common,
    phase: record.phase.phase,
    because: becauseOf(record),
    since: since === undefined ? null : iso(since),
    running: runningOf(record, service),
    wanted: wantedOf(record),
    nextLook: record.lookAt === undefined ? null : iso(record.lookAt),
    hold: record.hold ?? null,
    quarantined: record.quarantine.map(({ digest }) => digest),
    couldRollBack: wayBack(target, await previewReturn(record, aws.eyes())),
  };
}

/** What ECS says is there; which images that are, the record knows. */
function runningOf(record: TargetRecord | undefined, service: SweptService | undefined): Running {
  if (service === undefined) return { images: 'no service', revision: null, tasks: null };
  const { revision, running, desired } = service;
  const known = record && knownImages(record, revision);
  return {
    images: known === undefined ? 'images not known yet' : imagesInWords(known),
    revision: revisionName(revision),
    tasks: { running, desired },
  };
}

/** Of a release on its way the record knows only the containers that it changes. */
function knownImages({ runs, ladder, phase }: TargetRecord, revision: string) {
  if (runs?.revision === revision) return runs.images;
  const rung = ladder.find((one) => one.revision === revision);
  if (rung !== undefined) return rung.images;
  const isOnItsWay = phase.phase === 'rolling' && phase.attempt.revision === revision;
  return isOnItsWay ? { ...runs?.images, ...phase.release.images } : undefined;
}

function wantedOf({ phase, waiting }: TargetRecord): string {
  const next = Object.keys(waiting).length === 0 ? undefined : labels(waitingImages(waiting));
  const waits = next === undefined ? '' : `, then ${next}`;
  switch (phase.phase) {
    case 'rolling':
    case 'baking':
      return `${labels(phase.release.images)}${waits}`;
    case 'returning':
      return phase.way.step === 'restoring'
        ? `back to ${labels(phase.way.rung.images)}${waits}`
        : `the last proven release${waits}`;
    case 'introduced':
    case 'resting':
    case 'observing':
    case 'asking':
      return next === undefined ? 'what runs' : next;
    case 'retired':
      return 'nothing';
  }
}

function labels(images: ImageSet): string {
  return [...new Set(Object.values(images).map(imageLabel))].join(' + ');
}

function becauseOf({ phase, waiting, hold }: TargetRecord): string | null {
  switch (phase.phase) {
    case 'returning':
      return phase.condemned.because;
    case 'asking':
      return phase.because;
    case 'baking':
      return phase.extendedBecause ?? `its bake ends at ${iso(bakeEndsAt(phase))}`;
    case 'introduced':
    case 'resting':
    case 'rolling':
    case 'observing':
    case 'retired': {
      const held = Object.values(waiting).find((one) => one.held !== undefined)?.held;
      if (held !== undefined) return `held: ${held.because}`;
      return hold === undefined ? null : `held: ${hold.by}: ${hold.because}`;
    }
  }
}

function sinceWhen({ phase, runs }: TargetRecord): number | undefined {
  switch (phase.phase) {
    case 'rolling':
      return phase.release.startedAt;
    case 'baking':
      return phase.succeededAt;
    case 'observing':
    case 'returning':
    case 'asking':
      return phase.since;
    case 'introduced':
    case 'resting':
    case 'retired':
      return runs?.since;
  }
}

/** Where nothing is changed, it says what would be. */
export function wayBack({ rules }: Pick<TargetRecord, 'rules'>, answer: CouldReturn): WayBack {
  if (!answer.possible) return answer;
  const { release, revision, images } = answer.rung;
  const to = imagesInWords(images);
  if (rules.mode === 'watch') {
    return { possible: false, because: `watch mode changes nothing; it would go to ${to}` };
  }
  return { possible: true, to, release, revision: revisionName(revision) };
}

export function wayBackInWords(way: WayBack): string {
  return way.possible ? `yes, to ${way.to}, ${way.revision}` : `no, because ${way.because}`;
}
