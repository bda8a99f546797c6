/**
 * What ECR and Inspector tell about scans. All of it is only a hint to look: the counts are not
 * believed, and of a multi-arch image the digest is that of one platform, which no target knows.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-events.html
 */
import * as z from 'zod/mini';
import { repositoryName, text } from '../parsing/fields.ts';
import { REPOSITORY, REPOSITORY_ARN } from '../parsing/names.ts';
import { read, UnreadableEvent } from '../parsing/unreadable.ts';
import type { AwsEvent, ParsedEvent } from './event.ts';

const status = text(/^[A-Z_]{1,100}$/, 'a word like COMPLETE');
const basic = z.object({ 'scan-status': status, 'repository-name': repositoryName });
const ARN = 'the ARN of an ECR repository';
const enhanced = z.object({ 'scan-status': status, 'repository-name': text(REPOSITORY_ARN, ARN) });

/** "ECR Image Scan", of a basic scan. */
export function parseBasicScan(event: AwsEvent): ParsedEvent {
  const detail = read(event.what, basic, event.detail, 'detail');
  return hint(event, detail['scan-status'], detail['repository-name']);
}

/** "Inspector2 Scan", of an enhanced scan: here the repository is an ARN. */
export function parseEnhancedScan(event: AwsEvent): ParsedEvent {
  const detail = read(event.what, enhanced, event.detail, 'detail');
  const arn = detail['repository-name'];
  const repository = REPOSITORY_ARN.exec(arn)?.groups?.repository;
  if (repository === undefined || !REPOSITORY.test(repository)) {
    throw new UnreadableEvent(`${event.what}, detail.repository-name`, arn, ARN);
  }
  return hint(event, detail['scan-status'], repository);
}

function hint({ cause, time }: AwsEvent, word: string, repository: string): ParsedEvent {
  return {
    kind: 'parsed',
    message: {
      type: 'Hinted',
      cause: `${cause.detailType} ${word}`,
      happenedAt: time,
      repository,
    },
    cause,
  };
}
