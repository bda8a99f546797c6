/** Takes what was announced from the bus and tells people: a mail, a chat. It can change nothing. */
import pipeline from '../pipeline.config.ts';
import { connectNotice } from '../shared/aws/connect/notice.ts';
import { tellPeople } from '../shared/reconcile/tell-people.ts';
import { connected, onEvent } from '../shared/runtime/lambda.ts';

export const createHandler = onEvent(tellPeople);

export const handler = createHandler(
  connected('notice', (options) => ({ pipeline, ...connectNotice(options) })),
);
