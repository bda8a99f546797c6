/** How the local CodeBuild refuses: error names of the API reference, and what it does not know. */
import { AwsError } from '../kernel/errors.ts';

export function invalid(message: string): AwsError {
  return new AwsError('InvalidInputException', message);
}

export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}

export function tooMany(message: string): AwsError {
  return new AwsError('AccountLimitExceededException', message);
}

export function unsupported(what: string): AwsError {
  return new AwsError('UnsupportedOperation', `The local CodeBuild does not know ${what}.`);
}

/** What the model would pass over in silence, it says. */
export function refuseUnknown(operation: string, input: object, known: ReadonlySet<string>): void {
  const unknown = Object.entries(input).find(([key, value]) => !known.has(key) && value != null);
  if (unknown !== undefined) throw unsupported(`the member "${unknown[0]}" of ${operation}`);
}

/** docs, limits: builds and projects that one call can ask about. */
const NAMES_MOST = 100;

export function refuseCount(member: string, values: readonly unknown[]): void {
  if (values.length >= 1 && values.length <= NAMES_MOST) return;
  throw invalid(`${member} must have 1 to ${NAMES_MOST} members, not ${values.length}`);
}
