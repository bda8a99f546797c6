/** The wiring of `slipway init`, before there is a config: it looks, and has no call that changes anything. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { STSClient } from '@aws-sdk/client-sts';
import type { Log } from '../../ports.ts';
import type { Upkeep } from '../../upkeep-ports.ts';
import { askCaller, type Caller } from '../account/caller.ts';
import { createImages } from '../ecr/images.ts';
import { readServices, type ServicesRead } from '../ecs/read.ts';
import { createSurvey, type Survey } from '../survey.ts';
import { type CallLog, logCalls } from './call-log.ts';
import { type ClientSettings, readSettings } from './client-settings.ts';

export interface Surveyor extends Survey, Pick<ServicesRead, 'rawDefinition'> {
  caller(): Promise<Caller>;
  readonly images: Pick<Upkeep, 'taggedImages'>;
}

export function connectSurveyor(
  aws: ClientSettings,
  callLog: CallLog & { readonly log: Log },
): Surveyor {
  const settings = readSettings(aws);
  const ecs = logCalls(new ECSClient(settings), callLog);
  const sts = logCalls(new STSClient(settings), callLog);
  return {
    ...createSurvey(ecs, logCalls(new CloudWatchClient(settings), callLog)),
    caller: () => askCaller(sts),
    rawDefinition: readServices(ecs, callLog.log).rawDefinition,
    images: createImages(logCalls(new ECRClient(settings), callLog), callLog.log),
  };
}
