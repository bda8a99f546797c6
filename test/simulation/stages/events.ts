/** What happens in a phase: people, other tools, AWS. */
import { changeState } from '@slipway/local-cloud/cloudwatch/transitions.ts';
import { withRules } from './course.ts';
import { byHand } from './phases.ts';
import { MINUTE, type Stage } from './scene.ts';

type Happen = (stage: Stage) => Promise<void> | void;

function deployOf(stage: Stage, nth: number) {
  const image = stage.pushed.at(nth);
  if (image === undefined) return;
  const registry = stage.engine.pipeline.registry;
  const app = { registry, repository: 'shop/web', digest: image.digest, tags: [image.tag] };
  stage.say({ do: 'deploy', images: { app } });
}

function createAgain(stage: Stage, input: object): void {
  stage.note('create');
  stage.ecs('CreateService', input);
}

/** CloudWatch is late: what the alarm tells of now lay between these moments. */
function tellLate(stage: Stage, from: number, to: number): void {
  const alarm = stage.world.cloudwatch.alarms['web-5xx'];
  if (alarm === undefined) return;
  const starts = [from, to].map((at) => Math.floor(at / MINUTE) * MINUTE);
  const points = starts.map((at) => ({ timestamp: new Date(at).toISOString(), value: 50 }));
  const prose = starts.map((at) => {
    const [date = '', time = ''] = new Date(at).toISOString().slice(2, 19).split('T');
    return `50.0 (${date.split('-').toReversed().join('/')} ${time})`;
  });
  stage.engine.log(() => `scene: web-5xx tells of ${prose.join(', ')}`);
  changeState(stage.world, alarm, {
    value: 'ALARM',
    reason: `Threshold Crossed: 2 out of the last 3 datapoints [${prose.toReversed().join(', ')}] were greater than the threshold (5.0) (minimum 2 datapoints for OK -> ALARM transition).`,
    reasonData: JSON.stringify({ period: 60, threshold: 5, evaluatedDatapoints: points }),
  });
}

/** Whatever runs, for so many minutes. */
function redForGood(stage: Stage, minutes: number): void {
  const alarm = stage.world.cloudwatch.alarms['web-5xx'];
  if (alarm === undefined || !('threshold' in alarm)) return;
  const { threshold } = alarm;
  Object.assign(alarm, { threshold: -1 });
  stage.engine.agenda.plan(stage.now + minutes * MINUTE, () => Object.assign(alarm, { threshold }));
}

/** From now on the newest image is as good as any. */
function heal(stage: Stage): void {
  const newest = stage.pushed.at(-1);
  if (newest !== undefined) delete stage.world.ecr.behaviours[newest.digest];
}

/** Of what runs now, with another variable: no image changes. */
function otherSettingsByHand(stage: Stage): void {
  const described = stage.ecs('DescribeTaskDefinition', { taskDefinition: 'web' }) as
    | { taskDefinition: { containerDefinitions: object[] } & object }
    | undefined;
  if (described === undefined) return;
  stage.note('by-hand');
  const { taskDefinition } = described;
  const [first, ...rest] = taskDefinition.containerDefinitions;
  stage.ecs('RegisterTaskDefinition', {
    ...taskDefinition,
    containerDefinitions: [{ ...first, environment: [{ name: 'MODE', value: 'new' }] }, ...rest],
  });
  stage.ecs('UpdateService', { service: 'web', taskDefinition: 'web' });
}

/** As `CreateService` was asked for it, with what it runs now. */
function serviceInput(stage: Stage): object {
  const service = stage.world.ecs.services['production/web'];
  return {
    serviceName: 'web',
    taskDefinition: service?.taskDefinition ?? 'web',
    desiredCount: 2,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    loadBalancers: service?.settings.loadBalancers ?? [],
  };
}

function repeatPush(stage: Stage, nth: number): void {
  const image = stage.pushed.at(nth);
  if (image === undefined) return;
  const { account, region } = stage.world;
  stage.note('push-again', image.digest);
  stage.engine.receive({
    version: '0',
    id: `repeated-${image.digest.slice(7, 19)}-${stage.now}`,
    'detail-type': 'ECR Image Action',
    source: 'aws.ecr',
    account,
    time: new Date(stage.now - 60 * MINUTE).toISOString(),
    region,
    resources: [],
    detail: {
      result: 'SUCCESS',
      'repository-name': 'shop/web',
      'image-digest': image.digest,
      'action-type': 'PUSH',
      'image-tag': image.tag,
    },
  });
}

/** The newest call of ours to something else, within the time that its handler has: no event tells. */
function lateCall(stage: Stage): void {
  const { trail } = stage.truth;
  const primary = stage.truth.primary('production/web');
  const late = trail.calls.findLast(
    ({ operation, input }) =>
      operation === 'UpdateService' &&
      (input as { taskDefinition?: string }).taskDefinition !== primary,
  );
  if (late === undefined || stage.now > late.at + 30_000) return;
  stage.engine.loses = (event) => event.source === 'aws.ecs';
  stage.engine.log(() => 'scene: a call of ours lands late');
  stage.ecs('UpdateService', late.input);
  trail.calls.push({ ...late, at: stage.now });
}

export const EVENTS = {
  nothing: () => undefined,
  'a good push': (stage) => void stage.push(),
  'a slow good push': (stage) => void stage.push({ startSeconds: 200 }),
  'a bad push': (stage) => void stage.push({ errorRate: 1 }),
  'a push that turns bad': (stage) => void stage.push({ errorRate: 1, faultyAfterSeconds: 120 }),
  'a push that crashes': (stage) => void stage.push({ exitCodeOnStart: 1 }),
  'a push that crashes in the bake': (stage) => void stage.push({ crashAfterSeconds: 100 }),
  'a push that cannot be pulled': (stage) => void stage.push({ unpullable: true }),
  'two pushes': async (stage) => {
    stage.push({ errorRate: 1 });
    await stage.pass(7);
    stage.push();
  },
  'a push seen by the sweep alone': (stage) => {
    stage.engine.loses = (event) => event.source === 'aws.ecr';
    stage.push();
  },
  'the alarm rises': (stage) => stage.alarm('ALARM'),
  'the alarm flaps': async (stage) => {
    stage.alarm('ALARM');
    await stage.pass(3);
    stage.alarm('OK');
  },
  'the alarm rises unheard': (stage) => {
    stage.engine.loses = (event) => event.source === 'aws.cloudwatch';
    stage.alarm('ALARM');
  },
  'the alarm flaps unheard': async (stage) => {
    stage.engine.loses = (event) => event.source === 'aws.cloudwatch';
    stage.alarm('ALARM');
    await stage.pass(3);
    stage.alarm('OK');
  },
  'the alarm rises at the last moment': async (stage) => {
    await stage.pass(110);
    stage.alarm('ALARM');
  },
  'the alarm is muted and rises': (stage) => {
    const alarm = stage.world.cloudwatch.alarms['web-5xx'];
    if (alarm === undefined) return;
    alarm.mute = { from: stage.now, until: stage.now + 60 * MINUTE };
    const { from, until: to } = alarm.mute;
    stage.truth.trail.mutings.push({ alarm: 'web-5xx', from, to });
    stage.alarm('ALARM');
  },
  'the alarm has no data': (stage) => stage.alarm('INSUFFICIENT_DATA'),
  'the alarm is deleted': (stage) => {
    stage.engine.asSomebody('monitoring', 'DeleteAlarms', { AlarmNames: ['web-5xx'] });
  },
  'the alarm tells late of what was before': (stage) =>
    tellLate(stage, stage.now - 40 * MINUTE, stage.now - 38 * MINUTE),
  'the alarm tells late of the bake': (stage) => {
    const finishedAt = stage.deployment()?.finishedAt ?? stage.now;
    tellLate(stage, finishedAt + MINUTE, finishedAt + 2 * MINUTE);
  },
  'the bake ends, and the alarm tells late of it': async (stage) => {
    await stage.pass(70);
    const finishedAt = stage.deployment()?.finishedAt ?? stage.now;
    tellLate(stage, finishedAt + MINUTE, finishedAt + 2 * MINUTE);
  },
  'four failed tasks where four are too many, and then it stands': async (stage) => {
    stage.reconfigure(withRules({ maxTaskFailures: 4 }));
    await stage.pass(70);
    stage.push({ crashAfterSeconds: 100 });
    const { trail } = stage.truth;
    const failed = () => {
      trail.noteFailedTasks(stage.world);
      return trail.failed.size;
    };
    await stage.until(() => failed() >= 3, 12, 0.5);
    heal(stage);
  },
  'a good push over what crashes by hand': async (stage) => {
    stage.scale(4);
    await stage.pass(60);
    const before = stage.told('adopted');
    byHand(stage, { crashAfterSeconds: 800 });
    await stage.until(() => stage.told('adopted') > before, 14, 5);
    stage.push({ startSeconds: 200 });
  },
  'other settings by hand, and a rollback': async (stage) => {
    otherSettingsByHand(stage);
    await stage.pass(15 * 60);
    stage.say({ do: 'rollback' });
  },
  'scaled to 4 and back': async (stage) => {
    stage.scale(4);
    await stage.pass(70);
    stage.scale(0);
    await stage.pass(40);
    stage.scale(2);
  },
  'the alarm is red for good, and a person deploys': async (stage) => {
    redForGood(stage, 35);
    const alarm = stage.world.cloudwatch.alarms['web-5xx'];
    await stage.until(() => alarm?.state.value === 'ALARM', 5, 1);
    await stage.pass(5);
    stage.push();
    await stage.pass(5);
    deployOf(stage, -1);
  },
  'a slow push, and the alarm rises unheard': async (stage) => {
    const before = stage.calls('UpdateService');
    stage.push({ startSeconds: 1_100 });
    await stage.until(() => stage.calls('UpdateService') > before, 5);
    await stage.pass(200);
    stage.engine.loses = (event) => event.source === 'aws.cloudwatch';
    redForGood(stage, 15);
  },
  'two pushes, the older heard last': async (stage) => {
    stage.engine.loses = (event) => event.source === 'aws.ecr';
    stage.push();
    await stage.pass(2);
    stage.engine.loses = () => false;
    stage.push();
    await stage.pass(60);
    repeatPush(stage, -2);
  },
  'the newest by hand, then resume': async (stage) => {
    const newest = stage.pushed.at(-1);
    const described = stage.ecs('DescribeTaskDefinition', { taskDefinition: 'web' }) as
      | { taskDefinition: { containerDefinitions: { image: string }[] } & object }
      | undefined;
    if (described === undefined || newest === undefined) return;
    stage.note('by-hand');
    const { taskDefinition } = described;
    const [first, ...rest] = taskDefinition.containerDefinitions;
    const image = first?.image.replace(/@.*/, `@${newest.digest}`);
    stage.ecs('RegisterTaskDefinition', {
      ...taskDefinition,
      containerDefinitions: [{ ...first, image }, ...rest],
    });
    stage.ecs('UpdateService', { service: 'web', taskDefinition: 'web' });
    await stage.pass(14 * 60);
    stage.say({ do: 'resume' });
  },
  'deploy the newest': (stage) => deployOf(stage, -1),
  'deploy the oldest': (stage) => deployOf(stage, 0),
  rollback: (stage) => stage.say({ do: 'rollback' }),
  'rollback, delivered twice': (stage) => {
    stage.say({ do: 'rollback' }, 'twice');
    const said = stage.now;
    stage.engine.agenda.plan(said + 240_000, () =>
      stage.deliver({ do: 'rollback' }, 'twice', said),
    );
  },
  'rollback, said by two': async (stage) => {
    stage.say({ do: 'rollback' });
    await stage.pass(240);
    stage.say({ do: 'rollback' });
  },
  'rollback, said by two who saw the same': async (stage) => {
    const leaves = stage.truth.primary('production/web');
    stage.say({ do: 'rollback', leaves });
    await stage.pass(240);
    stage.say({ do: 'rollback', leaves });
  },
  'rollback to the first': (stage) => stage.say({ do: 'rollback', to: 'adopted web:1' }),
  'rollback to what is unknown': (stage) => stage.say({ do: 'rollback', to: 'no-such-release' }),
  'a rollback out of the dead-letter queue': (stage) => {
    const said = stage.now;
    const later = said + 40 * MINUTE;
    stage.engine.agenda.plan(later, () => stage.deliver({ do: 'rollback' }, 'redriven', said));
  },
  hold: (stage) => stage.say({ do: 'hold' }),
  'hold, then a push': async (stage) => {
    stage.say({ do: 'hold' });
    await stage.pass(20);
    stage.push();
  },
  resume: (stage) => stage.say({ do: 'resume' }),
  unquarantine: (stage) => {
    const digest = stage.truth.trail.quarantine.findLast(
      ({ change }) => change === 'added',
    )?.digest;
    stage.say({ do: 'unquarantine', digest: digest ?? stage.pushed[0]?.digest });
  },
  'hold everything': (stage) => {
    stage.note('stop-all');
    stage.engine.stop = { by: 'ana', because: 'the scene says so', since: stage.now };
  },
  'hold everything, then a push': async (stage) => {
    stage.note('stop-all');
    stage.engine.stop = { by: 'ana', because: 'the scene says so', since: stage.now };
    await stage.pass(40);
    stage.push();
  },
  'the first revision by hand': (stage) => {
    stage.note('by-hand');
    stage.ecs('UpdateService', { service: 'web', taskDefinition: 'web:1' });
  },
  'a good revision by hand': (stage) => byHand(stage),
  'a bad revision by hand': (stage) => byHand(stage, { exitCodeOnStart: 1 }),
  'a hotfix by hand, unheard, and the alarm': async (stage) => {
    stage.engine.loses = (event) => event.source === 'aws.ecs';
    byHand(stage);
    await stage.pass(10);
    stage.alarm('ALARM');
  },
  'a forced deployment': (stage) => {
    stage.note('by-hand');
    stage.ecs('UpdateService', { service: 'web', forceNewDeployment: true });
  },
  'the service is deleted': (stage) => {
    stage.note('delete');
    stage.ecs('DeleteService', { service: 'web', force: true });
  },
  'the service is gone at once': (stage) => {
    stage.note('delete');
    stage.ecs('DeleteService', { service: 'web', force: true });
    delete stage.world.ecs.services['production/web'];
  },
  'the service is replaced': async (stage) => {
    const input = serviceInput(stage);
    stage.note('delete');
    stage.ecs('DeleteService', { service: 'web', force: true });
    await stage.pass(5 * 60);
    createAgain(stage, input);
  },
  'the cluster is deleted': async (stage) => {
    stage.note('delete');
    stage.ecs('DeleteService', { service: 'web', force: true });
    await stage.pass(10 * 60);
    stage.ecs('DeleteCluster', {});
  },
  'the first image is deleted': (stage) => {
    const images = stage.world.ecr.repositories['shop/web']?.images;
    const [first] = stage.pushed;
    if (images !== undefined && first !== undefined) delete images[first.digest];
  },
  'the newest image is deleted': (stage) => {
    const images = stage.world.ecr.repositories['shop/web']?.images;
    const newest = stage.pushed.at(-1);
    if (images !== undefined && newest !== undefined) delete images[newest.digest];
  },
  'the first revision is deregistered': (stage) =>
    void stage.ecs('DeregisterTaskDefinition', { taskDefinition: 'web:1' }),
  'the revision before is deregistered, and a rollback': async (stage) => {
    const before = stage.truth.reigns('production/web').at(-2)?.taskDefinition;
    stage.ecs('DeregisterTaskDefinition', { taskDefinition: before ?? 'web:1' });
    await stage.pass(20);
    stage.say({ do: 'rollback' });
  },
  'scaled to 0': (stage) => stage.scale(0),
  'scaled to 4': (stage) => stage.scale(4),
  'a shorter bake': (stage) => stage.reconfigure(withRules({ bakeMinutes: 1 })),
  'no alarms': (stage) => stage.reconfigure(withRules({ alarms: [] })),
  'watch mode, then a push': async (stage) => {
    stage.reconfigure(withRules({ mode: 'watch' }));
    await stage.pass(30);
    stage.push();
  },
  'watch mode': (stage) => stage.reconfigure(withRules({ mode: 'watch' })),
  'out of the config': (stage) => {
    stage.note('retire');
    const { web: _, ...targets } = stage.engine.pipeline.targets;
    stage.engine.pipeline = { ...stage.engine.pipeline, targets };
    stage.engine.send(
      'ecs/production/web',
      { type: 'Hinted', cause: 'sweep' },
      { id: 'retired', source: 'slipway.tick', detailType: 'sweep' },
    );
  },
  'a push of the sidecar': async (stage) => {
    await stage.pass(15);
    stage.pushSidecar();
  },
  'a good revision by hand, a push over it, and a rollback': async (stage) => {
    byHand(stage);
    await stage.until(() => stage.deployment()?.status === 'SUCCESSFUL', 10);
    await stage.pass(15);
    const before = stage.calls('UpdateService');
    stage.push();
    await stage.until(() => stage.calls('UpdateService') > before, 5);
    await stage.until(() => stage.deployment()?.status === 'SUCCESSFUL', 10);
    await stage.pass(15);
    stage.say({ do: 'rollback' });
  },
  'a push of the sidecar that crashes': (stage) =>
    void stage.pushSidecar({ crashAfterSeconds: 60 }),
  'both containers are pushed': async (stage) => {
    stage.pushSidecar();
    stage.push();
    await stage.pass(12 * 60);
    stage.say({ do: 'rollback' });
  },
  'two releases, and the alarm tells late of the first': async (stage) => {
    const proven = () => stage.told('proven');
    let before = proven();
    stage.pushSidecar();
    await stage.until(() => proven() > before, 20, 5);
    const first = stage.now;
    before = proven();
    stage.push();
    await stage.until(() => proven() > before, 20, 5);
    tellLate(stage, first - 9 * MINUTE, first - 8 * MINUTE);
  },
  'a release beside, and the alarm tells late of the one before': async (stage) => {
    const { trail } = stage.truth;
    const before = trail.told.findLast(({ announcement: { kind } }) => kind === 'proven');
    const calls = stage.calls('UpdateService');
    stage.pushSidecar();
    await stage.until(() => stage.calls('UpdateService') > calls, 5);
    await stage.pass(30);
    if (before !== undefined) tellLate(stage, before.at - 9 * MINUTE, before.at - 8 * MINUTE);
  },
  'both start together, and the sidecar crashes': async (stage) => {
    stage.say({ do: 'hold' });
    await stage.pass(10);
    stage.push();
    stage.pushSidecar({ crashAfterSeconds: 60 });
    await stage.pass(30);
    stage.say({ do: 'resume' });
  },
  'a push that never gets ready': (stage) => void stage.push({ startSeconds: 4_500 }),
  'a push with findings': (stage) =>
    void stage.push({}, undefined, { findings: { CRITICAL: 1 }, multiArch: true }),
  'a push with findings, and a person deploys it': async (stage) => {
    stage.push({}, undefined, { findings: { HIGH: 2 } });
    await stage.pass(90);
    deployOf(stage, -1);
  },
  'a push whose scan never ends': (stage) => void stage.push({}, undefined, { scan: 'never' }),
  'an unsigned push, and a person deploys it': async (stage) => {
    stage.push({}, undefined, {});
    await stage.pass(90);
    deployOf(stage, -1);
  },
  'a rollback, and the call that it left lands late, unheard': async (stage) => {
    const before = stage.told('rolled-back');
    stage.say({ do: 'rollback' });
    await stage.until(() => stage.told('rolled-back') > before, 27 / 60);
    lateCall(stage);
  },
  'the one before is withdrawn, then a rollback': async (stage) => {
    const { trail } = stage.truth;
    const before = trail.told.findLast(({ announcement: { kind } }) => kind === 'proven');
    if (before === undefined) return;
    tellLate(stage, before.at - 9 * MINUTE, before.at - 8 * MINUTE);
    await stage.pass(5);
    stage.say({ do: 'rollback' });
  },
  'a forced deployment, then a push': async (stage) => {
    stage.note('by-hand');
    stage.ecs('UpdateService', { service: 'web', forceNewDeployment: true });
    await stage.pass(15);
    stage.push();
  },
  'the oldest push again': (stage) => repeatPush(stage, 0),
  'the newest push again': (stage) => repeatPush(stage, -1),
} as const satisfies Record<string, Happen>;

export type EventName = keyof typeof EVENTS;

/** What courses are made of, too. */
export const EVENT_HELPS = { deployOf, repeatPush, tellLate, lateCall, redForGood };
