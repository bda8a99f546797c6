/** `tick` itself, each minute: looks that are due, the newest images, drift. Only its table is in memory. */
import type { Hooks } from '@slipway/local-cloud/kernel/call.ts';
import type { ServiceName } from '@slipway/local-cloud/services.ts';
import { directClient } from '@slipway/local-cloud/wire/direct-client.ts';
import { createImages } from '../../shared/aws/ecr/images.ts';
import { createFleet } from '../../shared/aws/ecs/fleet.ts';
import { standingOf } from '../../shared/core/model/standing.ts';
import { tick } from '../../shared/reconcile/tick.ts';
import type { Upkeep } from '../../shared/upkeep-ports.ts';
import { SILENT } from './as-port.ts';
import type { Engine } from './engine.ts';
import { handlingLog } from './handling-log.ts';
import { rightsIn } from './rights.ts';
import { throttled } from './troubles.ts';

const MINUTE = 60_000;
/** EventBridge Scheduler is not exact. */
const LATE_MAX_MS = 900;

export function planTicks(engine: Engine, from: number, until: number): void {
  const upkeep = upkeepOf(engine);
  for (let at = from; at < until; at += MINUTE) {
    const late = (at / MINUTE) % LATE_MAX_MS;
    engine.agenda.plan(at + late, () => {
      // What it had not sent, the next one sends.
      if (!engine.strikes('killed')) engine.background(() => tickOnce(engine, upkeep));
    });
  }
}

async function tickOnce(engine: Engine, upkeep: Upkeep): Promise<void> {
  const { pipeline, world, queues } = engine;
  const clock = { now: () => world.now };
  try {
    await tick({ pipeline, upkeep, queues, clock, log: handlingLog(() => undefined) });
  } catch (error) {
    // Its parts that failed: a sweep that AWS did not answer.
    engine.log(() => `tick: ${String(error)}`);
  }
}

function upkeepOf(engine: Engine): Upkeep {
  const swept = new Map<string, number>();
  const client = (service: ServiceName) => clientOf(engine, service) as never;
  const { taggedImages } = createImages(client('ecr'), SILENT);
  return {
    ...createFleet(client('ecs')),
    taggedImages,
    due: async (now, limit) =>
      [
        ...[...engine.records].flatMap(([key, { record }]) => {
          const { observeAt: lookAt } = record;
          if (lookAt === undefined || lookAt > now) return [];
          return [{ key, lookAt, phase: standingOf(record).split(':')[0] ?? '' }];
        }),
        ...[...engine.sources.records].flatMap(([key, { record }]) => {
          const { observeAt: lookAt } = record;
          return lookAt === undefined || lookAt > now ? [] : [{ key, lookAt, phase: 'source' }];
        }),
      ]
        .sort((a, b) => a.lookAt - b.lookAt)
        .slice(0, limit),
    known: async () =>
      [...engine.records].map(([key, { record }]) => {
        const phase = standingOf(record).split(':')[0] ?? '';
        return record.runs === undefined
          ? { key, phase }
          : { key, phase, revision: record.runs.revision };
      }),
    knownSources: async () => [...engine.sources.records.keys()],
    claimSweep: async (name, everyMs) => {
      const { now } = engine.world;
      if ((swept.get(name) ?? 0) > now - everyMs + 1_000) return false;
      swept.set(name, now);
      return true;
    },
  };
}

function clientOf(engine: Engine, service: ServiceName) {
  return {
    send: async (command: { input: object }) => {
      const { authorizer, tick: caller } = rightsIn(engine.pipeline);
      const hooks: Hooks = { authorizer };
      if (engine.strikes('throttled')) throw throttled();
      return await directClient(engine.world, service, hooks, caller).send(command);
    },
  };
}
