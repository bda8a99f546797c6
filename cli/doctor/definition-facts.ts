/** A task definition as ECS wrote it, as much as its checks ask for. */
import { defined } from '../../shared/core/model/defined.ts';
import { releaseIn } from '../../shared/core/model/release-tag.ts';
import type { JsonRecord } from '../../shared/core/release/definition/containers.ts';

export interface DefinitionFacts {
  /** Its tag of a release of Slipway, of whichever pipeline. */
  readonly release?: string;
  readonly family: string;
  readonly isActive: boolean;
  readonly networkMode: string;
  /** Of a whole task; ECS tells it as a number in words. */
  readonly cpuUnits?: number;
  readonly executionRole?: string;
  readonly taskRole?: string;
  /** `linux/arm64` */
  readonly platform: string;
  readonly containers: readonly ContainerFacts[];
}

export interface ContainerFacts {
  readonly name: string;
  readonly image: string;
  readonly ports: readonly number[];
  readonly secrets: readonly SecretUse[];
  /** Where `awslogs` writes, unless it makes the group itself. */
  readonly logGroup?: string;
  readonly usesAwsLogs: boolean;
  readonly startPeriod?: number;
}

/** What a variable is filled with when a task starts. */
export interface SecretUse {
  readonly variable: string;
  readonly store: 'secret' | 'parameter';
  /** What the store is asked for. */
  readonly id: string;
  readonly key?: string;
}

export function definitionFacts(
  raw: JsonRecord,
  tags: readonly JsonRecord[] = [],
): DefinitionFacts {
  const { os, cpu } = platformIn(raw);
  return defined({
    release: releaseIn(tags),
    family: textOf(raw.family) ?? '',
    isActive: raw.status === 'ACTIVE',
    networkMode: textOf(raw.networkMode) ?? 'bridge',
    cpuUnits: unitsOf(raw.cpu),
    executionRole: textOf(raw.executionRoleArn),
    taskRole: textOf(raw.taskRoleArn),
    platform: `${os}/${cpu}`,
    containers: recordsIn(raw.containerDefinitions).map(containerFacts),
  });
}

function unitsOf(cpu: unknown): number | undefined {
  const units = Number(textOf(cpu));
  return units > 0 ? units : undefined;
}

function platformIn({ runtimePlatform }: JsonRecord): {
  readonly os: string;
  readonly cpu: string;
} {
  const { operatingSystemFamily, cpuArchitecture } = (runtimePlatform ?? {}) as JsonRecord;
  const isWindows = String(operatingSystemFamily ?? 'LINUX').startsWith('WINDOWS');
  return {
    os: isWindows ? 'windows' : 'linux',
    cpu: cpuArchitecture === 'ARM64' ? 'arm64' : 'amd64',
  };
}

function containerFacts(container: JsonRecord): ContainerFacts {
  const { logDriver, options = {} } = (container.logConfiguration ?? {}) as {
    readonly logDriver?: string;
    readonly options?: Readonly<Record<string, string>>;
  };
  const usesAwsLogs = logDriver === 'awslogs';
  const makesGroup = options['awslogs-create-group'] === 'true';
  const { startPeriod } = (container.healthCheck ?? {}) as { readonly startPeriod?: number };
  return defined({
    name: textOf(container.name) ?? '',
    image: textOf(container.image) ?? '',
    ports: recordsIn(container.portMappings).map((one) => Number(one.containerPort)),
    secrets: recordsIn(container.secrets).map(secretUse),
    usesAwsLogs,
    logGroup: usesAwsLogs && !makesGroup ? options['awslogs-group'] : undefined,
    startPeriod,
  });
}

/**
 * `arn:…:secretsmanager:…:secret:<name>[:<key>:<stage>:<version>]`, or a parameter of SSM by its name or
 * ARN. (API_Secret; secrets-envvar-secrets-manager)
 */
function secretUse({ name, valueFrom }: JsonRecord): SecretUse {
  const [variable, from] = [textOf(name) ?? '', textOf(valueFrom) ?? ''];
  const parts = from.split(':');
  if (parts[2] === 'secretsmanager') {
    const id = parts.slice(0, 7).join(':');
    return defined({ variable, store: 'secret' as const, id, key: parts[7] || undefined });
  }
  const id = parts[2] === 'ssm' ? from.slice(from.indexOf(':parameter') + 10) : from;
  return { variable, store: 'parameter', id: rootless(id) };
}

/** `/a` is a parameter in a hierarchy of one level, which its ARN writes as that of `a`. */
function rootless(id: string): string {
  return id.lastIndexOf('/') === 0 ? id.slice(1) : id;
}

function recordsIn(value: unknown): readonly JsonRecord[] {
  return Array.isArray(value) ? (value as readonly JsonRecord[]) : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
