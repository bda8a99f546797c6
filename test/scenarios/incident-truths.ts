/**
 * The incident answer, held against the world at each minute of a story: what it says of tasks, of images,
 * of alarms and of the past is compared with what is, and each command that it offers is taken.
 */
import { lastPart } from '@slipway/local-cloud/ecs/names.ts';
import { alarmView } from '../../local/server/page-alarms.ts';
import { incidentIn } from '../../local/slipway/incident.ts';
import type { Cloud } from '../../local/slipway/slipway-cloud.ts';
import type { Target } from '../../shared/config/config.ts';
import { decide } from '../../shared/core/decide.ts';
import type { Incident } from '../../shared/core/incident/incident.ts';
import type { Event } from '../../shared/core/model/event.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import { wouldLeave } from '../../shared/core/model/would-leave.ts';

/** What was untrue, one sentence each. */
export async function incidentUntruths(cloud: Cloud): Promise<readonly string[]> {
  const found: string[] = [];
  const { stop, records } = await rememberedOf(cloud);
  for (const target of Object.values(cloud.pipeline.targets)) {
    const record = records.get(target.key);
    const incident = incidentIn(cloud, target, record, stop);
    const at = new Date(cloud.world.now).toISOString().slice(11, 19);
    const untrue = [
      ...tasks(cloud, target, incident),
      ...whatBecame(cloud, incident),
      ...why(cloud, target, incident),
      ...(stop === undefined ? [] : whileStopped(incident)),
      ...(record === undefined ? [] : commands(record, incident, cloud.world.now)),
    ];
    found.push(...untrue.map((it) => `${at} ${target.id}: ${it}; it says "${incident.headline}"`));
  }
  return found;
}

interface Remembered {
  /** How long the timeline was. */
  readonly length: number;
  readonly stop: Awaited<ReturnType<Cloud['stopped']>>;
  readonly records: ReadonlyMap<string, TargetRecord | undefined>;
}

const REMEMBERED = new WeakMap<Cloud, Remembered>();

/**
 * What lies in the table; read anew when the timeline has grown, since whatever writes there is told in it.
 * `tick` calls every minute, and writes no record.
 */
async function rememberedOf(cloud: Cloud): Promise<Remembered> {
  const { length } = cloud.timeline;
  const before = REMEMBERED.get(cloud);
  const since = cloud.timeline.slice(before?.length ?? 0);
  if (before && since.every((it) => it.type === 'call' && it.function === 'tick')) return before;
  const records = new Map<string, TargetRecord | undefined>();
  for (const { key } of Object.values(cloud.pipeline.targets)) {
    records.set(key, await cloud.recordOf(key));
  }
  const remembered = { length, stop: await cloud.stopped(), records };
  REMEMBERED.set(cloud, remembered);
  return remembered;
}

/** Of each revision as many tasks run as are told, with the images that are told, and no other runs. */
function tasks({ world }: Cloud, target: Target, { running, headline, state }: Incident) {
  const key = `${target.cluster}/${target.service}`;
  // ECS counts no task that it has told to stop, although that one runs for some seconds more.
  const run = Object.values(world.ecs.tasks).filter(
    (task) =>
      `${task.cluster}/${task.service.split('/').at(-1)}` === key &&
      task.lastStatus === 'RUNNING' &&
      task.desiredStatus === 'RUNNING',
  );
  const untrue: string[] = [];
  const told = running.revisions;
  for (const { revision, running: count, images, traffic } of told) {
    const mine = run.filter(({ taskDefinition }) => lastPart(taskDefinition) === revision);
    if (mine.length !== count)
      untrue.push(`${mine.length} tasks of ${revision} run, told: ${count}`);
    if (traffic === 'all' && mine.length !== run.length)
      untrue.push(`others beside ${revision} run`);
    for (const task of mine) {
      for (const { name, digest } of world.ecs.revisions[task.revision]?.containers ?? []) {
        const said = images?.[name]?.digest;
        if (said !== undefined && said !== digest) {
          untrue.push(`${revision} runs ${digest} in ${name}, told: ${said}`);
        }
      }
    }
  }
  const others = run.filter(({ taskDefinition }) =>
    told.every(({ revision }) => revision !== lastPart(taskDefinition)),
  );
  untrue.push(...others.map(({ taskDefinition }) => `${lastPart(taskDefinition)} runs untold`));
  const [, all] = / runs, (?:all (\d+) tasks|both tasks|its one task)/.exec(headline) ?? [];
  const isAll = / runs, (?:all|both|its one) /.test(headline);
  const wanted = world.ecs.services[key]?.desiredCount;
  if (isAll && (run.length !== wanted || Number(all ?? wanted) !== wanted)) {
    untrue.push(`${run.length} of ${wanted} tasks run, and it says all`);
  }
  if (state === 'down' && run.length > 0)
    untrue.push(`${run.length} tasks run, and it is called down`);
  if (state === 'well' && run.length < (wanted ?? 1))
    untrue.push(`${run.length} of ${wanted} tasks run, and it is called well`);
  return untrue;
}

/** What is told of the past was announced, of the same release and at the same moment. */
function whatBecame({ timeline }: Cloud, { last }: Incident): readonly string[] {
  if (last === undefined || last.release === undefined) return [];
  const { became, release, at } = last;
  if (became === 'deploying' || became === 'baking' || became === 'rolling-back') return [];
  const announced = timeline.some(
    (entry) =>
      entry.type === 'announcement' &&
      entry.announcement.release === release &&
      entry.announcement.kind === became &&
      entry.announcement.at === at,
  );
  // It may still stand in the outbox: then it was told of nobody yet.
  return announced ? [] : [`${release} was never told to be ${became} at ${at}`];
}

/** The alarm that is named rose then, and its metric had the values that are told. */
function why({ world }: Cloud, { rules }: Target, { last }: Incident): readonly string[] {
  const [, alarm = '', moment = '', words = ''] =
    /alarm (\S+) rose at (\d\d:\d\d:\d\d) UTC[^:]*: (.*)/.exec(last?.because ?? '') ?? [];
  if (alarm === '') return [];
  const untrue: string[] = [];
  if (!rules.alarms.includes(alarm)) untrue.push(`${alarm} is no alarm of it`);
  const rose = world.cloudwatch.history.find(
    (item) =>
      item.alarmName === alarm &&
      item.type === 'StateUpdate' &&
      new Date(item.at).toISOString().slice(11, 19) === moment &&
      item.data.includes('"ALARM"'),
  );
  if (rose === undefined && !isStory(words)) untrue.push(`${alarm} did not rise at ${moment}`);
  const [, worst = '', limit = ''] =
    /^(?:up to )?(-?[\d.]+) % of answers were errors.* it allows (-?[\d.]+) %/.exec(words) ?? [];
  const view = alarmView(world, alarm);
  // The points of an hour are there, and those of the breach are some minutes older than the alarm.
  const isOld = rose === undefined || world.now > rose.at + 45 * 60_000;
  if (worst === '' || view === undefined || isOld) return untrue;
  const values = view.points.map(({ value }) => String(Number(value.toPrecision(3))));
  if (!values.includes(worst)) untrue.push(`${alarm} never measured ${worst} %`);
  if (view.threshold !== Number(limit)) untrue.push(`${alarm} allows ${view.threshold} %`);
  return untrue;
}

/** An alarm that a story sets by hand, or tells of by an event of its own, has no metric. */
function isStory(words: string): boolean {
  return !/^its value|% of answers/.test(words);
}

/** Nothing is said to start while somebody holds all targets. */
function whileStopped({ next }: Incident): readonly string[] {
  return /starts by itself|starts at the next look/.test(next.what)
    ? [`"${next.what}", and all is held`]
    : [];
}

/** Each command is one that the core takes now: it is not refused. */
function commands(record: TargetRecord, { actions }: Incident, at: number): readonly string[] {
  let lifted = record;
  return actions.flatMap(({ command }) => {
    // What a quarantine is lifted for is said after that.
    const event = eventOf(command, lifted, at);
    if (event === undefined) return [];
    const { because, record: then } = decide(lifted, event);
    if (command.includes(' unquarantine ')) lifted = then;
    return /^refused/.test(because) ? [`"${command}" is refused: ${because}`] : [];
  });
}

function eventOf(command: string, record: TargetRecord, at: number): Event | undefined {
  const said = {
    type: 'CommandReceived',
    at,
    id: command,
    by: 'ada',
    because: 'why',
    saidAt: at,
  } as const;
  const [, verb = '', rest = ''] = /^slipway (\S+) (.*)$/.exec(command) ?? [];
  const digest = /sha256:[0-9a-f]+/.exec(rest)?.[0] ?? '';
  switch (verb) {
    case 'rollback': {
      const leaves = wouldLeave(record);
      return { ...said, command: { do: 'rollback', ...(leaves === undefined ? {} : { leaves }) } };
    }
    case 'resume':
      return rest.includes('--all') ? undefined : { ...said, command: { do: 'resume' } };
    case 'deploy': {
      // Which image it shall be, a person fills in.
      if (rest.includes(':TAG ')) return undefined;
      const images = Object.fromEntries(
        Object.entries(record.waiting)
          .filter(([, { image }]) => rest.includes(image.digest))
          .map(([name, { image }]) => [name, image]),
      );
      for (const [name, image] of Object.entries(record.lastEnded?.images ?? {})) {
        if (rest.includes(image.digest)) images[name] ??= image;
      }
      return { ...said, command: { do: 'deploy', images } };
    }
    case 'unquarantine': {
      const whole = record.quarantine.find((one) => one.digest.startsWith(digest))?.digest;
      return { ...said, command: { do: 'unquarantine', digest: (whole ?? digest) as never } };
    }
    // A second person says it, and who that is, SQS says.
    case 'approve':
    case 'why':
      return undefined;
    default:
      throw new Error(`"${command}" is no command that is known here`);
  }
}
