/**
 * URLs of queues as a client reaches them here. Inside, and in AWS, they are those of
 * `sqs.<region>.amazonaws.com`; some SDKs send a queue's requests to wherever its URL points.
 */
const AT_AWS = /^https:\/\/sqs\.[a-z0-9-]+\.amazonaws\.com(?=\/)/;

/** `host` is what the client called us; without one the URLs stay. */
export function withQueueUrlsAt(host: string | undefined, output: object): object {
  if (host === undefined) return output;
  const here = (url: unknown) => String(url).replace(AT_AWS, `http://${host}`);
  const { QueueUrl, QueueUrls } = output as { QueueUrl?: string; QueueUrls?: readonly string[] };
  return {
    ...output,
    ...(QueueUrl !== undefined && { QueueUrl: here(QueueUrl) }),
    ...(QueueUrls !== undefined && { QueueUrls: QueueUrls.map(here) }),
  };
}
