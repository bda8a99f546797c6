/** Puts the local AWS together and starts it: a world, our functions in it, and the server. */

import { startDynamo } from '@slipway/local-cloud/dynamodb/dynalite.ts';
import { restoreTables, saveTables } from '@slipway/local-cloud/dynamodb/saved-tables.ts';
import type { Call, CallResult, Fault } from '@slipway/local-cloud/kernel/call.ts';
import { listen } from '@slipway/local-cloud/server/http.ts';
import { Pace } from '@slipway/local-cloud/server/pace.ts';
import { warningFor } from '@slipway/local-cloud/server/strangers.ts';
import { throttling } from '@slipway/local-cloud/wire/throttling.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import { takingPushes } from '../slipway/hand-pushed.ts';
import { Cloud } from '../slipway/slipway-cloud.ts';
import { addMissingTargets, BEGIN, worldOf } from '../stories/setup/scenario-world.ts';
import { EventStream } from './event-stream.ts';
import { LiveCloud } from './live-cloud.ts';
import type { MakePage } from './page-files.ts';
import type { PageEntry } from './page-state.ts';
import { close, createHttpServer } from './server.ts';
import { readState, type SavedState, writeState } from './state-file.ts';
import { lockState } from './state-lock.ts';
import { Story } from './story.ts';

export interface LocalAwsOptions {
  readonly pipeline: Pipeline;
  /** 0: any free one. */
  readonly port: number;
  /** `127.0.0.1` unless others may come too. */
  readonly host: string;
  readonly seed: number;
  readonly speed: number;
  /** How late the reads of clients may be, at most; 0 or absent: never. Our functions' are as late
   * as in the scenarios. */
  readonly clientReadLagMs?: number;
  /** Where it goes on from, if the file is there, and is saved to. */
  readonly stateFile?: string;
  /** Whether IAM is asked of every call, of our functions and of clients; true unless told. */
  readonly iam?: boolean;
  /** Whether AWS throttles as it publishes; absent: it does. */
  readonly throttling?: boolean;
  /** The virtual time of a new world; that of the scenarios if absent. */
  readonly begin?: number;
  /** What just happened, in order. */
  readonly onTold?: (entries: readonly PageEntry[]) => void;
  /** What clients asked, and what came of it. */
  readonly onClientCall?: (call: CallResult) => void;
  readonly onWarning?: (line: string) => void;
  /** Another page than ours. */
  readonly page?: MakePage;
}

/** How long before its beginning our functions come into a new world: by then all is adopted. */
const ADOPTING_MS = 3 * 60_000;
/** A crash costs at most so much, ms of the wall. */
const SAVED_EVERY_MS = 60_000;

export interface LocalAws {
  readonly url: string;
  readonly live: LiveCloud;
  /** It goes on from a file. */
  readonly resumed: boolean;
  /** Writes the state file, if there is one. */
  save(): Promise<void>;
  /** Ends requests under way, saves, and lets the port go. Twice is once. */
  stop(): Promise<void>;
}

/** Rejects with `BadStateFile`, or with what Node says of the port (`EADDRINUSE`). */
export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const { stateFile } = options;
  // Before it is read, or another server could still write it.
  const unlock = stateFile === undefined ? undefined : await lockState(stateFile);
  try {
    const saved = stateFile === undefined ? undefined : await readState(stateFile);
    return await serve(options, saved, unlock);
  } catch (error) {
    await unlock?.();
    throw error;
  }
}

async function serve(
  options: LocalAwsOptions,
  saved: SavedState | undefined,
  unlock: (() => Promise<void>) | undefined,
): Promise<LocalAws> {
  const { stateFile, port, host, page, onTold, onWarning = () => undefined } = options;
  const live = await liveCloud(options, saved);
  const events = new EventStream(live);
  live.hear(() => events.tell());
  if (onTold !== undefined) live.hear(onTold);
  const server = createHttpServer({ live, events, host, onWarning, ...(page && { page }) });
  const taken = await listen(server, port, host);
  const warning = warningFor(host);
  if (warning !== undefined) onWarning(warning);
  live.start();
  const saveOnce = async () => {
    if (stateFile !== undefined) await writeState(stateFile, await live.still(() => stateOf(live)));
  };
  // One after the other: they write the same file.
  let last: Promise<void> = Promise.resolve();
  const save = () => {
    last = last.catch(() => undefined).then(saveOnce);
    return last;
  };
  const saving = setInterval(() => {
    save().catch((error: Error) => onWarning(`the state was not saved: ${error.message}`));
  }, SAVED_EVERY_MS);
  const stop = async () => {
    clearInterval(saving);
    await close(server, events);
    await live.stop();
    await save();
    await unlock?.();
  };
  let stopped: Promise<void> | undefined;
  return {
    url: `http://${host === '127.0.0.1' ? 'localhost' : host}:${taken}`,
    live,
    resumed: saved !== undefined,
    save,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

async function liveCloud(
  options: LocalAwsOptions,
  saved: SavedState | undefined,
): Promise<LiveCloud> {
  const { pipeline, speed, begin = BEGIN, onClientCall, onWarning = () => undefined } = options;
  const seed = saved?.seed ?? options.seed;
  const world = saved?.world ?? worldOf(pipeline, {}, seed, undefined, begin - ADOPTING_MS);
  if (saved !== undefined) addMissingTargets(world, pipeline);
  world.clientReadLagMs = options.clientReadLagMs ?? 0;
  const dynamo = startDynamo();
  await restoreTables(dynamo, saved?.tables ?? []);
  const throttle =
    options.throttling === false ? () => 'none' as const : throttling(() => world.now);
  let live: LiveCloud | undefined;
  // While time stands still no bucket would ever fill up again.
  const fault = (call: Call): Fault => (live?.speed === 0 ? 'none' : throttle(call));
  const cloud = await Cloud.start({
    world,
    pipeline: takingPushes(pipeline),
    seed,
    dynamo,
    hooks: { fault },
    ...(options.iam === undefined ? {} : { iam: options.iam }),
    limits: 'caller',
    ...(saved && { saved: saved.cloud }),
  });
  // Whoever comes finds targets that are known already.
  if (saved === undefined) await cloud.runUntil(begin);
  const { access } = cloud;
  const hooks = {
    fault,
    ...(access && { authorizer: access.authorizer }),
    ...(onClientCall && { onCall: onClientCall }),
  };
  const pace = new Pace(() => performance.now(), world.now, speed);
  live = new LiveCloud({ cloud, pace, story: new Story(saved?.story), seed, hooks, onWarning });
  return live;
}

async function stateOf({ cloud, story, seed }: LiveCloud): Promise<SavedState> {
  return {
    seed,
    cloud: cloud.save(),
    // A copy: it is written while the world goes on.
    world: structuredClone(cloud.world),
    tables: await saveTables(cloud.dynamo),
    story: [...story.all()],
  };
}
