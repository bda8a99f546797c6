/** What `tick` sends: due looks each minute, the newest images each quarter of an hour, drift each hour. */

import { SWEEP_SOURCE } from '../../shared/reconcile/translate.ts';
import { containersFor } from '../../shared/route/find-targets.ts';
import type { Engine } from './engine.ts';

const MINUTE = 60_000;
const SWEEP_EVERY_MINUTES = 15;

/** The first tick finds targets without a record. */
export function introduce(engine: Engine): void {
  for (const { key } of Object.values(engine.pipeline.targets)) {
    hint(engine, key, 'new');
  }
}

function hint(engine: Engine, key: string, cause: string): void {
  engine.send(
    key,
    { type: 'Hinted', cause },
    { id: `${cause}-${engine.world.now}`, source: 'slipway.tick', detailType: cause },
  );
}

export function planTicks(engine: Engine, from: number, until: number): void {
  for (let at = from, minute = 0; at < until; at += MINUTE, minute++) {
    engine.agenda.plan(at, () => {
      for (const [key, { record }] of engine.records) {
        if (record.observeAt !== undefined && record.observeAt <= at) hint(engine, key, 'tick');
        else if (minute % 60 === 59) hint(engine, key, 'sweep');
      }
      if (minute % SWEEP_EVERY_MINUTES === 7) sweepImages(engine, minute % 60 === 7);
    });
  }
}

function sweepImages(engine: Engine, hourly: boolean): void {
  for (const target of Object.values(engine.pipeline.targets)) {
    for (const { repository } of Object.values(target.rules.containers)) {
      const images = Object.values(engine.world.ecr.repositories[repository]?.images ?? {});
      const eligible = images
        .filter((image) => containersFor(target, repository, image.tags).length > 0)
        .sort((a, b) => b.pushedAt - a.pushedAt || (a.digest < b.digest ? 1 : -1));
      const [newest] = eligible;
      if (newest === undefined) continue;
      const recent = engine.world.now - newest.pushedAt < 2 * 60 * MINUTE;
      if (!recent && !hourly) continue;
      engine.send(
        target.key,
        {
          type: 'ImagePushed',
          registry: engine.pipeline.registry,
          repository,
          digest: newest.digest as never,
          tag: newest.tags[0] ?? '',
          at: newest.pushedAt,
        },
        { id: `sweep-${engine.world.now}`, source: SWEEP_SOURCE, detailType: 'sweep' },
      );
    }
  }
}
