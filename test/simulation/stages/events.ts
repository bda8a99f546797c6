/** What happens in a phase: people, other tools, AWS. */
import type { Pipeline } from '../../../shared/config/config.ts';
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

function withRules(change: object): (pipeline: Pipeline) => Pipeline {
  return (pipeline) => {
    const { web } = pipeline.targets;
    if (web === undefined) return pipeline;
    return { ...pipeline, targets: { web: { ...web, rules: { ...web.rules, ...change } } } };
  };
}

function createAgain(stage: Stage, input: object): void {
  stage.note('create');
  stage.ecs('CreateService', input);
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
  'scaled to 0': (stage) => {
    stage.note('scale');
    stage.ecs('UpdateService', { service: 'web', desiredCount: 0 });
  },
  'scaled to 4': (stage) => {
    stage.note('scale');
    stage.ecs('UpdateService', { service: 'web', desiredCount: 4 });
  },
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
  'the oldest push again': (stage) => repeatPush(stage, 0),
  'the newest push again': (stage) => repeatPush(stage, -1),
} as const satisfies Record<string, Happen>;

export type EventName = keyof typeof EVENTS;
