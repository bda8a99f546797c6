/** Published prices of us-east-1, in dollars and without the free tier, as read on that day. */

export const READ_ON = '2026-11-21';

interface Price {
  readonly dollars: number;
  readonly per: string;
  /** Below aws.amazon.com. */
  readonly page: string;
}

const MILLION = 1_000_000;

export const PRICES = {
  alarm: { dollars: 0.1, per: 'alarm and month', page: 'cloudwatch/pricing' },
  dashboard: { dollars: 3, per: 'dashboard and month', page: 'cloudwatch/pricing' },
  metric: { dollars: 0.3, per: 'metric and month with data', page: 'cloudwatch/pricing' },
  logs: { dollars: 0.5, per: 'GB of logs', page: 'cloudwatch/pricing' },
  cloudwatchCalls: {
    dollars: 0.01,
    per: '1,000 requests to CloudWatch',
    page: 'cloudwatch/pricing',
  },
  traces: { dollars: 5, per: 'million traces', page: 'xray/pricing' },
  gbSeconds: { dollars: 0.0000133334, per: 'GB-second of Lambda on arm64', page: 'lambda/pricing' },
  invocations: { dollars: 0.2, per: 'million invocations', page: 'lambda/pricing' },
  queues: { dollars: 0.4, per: 'million requests to SQS', page: 'sqs/pricing' },
  writes: { dollars: 0.625, per: 'million write units', page: 'dynamodb/pricing/on-demand' },
  reads: { dollars: 0.125, per: 'million read units', page: 'dynamodb/pricing/on-demand' },
  announcements: { dollars: 1, per: 'million events of our own', page: 'eventbridge/pricing' },
  secret: { dollars: 0.4, per: 'secret and month', page: 'secrets-manager/pricing' },
  buildMinute: { dollars: 0.01, per: 'minute of MEDIUM Linux', page: 'codebuild/pricing' },
  layers: { dollars: 0.1, per: 'GB and month of layers', page: 'ecr/pricing' },
} as const satisfies Readonly<Record<string, Price>>;

/** Of so many of what the price is for. */
export function priceOf(what: keyof typeof PRICES, count: number): number {
  const { dollars, per }: Price = PRICES[what];
  const of = per.startsWith('million') ? MILLION : per.startsWith('1,000') ? 1_000 : 1;
  return (dollars * count) / of;
}
