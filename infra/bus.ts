/** The bus on which releases are announced; whoever wants to know adds a rule to it. */
import { CfnOutput, aws_events as events } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Named } from '../shared/parsing/pipeline-name.ts';
import { busName } from './names.ts';

/**
 * Its policy (senders.ts) only refuses, so nobody outside the account can put an event on it or a rule
 * behind it. (eb-event-bus-perms)
 */
export function createBus(scope: Construct, pipeline: Named): events.EventBus {
  const bus = new events.EventBus(scope, 'bus', {
    eventBusName: busName(pipeline),
    description: 'What became of releases. Source: slipway.',
  });
  new CfnOutput(scope, 'AnnouncementBus', {
    value: bus.eventBusArn,
    description: 'Add a rule here to hear what became of releases.',
  });
  return bus;
}
