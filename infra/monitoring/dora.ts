/**
 * DORA's figures on the dashboard, and the way back, as far as the log of `reconcile` tells them. Medians over
 * the whole history are `slipway stats`.
 */
import { aws_cloudwatch as cloudwatch, Duration } from 'aws-cdk-lib';
import { DETAIL_TYPES } from '../../shared/aws/announcements.ts';
import { SERVES_EVERYBODY } from '../../shared/runtime/log-lines.ts';
import type { DashboardProps } from './dashboard.ts';

const SIZE = { width: 12, height: 6 } as const;
const WHOLE = { width: 24, height: 6 } as const;
const DAY = Duration.days(1);

/** What a sentence says of an alarm that spoke against a release: `rose at 10:09:59 UTC`. */
export const ROSE_AT = 'rose at (?<h>\\d\\d):(?<m>\\d\\d):(?<s>\\d\\d) UTC';

export function doraWidgets({ metrics: { told }, region, functions }: DashboardProps) {
  const daily = (metric: cloudwatch.Metric) => metric.with({ period: DAY });
  const rolledBack = daily(told['rolled-back']);
  const failed = daily(told.failed);
  const proven = daily(told.proven);
  const rate = new cloudwatch.MathExpression({
    // A day on which nothing ended has no rate.
    expression:
      '100 * (FILL(back, 0) + FILL(failed, 0)) / (FILL(back, 0) + FILL(failed, 0) + FILL(proven, 0))',
    usingMetrics: { back: rolledBack, failed, proven },
    period: DAY,
    label: 'rolled back or failed, of all that ended',
  });
  const graph = (title: string, left: cloudwatch.IMetric[], label: string) =>
    new cloudwatch.GraphWidget({
      ...SIZE,
      title,
      region,
      left,
      leftYAxis: { min: 0, showUnits: false, label },
    });
  const table = (title: string, queryLines: string[]) =>
    new cloudwatch.LogQueryWidget({
      ...WHOLE,
      title,
      region,
      logGroupNames: [functions.reconcile.logGroup.logGroupName],
      view: cloudwatch.LogQueryVisualizationType.TABLE,
      queryLines,
    });
  return [
    [
      graph('Deployment frequency: releases started a day', [daily(told.started)], 'a day'),
      graph('Change failure rate of a day', [rate], 'percent'),
    ],
    [table('Lead time: from the push to serving everybody, in seconds', leadTime())],
    [
      table(
        'From the evidence (an alarm) to the old version serving everybody, in seconds',
        wayBack(),
      ),
    ],
    [
      table(
        'Time to restore: from the start of a release that failed to its way back, in seconds',
        restore(),
      ),
    ],
  ];
}

/** A decision that lost its race was logged as well, and is decided anew: of a release the newest line counts. */
function leadTime(): string[] {
  return [
    `filter message = "${SERVES_EVERYBODY}"`,
    'stats latest(leadSeconds) as seconds, latest(@timestamp) as at by target, release',
    'sort at desc',
    'limit 20',
  ];
}

/** The alarm's own moment stands in the sentence as a time of day, and the announcement's in ms since 1970. */
function wayBack(): string[] {
  return [
    `filter message = "${DETAIL_TYPES['rolled-back']}"`,
    `parse announcement.because /${ROSE_AT}/`,
    'filter ispresent(h)',
    'fields announcement.target as target, announcement.release as release, (floor(announcement.at / 1000) - h * 3600 - m * 60 - s + 86400) % 86400 as seconds',
    'display @timestamp, target, release, seconds',
    'sort @timestamp desc',
    'limit 20',
  ];
}

function restore(): string[] {
  const [started, back] = [DETAIL_TYPES.started, DETAIL_TYPES['rolled-back']];
  return [
    `filter message in ["${started}", "${back}"]`,
    'stats min(announcement.at) as began, (max(announcement.at) - min(announcement.at)) / 1000 as seconds, count_distinct(announcement.kind) as kinds by announcement.target, announcement.release',
    'filter kinds > 1',
    'sort began desc',
    'limit 20',
  ];
}
