/** The wiring of `lifecycle-hook`: it reads the table and alarms, and can change nothing. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { Alarms, Clock, Records } from '../../ports.ts';
import { historyDays, required } from '../../runtime/environment.ts';
import { createAlarms } from '../alarms.ts';
import { createRecords } from '../table/records.ts';
import { logCalls } from './call-log.ts';
import { readSettings } from './client-settings.ts';
import type { ConnectOptions } from './options.ts';
import { connectTable } from './table.ts';

export function connectHook({ environment, log, clock, aws = {}, onCall }: ConnectOptions): {
  readonly records: Pick<Records, 'load' | 'stop'>;
  readonly alarms: Pick<Alarms, 'states'>;
  readonly clock: Pick<Clock, 'now'>;
} {
  const callLog = { log, now: clock.now, onCall };
  const settings = readSettings(aws);
  const table = connectTable(required(environment, 'table'), settings, callLog);
  return {
    records: createRecords(table, { clock, historyDays: historyDays(environment) }),
    alarms: createAlarms(logCalls(new CloudWatchClient(settings), callLog), log),
    clock,
  };
}
