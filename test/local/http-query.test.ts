import { XMLParser } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import type { LocalAws } from '../../local/server/local-aws.ts';
import { sharedAws, stopServersAfterwards, warnings } from './http-world.ts';

stopServersAfterwards();

const FORM = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
const SQS = { Version: '2012-11-05' };
const CLOUDWATCH = { Version: '2010-08-01' };
const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false });

async function query(aws: LocalAws, parameters: Record<string, string>, path = '/', headers = {}) {
  const response = await fetch(aws.url + path, {
    method: 'POST',
    headers: { ...FORM, ...headers },
    body: new URLSearchParams(parameters),
  });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    xml: parser.parse(await response.text()),
  };
}

describe('the Query protocol', () => {
  test('SQS: a queue with attributes, a message with attributes, and both come back', async () => {
    const aws = await sharedAws();
    const made = await query(aws, {
      ...SQS,
      Action: 'CreateQueue',
      QueueName: 'mine',
      'Attribute.1.Name': 'VisibilityTimeout',
      'Attribute.1.Value': '12',
      'Attribute.2.Name': 'DelaySeconds',
      'Attribute.2.Value': '0',
    });
    expect(made.type).toBe('text/xml');
    expect(made.xml.CreateQueueResponse).toMatchObject({
      '@_xmlns': 'http://queue.amazonaws.com/doc/2012-11-05/',
      CreateQueueResult: { QueueUrl: `${aws.url}/123456789012/mine` },
      ResponseMetadata: { RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
    const body = 'a <&> \r\n ü \u{1f600}';
    const sent = await query(
      aws,
      {
        ...SQS,
        Action: 'SendMessage',
        MessageBody: body,
        'MessageAttribute.1.Name': 'kind',
        'MessageAttribute.1.Value.DataType': 'String',
        'MessageAttribute.1.Value.StringValue': 'test',
      },
      // The queue is named by the path alone.
      '/123456789012/mine',
    );
    expect(sent.status).toBe(200);
    const received = await query(aws, {
      ...SQS,
      Action: 'ReceiveMessage',
      QueueUrl: `${aws.url}/123456789012/mine`,
      'AttributeName.1': 'ApproximateReceiveCount',
      'MessageAttributeName.1': 'All',
    });
    expect(received.xml.ReceiveMessageResponse.ReceiveMessageResult.Message).toMatchObject({
      Body: body.replace('\r', '&#xD;').trim(),
      Attribute: { Name: 'ApproximateReceiveCount', Value: '1' },
      MessageAttribute: { Name: 'kind', Value: { StringValue: 'test', DataType: 'String' } },
    });
    const asked = await query(aws, {
      ...SQS,
      Action: 'GetQueueAttributes',
      QueueUrl: `${aws.url}/123456789012/mine`,
      'AttributeName.1': 'VisibilityTimeout',
      'AttributeName.2': 'ApproximateNumberOfMessagesNotVisible',
    });
    expect(asked.xml.GetQueueAttributesResponse.GetQueueAttributesResult.Attribute).toEqual([
      { Name: 'ApproximateNumberOfMessagesNotVisible', Value: '1' },
      { Name: 'VisibilityTimeout', Value: '12' },
    ]);
    expect(warnings).toEqual([]);
  });

  test('SQS: a batch is a flattened list, in the order of its numbers', async () => {
    const aws = await sharedAws();
    await query(aws, { ...SQS, Action: 'CreateQueue', QueueName: 'other' });
    const entries = Object.fromEntries(
      [10, 2, 1].flatMap((number) => {
        const entry = `SendMessageBatchRequestEntry.${number}`;
        return [
          [`${entry}.Id`, `id-${number}`],
          [`${entry}.MessageBody`, `body ${number}`],
        ];
      }),
    );
    const { xml } = await query(aws, {
      ...SQS,
      Action: 'SendMessageBatch',
      QueueUrl: 'other',
      ...entries,
    });
    const { SendMessageBatchResultEntry } = xml.SendMessageBatchResponse.SendMessageBatchResult;
    expect(SendMessageBatchResultEntry.map(({ Id }: { Id: string }) => Id)).toEqual([
      'id-1',
      'id-2',
      'id-10',
    ]);
  });

  test('SQS: the old code of an error, as old clients know it', async () => {
    const aws = await sharedAws();
    const { status, xml } = await query(aws, { ...SQS, Action: 'GetQueueUrl', QueueName: 'no' });
    expect(status).toBe(400);
    expect(xml.ErrorResponse.Error).toEqual({
      Type: 'Sender',
      Code: 'AWS.SimpleQueueService.NonExistentQueue',
      Message: 'The specified queue does not exist.',
    });
  });

  test('CloudWatch: an alarm by metric math comes back as it was put', async () => {
    const aws = await sharedAws();
    const { status } = await query(aws, {
      ...CLOUDWATCH,
      Action: 'PutMetricAlarm',
      AlarmName: 'mine',
      EvaluationPeriods: '2',
      Threshold: '0.5',
      ActionsEnabled: 'false',
      ComparisonOperator: 'GreaterThanThreshold',
      'Metrics.member.1.Id': 'rate',
      'Metrics.member.1.Expression': 'errors * 2',
      'Metrics.member.1.ReturnData': 'true',
      'Metrics.member.2.Id': 'errors',
      'Metrics.member.2.ReturnData': 'false',
      'Metrics.member.2.MetricStat.Stat': 'Sum',
      'Metrics.member.2.MetricStat.Period': '60',
      'Metrics.member.2.MetricStat.Metric.Namespace': 'Test',
      'Metrics.member.2.MetricStat.Metric.MetricName': 'Errors',
      'Metrics.member.2.MetricStat.Metric.Dimensions.member.1.Name': 'Service',
      'Metrics.member.2.MetricStat.Metric.Dimensions.member.1.Value': 'web',
    });
    expect(status).toBe(200);
    const { xml } = await query(aws, {
      ...CLOUDWATCH,
      Action: 'DescribeAlarms',
      'AlarmNames.member.1': 'mine',
    });
    const alarm = xml.DescribeAlarmsResponse.DescribeAlarmsResult.MetricAlarms.member;
    expect(alarm).toMatchObject({
      AlarmName: 'mine',
      ActionsEnabled: 'false',
      Threshold: '0.5',
      EvaluationPeriods: '2',
      StateUpdatedTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    expect(alarm.Metrics.member[1].MetricStat.Metric.Dimensions.member).toEqual({
      Name: 'Service',
      Value: 'web',
    });
  });

  test('a GET with the parameters behind the question mark', async () => {
    const aws = await sharedAws();
    const parameters = new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' });
    const response = await fetch(`${aws.url}/?${parameters}`);
    const { GetCallerIdentityResponse } = parser.parse(await response.text());
    expect(GetCallerIdentityResponse.GetCallerIdentityResult).toMatchObject({
      Account: '123456789012',
      Arn: 'arn:aws:iam::123456789012:user/local',
    });
  });

  test.each([
    ['an action that nobody has', { ...SQS, Action: 'Nonsense' }, 'InvalidAction'],
    ['an action that only AWS has', { ...SQS, Action: 'TagQueue' }, 'UnsupportedOperation'],
    [
      'a service that is not there',
      { Version: '2016-11-15', Action: 'DescribeVpcs' },
      'UnknownOperationException',
    ],
    [
      'a missing parameter',
      { ...SQS, Action: 'SendMessage', QueueUrl: 'slipway-urgent' },
      'MissingParameter',
    ],
    [
      'a number that is none',
      { ...CLOUDWATCH, Action: 'DescribeAlarms', MaxRecords: 'ten' },
      'MalformedInput',
    ],
    [
      'a word that is none of its kind',
      { ...CLOUDWATCH, Action: 'DescribeAlarms', StateValue: 'RED' },
      'ValidationError',
    ],
  ])('%s is refused in XML', async (_, parameters, code) => {
    const aws = await sharedAws();
    const { status, xml } = await query(aws, parameters);
    expect(status).toBe(400);
    expect(xml.ErrorResponse.Error.Code).toBe(code);
  });

  test('the service is the one that the signature was made for', async () => {
    const aws = await sharedAws();
    const authorization =
      'AWS4-HMAC-SHA256 Credential=AKID/20261120/eu-west-1/sqs/aws4_request, SignedHeaders=host, Signature=00';
    const { xml } = await query(aws, { Action: 'ListQueues' }, '/', { authorization });
    expect(xml.ListQueuesResponse.ListQueuesResult.QueueUrl).toContain(
      `${aws.url}/123456789012/slipway-urgent`,
    );
  });
});
