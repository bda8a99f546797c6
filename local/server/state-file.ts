/**
 * The whole local AWS in one file of JSON, to go on from another day: the world, what the cloud
 * knows beside it, the tables of DynamoDB, and the newest part of the story.
 */
import { access, constants, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SavedTable } from '@slipway/local-cloud/dynamodb/saved-tables.ts';
import { table, withTables } from '@slipway/local-cloud/kernel/tables.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { emptyWorld } from '@slipway/local-cloud/services.ts';
import { restoreTraffic } from '@slipway/local-cloud/traffic/restored.ts';
import * as z from 'zod';
import type { SavedCloud } from '../slipway/cloud-options.ts';
import type { PageEntry } from './page-state.ts';

const FORMAT = 1;

export interface SavedState {
  readonly seed: number;
  readonly world: World;
  readonly cloud: SavedCloud;
  readonly tables: readonly SavedTable[];
  readonly story: readonly PageEntry[];
}

interface Advice extends ErrorOptions {
  readonly next?: string;
}

/** The file is there and cannot be used; nothing was started, and the file is as it was. */
export class BadStateFile extends Error {
  override readonly name = 'BadStateFile';

  constructor(
    file: string,
    why: string,
    { next = 'move it away to begin anew, or name another file', ...options }: Advice = {},
  ) {
    super(`${file} ${why}; nothing was started: ${next}`, options);
  }
}

/** Whole or not at all: a crash while writing leaves the file of before. */
export async function writeState(file: string, state: SavedState): Promise<void> {
  const text = JSON.stringify({ slipwayLocalState: FORMAT, ...state });
  const beside = `${file}.${process.pid}.tmp`;
  await writeFile(beside, text);
  await rename(beside, file);
}

const anything = z.record(z.string(), z.unknown());
const schema = z.object({
  seed: z.number(),
  world: anything.and(
    z.object({
      now: z.number(),
      account: z.string(),
      region: z.string(),
      timers: z.array(z.object({ at: z.number(), order: z.number(), kind: z.string() }).loose()),
    }),
  ),
  cloud: z.object({
    ids: z.object({ chance: z.number() }),
    pending: z.array(anything),
    lost: z.array(anything),
  }),
  tables: z.array(z.object({ definition: anything, items: z.array(anything) })),
  story: z.array(anything),
});

/** Rejects with `BadStateFile`. */
export async function refuseUnwritable(file: string): Promise<void> {
  await access(dirname(file), constants.W_OK).catch((cause) => {
    throw new BadStateFile(
      file,
      'could not be written at the end: its directory is not there, or not yours to write',
      { cause },
    );
  });
}

/** What the file says; undefined if there is no such file. Throws `BadStateFile`. */
export async function readState(file: string): Promise<SavedState | undefined> {
  await refuseUnwritable(file);
  const text = await textOf(file);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BadStateFile(file, 'is not JSON', { cause });
  }
  const format = (value as { slipwayLocalState?: unknown } | null)?.slipwayLocalState;
  if (typeof format !== 'number') throw new BadStateFile(file, 'is no state of the local AWS');
  if (format > FORMAT) {
    throw new BadStateFile(
      file,
      `has format ${format}, and this version reads up to ${FORMAT}: it was written by a newer one`,
    );
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    const [first] = result.error.issues;
    throw new BadStateFile(file, `is broken: ${first?.path.join('.')}: ${first?.message}`);
  }
  const state = result.data as unknown as SavedState;
  return { ...state, world: withWhatIsNew(state.world) };
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new BadStateFile(file, `cannot be read (${code})`, { cause: error });
  }
}

/** A world that was saved before the local AWS had one of its services gets it empty. */
function withWhatIsNew(world: World): World {
  const { now, account, region } = world;
  const empty = emptyWorld({ now, account, region, seed: 1 });
  const parts = Object.entries(empty).map(([name, part]) => {
    const saved: unknown = world[name as keyof World] ?? part;
    const isPart = typeof part === 'object' && !Array.isArray(part);
    return [name, isPart ? withTables(part as object, saved as object) : saved];
  });
  const whole = Object.fromEntries(parts) as World;
  restoreTraffic(whole);
  for (const repository of Object.values(whole.ecr.repositories)) {
    repository.tags = Object.assign(table<string>(), repository.tags);
  }
  return whole;
}
