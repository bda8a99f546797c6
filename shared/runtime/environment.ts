/** The environment variables of the functions, by name, once. Their values come from the infrastructure. */

export const ENVIRONMENT = {
  /** Name of the table with the records. */
  table: 'SLIPWAY_TABLE',
  /** URLs of the queues. */
  urgentQueue: 'SLIPWAY_URGENT_QUEUE_URL',
  releasesQueue: 'SLIPWAY_RELEASES_QUEUE_URL',
  buildsQueue: 'SLIPWAY_BUILDS_QUEUE_URL',
  feedbackQueue: 'SLIPWAY_FEEDBACK_QUEUE_URL',
  /** Name or ARN of the event bus on which releases are announced. */
  bus: 'SLIPWAY_BUS',
  /** How long history entries are kept; 90 unless set. */
  historyDays: 'SLIPWAY_HISTORY_DAYS',
  /** DEBUG also logs every read; INFO unless set. */
  logLevel: 'SLIPWAY_LOG_LEVEL',
} as const;

export const HISTORY_DAYS = 90;

export type Environment = Readonly<Record<string, string | undefined>>;

/** The value, or an error that names what is missing: a function deployed half is our mistake. */
export function required(environment: Environment, name: keyof typeof ENVIRONMENT): string {
  const value = environment[ENVIRONMENT[name]];
  if (value === undefined || value === '') {
    throw new Error(
      `The environment variable ${ENVIRONMENT[name]} is ${value === '' ? 'empty' : 'missing'}; ` +
        'the function cannot start before the infrastructure sets it.',
    );
  }
  return value;
}

/** Days to keep history: a whole number from 1 to 3650, or an error. */
export function historyDays(environment: Environment): number {
  const text = environment[ENVIRONMENT.historyDays];
  if (text === undefined || text === '') return HISTORY_DAYS;
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 3650) {
    throw new Error(
      `${ENVIRONMENT.historyDays} is ${JSON.stringify(text)}, expected whole days from 1 to 3650.`,
    );
  }
  return days;
}
