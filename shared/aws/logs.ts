/** The last lines that a container wrote: CloudWatch Logs, for a person, with the person's own rights. */
import { type CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { Moment } from '../core/model/image.ts';
import { plain } from '../core/model/text.ts';
import { refusalOf, says } from './refusal.ts';

export interface LogStream {
  readonly group: string;
  readonly stream: string;
}

export interface LogLine {
  readonly at: Moment;
  readonly text: string;
}

export type LastLines =
  | { readonly state: 'read'; readonly lines: readonly LogLine[] }
  /** Not there, not allowed, or no answer: what is not seen is said. */
  | { readonly state: 'unseen'; readonly because: string };

export interface Logs {
  /** GetLogEvents, the newest. Does not throw: a log is never all that there is. */
  lastLines(of: LogStream, limit: number): Promise<LastLines>;
}

const LINE_MAX = 400;

export function createLogs(client: CloudWatchLogsClient): Logs {
  return {
    lastLines: async ({ group, stream }, limit) => {
      try {
        const { events = [] } = await client.send(
          new GetLogEventsCommand({
            logGroupName: group,
            logStreamName: stream,
            limit,
            startFromHead: false,
          }),
        );
        const lines = events.map(({ timestamp = 0, message = '' }) => ({
          at: timestamp,
          text: plain(message.trimEnd()).slice(0, LINE_MAX),
        }));
        return { state: 'read', lines };
      } catch (error) {
        const isMissing = refusalOf(error)?.code === 'ResourceNotFoundException';
        const why = isMissing ? 'there is no such log stream' : says(error);
        return { state: 'unseen', because: `the log ${group} ${stream}: ${why}` };
      }
    },
  };
}
