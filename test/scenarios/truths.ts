/** What holds in every story, whatever happens in it; read off the timeline and the world. */
import { tasksIn } from '@slipway/local-cloud/ecs/serving.ts';
import { weightsAt } from '@slipway/local-cloud/elbv2/forward.ts';
import type { Cloud } from '../../local/slipway/slipway-cloud.ts';
import type { Announced, CallMade, Entry } from '../../local/stories/timeline.ts';
import { deadLetterQueueName, queuesOf } from '../../shared/runtime/routing.ts';

/** Every untruth, one sentence each. Where the story throttles AWS, handlings may fail. */
export function untruths(
  cloud: Cloud,
  { isThrottled = false }: { readonly isThrottled?: boolean } = {},
): readonly string[] {
  const announcements = cloud.timeline.flatMap((entry) =>
    entry.type === 'announcement' ? [entry.announcement] : [],
  );
  return [
    ...oneAtATime(announcements),
    ...endedOnce(announcements),
    ...neverProvenAfterAll(announcements),
    ...quarantinedNeverStarts(announcements),
    ...toldOnce(announcements),
    ...publishedAsTold(cloud, announcements),
    ...trafficIsWhereItRuns(cloud),
    ...everyCallHasACause(cloud.timeline),
    ...(isThrottled ? [] : nothingFailed(cloud)),
  ];
}

const ENDS = ['proven', 'rolled-back', 'failed', 'superseded', 'needs-attention'];

/** Between the start of a release and its end, no other release of the target starts. */
function oneAtATime(announcements: readonly Announced[]): readonly string[] {
  const open = new Map<string, string>();
  return announcements.flatMap(({ kind, target, release = '' }) => {
    const current = open.get(target);
    if (kind === 'started') {
      open.set(target, release);
      return current === undefined ? [] : [`${release} starts while ${current} is under way`];
    }
    if (ENDS.includes(kind) && current === release) open.delete(target);
    return [];
  });
}

/** A release ends once; only a *proven* may be taken back, as `failed` or by a rollback. */
function endedOnce(announcements: readonly Announced[]): readonly string[] {
  const ends = new Map<string, string[]>();
  for (const { kind, release } of announcements) {
    if (release === undefined || !ENDS.includes(kind)) continue;
    ends.set(release, [...(ends.get(release) ?? []), kind]);
  }
  return [...ends].flatMap(([release, [first, ...more]]) =>
    more.length > 0 && first !== 'proven' && !isStillTried([first, ...more])
      ? [`${release} ends as ${[first, ...more]}`]
      : [],
  );
}

/** A person is asked while AWS takes no rollback, and it is tried on: then it ends once more. */
function isStillTried(ends: readonly (string | undefined)[]): boolean {
  return ends.join() === 'needs-attention,rolled-back';
}

function neverProvenAfterAll(announcements: readonly Announced[]): readonly string[] {
  return announcements.flatMap(({ kind, release }, index) => {
    if (kind !== 'proven') return [];
    const before = announcements.slice(0, index).filter((it) => it.release === release);
    return before.some((it) => it.kind === 'rolled-back')
      ? [`${release} is called proven after its rollback`]
      : [];
  });
}

/** Nobody lifts a quarantine in these stories. */
function quarantinedNeverStarts(announcements: readonly Announced[]): readonly string[] {
  return announcements.flatMap(({ kind, target, images }, index) => {
    if (kind !== 'started') return [];
    const digests = Object.values(images ?? {}).map(({ digest }) => digest);
    const condemned = announcements
      .slice(0, index)
      .filter((it) => it.target === target && it.kind === 'rolled-back')
      .flatMap(({ images: left = {}, next }) =>
        Object.values(left).flatMap(({ digest }) => (isSpared(digest, next) ? [] : digest)),
      );
    return digests.some((digest) => condemned.includes(digest))
      ? [`${target} starts ${digests} again, which was rolled back`]
      : [];
  });
}

/** Blame is narrow: what else was in the release is offered again, and that is said. */
function isSpared(digest: string, next: string): boolean {
  return new RegExp(`${digest.slice(0, 19)}[^;]* is not blamed`).test(next);
}

function toldOnce(announcements: readonly Announced[]): readonly string[] {
  const ids = announcements.map(({ id }) => id);
  return ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} is told twice`);
}

/** What is published of a target is what was last told to run there. */
function publishedAsTold({ world }: Cloud, announcements: readonly Announced[]): readonly string[] {
  const newest = new Map(
    announcements.flatMap(({ key, runs }) => (runs === undefined ? [] : [[key, runs]])),
  );
  return [...newest].flatMap(([key, { release, revision }]) => {
    const published = (name: string) => world.ssm.parameters[`/slipway/${key}/${name}`]?.value;
    return published('revision') === revision && published('release') === release
      ? []
      : [`${key} runs ${revision} (${release}), and ${published('revision')} is published`];
  });
}

/** When no shift is under way, one group has all the traffic, and what ECS calls PRIMARY stands there. */
function trafficIsWhereItRuns({ world, pipeline }: Cloud): readonly string[] {
  return Object.values(pipeline.targets).flatMap(({ id, cluster, service }) => {
    const key = `${cluster}/${service}`;
    const rule = world.traffic.sources.find((it) => `${it.cluster}/${it.service}` === key)?.rule;
    const found = world.ecs.services[key];
    if (rule === undefined || found === undefined || found.open.length > 0) return [];
    const live = (weightsAt(world, rule) ?? []).filter(({ weight }) => weight > 0);
    const [group] = live;
    if (group === undefined || live.length > 1) return [`${id}: its traffic is left split`];
    const stand = tasksIn(world, key, group.targetGroup);
    const others = [...stand.healthy, ...stand.unhealthy].filter(
      ({ revision }) => revision !== found.deployments[0]?.id,
    );
    return others.length > 0 || (found.desiredCount > 0 && stand.healthy.length === 0)
      ? [`${id}: the traffic is not where PRIMARY stands`]
      : [];
  });
}

/** Who sent a webhook is not known until its signature fits: the secret is read first. */
function isBeforeAnythingIsBelieved({ function: name, service }: CallMade): boolean {
  return name === 'github-push' && service === 'secretsmanager';
}

function everyCallHasACause(timeline: readonly Entry[]): readonly string[] {
  return timeline.flatMap((entry) =>
    entry.type === 'call' && entry.cause === undefined && !isBeforeAnythingIsBelieved(entry)
      ? [`${entry.function} calls ${entry.service}:${entry.operation} without a cause`]
      : [],
  );
}

function nothingFailed({ pipeline, world, timeline, givenUp, lines }: Cloud): readonly string[] {
  const failures = timeline.flatMap((entry) =>
    entry.type === 'failure' ? [`${entry.function} failed: ${entry.error}`] : [],
  );
  const dead = queuesOf(pipeline)
    .map((queue) => deadLetterQueueName(pipeline, queue))
    .flatMap((name) =>
      (world.sqs.queues[name]?.messages ?? []).map(({ body }) => `in ${name}: ${body}`),
    );
  const errors = lines.filter((line) => line.includes('"level":"ERROR"'));
  return [...failures, ...dead, ...errors, ...givenUp.map((it) => `${it.function} gave up`)];
}
