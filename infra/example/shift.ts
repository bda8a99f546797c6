/**
 * What ECS needs to shift the traffic of the example service: the second target group, the rules that name both,
 * and a role that may move these rules and nothing else. The strategy is the one of `pipeline.config.ts`: a
 * template that says another one would bring it back with its next change of the service.
 */
import { Duration, aws_ecs as ecs, aws_iam as iam, type Stack, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Strategy } from '../../shared/core/model/rules.ts';
import type { FrontDoor } from './network.ts';

type StrategyProps = Pick<
  ecs.FargateServiceProps,
  'deploymentStrategy' | 'bakeTime' | 'canaryConfiguration' | 'linearConfiguration'
>;

/** As CDK calls what the config says. */
export function strategyProps(strategy: Strategy): StrategyProps {
  const bakeTime = Duration.minutes(strategy.bakeMinutes);
  switch (strategy.kind) {
    case 'blueGreen':
      return { deploymentStrategy: ecs.DeploymentStrategy.BLUE_GREEN, bakeTime };
    case 'canary':
      return {
        deploymentStrategy: ecs.DeploymentStrategy.CANARY,
        bakeTime,
        canaryConfiguration: {
          stepPercent: strategy.percent,
          stepBakeTime: Duration.minutes(strategy.canaryBakeMinutes),
        },
      };
    case 'linear':
      return {
        deploymentStrategy: ecs.DeploymentStrategy.LINEAR,
        bakeTime,
        linearConfiguration: {
          stepPercent: strategy.stepPercent,
          stepBakeTime: Duration.minutes(strategy.stepBakeMinutes),
        },
      };
  }
}

/**
 * ECS writes the weights of both rules from the first release on: leave the rules as they are in the template, since
 * whatever changes there sets the weights back, and the traffic with them.
 */
export function alternateTarget(stack: Stack, door: FrontDoor): ecs.AlternateTarget {
  return new ecs.AlternateTarget('alternate', {
    alternateTargetGroup: door.green,
    productionListener: ecs.ListenerRuleConfiguration.applicationListenerRule(door.productionRule),
    testListener: ecs.ListenerRuleConfiguration.applicationListenerRule(door.testRule),
    role: moverOf(stack, door),
  });
}

/**
 * Less than AmazonECSInfrastructureRolePolicyForLoadBalancers, which may move every rule of the account. That ECS
 * needs no more for an Application Load Balancer is inferred from that policy and from public templates.
 */
function moverOf(scope: Construct, { blue, green, productionRule, testRule }: FrontDoor): iam.Role {
  const role = new iam.Role(scope, 'moves-rules', {
    assumedBy: new iam.ServicePrincipal('ecs.amazonaws.com'),
    description: 'ECS shifts the traffic of the service with it',
    inlinePolicies: {
      shift: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({
            sid: 'Move',
            actions: ['elasticloadbalancing:ModifyRule'],
            resources: [productionRule.listenerRuleArn, testRule.listenerRuleArn],
          }),
          new iam.PolicyStatement({
            sid: 'Register',
            actions: [
              'elasticloadbalancing:RegisterTargets',
              'elasticloadbalancing:DeregisterTargets',
            ],
            resources: [blue.targetGroupArn, green.targetGroupArn],
          }),
          new iam.PolicyStatement({
            sid: 'Look',
            actions: [
              'elasticloadbalancing:DescribeListeners',
              'elasticloadbalancing:DescribeRules',
              'elasticloadbalancing:DescribeTargetGroups',
              'elasticloadbalancing:DescribeTargetHealth',
            ],
            resources: ['*'],
          }),
        ],
      }),
    },
  });
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'Describe calls of Elastic Load Balancing know no resources.',
  });
  return role;
}
