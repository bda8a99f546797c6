/** One look: the answers to a question, fetched side by side. Knows the ports, decides nothing. */
import { bounded } from './core/bounded.ts';
import type { ImageSet, Moment } from './core/image.ts';
import type { Question } from './core/question.ts';
import type { Rung, TargetRecord } from './core/record.ts';
import type { RungSeen, Seen, ServiceSeen } from './core/seen.ts';
import type { Ports, ServiceRef } from './ports.ts';

export async function look(
  ref: ServiceRef,
  record: TargetRecord,
  question: Question,
  ports: Ports,
): Promise<Seen> {
  const at: Moment = ports.clock.now();
  const id = ports.clock.newId();
  const { services, alarms, images } = ports;
  const [platform, rollouts, stoppedTasks, states, rises, rung, lost, candidates] =
    await Promise.all([
      lookAtService(ref, record, question, ports),
      question.rollouts && services.rollouts(ref, question.rollouts.since, question.rollouts.known),
      question.stoppedTasks && services.stoppedTasks(ref, question.stoppedTasks),
      question.alarms && (question.alarms.length === 0 ? {} : alarms.states(question.alarms)),
      question.rises &&
        (question.rises.alarms.length === 0
          ? {}
          : alarms.rises(question.rises.alarms, question.rises.since)),
      question.rung && lookAtRung(question.rung, ports),
      question.lostRevision &&
        services.findRevision(question.lostRevision.base, question.lostRevision.release),
      question.candidates && images.states(question.candidates),
    ]);
  return bounded({
    id,
    at,
    question,
    untold: record.owed.announcements.length,
    ...platform,
    ...(rollouts === undefined ? {} : { rollouts }),
    ...(stoppedTasks === undefined ? {} : { stoppedTasks }),
    ...(states === undefined ? {} : { alarms: states }),
    ...(rises === undefined ? {} : { rises }),
    ...(rung === undefined ? {} : { rung }),
    ...(question.lostRevision === undefined
      ? {}
      : { lostRevision: lost === undefined ? {} : { found: lost } }),
    ...(candidates === undefined ? {} : { candidates }),
  });
}

/** The service first: its PRIMARY says which definition and which images the question means. */
async function lookAtService(
  ref: ServiceRef,
  record: TargetRecord,
  question: Question,
  { services }: Ports,
): Promise<Pick<Seen, 'service' | 'definition'>> {
  const found = await services.describe(ref);
  if (found === undefined) {
    return {
      service: {
        state: 'missing',
        because: `ECS knows no service "${ref.service}" in cluster "${ref.cluster}"`,
      },
    };
  }
  const { serviceRevision, ...service } = found;
  const [definition, running] = await Promise.all([
    question.definition && services.definition(service.primary.revision),
    question.images && serviceRevision !== undefined
      ? services.runningImages(serviceRevision, Object.keys(record.rules.containers))
      : undefined,
  ]);
  const seen: ServiceSeen = {
    state: 'found',
    ...service,
    primary: { ...service.primary, ...running },
  };
  if (definition === undefined) return { service: seen };
  return {
    service: seen,
    definition: { revision: definition.revision, containers: definition.containers },
  };
}

/** Usable: its revision is ACTIVE and its digests are in ECR. A throttled or denied answer skips no rung. */
async function lookAtRung(rung: Rung, { services, images }: Ports): Promise<RungSeen> {
  const { revision } = rung;
  const [definition, states] = await Promise.all([
    services.definition(revision),
    images.states(Object.values(rung.images)),
  ]);
  if (!definition.active) {
    return { state: 'gone', revision, because: 'its task definition was deregistered' };
  }
  const lost = lostImage(rung.images, states);
  return lost === undefined
    ? { state: 'usable', revision }
    : { state: 'gone', revision, because: lost };
}

function lostImage(
  images: ImageSet,
  states: Awaited<ReturnType<Ports['images']['states']>>,
): string | undefined {
  for (const { repository, digest } of Object.values(images)) {
    if (states[digest] === 'missing') return `${repository}@${digest} is no longer in ECR`;
    if (states[digest] === 'archived') return `${repository}@${digest} is archived in ECR`;
  }
  return undefined;
}
