/** How each service says that IAM does not let somebody: the code, the status. */
import { AwsError } from './errors.ts';

/** Those that once spoke the Query protocol only have its code. (SQS observed; the others' status unverified) */
const QUERY_SERVICES = new Set(['sqs', 'monitoring', 'sts', 'elasticloadbalancing']);

export function accessDenied(service: string, sentence: string): AwsError {
  return QUERY_SERVICES.has(service)
    ? new AwsError('AccessDenied', sentence, { status: 403 })
    : new AwsError('AccessDeniedException', sentence);
}
