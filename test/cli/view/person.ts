/** A person with rights to read, at a terminal, in a world of whoever asks. */
import { clientSettings } from '@slipway/local-cloud/wire/client-settings.ts';
import { createTransport } from '@slipway/local-cloud/wire/transport.ts';
import type { Connection } from '../../../cli/connect/connection.ts';
import type { Cloud } from '../../../local/slipway/slipway-cloud.ts';
import { connectPerson } from '../../../shared/aws/connect/person.ts';
import { SILENT } from '../../simulation/as-port.ts';

/** Who looks at a copy of the world draws nothing from its chance: the story goes on as if nobody had looked. */
export function onlookerIn(cloud: Cloud): Connection {
  const { dynamo, pipeline } = cloud;
  return personIn({ dynamo, pipeline, world: structuredClone(cloud.world) });
}

/** `onCall`: what of AWS was asked. */
export function personIn(
  { world, dynamo, pipeline }: Pick<Cloud, 'world' | 'dynamo' | 'pipeline'>,
  onCall?: Parameters<typeof connectPerson>[0]['onCall'],
): Connection {
  const transport = createTransport({ world, dynamo });
  let looks = 0;
  const clock = { now: () => world.now, newId: () => `look-${++looks}` };
  const aws = clientSettings({ world, transport });
  return {
    pipeline,
    aws: connectPerson({
      names: { table: 'slipway' },
      log: SILENT,
      clock,
      aws,
      ...(onCall && { onCall }),
    }),
    table: 'slipway',
    place: 'the local AWS',
    isLocal: true,
    by: 'ada',
    now: clock.now,
    sync: async () => undefined,
    wait: async () => undefined,
  };
}
