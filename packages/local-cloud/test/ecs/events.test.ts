/** Task events against captured ones: the same keys at every version, and the same small oddities. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { iso } from '../../ecs/events.ts';
import { ecsOperations as ecs } from '../../ecs/operations.ts';
import {
  busEvents,
  MINUTE,
  pass,
  release,
  steadyWorld,
  tasks,
  worldWithService,
} from './ecs-world.ts';

type Detail = Record<string, unknown> & {
  readonly version: number;
  readonly lastStatus: string;
  readonly desiredStatus: string;
  readonly taskArn: string;
  readonly attachments: readonly { readonly type: string; readonly status: string }[];
  readonly containers: readonly Record<string, unknown>[];
};

const CAPTURED = JSON.parse(
  readFileSync(new URL('../captures/ecs/execution.events.json', import.meta.url), 'utf8'),
) as { readonly detail: Detail }[];

/** The captured events of one task, by version. */
function captured(idEnd: string): Detail[] {
  return CAPTURED.map(({ detail }) => detail)
    .filter(({ taskArn }) => taskArn.endsWith(idEnd))
    .sort((a, b) => a.version - b.version);
}

const EXITED = captured('cee429');
const STOPPED_BY_A_PERSON = captured('696b53');

/** Only some captured tasks name a capacity provider; ours are launched by launch type. */
function keys(detail: Record<string, unknown> | undefined): string[] {
  return Object.keys(detail ?? {})
    .filter((key) => key !== 'capacityProviderName')
    .sort();
}

function ours(world: Parameters<typeof busEvents>[0]): Detail[] {
  return busEvents(world, 'ECS Task State Change').map(({ detail }) => detail as Detail);
}

describe('task state change events', () => {
  it('carry the captured keys when a person stops a task', () => {
    const world = steadyWorld();
    const [task] = tasks(world);
    ecs.StopTask(world, { cluster: 'main', task: task?.taskArn, reason: 'a test' });
    pass(world, MINUTE);
    const told = ours(world).filter(({ taskArn }) => taskArn === task?.taskArn);
    expect(told.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(told.map(({ lastStatus, desiredStatus }) => `${lastStatus} ${desiredStatus}`)).toEqual([
      'PROVISIONING RUNNING',
      'PENDING RUNNING',
      'RUNNING RUNNING',
      'RUNNING STOPPED',
      'DEPROVISIONING STOPPED',
      'STOPPED STOPPED',
    ]);
    // The captured task had a fourth event of its own: a non-essential container ended.
    const theirs = STOPPED_BY_A_PERSON.filter(({ version }) => version !== 4);
    told.forEach((detail, index) => {
      expect(keys(detail), `version ${detail.version}`).toEqual(keys(theirs[index]));
    });
    const main = theirs.map(({ containers }) => containers.find(({ name }) => name === 'main'));
    told.forEach((detail, index) => {
      expect(keys(detail.containers[0]), `version ${detail.version}`).toEqual(keys(main[index]));
    });
    expect(told.map(({ attachments }) => attachments[0]?.status)).toEqual(
      theirs.map(({ attachments }) => attachments[0]?.status),
    );
    expect(told[0]?.attachments[0]?.type).toBe('eni');
  });

  it('carry the captured keys when an essential container exits', () => {
    const world = worldWithService({ behaviour: { crashAfterSeconds: 20 } });
    pass(world, 2 * MINUTE);
    const [first] = ours(world);
    const told = ours(world).filter(({ taskArn }) => taskArn === first?.taskArn);
    const theirs = EXITED.filter(({ version }) => version !== 4);
    expect(told.map(({ lastStatus }) => lastStatus)).toEqual(
      theirs.map(({ lastStatus }) => lastStatus),
    );
    told.forEach((detail, index) => {
      expect(keys(detail), `version ${detail.version}`).toEqual(keys(theirs[index]));
    });
    expect(told.at(-1)).toMatchObject({
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
    });
  });

  it('lose trailing zeros of milliseconds', () => {
    expect(iso(Date.parse('2026-09-16T10:25:41.940Z'))).toBe('2026-09-16T10:25:41.94Z');
    expect(iso(Date.parse('2026-09-16T10:25:40.000Z'))).toBe('2026-09-16T10:25:40Z');
  });

  it('tie a task to its service and its deployment', () => {
    const world = steadyWorld();
    const id = busEvents(world, 'ECS Deployment State Change')[0]?.detail.deploymentId;
    expect(ours(world)[0]).toMatchObject({ group: 'service:web', startedBy: id });
  });
});

describe('deployment and service events', () => {
  it('tell of a deployment’s beginning and end, with and without its id', () => {
    const world = steadyWorld();
    release(world);
    pass(world, 10 * MINUTE);
    const changes = busEvents(world, 'ECS Deployment State Change');
    expect(changes.map(({ detail }) => detail.eventName)).toEqual([
      'SERVICE_DEPLOYMENT_IN_PROGRESS',
      'SERVICE_DEPLOYMENT_COMPLETED',
      'SERVICE_DEPLOYMENT_IN_PROGRESS',
      'SERVICE_DEPLOYMENT_COMPLETED',
    ]);
    expect(changes[3]).toMatchObject({
      source: 'aws.ecs',
      resources: ['arn:aws:ecs:eu-west-1:123456789012:service/main/web'],
      detail: {
        eventType: 'INFO',
        clusterArn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/main',
        deploymentId: expect.stringMatching(/^ecs-svc\/\d{19}$/),
        reason: expect.stringMatching(/^ECS deployment ecs-svc\/\d{19} completed\.$/),
      },
    });
    const actions = busEvents(world, 'ECS Service Action').map(({ detail }) => detail.eventName);
    expect(actions).toEqual([
      'SERVICE_DEPLOYMENT_IN_PROGRESS',
      'SERVICE_DEPLOYMENT_COMPLETED',
      'SERVICE_STEADY_STATE',
      'SERVICE_DEPLOYMENT_IN_PROGRESS',
      'SERVICE_DEPLOYMENT_COMPLETED',
      'SERVICE_STEADY_STATE',
    ]);
  });
});
