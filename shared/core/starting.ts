/** May the waiting images start? Every gate of a release stands here, in the order in which it is asked. */
import {
  announce,
  because,
  type Decision,
  describeImages,
  inPhase,
  isQuarantined,
  without,
} from './decision.ts';
import { type ContainerName, type ImageSet, imageLabel, imageReference } from './image.ts';
import type { Held, HoldReason, Release, TargetRecord, Waiting } from './record.ts';
import { MINUTE } from './rules.ts';
import type { FoundService, Seen } from './seen.ts';
import { whyUnsupported } from './strategy.ts';
import { NOTHING_AGAINST } from './watch.ts';
import { wouldStart } from './watch-mode.ts';

/** With this much untold, nothing new begins: who would hear how it ended? */
const UNTOLD_MAX = 15;

export function start(record: TargetRecord, seen: Seen): Decision {
  if (Object.keys(record.waiting).length === 0) return because(record, 'nothing waits');
  const refused = refuseImpossible(record, seen);
  if (refused !== undefined) return refused;
  if (seen.service.state === 'missing') return because(record, seen.service.because);
  const { service } = seen;
  const kept = dropUnchanged(record, service);
  if (Object.keys(kept.waiting).length === 0) {
    return because(kept, 'what waited already runs: nothing is registered and nothing started');
  }
  if (isInFlight(kept, service)) {
    return because(kept, "somebody's deployment is in flight: it is waited for, not superseded");
  }
  if (!answers(seen, kept)) return because(kept, 'the next look asks what a start needs to know');
  const gate = closedGate(kept, seen);
  if (gate !== undefined) return hold(kept, gate, seen);
  return begin(kept, service, seen);
}

/** Images that can never start, however long they wait. */
function refuseImpossible(record: TargetRecord, seen: Seen): Decision | undefined {
  for (const [container, waiting] of Object.entries(record.waiting)) {
    const why = whyImpossible(record, container, waiting, seen);
    if (why === undefined) continue;
    return because(refuse(record, container, waiting, why.because, why.next, seen), why.because);
  }
  return undefined;
}

function whyImpossible(
  record: TargetRecord,
  container: ContainerName,
  { image }: Waiting,
  seen: Seen,
): { readonly because: string; readonly next: string } | undefined {
  const label = imageLabel(image);
  if (isQuarantined(record, image.digest)) {
    return {
      because: `${label} is quarantined`,
      next: 'push a fix, or lift the quarantine by hand',
    };
  }
  const { service } = seen;
  if (service.state === 'missing') {
    return { because: service.because, next: 'create the service, or mend pipeline.config.ts' };
  }
  const unsupported = whyUnsupported(service);
  if (unsupported !== undefined) {
    return { because: unsupported, next: 'then push again' };
  }
  const state = seen.candidates?.[image.digest];
  if (state === 'missing' || state === 'archived') {
    return {
      because: `${label} is ${state === 'missing' ? 'no longer in ECR' : 'archived in ECR and cannot be pulled'}`,
      next: 'push it again, or a newer one',
    };
  }
  const has = seen.definition === undefined ? undefined : Object.keys(seen.definition.containers);
  if (has !== undefined && !has.includes(container)) {
    return {
      because: `the task definition has no container "${container}"; it has ${has.map((name) => `"${name}"`).join(', ')}`,
      next: 'mend the container name in pipeline.config.ts or in the task definition, then push again',
    };
  }
  return undefined;
}

function refuse(
  record: TargetRecord,
  container: ContainerName,
  waiting: Waiting,
  sentence: string,
  next: string,
  seen: Seen,
): TargetRecord {
  const kept = { ...record, waiting: without(record.waiting, (_, name) => name === container) };
  return announce(kept, 'refused', {
    at: seen.at,
    images: { [container]: waiting.image },
    because: sentence,
    next,
  });
}

/** A release that changes nothing registers no revision and starts no rollout. */
function dropUnchanged(record: TargetRecord, service: FoundService): TargetRecord {
  const { runs } = record;
  if (runs?.revision !== service.primary.revision) return record;
  const waiting = without(
    record.waiting,
    ({ image }, container) => runs.images[container]?.digest === image.digest,
  );
  return waiting === record.waiting ? record : { ...record, waiting };
}

/** A condemned release that nothing could replace is not waited for: this push is what it waits for. */
function isInFlight(record: TargetRecord, service: FoundService): boolean {
  const { primary } = service;
  if (record.condemned.some((entry) => entry.revision === primary.revision)) return false;
  return primary.rolloutState === 'IN_PROGRESS' || service.deployments > 1;
}

/** Did this look ask everything that a start depends on? */
function answers(seen: Seen, record: TargetRecord): boolean {
  return (
    seen.definition !== undefined &&
    alarmsToAsk(record).every((name) => seen.alarms?.[name] !== undefined) &&
    Object.values(record.waiting).every(
      ({ image }) => seen.candidates?.[image.digest] !== undefined,
    )
  );
}

export function alarmsToAsk(record: TargetRecord): readonly string[] {
  return [...new Set([...record.rules.alarms, ...record.clearing])];
}

interface Gate {
  readonly reason: HoldReason;
  readonly because: string;
  readonly next: string;
}

function closedGate(record: TargetRecord, seen: Seen): Gate | undefined {
  if (record.hold !== undefined) {
    return {
      reason: 'person',
      because: `${record.hold.by} holds this target: ${record.hold.because}`,
      next: 'it starts after `resume`',
    };
  }
  if (record.owed.announcements.length > UNTOLD_MAX) {
    return {
      reason: 'untold',
      because: `${record.owed.announcements.length} announcements could not be delivered`,
      next: 'it starts when the announcement bus answers again',
    };
  }
  const clearing = record.clearing.find((name) => seen.alarms?.[name]?.state === 'ALARM');
  if (clearing !== undefined) {
    return {
      reason: 'clearing',
      because: `alarm ${clearing}, which condemned the last release, is not OK yet`,
      next: 'it starts by itself when the alarm is OK',
    };
  }
  return record.rules.whileAlarmRed === 'hold' ? redAlarm(record, seen) : undefined;
}

/** ECS ignores an alarm that is red when a rollout starts, for the whole of that rollout. */
function redAlarm(record: TargetRecord, seen: Seen): Gate | undefined {
  for (const name of record.rules.alarms) {
    const alarm = seen.alarms?.[name];
    const next = `it starts by itself when the alarm is OK; after ${record.rules.holdMinutes} minutes: ${record.rules.afterHold}`;
    if (alarm?.state === 'ALARM') {
      return {
        reason: 'alarm',
        because: `alarm ${name} is red, so it could not guard this release: ${alarm.reason}`,
        next,
      };
    }
    if (alarm?.state === 'missing') {
      return {
        reason: 'alarm',
        because: `alarm ${name} does not exist, so it cannot guard this release`,
        next: `create it, or take it out of pipeline.config.ts; ${next}`,
      };
    }
    if (alarm?.state === 'unknown') {
      return {
        reason: 'alarm',
        because: `the state of alarm ${name} is unknown: ${alarm.because}`,
        next,
      };
    }
  }
  return undefined;
}

/** Told once for each reason and image; a hold for alarms has an end. */
function hold(record: TargetRecord, gate: Gate, seen: Seen): Decision {
  const waiting = Object.entries(record.waiting);
  const since = Math.min(
    ...waiting.map(([, { held }]) => (held?.reason === gate.reason ? held.since : seen.at)),
  );
  const untold = waiting.filter(([, { held }]) => held?.reason !== gate.reason);
  const asked = waiting.some(([, { held }]) => held?.reason === gate.reason && held.asked);
  const held: Held = {
    reason: gate.reason,
    because: gate.because,
    since,
    ...(asked ? { asked: true } : {}),
  };
  if (untold.length > 0) {
    const told = announce(withHeld(record, held), 'held', {
      at: seen.at,
      images: Object.fromEntries(untold.map(([name, { image }]) => [name, image])),
      because: gate.because,
      next: gate.next,
    });
    return because(told, `held: ${gate.because}`);
  }
  const ends = gate.reason === 'alarm' || gate.reason === 'clearing';
  const over = ends && seen.at >= since + record.rules.holdMinutes * MINUTE;
  return over && !asked
    ? afterHold(record, gate, held, seen)
    : because(record, `held: ${gate.because}`);
}

function afterHold(record: TargetRecord, gate: Gate, held: Held, seen: Seen): Decision {
  const sentence = `held for ${record.rules.holdMinutes} minutes: ${gate.because}`;
  switch (record.rules.afterHold) {
    case 'proceed':
      if (seen.service.state === 'missing') return because(record, sentence);
      return begin({ ...record, clearing: [] }, seen.service, seen);
    case 'refuse': {
      let refused = record;
      for (const [container, waiting] of Object.entries(record.waiting)) {
        refused = refuse(refused, container, waiting, sentence, 'push again when it is OK', seen);
      }
      return because(refused, sentence);
    }
    case 'ask': {
      const asked = announce(withHeld(record, { ...held, asked: true }), 'asking', {
        at: seen.at,
        images: waitingImages(record),
        because: sentence,
        next: 'mend what the alarm tells of; it then starts by itself',
      });
      return because(asked, `asking: ${sentence}`);
    }
  }
}

function withHeld(record: TargetRecord, held: Held): TargetRecord {
  const waiting = Object.fromEntries(
    Object.entries(record.waiting).map(([name, one]) => [name, { ...one, held }]),
  );
  return { ...record, waiting };
}

function waitingImages(record: TargetRecord): ImageSet {
  return Object.fromEntries(
    Object.entries(record.waiting).map(([name, { image }]) => [name, image]),
  );
}

/** Everything is open: what waits becomes one release. */
function begin(record: TargetRecord, service: FoundService, seen: Seen): Decision {
  const images = waitingImages(record);
  const what = describeImages(images);
  const emptied: TargetRecord = { ...record, waiting: {} };
  if (alreadyWritten(images, seen)) {
    return because(emptied, `the task definition already names ${what}: nothing to do`);
  }
  if (record.rules.mode === 'watch') {
    return because(wouldStart(emptied, images, what, seen.at), `would start ${what}`);
  }
  const by = Object.values(record.waiting).find((waiting) => waiting.by !== undefined)?.by;
  const number = record.releases + 1;
  const release: Release = {
    id: `${record.key}/${number}`,
    images,
    rules: record.rules,
    startedAt: seen.at,
    watch: NOTHING_AGAINST,
    ...(by === undefined ? {} : { by }),
  };
  const rolling = inPhase(
    { ...emptied, releases: number, clearing: [] },
    {
      phase: 'rolling',
      release,
      attempt: {
        images,
        base: service.primary.revision,
        register: { at: seen.at, look: seen.id },
      },
    },
  );
  return because(rolling, `${what} starts`);
}

function alreadyWritten(images: ImageSet, seen: Seen): boolean {
  return Object.entries(images).every(
    ([container, image]) => seen.definition?.containers[container] === imageReference(image),
  );
}
