/** One observation: the answers to a question, fetched side by side. Knows the ports, decides nothing. */
import { bounded } from '../core/model/bounded.ts';
import { defined } from '../core/model/defined.ts';
import type { ContainerName, Image, ImageDigest, ImageSet, Moment } from '../core/model/image.ts';
import type {
  Observation,
  ObservedCandidate,
  ObservedPlace,
  ObservedService,
  PrimaryDeployment,
  Question,
} from '../core/model/observation.ts';
import type { RollbackCandidate } from '../core/model/record/candidate.ts';
import type { TargetRecord } from '../core/model/record/target-record.ts';
import type { Hold } from '../core/model/record/waiting.ts';
import type { OwnRequests, TaskRights } from '../core/model/rules.ts';
import { whyGone } from '../core/release/gone.ts';
import { alarmsToAskForMuting } from '../core/release/muting.ts';
import type { ObservationPorts, Platform, ServiceRef } from '../ports.ts';
import { observeDefinition } from './answers/definition-file.ts';
import { sendOwnRequests } from './answers/own-requests.ts';
import { observeProofs } from './answers/proofs.ts';
import { placeOf } from './commit-positions.ts';
import { judgeAftermath, judgeRelease } from './judge-release.ts';
import { DELETED, lostImage, observeWays } from './ways-back.ts';

/** `taskRights`: absent where they are not known, as to a person who looks. */
export async function observe(
  ref: ServiceRef & {
    readonly taskRights?: TaskRights | undefined;
    readonly ownRequests?: OwnRequests | undefined;
  },
  record: TargetRecord,
  question: Question,
  ports: ObservationPorts,
  stop?: Hold,
): Promise<Observation> {
  const at: Moment = ports.clock.now();
  const id = ports.clock.newId();
  const { services, alarms } = ports;
  const about = { id, at, question, undelivered: record.outbox.announcements.length, stop };
  // The service first: one that is gone answers everything else, and ECS knows no more of it.
  const found = await services.describe(ref);
  if (found === undefined) {
    const sentence = `ECS knows no service "${ref.service}" in cluster "${ref.cluster}"`;
    return bounded(defined({ ...about, service: { state: 'missing', because: sentence } }));
  }
  const { serviceRevision, ...described } = found;
  const service = { state: 'found', ...described } as const;
  if (whyGone(service) !== undefined) return bounded(defined({ ...about, service }));
  const [platform, own, tried, rollouts, stopped, states, rises, back, lost, gates, places] =
    await Promise.all([
      observePlatform(ref, service, serviceRevision, record, question, ports),
      observeOwn(ref, question, record, ports, at),
      question.ownRequests &&
        sendOwnRequests(question.ownRequests, ref.ownRequests, service, ports),
      question.rollouts &&
        services.rollouts(ref, question.rollouts.since, {
          ...question.rollouts.known,
          // DescribeServices has told which definition the PRIMARY's own service revision is of.
          ...(serviceRevision === undefined ? {} : { [serviceRevision]: service.primary.revision }),
        }),
      question.stoppedTasks &&
        services.stoppedTasks(ref, question.stoppedTasks, question.stoppedSince),
      question.alarms && (question.alarms.length === 0 ? {} : alarms.states(question.alarms)),
      question.rises &&
        (question.rises.alarms.length === 0
          ? {}
          : alarms.rises(question.rises.alarms, question.rises.since)),
      observeBack(question, record, ref.taskRights, ports),
      question.lostRevision &&
        services.findRevision(question.lostRevision.base, question.lostRevision.release),
      observeForGates(question, record, ports),
      question.places && byDigest(question.places, (image) => observePlace(image, record, ports)),
    ]);
  const observation: Observation = defined({
    ...about,
    ...platform,
    ...own,
    ownRequests: tried,
    ...back,
    rollouts,
    stoppedTasks: stopped?.newest,
    failedTasks: stopped?.failed,
    alarms: states,
    rises,
    lostRevision: question.lostRevision && defined({ found: lost }),
    ...gates,
    places,
  });
  return bounded(
    defined({ ...observation, mutedSince: await askMuting(record, observation, ports) }),
  );
}

/** What only an image that waits to start is asked about. */
async function observeForGates(
  { waiting, signatures, proofs }: Question,
  record: TargetRecord,
  ports: ObservationPorts,
): Promise<Pick<Observation, 'waiting' | 'signatures' | 'proofs'>> {
  const [there, signed, proven] = await Promise.all([
    waiting && ports.images.states(waiting),
    signatures && observeSignatures(signatures, record, ports),
    proofs && observeProofs(proofs, ports),
  ]);
  return defined({ waiting: there, signatures: signed, proofs: proven });
}

/** Of a release of ours alone: how far its shift has come, how its one-off task goes, what the judge says. */
async function observeOwn(
  ref: ServiceRef,
  question: Question,
  { rules: { hook } }: TargetRecord,
  ports: ObservationPorts,
  at: Moment,
): Promise<Pick<Observation, 'shift' | 'migration' | 'judged' | 'aftermath'>> {
  const { services } = ports;
  const [shift, migration, judged, aftermath] = await Promise.all([
    question.shift === undefined ? undefined : services.shift(question.shift, hook),
    question.migration && services.migration(ref, question.migration),
    question.judge && judgeRelease(question.judge, ports, at),
    question.aftermath && judgeAftermath(question.aftermath, ports, at),
  ]);
  return defined({ shift, migration, judged, aftermath });
}

async function observeBack(
  { rollbackTo, waysBack }: Question,
  record: TargetRecord,
  rights: TaskRights | undefined,
  ports: ObservationPorts,
): Promise<Pick<Observation, 'rollbackTo' | 'waysBack'>> {
  return defined({
    rollbackTo: rollbackTo && (await observeCandidate(rollbackTo, ports)),
    waysBack: waysBack && (await observeWays(record, rights, ports)),
  });
}

/** DescribeAlarms does not tell that an alarm is muted: asked of one that is red and guards, and rose unheard. */
async function askMuting(
  record: TargetRecord,
  observation: Observation,
  { alarms }: Pick<ObservationPorts, 'alarms'>,
): Promise<Observation['mutedSince']> {
  const names = alarmsToAskForMuting(record, observation);
  return names.length === 0 ? undefined : await alarms.mutedSince(names);
}

/** The PRIMARY says which definition and which images the question means. */
async function observePlatform(
  ref: ServiceRef,
  service: Extract<ObservedService, { state: 'found' }>,
  serviceRevision: string | undefined,
  record: TargetRecord,
  question: Question,
  ports: ObservationPorts,
): Promise<Pick<Observation, 'service' | 'definition' | 'definitionFile' | 'scans' | 'balancer'>> {
  const { services, balancers } = ports;
  const { weights, targets = false } = question;
  const described = question.definition && services.definition(service.primary.revision);
  const { definitionFile: image } = question;
  const [definition, file, scans, running, balancer] = await Promise.all([
    described,
    image && observeDefinition(image, service.primary.revision, record.rules, ports),
    question.scans && described && observeScans(question.scans, record, await described, ports),
    question.images &&
      services.runningImages(
        ref,
        { revision: service.primary.revision, serviceRevision },
        Object.keys(record.rules.containers),
      ),
    weights && balancers.rules(service.traffic?.pairs ?? [], { targets }),
  ]);
  const seen: ObservedService = {
    ...service,
    primary: defined({
      ...service.primary,
      ...running,
      ...(running && (await observePushes(running.images, record, ports))),
    }),
  };
  if (definition === undefined) return defined({ service: seen, balancer });
  const { revision, containers, release } = definition;
  return defined({
    service: seen,
    definition: defined({ revision, containers, release }),
    definitionFile: file,
    scans,
    balancer,
  });
}

/**
 * When what runs was pushed, of containers of which no push is remembered, and of what somebody deployed, until ECR
 * says it.
 */
async function observePushes(
  running: ImageSet,
  { newest, phase, runs }: TargetRecord,
  { images }: Pick<ObservationPorts, 'images'>,
): Promise<Pick<PrimaryDeployment, 'pushedAt' | 'undated'>> {
  const unknown = Object.entries(running).filter(
    ([name, { digest }]) =>
      newest[name] === undefined ||
      runs?.undated?.includes(name) ||
      (phase.phase === 'baking' &&
        phase.of === 'external' &&
        newest[name].digest !== digest &&
        runs?.images[name]?.digest !== digest),
  );
  if (unknown.length === 0) return {};
  const undated: ContainerName[] = [];
  const pushes = unknown.map(async ([name, image]) => {
    try {
      const found = await images.describe(image);
      return found === undefined ? [] : [[name, found.pushedAt] as const];
    } catch {
      undated.push(name);
      return [];
    }
  });
  const pushedAt = Object.fromEntries((await Promise.all(pushes)).flat());
  return undated.length === 0 ? { pushedAt } : { pushedAt, undated: undated.toSorted() };
}

/** Of a multi-arch image the scan counts of what the service runs now: a release keeps its platform. */
async function observeScans(
  candidates: readonly Image[],
  { rules }: TargetRecord,
  { platform }: { readonly platform: Platform },
  { scans }: ObservationPorts,
): Promise<Observation['scans']> {
  const { scan } = rules;
  return scan === undefined
    ? undefined
    : await byDigest(candidates, (image) => scans.scan(image, platform, scan));
}

async function observeSignatures(
  candidates: readonly Image[],
  { rules }: TargetRecord,
  { signatures }: ObservationPorts,
): Promise<Observation['signatures']> {
  const { signature } = rules;
  return signature === undefined
    ? undefined
    : await byDigest(candidates, (image) => signatures.verify(image, signature));
}

async function observePlace(
  image: Image,
  { rules }: TargetRecord,
  { commits }: ObservationPorts,
): Promise<ObservedPlace> {
  const builtFrom = Object.values(rules.containers).flatMap((container) =>
    container.repository === image.repository ? (container.builtFrom ?? []) : [],
  );
  const byBuild = Object.values(rules.containers).some(
    (container) =>
      container.repository === image.repository && container.onlyBuiltFrom !== undefined,
  );
  const place = await placeOf(image, [...new Set(builtFrom)], commits, { byBuild });
  return place.state === 'placed'
    ? { state: 'placed', by: place.by, rank: place.rank }
    : place.state === 'waits'
      ? { state: 'waits', because: place.because }
      : place;
}

async function byDigest<T>(
  images: readonly Image[],
  ask: (image: Image) => Promise<T>,
): Promise<Readonly<Record<ImageDigest, T>>> {
  const unique = [...new Map(images.map((image) => [image.digest, image])).values()];
  const answers = unique.map(async (image) => [image.digest, await ask(image)] as const);
  return Object.fromEntries(await Promise.all(answers));
}

/** Usable: its revision is ACTIVE and its digests are in ECR. A throttled or denied answer skips no candidate. */
export async function observeCandidate(
  candidate: RollbackCandidate,
  { services, images }: ObservationPorts,
): Promise<ObservedCandidate> {
  const { revision } = candidate;
  const [definition, states] = await Promise.all([
    services.definition(revision),
    images.states(Object.values(candidate.images)),
  ]);
  if (Object.keys(definition.containers).length === 0) {
    return { state: 'gone', revision, because: DELETED };
  }
  const lost = lostImage(candidate.images, states);
  return lost === undefined
    ? { state: definition.active ? 'usable' : 'deregistered', revision }
    : { state: 'gone', revision, because: lost };
}
