/** What ECS shows of many services now, asked for in tens. */
import type { Target } from '../../shared/config/config.ts';
import type { ServiceNow } from '../../shared/core/model/observation.ts';
import { failureOf } from '../output/failure.ts';
import type { Connection } from './connection.ts';

/** Clusters and tens of services that are asked for at once. */
const AT_ONCE = 4;
const TEN = 10;

/** A cluster that is refused takes no other with it; where all are, nothing was seen. */
export async function servicesOf({ aws, place }: Connection, targets: readonly Target[]) {
  const found = new Map<string, ServiceNow>();
  const refused = new Map<string, unknown>();
  const asked = [...Map.groupBy(targets, ({ cluster }) => cluster)].flatMap(([cluster, some]) =>
    partsOf(some, TEN).map((part) => ({ cluster, names: part.map(({ service }) => service) })),
  );
  for (const round of partsOf(asked, AT_ONCE)) {
    const answers = await Promise.all(
      round.map(async ({ cluster, names }) => {
        try {
          return { cluster, services: await aws.fleet.servicesOf(cluster, names) };
        } catch (error) {
          refused.set(cluster, error);
          return { cluster, services: [] };
        }
      }),
    );
    for (const { cluster, services } of answers) {
      for (const service of services) found.set(`ecs/${cluster}/${service.service}`, service);
    }
  }
  const clusters = new Set(targets.map(({ cluster }) => cluster));
  const [first] = refused.values();
  if (refused.size > 0 && refused.size === clusters.size) throw first;
  const unasked = new Map(
    [...refused].map(([cluster, error]) => [cluster, failureOf(error, place).line]),
  );
  return { found, unasked };
}

function partsOf<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, i) => all.slice(i * size, (i + 1) * size));
}
