/** What each operation of CloudWatch Logs asks of IAM. */
import { arnOf, type NeedsOf, need } from '../kernel/authorization.ts';
import type { logsOperations } from './operations.ts';

/** service-authorization, CloudWatch Logs: GetLogEvents is of a log stream. */
export const logsNeeds: NeedsOf<typeof logsOperations> = {
  GetLogEvents: (world, { logGroupName = '', logStreamName = '' }) => [
    need(
      'logs:GetLogEvents',
      arnOf(world, 'logs', `log-group:${logGroupName}:log-stream:${logStreamName}`),
    ),
  ],
};
