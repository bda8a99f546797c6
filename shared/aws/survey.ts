/**
 * What is in an account before there is a config: clusters, services, task definitions, alarms, tags. For a
 * person, with the person's own rights; whatever fails throws `TransientError`, with the call in it.
 */

import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandOutput,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import {
  DescribeServicesCommand,
  type ECSClient,
  ListClustersCommand,
  ListServicesCommand,
} from '@aws-sdk/client-ecs';
import { lastPart } from '../core/model/image.ts';
import { chunks } from './chunks.ts';
import { ask } from './refusal.ts';

export interface SurveyedService {
  readonly cluster: string;
  readonly service: string;
  readonly controller: string;
  readonly scheduling: string;
  /** ARN of the task definition. */
  readonly revision: string;
  /** As alarms name them: `targetgroup/web/0a1b2c3d4e5f6071`. */
  readonly targetGroups: readonly string[];
}

export interface SurveyedAlarm {
  readonly name: string;
  /** Of all its metrics. */
  readonly dimensions: readonly { readonly name: string; readonly value: string }[];
}

export interface Survey {
  clusters(): Promise<readonly string[]>;
  /** Names of the services of a cluster, sorted. */
  services(cluster: string): Promise<readonly string[]>;
  describe(cluster: string, services: readonly string[]): Promise<readonly SurveyedService[]>;
  alarms(): Promise<readonly SurveyedAlarm[]>;
}

/** A hundred a page: of more the rest is left out, and the caller can tell by the number. */
const PAGES_MAX = 50;
const DESCRIBED_MAX = 10;

export function createSurvey(ecs: ECSClient, cloudwatch: CloudWatchClient): Survey {
  return {
    clusters: async () => {
      const arns = await paged('ecs:ListClusters', async (nextToken) => {
        const answer = await ecs.send(new ListClustersCommand({ maxResults: 100, nextToken }));
        return { items: answer.clusterArns ?? [], nextToken: answer.nextToken };
      });
      return arns.map(lastPart).sort();
    },
    services: async (cluster) => {
      const arns = await paged(`ecs:ListServices of ${cluster}`, async (nextToken) => {
        const command = new ListServicesCommand({ cluster, maxResults: 100, nextToken });
        const answer = await ecs.send(command);
        return { items: answer.serviceArns ?? [], nextToken: answer.nextToken };
      });
      return arns.map(lastPart).sort();
    },
    describe: async (cluster, names) => {
      const found: SurveyedService[] = [];
      for (const part of chunks(names, DESCRIBED_MAX)) {
        const { services = [] } = await ask(`ecs:DescribeServices in ${cluster}`, () =>
          ecs.send(new DescribeServicesCommand({ cluster, services: part })),
        );
        const active = services.filter(({ status }) => status === 'ACTIVE');
        found.push(
          ...active.map((one) => ({
            cluster,
            service: one.serviceName ?? '',
            controller: one.deploymentController?.type ?? 'ECS',
            scheduling: one.schedulingStrategy ?? 'REPLICA',
            revision: one.taskDefinition ?? '',
            targetGroups: (one.loadBalancers ?? []).flatMap(({ targetGroupArn }) =>
              targetGroupArn === undefined ? [] : [targetGroupArn.replace(/^.*:/, '')],
            ),
          })),
        );
      }
      return found;
    },
    alarms: async () => {
      const all = await paged('cloudwatch:DescribeAlarms', async (NextToken) => {
        const answer: DescribeAlarmsCommandOutput = await cloudwatch.send(
          new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm'], MaxRecords: 100, NextToken }),
        );
        return { items: answer.MetricAlarms ?? [], nextToken: answer.NextToken };
      });
      return all.map(surveyedAlarm);
    },
  };
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken: string | undefined;
}

async function paged<T>(
  call: string,
  send: (nextToken: string | undefined) => Promise<Page<T>>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let next: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const { items, nextToken } = await ask(call, () => send(next));
    all.push(...items);
    next = nextToken;
    if (next === undefined) break;
  }
  return all;
}

function surveyedAlarm({
  AlarmName = '',
  Dimensions = [],
  Metrics = [],
}: MetricAlarm): SurveyedAlarm {
  const all = [
    ...Dimensions,
    ...Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric?.Dimensions ?? []),
  ];
  const dimensions = all.map(({ Name = '', Value = '' }) => ({ name: Name, value: Value }));
  return { name: AlarmName, dimensions };
}
