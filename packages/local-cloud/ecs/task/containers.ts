/** The containers and the network interface of a task, as views and events show them. */
import type { ContainerOverride, KeyValuePair } from '@aws-sdk/client-ecs';
import type { World } from '../../kernel/world.ts';
import { arn, taskArn } from '../names.ts';
import type { ContainerRecord, RevisionRecord, TaskRecord } from '../state.ts';

export interface EniDetails {
  readonly id: string;
  readonly apiStatus: 'PRECREATED' | 'ATTACHED' | 'DETACHING' | 'DELETED';
  /** The event of DEPROVISIONING still says ATTACHED (observed). */
  readonly eventStatus: 'PRECREATED' | 'ATTACHED' | 'DELETED';
  readonly details: KeyValuePair[];
  readonly ip: string | undefined;
}

/** Made from the task's id, so that nothing of it needs remembering. None outside awsvpc. */
export function eniDetails(task: TaskRecord, revision: RevisionRecord): EniDetails | undefined {
  const subnets = revision.settings.networkConfiguration?.awsvpcConfiguration?.subnets;
  if (subnets === undefined) return undefined;
  const { id } = task;
  const status = eniStatus(task);
  const details: KeyValuePair[] = [{ name: 'subnetId', value: subnets[task.subnet] }];
  const ip = `10.${byte(id, 0)}.${byte(id, 2)}.${byte(id, 4)}`;
  if (status !== 'PRECREATED') {
    details.push(
      { name: 'networkInterfaceId', value: `eni-0${id.slice(0, 16)}` },
      {
        name: 'macAddress',
        value: `0e:ff:${id.slice(6, 8)}:${id.slice(8, 10)}:${id.slice(10, 12)}:${id.slice(12, 14)}`,
      },
      { name: 'privateIPv4Address', value: ip },
    );
  }
  return {
    id: uuidOf(id, 'eni'),
    apiStatus: status,
    eventStatus: status === 'DETACHING' ? 'ATTACHED' : status,
    details,
    ip: status === 'PRECREATED' ? undefined : ip,
  };
}

function eniStatus({ lastStatus }: TaskRecord): EniDetails['apiStatus'] {
  if (lastStatus === 'PROVISIONING') return 'PRECREATED';
  if (lastStatus === 'DEPROVISIONING') return 'DETACHING';
  return lastStatus === 'STOPPED' ? 'DELETED' : 'ATTACHED';
}

function byte(hex: string, at: number): number {
  return Number.parseInt(hex.slice(at, at + 2), 16);
}

/** Each container has one, which is empty unless RunTask said something of it. */
export function containerOverrides(
  { run }: TaskRecord,
  { containers }: RevisionRecord,
): ContainerOverride[] {
  const given = run?.overrides.containerOverrides ?? [];
  return containers.map(({ name }) => given.find((one) => one.name === name) ?? { name });
}

/** Of a task by RunTask only if that said it. */
export function startedBy({ run, revision }: TaskRecord): { startedBy?: string } {
  if (run === undefined) return { startedBy: `ecs-svc/${revision}` };
  return run.startedBy === undefined ? {} : { startedBy: run.startedBy };
}

export interface ContainerView {
  containerArn: string;
  taskArn: string;
  name: string;
  image: string;
  imageDigest?: string;
  runtimeId?: string;
  lastStatus: string;
  exitCode?: number;
  reason?: string;
  networkInterfaces: { attachmentId: string; privateIpv4Address: string | undefined }[];
  cpu: string;
  memory?: string;
}

export function containerViews(
  world: World,
  task: TaskRecord,
  revision: RevisionRecord,
): ContainerView[] {
  const eni = eniDetails(task, revision);
  const ended = task.executionStoppedAt !== undefined;
  const pulled = task.startedAt !== undefined || (ended && task.stopCode !== 'TaskFailedToStart');
  return revision.containers.map((container) => {
    const view: ContainerView = {
      containerArn: arn(
        world,
        'container',
        `${task.cluster}/${task.id}/${uuidOf(task.id, container.name)}`,
      ),
      taskArn: taskArn(world, task),
      name: container.name,
      image: container.image,
      lastStatus: ended ? 'STOPPED' : task.startedAt === undefined ? 'PENDING' : 'RUNNING',
      networkInterfaces:
        eni?.ip === undefined ? [] : [{ attachmentId: eni.id, privateIpv4Address: eni.ip }],
      cpu: container.cpu,
    };
    if (container.memory !== undefined) view.memory = container.memory;
    if (pulled && container.digest !== undefined) view.imageDigest = container.digest;
    if (pulled) view.runtimeId = `${task.id}-${runtimeNumber(container.name)}`;
    addExit(view, task, container);
    return view;
  });
}

/** `exitCode` only if the container ran (observed); one that is asked to stop exits with 0. */
function addExit(view: ContainerView, task: TaskRecord, { name }: ContainerRecord): void {
  if (task.executionStoppedAt === undefined) return;
  const own = task.exit?.container === name ? task.exit : undefined;
  if (own?.reason !== undefined) view.reason = own.reason;
  const ran = task.startedAt !== undefined || task.exit?.code !== undefined;
  if (ran) view.exitCode = own?.code ?? 0;
}

/** The number is the same for all tasks of a container's name (observed). */
function runtimeNumber(name: string): string {
  return String(hash(name)).padStart(10, '0');
}

function uuidOf(taskId: string, name: string): string {
  const hex = hash(name).toString(16).padStart(8, '0');
  return `${hex}-${taskId.slice(0, 4)}-4${taskId.slice(4, 7)}-a${taskId.slice(7, 10)}-${taskId.slice(10, 22)}`;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}
