/** The phases of a target, each with the way there, recognised by the world and by our calls. */
import type { Settings } from '../stage.ts';
import type { Stage } from './scene.ts';

type Reach = (stage: Stage) => Promise<boolean>;

/** Our UpdateService is out; the tasks take their time. */
async function asked(stage: Stage, behaviour = { startSeconds: 150 }): Promise<boolean> {
  const before = stage.calls('UpdateService');
  stage.push(behaviour);
  return stage.until(() => stage.calls('UpdateService') > before, 5);
}

async function successful(stage: Stage, behaviour: object = {}): Promise<boolean> {
  const before = stage.calls('UpdateService');
  stage.push(behaviour);
  if (!(await stage.until(() => stage.calls('UpdateService') > before, 5))) return false;
  return stage.until(() => stage.deployment()?.status === 'SUCCESSFUL', 20);
}

async function proven(stage: Stage, behaviour: object = {}): Promise<boolean> {
  const before = stage.told('proven');
  await successful(stage, behaviour);
  return stage.until(() => stage.told('proven') > before, 30, 5);
}

async function rollingBack(stage: Stage): Promise<boolean> {
  await successful(stage);
  await stage.pass(40);
  const before = stage.calls('UpdateService');
  stage.alarm('ALARM');
  return stage.until(() => stage.calls('UpdateService') > before, 5);
}

/** With an image of somebody's own, or with this one. */
function byHand(stage: Stage, behaviour: object = {}, of?: string): void {
  const described = stage.ecs('DescribeTaskDefinition', { taskDefinition: 'web' }) as
    | { taskDefinition: { containerDefinitions: { image: string }[] } & object }
    | undefined;
  if (described === undefined) return;
  stage.note('by-hand');
  const digest = of ?? stage.push(behaviour, `hand-${stage.pushed.length}`).digest;
  const { taskDefinition } = described;
  const [first, ...rest] = taskDefinition.containerDefinitions;
  const image = first?.image.replace(/@.*/, `@${digest}`);
  stage.ecs('RegisterTaskDefinition', {
    ...taskDefinition,
    containerDefinitions: [{ ...first, image }, ...rest],
  });
  stage.ecs('UpdateService', { service: 'web', taskDefinition: 'web' });
}

/** What ran before is gone, and a release of ours turns out bad. */
async function nothingLeft(stage: Stage): Promise<boolean> {
  const [base] = stage.pushed;
  await stage.until(() => stage.told('adopted') > 0, 30, 5);
  const images = stage.world.ecr.repositories['shop/web']?.images;
  if (images !== undefined && base !== undefined) delete images[base.digest];
  await successful(stage);
  await stage.pass(30);
  stage.alarm('ALARM');
  return stage.until(() => stage.told('needs-attention') > 0, 30);
}

async function held(stage: Stage): Promise<boolean> {
  const before = stage.told('held');
  return stage.until(() => stage.told('held') > before, 10, 5);
}

export const PHASES = {
  'not seen yet': async () => true,
  idle: async (stage) => stage.until(() => stage.told('adopted') > 0, 30, 5),
  'idle with two proven': (stage) => proven(stage),
  registering: async (stage) => {
    const before = stage.calls('RegisterTaskDefinition');
    stage.push();
    return stage.until(() => stage.calls('RegisterTaskDefinition') > before, 5, 0.01);
  },
  requested: (stage) => asked(stage),
  'in flight': async (stage) => {
    await asked(stage);
    await stage.pass(60);
    return stage.deployment()?.status === 'IN_PROGRESS';
  },
  baking: async (stage) => {
    const done = await successful(stage);
    await stage.pass(60);
    return done;
  },
  'baking over two proven': async (stage) => {
    await proven(stage);
    const done = await successful(stage);
    await stage.pass(60);
    return done;
  },
  'the end of the bake': async (stage) => {
    const done = await successful(stage);
    await stage.pass(175);
    return done;
  },
  'a bake past its end': async (stage) => {
    const done = await successful(stage);
    const { now } = stage;
    const trouble = { operation: 'DescribeAlarms', kind: 'throttled' as const };
    stage.engine.troubles.add({ ...trouble, from: now, to: now + 8 * 60_000 });
    stage.truth.faulty = true;
    await stage.pass(5 * 60);
    return done;
  },
  stopping: async (stage) => {
    await asked(stage);
    await stage.pass(40);
    stage.alarm('ALARM');
    return stage.until(() => stage.calls('StopServiceDeployment') > 0, 5);
  },
  'rolling back': rollingBack,
  'a rollback in flight': async (stage) => {
    const done = await rollingBack(stage);
    await stage.pass(20);
    return done;
  },
  'rolled back': async (stage) => {
    await rollingBack(stage);
    return stage.until(() => stage.told('rolled-back') > 0, 20);
  },
  'rolled back from the third': async (stage) => {
    await proven(stage);
    await rollingBack(stage);
    return stage.until(() => stage.told('rolled-back') > 0, 20);
  },
  'nothing to return to': nothingLeft,
  'held by a red alarm': async (stage) => {
    await proven(stage, { errorRate: 0.5, faultyAfterSeconds: 600 });
    const isRed = () => stage.world.cloudwatch.alarms['web-5xx']?.state.value === 'ALARM';
    await stage.until(isRed, 30, 10);
    stage.push();
    return stage.until(() => stage.told('held') > 0, 10, 5);
  },
  'held by a person': async (stage) => {
    stage.say({ do: 'hold' });
    await stage.pass(30);
    stage.push();
    await stage.pass(60);
    return true;
  },
  'external in flight': async (stage) => {
    byHand(stage, { startSeconds: 100 });
    await stage.pass(30);
    return true;
  },
  'an external bake': async (stage) => {
    byHand(stage);
    const done = await stage.until(() => stage.deployment()?.status === 'SUCCESSFUL', 20);
    await stage.pass(40);
    return done;
  },
  'a bake of nothing': async (stage) => {
    const done = await successful(stage);
    stage.scale(0);
    await stage.pass(60);
    return done;
  },
  'a bake with a failed task': async (stage) => {
    const done = await successful(stage, { crashAfterSeconds: 120 });
    return done && (await stage.until(() => stage.truth.trail.failed.size > 0, 20, 5));
  },
  'in flight over two proven': async (stage) => {
    await proven(stage);
    const done = await asked(stage);
    await stage.pass(20);
    return done;
  },
  'rolled back, and its alarm is red': async (stage) => {
    const before = stage.told('rolled-back');
    await successful(stage, { errorRate: 1 });
    return stage.until(() => stage.told('rolled-back') > before, 30);
  },
  'idle with a sidecar': (stage) => proven(stage),
  'baking beside a sidecar': async (stage) => {
    await proven(stage);
    const done = await successful(stage);
    await stage.pass(60);
    return done;
  },
  'nothing to return to, with a sidecar': nothingLeft,
  'idle with a scan gate': async (stage) => stage.until(() => stage.told('adopted') > 0, 30, 5),
  'idle with a signature gate': async (stage) =>
    stage.until(() => stage.told('adopted') > 0, 30, 5),
  'waiting for a scan': async (stage) => {
    stage.push({}, 'main-1', { scanSeconds: 400 });
    return held(stage);
  },
  'waiting for a signature': async (stage) => {
    stage.push({}, 'main-1', {});
    return held(stage);
  },
} as const satisfies Record<string, Reach>;

export type PhaseName = keyof typeof PHASES;

/** Of which other config a phase is about. */
export const SETTINGS: Partial<Record<PhaseName, Partial<Settings>>> = {
  'rolled back, and its alarm is red': { whileAlarmRed: 'proceed' },
  'idle with a sidecar': { sidecar: true },
  'baking beside a sidecar': { sidecar: true },
  'nothing to return to, with a sidecar': { sidecar: true },
  'idle with a scan gate': { gate: 'scan' },
  'idle with a signature gate': { gate: 'signature' },
  'waiting for a scan': { gate: 'scan' },
  'waiting for a signature': { gate: 'signature' },
};

export { byHand };
