/**
 * The state that the page shows: read from the world, the records and the story. Only looks: it
 * draws nothing from the world's chance and takes no time in it.
 */
import type { Target } from '../../shared/config/config.ts';
import { awaitedOf } from '../../shared/core/incident/awaited.ts';
import { type Incident, STATES } from '../../shared/core/incident/incident.ts';
import { standingOf } from '../../shared/core/model/standing.ts';
import { incidentIn } from '../slipway/incident.ts';
import type { Cloud } from '../slipway/slipway-cloud.ts';
import { runningImages } from '../stories/outcome.ts';
import { alarmView } from './page-alarms.ts';
import { evidenceView } from './page-evidence.ts';
import { imageView } from './page-image.ts';
import { pushableTo } from './page-push.ts';
import { revisionViews } from './page-revisions.ts';
import type { PageAnswer, PageImage, PageImages, PageState, PageTarget } from './page-state.ts';
import { wayBackNow } from './page-way-back.ts';
import type { Served } from './served.ts';
import type { Story } from './story.ts';

export interface Watched {
  readonly cloud: Cloud;
  readonly story: Story;
  readonly served: Served;
  readonly seed: number;
  readonly speed: number;
  readonly beganAt: number;
}

export async function pageState(watched: Watched): Promise<PageState> {
  const { cloud, story, seed, speed, beganAt } = watched;
  const { world, pipeline } = cloud;
  const targets: PageTarget[] = [];
  const stop = await cloud.stopped();
  for (const target of Object.values(pipeline.targets)) {
    targets.push(await targetView(watched, target, stop));
  }
  return {
    format: 1,
    now: world.now,
    beganAt,
    speed,
    seed,
    account: world.account,
    region: world.region,
    targets,
    timeline: { first: story.first, next: story.next },
  };
}

type TargetRecord = NonNullable<Awaited<ReturnType<Cloud['recordOf']>>>;

async function targetView(
  { cloud, story, served }: Watched,
  target: Target,
  stop: Awaited<ReturnType<Cloud['stopped']>>,
): Promise<PageTarget> {
  const { world } = cloud;
  const { id, key, cluster, service, rules } = target;
  const record = await cloud.recordOf(key);
  const led = story.ledTo(id);
  const running = runningView(cloud, target);
  const digests = Object.values(running).map(({ digest }) => digest);
  const way = wayBackNow(cloud, record, digests);
  const found = world.ecs.services[`${cluster}/${service}`];
  const deployments = found?.deployments ?? [];
  const push = pushableTo(cloud, target);
  const evidence = evidenceView(world, target, story.all());
  const sum = (count: 'runningCount' | 'pendingCount') =>
    deployments.reduce((total, deployment) => total + deployment[count], 0);
  return {
    id,
    key,
    answer: answerView(incidentIn(cloud, target, record, stop)),
    cluster,
    service,
    mode: rules.mode,
    phase: record === undefined ? 'unknown' : phaseInWords(record),
    ...(led && { because: led.into.because, since: led.into.at }),
    ...(led &&
      led.latest !== led.into && { latest: { at: led.latest.at, because: led.latest.because } }),
    ...(record?.observeAt !== undefined && { lookAt: record.observeAt }),
    running,
    wanted: record === undefined ? running : imagesView(cloud, wantedImages(record) ?? {}),
    waiting: imagesView(
      cloud,
      Object.fromEntries(
        Object.entries(record?.waiting ?? {}).map(([name, { image }]) => [name, image]),
      ),
    ),
    ...(record?.hold && { hold: { by: record.hold.by, because: record.hold.because } }),
    awaited: record === undefined ? [] : awaitedOf(record),
    wayBack: way.possible ? { possible: true, to: way.to } : way,
    quarantined: (record?.quarantine ?? []).map(({ digest }) =>
      quarantinedView(cloud, target, digest),
    ),
    ...(push && { push }),
    counts: {
      desired: found?.desiredCount ?? 0,
      running: sum('runningCount'),
      pending: sum('pendingCount'),
    },
    revisions: revisionViews(cloud, target, served),
    alarms: rules.alarms.flatMap((name) => alarmView(world, name) ?? []),
    ...(evidence && { evidence }),
  };
}

function answerView({ state, headline, last, next, actions }: Incident): PageAnswer {
  const aws = last?.aws;
  return {
    state,
    rank: STATES.indexOf(state),
    headline,
    ...(aws !== undefined && { aws }),
    next,
    actions,
  };
}

/** `rolling-back: stopping`, as the decisions name it. */
function phaseInWords(record: TargetRecord): string {
  const { phase } = record;
  return phase.phase === 'deploying' && phase.goal === 'back'
    ? `rolling-back: ${phase.step.step}`
    : standingOf(record);
}

/** What is on its way, or is returned to; else the newest proven release. */
function wantedImages({ phase, rollbackCandidates, runs }: TargetRecord): ImageSet | undefined {
  const proven = rollbackCandidates[0]?.images;
  switch (phase.phase) {
    case 'idle':
      return proven ?? runs?.images;
    case 'deploying':
      if (phase.goal === 'forward') return phase.attempt.images;
      return phase.step.step === 'redeploying' ? phase.step.candidate.images : proven;
    case 'baking':
      return phase.of === 'release' ? phase.attempt.images : (proven ?? runs?.images);
  }
}

type ImageSet = TargetRecord['rollbackCandidates'][number]['images'];

function imagesView(cloud: Cloud, images: ImageSet): PageImages {
  return Object.fromEntries(
    Object.entries(images).map(([name, { repository, digest }]) => [
      name,
      imageView(cloud, repository, digest),
    ]),
  );
}

function runningView(cloud: Cloud, { cluster, service, rules }: Target): PageImages {
  const running = runningImages(cloud.world, cluster, service);
  return Object.fromEntries(
    Object.entries(rules.containers).flatMap(([name, { repository }]) => {
      const digest = running[name];
      return digest === undefined ? [] : [[name, imageView(cloud, repository, digest)]];
    }),
  );
}

/** The quarantine knows digests only: the repository is the one that has it. */
function quarantinedView(cloud: Cloud, { rules }: Target, digest: string): PageImage {
  const repositories = Object.values(rules.containers).map(({ repository }) => repository);
  const holds = (name: string) => cloud.world.ecr.repositories[name]?.images[digest] !== undefined;
  return imageView(cloud, repositories.find(holds) ?? repositories[0] ?? '', digest);
}
