/** What the config would say of a service, from what the account shows; each guess with where it comes from. */
import type { SurveyedAlarm, SurveyedService } from '../../shared/aws/survey.ts';
import type { DefinitionFacts } from '../doctor/definition-facts.ts';

export interface GuessedTarget {
  readonly id: string;
  readonly cluster: string;
  readonly service: string;
  readonly containers: readonly GuessedContainer[];
  /** Containers whose image is none of the account's ECR: they stay as they are. */
  readonly others: readonly string[];
  readonly alarms: readonly string[];
  readonly family: string;
  readonly roles: readonly string[];
}

export interface GuessedContainer {
  readonly name: string;
  readonly repository: string;
  readonly tags: GuessedTags;
}

export interface GuessedTags {
  /** As the config writes it. */
  readonly filter: string;
  readonly because: string;
}

export interface Account {
  readonly account: string;
  readonly region: string;
}

/** A sentence in place of a guess: Slipway cannot drive this one. */
export function guessTarget(
  { account, region }: Account,
  { cluster, service, controller, scheduling, targetGroups }: SurveyedService,
  definition: DefinitionFacts,
  alarms: readonly SurveyedAlarm[],
): Omit<GuessedTarget, 'id'> | string {
  if (controller !== 'ECS') return `its deployments are ${controller}'s, not those of ECS`;
  if (scheduling !== 'REPLICA') return `it is a ${scheduling} service`;
  const own = definition.containers.flatMap(({ name, image }) => {
    const found = imageIn(image);
    return found?.account === account && found.region === region
      ? [{ name, repository: found.repository, tags: guessTags(found.tag) }]
      : [];
  });
  if (own.length === 0) {
    const images = definition.containers.map(({ image }) => image).join(', ');
    return `none of its images is in the ECR of ${account} in ${region}: ${images}`;
  }
  const names = new Set(own.map(({ name }) => name));
  return {
    cluster,
    service,
    containers: own,
    others: definition.containers.map(({ name }) => name).filter((name) => !names.has(name)),
    alarms: alarms.filter((one) => isAbout(one, { cluster, service, targetGroups })).map(nameOf),
    family: definition.family,
    roles: [definition.taskRole, definition.executionRole].flatMap((arn) =>
      arn === undefined ? [] : [arn.replace(/^.*:role\//, '')],
    ),
  };
}

const ECR_IMAGE =
  /^(?<account>\d{12})\.dkr[.-]ecr\.(?<region>[a-z0-9-]+)\.[a-z.]+\/(?<repository>[^:@]+)(?::(?<tag>[^@]+))?(?:@.*)?$/;

function imageIn(reference: string) {
  const {
    account = '',
    region = '',
    repository = '',
    tag,
  } = ECR_IMAGE.exec(reference)?.groups ?? {};
  return account === '' ? undefined : { account, region, repository, tag };
}

/** It measures the service's own target group, or the service by its name. */
function isAbout(
  { dimensions }: SurveyedAlarm,
  of: Pick<SurveyedService, 'cluster' | 'service' | 'targetGroups'>,
): boolean {
  const has = (name: string, value: string) =>
    dimensions.some((one) => one.name === name && one.value === value);
  if (of.targetGroups.some((group) => has('TargetGroup', group))) return true;
  return has('ServiceName', of.service) && has('ClusterName', of.cluster);
}

function nameOf({ name }: SurveyedAlarm): string {
  return name;
}

/** From a tag that is deployed today: what stays the same of it in the next one. */
export function guessTags(tag: string | undefined): GuessedTags {
  if (tag === undefined) {
    return { filter: "{ glob: '*' }", because: 'no tag is known: every tag deploys, so narrow it' };
  }
  const from = `a guess from "${tag}"`;
  if (/^v?\d+\.\d+\.\d+(?:[-+].*)?$/.test(tag)) {
    return {
      filter: "{ semver: '>=0.0.0' }",
      because: `${from}: versions, the highest is the newest`,
    };
  }
  const [, prefix] = /^([A-Za-z][A-Za-z0-9_.-]*?)[-_.](?:[0-9a-f]{7,40}|\d+)$/.exec(tag) ?? [];
  if (prefix !== undefined) {
    const joint = tag.charAt(prefix.length);
    return { filter: `{ glob: '${prefix}${joint}*' }`, because: from };
  }
  return { filter: "{ glob: '*' }", because: `${from}: every tag deploys, so narrow it` };
}

const ID = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;

/** A name for each target: that of the service, with the cluster where two have the same. */
export function withIds(targets: readonly Omit<GuessedTarget, 'id'>[]): readonly GuessedTarget[] {
  const names = targets.map(({ service }) => service);
  const taken = new Set<string>();
  return targets.map((target) => {
    const { cluster, service } = target;
    const isShared = names.filter((name) => name === service).length > 1;
    const wanted = isShared ? `${service}-${cluster}` : service;
    let id = ID.test(wanted) ? wanted : `t-${wanted}`.slice(0, 40);
    for (let n = 2; taken.has(id); n++) id = `${id.slice(0, 36)}-${n}`;
    taken.add(id);
    return { ...target, id };
  });
}
