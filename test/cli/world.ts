/**
 * The commands in this process, before a local AWS whose time is virtual: real clients of the SDK
 * under them, our functions behind the queue, and what they print caught.
 */

import { startDynamo } from '@slipway/local-cloud/dynamodb/dynalite.ts';
import {
  restoreTables,
  type SavedTable,
  saveTables,
} from '@slipway/local-cloud/dynamodb/saved-tables.ts';
import type { Behaviour } from '@slipway/local-cloud/ecr/behaviour.ts';
import { pushImage } from '@slipway/local-cloud/ecr/images.ts';
import type { Authorizer } from '@slipway/local-cloud/kernel/authorization.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { clientSettings } from '@slipway/local-cloud/wire/client-settings.ts';
import { createTransport } from '@slipway/local-cloud/wire/transport.ts';
import { vi } from 'vitest';
import type { Connection } from '../../cli/connect/connection.ts';
import type { SavedCloud } from '../../local/slipway/cloud-options.ts';
import { Cloud } from '../../local/slipway/slipway-cloud.ts';
import { BEGIN, worldOf } from '../../local/stories/setup/scenario-world.ts';
import type { Call } from '../../shared/aws/connect/call-log.ts';
import { connectPerson } from '../../shared/aws/connect/person.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import { pipeline } from '../functions/sent.ts';
import { SILENT } from '../simulation/as-port.ts';

export const MINUTE = 60_000;

export { pipeline };

export const COMMON = { json: false, debug: false } as const;
/** Long enough for any handling of virtual time. */
export const COMMAND = { ...COMMON, because: 'try it', yes: true, waitMs: 60_000 } as const;

export interface Standing {
  readonly cloud: Cloud;
  readonly connection: Connection;
  /** Pushes and gives the digest. */
  push(tag: string, behaviour?: Behaviour): string;
  /** Lets virtual time pass. */
  pass(minutes: number): Promise<void>;
}

interface Adopted {
  readonly world: World;
  readonly saved: SavedCloud;
  readonly tables: readonly SavedTable[];
}

const KNOWN = new Map<Pipeline, Promise<Adopted>>();

/** As a `slipway local` that was saved and goes on: to adopt takes eight times as long as to begin there. */
async function adopted(config: Pipeline): Promise<Cloud> {
  const known = KNOWN.get(config) ?? adopt(config);
  KNOWN.set(config, known);
  const { world, saved, tables } = await known;
  const dynamo = startDynamo();
  await restoreTables(dynamo, tables);
  return await Cloud.start({ world: copyOf(world), pipeline: config, seed: 1, dynamo, saved });
}

async function adopt(config: Pipeline): Promise<Adopted> {
  const cloud = await Cloud.start({ world: worldOf(config, {}, 1), pipeline: config, seed: 1 });
  await cloud.runUntil(BEGIN + 3 * MINUTE);
  return { world: cloud.world, saved: cloud.save(), tables: await saveTables(cloud.dynamo) };
}

/** With its tables, whose objects have no prototype. */
function copyOf<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyOf) as T;
  if (typeof value !== 'object' || value === null) return value;
  const copies = Object.entries(value).map(([key, one]) => [key, copyOf(one)] as const);
  return Object.assign(
    Object.create(Object.getPrototypeOf(value)),
    Object.fromEntries(copies),
  ) as T;
}

/** Everything is adopted, and Ada sits before it. */
export async function standing(
  config: Pipeline = pipeline,
  onCall?: (call: Call) => void,
  authorizer?: Authorizer,
): Promise<Standing> {
  const cloud = await adopted(config);
  const { world, dynamo } = cloud;
  const transport = createTransport({ world, dynamo, ...(authorizer && { authorizer }) });
  let looks = 0;
  const clock = { now: () => world.now, newId: () => `look-of-a-person-${++looks}` };
  const aws = connectPerson({
    names: { table: 'slipway' },
    log: SILENT,
    clock,
    aws: clientSettings({ world, transport }),
    ...(onCall && { onCall }),
  });
  const wait = (ms: number) => cloud.runUntil(world.now + ms);
  return {
    cloud,
    connection: {
      pipeline: config,
      aws,
      table: 'slipway',
      place: 'the local AWS',
      isLocal: true,
      by: 'ada',
      now: clock.now,
      sync: async () => undefined,
      wait,
    },
    push: (tag, behaviour) =>
      pushImage(world, { repository: 'shop/web', tag, ...(behaviour && { behaviour }) }),
    pass: (minutes) => wait(minutes * MINUTE),
  };
}

/** What the command prints, and what it ends with. */
export async function printed<T>(command: () => Promise<T>): Promise<{ code: T; stdout: string }> {
  let stdout = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    stdout += String(chunk);
    return true;
  });
  try {
    const code = await command();
    return { code, stdout };
  } finally {
    write.mockRestore();
  }
}
