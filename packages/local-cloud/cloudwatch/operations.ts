/** What a client can ask of CloudWatch, by operation name. */
import { alarmOperations } from './alarm-operations.ts';
import { metricOperations } from './metric-operations.ts';
import { listingOperations } from './metric-views.ts';
import { muteOperations } from './mute-rules.ts';
import { askingOperations } from './views.ts';

export const cloudwatchOperations = {
  ...alarmOperations,
  ...askingOperations,
  ...metricOperations,
  ...listingOperations,
  ...muteOperations,
};
