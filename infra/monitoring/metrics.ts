/**
 * Figures from the functions' own log lines: announcements by kind, and calls that AWS throttled.
 * A metric filter costs nothing while nothing is said; the words come from where they are written.
 */
import { aws_cloudwatch as cloudwatch, Duration, aws_logs as logs } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { DETAIL_TYPES, SOURCE_DETAIL_TYPES } from '../../shared/aws/announcements.ts';
import type { AnnouncementKind } from '../../shared/core/model/announcement.ts';
import type { SourceAnnouncementKind } from '../../shared/core/source/announcement.ts';
import type { Named } from '../../shared/parsing/pipeline-name.ts';
import type { Functions } from '../functions.ts';
import { stackName } from '../names.ts';

/** What the dashboard shows; the others stay in the logs. */
const COUNTED = [
  'started',
  'proven',
  'rolled-back',
  'failed',
  'held',
  'refused',
  'superseded',
  'needs-attention',
  'would-have',
] as const satisfies readonly AnnouncementKind[];

/** The same of builds. */
const COUNTED_BUILDS = [
  'building',
  'built',
  'build-failed',
  'build-stopped',
] as const satisfies readonly SourceAnnouncementKind[];

export interface Metrics {
  readonly told: Readonly<Record<(typeof COUNTED)[number], cloudwatch.Metric>>;
  /** In the order of `COUNTED_BUILDS`; empty without sources. */
  readonly toldOfBuilds: readonly cloudwatch.Metric[];
  readonly throttledCalls: cloudwatch.IMetric;
}

/** The errors by which AWS services say so. */
const THROTTLES = [
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'ProvisionedThroughputExceededException',
];

export function createMetrics(scope: Construct, pipeline: Named, functions: Functions): Metrics {
  const namespace = stackName(pipeline);
  const ours = (metricName: string) => metric(namespace, metricName);
  const told = COUNTED.map((kind) => {
    filter(scope, `told-${kind}`, functions.reconcile.logGroup, {
      namespace,
      pattern: logs.FilterPattern.stringValue('$.message', '=', DETAIL_TYPES[kind]),
      metricName: kind,
    });
    return [kind, ours(kind)] as const;
  });
  const toldOfBuilds = countBuilds(scope, namespace, functions.build?.logGroup);
  for (const name of ['reconcile', 'tick', 'build', 'feedback'] as const) {
    const logGroup = functions[name]?.logGroup;
    if (logGroup === undefined) continue;
    filter(scope, `throttled-${name}`, logGroup, {
      namespace,
      pattern: logs.FilterPattern.anyTerm(...THROTTLES),
      metricName: 'throttled-calls',
    });
  }
  return {
    told: Object.fromEntries(told) as Metrics['told'],
    toldOfBuilds,
    throttledCalls: ours('throttled-calls'),
  };
}

function countBuilds(
  scope: Construct,
  namespace: string,
  logGroup: logs.ILogGroup | undefined,
): readonly cloudwatch.Metric[] {
  if (logGroup === undefined) return [];
  return COUNTED_BUILDS.map((kind) => {
    filter(scope, `told-${kind}`, logGroup, {
      namespace,
      pattern: logs.FilterPattern.stringValue('$.message', '=', SOURCE_DETAIL_TYPES[kind]),
      metricName: kind,
    });
    return metric(namespace, kind);
  });
}

interface Counted {
  readonly namespace: string;
  readonly pattern: logs.IFilterPattern;
  readonly metricName: string;
}

function filter(
  scope: Construct,
  id: string,
  logGroup: logs.ILogGroup,
  { namespace, pattern, metricName }: Counted,
): void {
  new logs.MetricFilter(scope, id, {
    logGroup,
    filterPattern: pattern,
    metricNamespace: namespace,
    metricName,
    metricValue: '1',
  });
}

function metric(namespace: string, metricName: string): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace,
    metricName,
    statistic: 'Sum',
    period: Duration.minutes(5),
  });
}
