/** The wiring of `tick`: it reads the table, ECS and ECR, and sends messages. It cannot deploy. */
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import type { Queues } from '../../ports.ts';
import { required } from '../../runtime/environment.ts';
import type { FunctionQueue } from '../../runtime/routing.ts';
import type { Upkeep } from '../../upkeep-ports.ts';
import { createImages } from '../ecr/images.ts';
import { createFleet } from '../ecs/fleet.ts';
import { createUpkeep } from '../table/upkeep.ts';
import { logCalls } from './call-log.ts';
import { readSettings } from './client-settings.ts';
import type { ConnectOptions } from './options.ts';
import { connectQueues } from './queues.ts';
import { connectTable } from './table.ts';

export interface TickConnections {
  readonly queues: Queues;
  readonly upkeep: Upkeep;
}

/** `queues`: those of the pipeline that looks are sent to. */
export function connectTick(
  options: ConnectOptions,
  queues: readonly FunctionQueue[] = ['urgent', 'releases'],
): TickConnections {
  const { environment, log, clock, aws = {}, onCall } = options;
  const callLog = { log, now: clock.now, onCall };
  const settings = readSettings(aws);
  const table = connectTable(required(environment, 'table'), settings, callLog);
  const ecr = logCalls(new ECRClient(settings), callLog);
  const ecs = logCalls(new ECSClient(settings), callLog);
  const { taggedImages } = createImages(ecr, log);
  return {
    queues: connectQueues(options, queues),
    upkeep: { ...createUpkeep(table, clock), ...createFleet(ecs), taggedImages },
  };
}
