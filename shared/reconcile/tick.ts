/** One tick: looks that are due first, since a rollback may wait for one; then the sweeps. */
import { hash } from 'node:crypto';
import type { Pipeline } from '../config/config.ts';
import type { Envelope, SourceEnvelope } from '../edge/message.ts';
import type { Clock, Queues } from '../ports.ts';
import { sendEnvelopes, sendSourceEnvelopes } from '../route/enqueue.ts';
import { type BoundLog, withLog } from '../runtime/log.ts';
import { TICK_EVERY_MINUTES } from '../runtime/sizes.ts';
import type { SweptService, Upkeep } from '../upkeep-ports.ts';
import {
  claimEnvelopes,
  dueEnvelopes,
  dueSourceEnvelopes,
  headEnvelopes,
  imageEnvelopes,
  repositoriesOf,
  serviceEnvelopes,
} from './sweep.ts';

/** A tick sends at most so many looks; the rest is still due a minute later. */
const DUE_MAX = 500;
const MINUTE_MS = 60_000;
const IMAGES_EVERY_MS = 15 * MINUTE_MS;
const HEADS_EVERY_MS = 15 * MINUTE_MS;
const HOUR_MS = 60 * MINUTE_MS;

export interface TickDeps {
  readonly pipeline: Pipeline;
  readonly queues: Queues;
  readonly upkeep: Upkeep;
  readonly log: BoundLog;
  readonly clock: Pick<Clock, 'now'>;
}

export interface Ticked {
  /** Messages sent. */
  readonly due: number;
  readonly services: number;
  readonly images: number;
  readonly heads: number;
}

/**
 * A part that fails does not stop the others, and then the tick fails, so that somebody sees it.
 * A sweep that failed is not repeated before its time: it only looks for what was lost.
 */
export async function tick(deps: TickDeps): Promise<Ticked> {
  const { log: root, clock, queues } = deps;
  const id = `tick ${new Date(clock.now()).toISOString()}`;
  const log = root.with({ cause: { id, source: 'slipway.tick' } });
  const problems: unknown[] = [];
  const part = async (name: string, work: () => Promise<number>) => {
    try {
      const messages = await work();
      if (messages > 0) log.info(name, { messages });
      return messages;
    } catch (error) {
      problems.push(error);
      log.error(`${name} failed`, { error });
      return 0;
    }
  };

  const send = async (envelopes: readonly Envelope[]) => {
    await sendEnvelopes(queues, envelopes);
    return envelopes.length;
  };
  const ticked = await withLog(log, async () => ({
    due: await part('looks are due', () => dueLooks(deps, id)),
    services: await part('swept the services', async () => send(await sweepServices(deps, id))),
    images: await part('swept the images', async () => sweepImages(deps, id, log, problems)),
    heads: await part('asked for heads', () => sweepHeads(deps, id, log)),
  }));
  if (problems.length > 0) throw new AggregateError(problems, 'Parts of this tick failed.');
  return ticked;
}

/** Of targets first: a rollback may wait for one. */
async function dueLooks({ upkeep, clock, queues }: TickDeps, id: string): Promise<number> {
  const now = clock.now();
  // Those of the minute until the next tick, too: so each comes at its moment, and not all at once.
  const due = await upkeep.due(now + TICK_EVERY_MINUTES * MINUTE_MS - 1, DUE_MAX);
  await sendEnvelopes(queues, dueEnvelopes(due, id, now));
  const sources = dueSourceEnvelopes(
    due.filter(({ lookAt }) => lookAt <= now),
    id,
  );
  await sendSourceEnvelopes(queues, sources);
  return due.length;
}

async function sweepServices(deps: TickDeps, id: string): Promise<readonly Envelope[]> {
  const { upkeep, pipeline } = deps;
  // Named by the config, so that a new target is introduced at once and not within the hour.
  if (!(await upkeep.claimSweep(`services ${fingerprint(pipeline)}`, HOUR_MS))) return [];
  const known = await upkeep.known();
  const targets = Object.values(pipeline.targets);
  const services = new Map<string, SweptService>();
  for (const cluster of new Set(targets.map((target) => target.cluster))) {
    const names = targets.filter((t) => t.cluster === cluster).map((t) => t.service);
    for (const swept of await upkeep.servicesOf(cluster, names)) {
      services.set(`ecs/${cluster}/${swept.service}`, swept);
    }
  }
  return serviceEnvelopes(targets, known, services, id);
}

/** Every 15 minutes what was pushed lately, every hour whatever is newest. */
async function sweepImages(
  { upkeep, pipeline, clock, queues }: TickDeps,
  id: string,
  log: BoundLog,
  problems: unknown[],
): Promise<number> {
  if (!(await upkeep.claimSweep('images', IMAGES_EVERY_MS))) return 0;
  const all = await upkeep.claimSweep('all images', HOUR_MS);
  const targets = Object.values(pipeline.targets);
  const recentSince = clock.now() - 2 * HOUR_MS;
  const pushedSince = all ? 0 : recentSince;
  const envelopes: Envelope[] = [];
  const claims: SourceEnvelope[] = [];
  for (const address of repositoriesOf(targets)) {
    try {
      const images = await upkeep.taggedImages(address);
      envelopes.push(...imageEnvelopes(targets, address, images, pushedSince, id, recentSince));
      claims.push(...claimEnvelopes(pipeline, address, images, pushedSince, id));
    } catch (error) {
      problems.push(error);
      log.error('a repository was not swept', { repository: address.repository, error });
    }
  }
  await sendEnvelopes(queues, envelopes);
  await sendSourceEnvelopes(queues, claims);
  return envelopes.length + claims.length;
}

/** `build` asks GitHub: it has the credentials, and `tick` none. */
async function sweepHeads(
  { upkeep, pipeline, queues }: TickDeps,
  id: string,
  log: BoundLog,
): Promise<number> {
  if (Object.keys(pipeline.sources).length === 0) return 0;
  if (!(await upkeep.claimSweep('heads', HEADS_EVERY_MS))) return 0;
  const { envelopes, left } = headEnvelopes(pipeline, await upkeep.knownSources(), id);
  if (left > 0)
    log.warn('more branches than GitHub is asked of; pushes alone tell of them', { left });
  await sendSourceEnvelopes(queues, envelopes);
  return envelopes.length;
}

/** A config never changes, and each tick asks. */
const fingerprints = new WeakMap<Pipeline, string>();

function fingerprint(pipeline: Pipeline): string {
  const known = fingerprints.get(pipeline);
  if (known !== undefined) return known;
  const keys = Object.values(pipeline.targets).map(({ key }) => key);
  const made = hash('sha256', keys.sort().join('\n')).slice(0, 12);
  fingerprints.set(pipeline, made);
  return made;
}
