/** What each function is told about the others: the variables that `shared/runtime/environment.ts` names. */
import type { Pipeline } from '../shared/config/config.ts';
import { ENVIRONMENT } from '../shared/runtime/environment.ts';
import { type FunctionQueue, imageQueuesOf, lookQueuesOf } from '../shared/runtime/routing.ts';
import { busName, type FunctionName } from './names.ts';
import { type Queues, queueOf } from './queues.ts';
import type { CheckedSettings } from './settings-check.ts';

const URLS = {
  urgent: ENVIRONMENT.urgentQueue,
  releases: ENVIRONMENT.releasesQueue,
  builds: ENVIRONMENT.buildsQueue,
  feedback: ENVIRONMENT.feedbackQueue,
} as const satisfies Readonly<Record<FunctionQueue, string>>;

export function environmentOf(
  name: FunctionName,
  pipeline: Pipeline,
  queues: Queues,
  { historyDays, table }: CheckedSettings,
): Record<string, string> {
  const urls = queuesFor(name, pipeline).map((queue) => [
    URLS[queue],
    queueOf(queues, queue).queueUrl,
  ]);
  return {
    ...Object.fromEntries(urls),
    ...(REMEMBERING.includes(name) ? { [ENVIRONMENT.table]: table } : {}),
    ...(ANNOUNCING.includes(name)
      ? { [ENVIRONMENT.bus]: busName(pipeline), [ENVIRONMENT.historyDays]: String(historyDays) }
      : {}),
    [ENVIRONMENT.logLevel]: 'INFO',
  };
}

const REMEMBERING: readonly FunctionName[] = [
  'reconcile',
  'tick',
  'lifecycle-hook',
  'build',
  'feedback',
  'notice',
];
const ANNOUNCING: readonly FunctionName[] = ['reconcile', 'build'];

/** Those that it may have to send to. */
function queuesFor(name: FunctionName, pipeline: Pipeline): readonly FunctionQueue[] {
  switch (name) {
    case 'image-pushed':
      return imageQueuesOf(pipeline);
    case 'rollout-changed':
    case 'alarm-changed':
    case 'reconcile':
      return ['urgent', 'releases'];
    case 'tick':
      return lookQueuesOf(pipeline);
    case 'github-push':
    case 'build-changed':
      return ['builds'];
    case 'build':
      return ['releases', 'builds'];
    case 'feedback':
      return ['feedback'];
    case 'lifecycle-hook':
    case 'notice':
      return [];
  }
}
