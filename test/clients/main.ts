/**
 * `npm run test:clients`: drives the local AWS with clients that nobody here wrote, over HTTP as a
 * user would: the aws CLI, boto3 with its waiters, and the AWS SDK for JavaScript with its defaults.
 * What is not installed is skipped, and said. Exit code 1 if anything that was tried failed.
 */
import { startLocalAws } from '../../local/server/local-aws.ts';
import pipeline from '../../pipeline.config.ts';
import { tryAwsCli } from './aws-cli.ts';
import { tryBoto3 } from './boto3.ts';
import { tryJavaScript } from './javascript.ts';
import type { Tried } from './tried.ts';

/** Fast enough that a waiter of fifteen seconds sees a whole rollout. */
const SPEED = 60;

const warnings: string[] = [];
const aws = await startLocalAws({
  pipeline,
  port: 0,
  host: '127.0.0.1',
  seed: 1,
  speed: SPEED,
  onWarning: (line) => warnings.push(line),
});
console.log(`the local AWS listens at ${aws.url}, ${SPEED} times as fast as life\n`);

const tried: Tried[] = [];
for (const [name, attempt] of [
  ['aws CLI', tryAwsCli],
  ['boto3', tryBoto3],
  ['AWS SDK for JavaScript', tryJavaScript],
] as const) {
  const results = await attempt(aws.url, pipeline.region);
  for (const result of results) tell(name, result);
  tried.push(...results);
}
await aws.stop();

const failed = tried.filter(({ outcome }) => outcome === 'failed').length;
const skipped = tried.filter(({ outcome }) => outcome === 'skipped').length;
for (const line of warnings) console.log(`the local AWS warned: ${line}`);
console.log(
  `\n${tried.length - failed - skipped} passed, ${failed} failed, ${skipped} skipped, ${warnings.length} warnings of the local AWS`,
);
process.exitCode = failed === 0 && warnings.length === 0 ? 0 : 1;

function tell(client: string, { what, outcome, detail = '' }: Tried): void {
  const first = detail.trim().split('\n').at(-1) ?? '';
  console.log(`${outcome.padEnd(8)} ${client.padEnd(24)} ${what}${first && `: ${first}`}`);
}
