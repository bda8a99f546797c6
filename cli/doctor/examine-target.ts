/** All about one target: what is asked at once is asked at once, and what could not be seen is said. */
import type { FargateVcpus } from '../../shared/aws/account/fargate-vcpus.ts';
import type { AlarmDay } from '../../shared/aws/alarm-days.ts';
import type { Examiner, Found, ServiceFacts } from '../../shared/aws/examine.ts';
import type { Target } from '../../shared/config/config.ts';
import { tagAllowed } from '../../shared/config/tags.ts';
import type { TaskDefinitionArn } from '../../shared/core/model/image.ts';
import type { ObservedAlarm } from '../../shared/core/model/observation.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import type { TaskRights } from '../../shared/core/model/rules.ts';
import { observeDefinition } from '../../shared/reconcile/answers/definition-file.ts';
import { observeCandidate } from '../../shared/reconcile/observe.ts';
import { asConfigured, previewReturn } from '../../shared/reconcile/preview.ts';
import type { Connection } from '../connect/connection.ts';
import { imagesInWords } from '../output/words.ts';
import { alarmChecks } from './alarm-checks.ts';
import { alarmDayChecks } from './alarm-day.ts';
import { capacityCheck } from './capacity-check.ts';
import { type Check, type CheckGroup, failed, ok, skipped } from './check.ts';
import { type DefinitionFacts, definitionFacts } from './definition-facts.ts';
import { definitionFileCheck } from './definition-file-check.ts';
import { foreignImageChecks } from './foreign-images.ts';
import { modeCheck } from './mode-check.ts';
import {
  containersAreThere,
  logChecks,
  platformCheck,
  rightsCheck,
  roleChecks,
  secretChecks,
} from './needs-checks.ts';
import { ownerCheck } from './owner-check.ts';
import { balancerCheck, isThere, serviceChecks } from './service-checks.ts';

export interface Examining {
  readonly connection: Connection;
  readonly examiner: Examiner;
  /** One for all: a task definition is asked for once. */
  readonly eyes: ReturnType<Connection['aws']['eyes']>;
  /** Of all alarms that the targets name. */
  readonly alarms: Readonly<Record<string, ObservedAlarm>>;
  /** What those would have judged of the last day. */
  readonly days: ReadonlyMap<string, Found<AlarmDay>>;
  /** What the account has left of Fargate. */
  readonly vcpus: FargateVcpus;
  /** What IAM lets Slipway do; undefined where that is not known. */
  readonly rights: TaskRights | undefined;
  /** Secrets are opened for the names of their keys. */
  readonly readsSecrets: boolean;
}

export async function examineTarget(
  examining: Examining,
  target: Target,
  stored: TargetRecord | undefined,
): Promise<readonly CheckGroup[]> {
  const { examiner } = examining;
  const [service, images, alarms, back] = await Promise.all([
    examiner.service(target.cluster, target.service),
    newestImages(examining, target),
    alarmsOf(examining, target),
    wayBack(examining, target, stored),
  ]);
  const definition = await definitionOf(examining, service);
  const groups = [
    {
      name: 'service',
      checks: [
        modeCheck(target, stored),
        ...serviceGroup(target, service),
        ...roomOf(examining, target, service, definition),
        ...ownerOf(target, stored, service, definition),
      ],
    },
    {
      name: 'task definition',
      checks: [
        ...(await definitionGroup(examining, target, definition)),
        ...(await definitionInGit(examining, target, service, images)),
      ],
    },
    { name: 'load balancer', checks: await balancerGroup(examining, target, service, definition) },
    {
      name: 'images',
      checks: [
        ...(await imageGroup(examining, images, definition)),
        ...(await foreignImages(examining, definition)),
      ],
    },
    { name: 'alarms', checks: alarms },
    { name: 'rollback', checks: [back] },
  ];
  return groups.filter(({ checks }) => checks.length > 0);
}

function serviceGroup(target: Target, seen: Found<ServiceFacts>): readonly Check[] {
  const there = isThere(target, seen);
  return there.state === 'ok' && seen.state === 'seen'
    ? [there, ...serviceChecks(target, seen.value)]
    : [there];
}

function roomOf(
  { vcpus, connection: { pipeline } }: Examining,
  target: Target,
  service: Found<ServiceFacts>,
  definition: Definition,
): readonly Check[] {
  if (service.state !== 'seen' || 'because' in definition) return [];
  return [capacityCheck(target, service.value, definition, { vcpus, region: pipeline.region })];
}

function ownerOf(
  target: Target,
  stored: TargetRecord | undefined,
  service: Found<ServiceFacts>,
  definition: Definition,
): readonly Check[] {
  if (service.state !== 'seen' || 'because' in definition) return [];
  return [ownerCheck(target, stored, { ...service.value, release: definition.release })];
}

/** As ECS wrote it; a sentence where it could not be had. */
type Definition = DefinitionFacts | { readonly because: string };

async function definitionOf(
  { eyes }: Examining,
  service: Found<ServiceFacts>,
): Promise<Definition> {
  if (service.state !== 'seen') return { because: 'the service was not seen' };
  const { revision } = service.value;
  try {
    const raw = await eyes.rawDefinition(revision as TaskDefinitionArn);
    return raw === undefined
      ? { because: `ECS no longer has ${revision}` }
      : definitionFacts(raw.definition, raw.tags);
  } catch (error) {
    return { because: sentenceOf(error) };
  }
}

async function definitionGroup(
  { examiner, rights, readsSecrets }: Examining,
  target: Target,
  definition: Definition,
): Promise<readonly Check[]> {
  if ('because' in definition) return [skipped('task definition', definition.because)];
  const [roles, secrets, logs] = await Promise.all([
    roleChecks(definition, examiner),
    secretChecks(definition, examiner, readsSecrets),
    logChecks(definition, examiner),
  ]);
  const containers = containersAreThere(target, definition);
  return [containers, ...roles, rightsCheck(target, definition, rights), ...secrets, ...logs];
}

/** That of the newest image, laid over what runs, as its release would. */
async function definitionInGit(
  { eyes }: Examining,
  { rules }: Target,
  service: Found<ServiceFacts>,
  images: readonly NewestImage[],
): Promise<readonly Check[]> {
  const { definition } = rules;
  const newest = images.find(({ container }) => container === definition?.container);
  if (definition === undefined || newest === undefined) return [];
  const name = `${definition.file} in git`;
  if (service.state !== 'seen' || newest.image === undefined) {
    return [skipped(name, 'without the service, or an image, there is nothing to lay it over')];
  }
  const image = { ...newest.image, tags: newest.tags ?? [] };
  const base = service.value.revision as TaskDefinitionArn;
  try {
    const seen = await observeDefinition(image, base, rules, eyes);
    return seen === undefined ? [] : [definitionFileCheck(name, newest.label, seen)];
  } catch (error) {
    return [skipped(name, sentenceOf(error))];
  }
}

async function balancerGroup(
  { examiner, connection }: Examining,
  target: Target,
  service: Found<ServiceFacts>,
  definition: Definition,
): Promise<readonly Check[]> {
  if (service.state !== 'seen' || 'because' in definition) return [];
  return await Promise.all(
    service.value.balancers.map(async (balancer) => {
      const { targetGroup } = balancer;
      const asked = targetGroup === undefined ? NO_GROUP : await examiner.targetGroup(targetGroup);
      const seen = connection.isLocal && asked.state === 'missing' ? NO_BALANCER : asked;
      return balancerCheck({ target, service: service.value, definition }, balancer, seen);
    }),
  );
}

/** Services of a scenario have traffic, and no load balancer that it comes by. */
const NO_BALANCER = {
  state: 'unseen',
  because: 'the local AWS has no load balancer for it',
} as const;
const NO_GROUP = { state: 'unseen', because: 'a classic load balancer is not looked at' } as const;

interface NewestImage {
  readonly container: string;
  /** `shop/web:main-2` */
  readonly label: string;
  readonly image?: Parameters<Examiner['platforms']>[0];
  readonly tags?: readonly string[];
  readonly check?: Check;
}

/** The one that a push of now would offer: the newest of those whose tags the config takes. */
async function newestImages(
  { connection }: Examining,
  { id, rules, tagRules }: Target,
): Promise<readonly NewestImage[]> {
  const sources = Object.entries(rules.containers);
  return await Promise.all(
    sources.map(async ([container, { registry, repository }]) => {
      const name = `newest image of ${container}`;
      try {
        const all = await connection.aws.images.taggedImages({ registry, repository });
        const rule = tagRules[container];
        const taken = all
          .filter(({ tags }) => rule !== undefined && tags.some((tag) => tagAllowed(rule, tag)))
          .toSorted((a, b) => b.pushedAt - a.pushedAt);
        const [newest] = taken;
        if (newest === undefined) {
          const says = `${repository} has ${all.length} tagged images, and no tag is one that the config takes`;
          const fix = `pipeline.config.ts: targets.${id}.containers.${container}.tags, or push one that it takes`;
          return { container, label: repository, check: failed(name, says, fix) };
        }
        const label = `${repository}:${newest.tags[0] ?? ''}`;
        const image = { registry, repository, digest: newest.digest };
        return { container, label, image, tags: newest.tags };
      } catch (error) {
        const check = /RepositoryNotFoundException/.test(sentenceOf(error))
          ? failed(
              name,
              `ECR has no repository ${repository}`,
              `aws ecr create-repository --repository-name ${repository}, or mend it in pipeline.config.ts`,
            )
          : skipped(name, sentenceOf(error));
        return { container, label: repository, check };
      }
    }),
  );
}

async function imageGroup(
  { examiner }: Examining,
  images: readonly NewestImage[],
  definition: Definition,
): Promise<readonly Check[]> {
  return await Promise.all(
    images.map(async ({ container, label, image, check }) => {
      if (check !== undefined || image === undefined) return check ?? skipped(container, label);
      if ('because' in definition) {
        return skipped(`newest image of ${container}`, `${label}: ${definition.because}`);
      }
      const seen = await examiner.platforms(image);
      return platformCheck({ name: container }, label, definition.platform, seen);
    }),
  );
}

/** The local AWS has one account. */
async function foreignImages(
  { examiner, connection: { isLocal, pipeline } }: Examining,
  definition: Definition,
): Promise<readonly Check[]> {
  if (isLocal || 'because' in definition) return [];
  return await foreignImageChecks(definition, pipeline, examiner);
}

async function alarmsOf(
  { connection, alarms: states, days }: Examining,
  target: Target,
): Promise<readonly Check[]> {
  const { alarms } = target.rules;
  const muted = alarms.length === 0 ? {} : await connection.aws.alarms.mutedSince(alarms);
  return [...alarmChecks(target, states, muted), ...alarmDayChecks(target, days)];
}

/** Would a release that fails have where to return to? ECS and ECR are asked. */
async function wayBack(
  { connection, eyes }: Examining,
  target: Target,
  stored: TargetRecord | undefined,
): Promise<Check> {
  const name = 'way back';
  if (stored === undefined || stored.runs === undefined) {
    return skipped(name, 'Slipway has not looked at it yet: `tick` introduces it within minutes');
  }
  try {
    const record = asConfigured(target, stored, connection.now());
    const forbidden = record.waysBack?.forbidden?.[0]?.because;
    if (forbidden !== undefined) {
      return failed(
        name,
        forbidden,
        'pipeline.config.ts: name it in infra.taskDefinitions, then slipway infra deploy',
      );
    }
    return await openWay(eyes, record);
  } catch (error) {
    return skipped(name, sentenceOf(error));
  }
}

/** The next release returns to what runs, where that is proven; until then to what was before. */
async function openWay(eyes: Examining['eyes'], record: TargetRecord): Promise<Check> {
  const name = 'way back';
  const { rollbackCandidates, runs, id } = record;
  const here = rollbackCandidates.find(({ revision }) => revision === runs?.revision);
  const state = here && (await observeCandidate(here, eyes));
  if (here !== undefined && state?.state !== 'gone') {
    return ok(name, `a release that fails returns to ${imagesInWords(here.images)}, which runs`);
  }
  const lost =
    state?.state === 'gone' ? `what runs could not be returned to: ${state.because}; ` : '';
  const answer = await previewReturn(record, eyes);
  if (answer.possible) return ok(name, `${lost}to ${imagesInWords(answer.candidate.images)}`);
  const mend = `let a release be proven: \`slipway explain ${id}\` says what is waited for`;
  return failed(name, `${lost}${answer.because}`, mend);
}

export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
