/** The wiring of `notice`: it reads how a target stands, and tells topics of SNS. It changes nothing that runs. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ECSClient } from '@aws-sdk/client-ecs';
import { SNSClient } from '@aws-sdk/client-sns';
import type { Alarms, Records, ToldPeople, Topics } from '../../ports.ts';
import { historyDays, required } from '../../runtime/environment.ts';
import { createAlarms } from '../alarms.ts';
import { createFleet, type Fleet } from '../ecs/fleet.ts';
import { createRecords } from '../table/records.ts';
import { createToldPeople } from '../table/told-people.ts';
import { createTopics } from '../topics.ts';
import { logCalls } from './call-log.ts';
import { readSettings } from './client-settings.ts';
import type { ConnectOptions } from './options.ts';
import { connectTable } from './table.ts';

export interface NoticeConnections {
  readonly records: Pick<Records, 'load' | 'stop'>;
  readonly alarms: Pick<Alarms, 'states'>;
  readonly services: Fleet;
  readonly told: ToldPeople;
  readonly topics: Topics;
}

export function connectNotice({
  environment,
  log,
  clock,
  aws = {},
  onCall,
}: ConnectOptions): NoticeConnections {
  const callLog = { log, now: clock.now, onCall };
  const settings = readSettings(aws);
  const table = connectTable(required(environment, 'table'), settings, callLog);
  return {
    records: createRecords(table, { clock, historyDays: historyDays(environment) }),
    alarms: createAlarms(logCalls(new CloudWatchClient(settings), callLog), log),
    services: createFleet(logCalls(new ECSClient(settings), callLog)),
    told: createToldPeople(table, clock),
    topics: createTopics(logCalls(new SNSClient(settings), callLog)),
  };
}
