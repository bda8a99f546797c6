/** A person before 200 services that are adopted and rest, and the calls that are made for what the person asks. */
import { pushImage } from '@slipway/local-cloud/ecr/images.ts';
import { clientSettings } from '@slipway/local-cloud/wire/client-settings.ts';
import { createTransport } from '@slipway/local-cloud/wire/transport.ts';
import type { Connection } from '../../cli/connect/connection.ts';
import { Cloud } from '../../local/slipway/slipway-cloud.ts';
import { connectPerson } from '../../shared/aws/connect/person.ts';
import { connectSurveyor, type Surveyor } from '../../shared/aws/connect/surveyor.ts';
import { BESIDE, floodPipeline, floodWorld } from '../flood/flood-world.ts';

const TARGETS = 200;
const MINUTE = 60_000;

export interface Watcher {
  readonly connection: Connection;
  /** The same person before there is a config. */
  readonly surveyor: Surveyor;
  /** How many calls were made since this was asked last. */
  calls(): number;
  /** One of them begins a release, and goes on with it for a minute. */
  pushOne(): Promise<void>;
}

const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined };

export async function watcher(): Promise<Watcher> {
  const pipeline = floodPipeline(TARGETS - 1);
  const cloud = await Cloud.start({ world: floodWorld(pipeline), pipeline, seed: 1 });
  const { world, dynamo } = cloud;
  await cloud.runUntil(world.now + 5 * MINUTE);
  let count = 0;
  let looks = 0;
  const clock = { now: () => world.now, newId: () => `look-${++looks}` };
  const settings = clientSettings({ world, transport: createTransport({ world, dynamo }) });
  const onCall = () => {
    count += 1;
  };
  const aws = connectPerson({
    names: { table: 'slipway' },
    log: SILENT,
    clock,
    aws: settings,
    onCall,
  });
  return {
    surveyor: connectSurveyor(settings, { log: SILENT, now: clock.now, onCall }),
    connection: {
      pipeline,
      aws,
      table: 'slipway',
      place: 'the local AWS',
      isLocal: true,
      by: 'ada',
      now: clock.now,
      sync: async () => undefined,
      wait: async () => undefined,
    },
    calls: () => {
      const made = count;
      count = 0;
      return made;
    },
    pushOne: async () => {
      pushImage(world, { repository: BESIDE.repository, tag: 'main-2' });
      await cloud.runUntil(world.now + MINUTE);
    },
  };
}
