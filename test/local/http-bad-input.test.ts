import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { BODY_BYTES_MOST } from '@slipway/local-cloud/server/body.ts';
import { describe, expect, test } from 'vitest';
import type { LocalAws } from '../../local/server/local-aws.ts';
import {
  ask,
  ECS,
  jsonRequest,
  localAws,
  sharedAws,
  stopServersAfterwards,
  warnings,
} from './http-world.ts';

stopServersAfterwards();

const DESCRIBE = `${ECS}.DescribeServices`;
const QUESTION = { cluster: 'production', services: ['web'] };

async function isAlive(aws: LocalAws): Promise<boolean> {
  const { body } = await ask(aws, DESCRIBE, QUESTION);
  return (body.services?.[0]?.serviceName as unknown) === 'web';
}

/** Text straight onto the socket; what comes back until it is closed. */
function raw(aws: LocalAws, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(aws.url).port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (data) => {
      answer += data.toString();
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

describe('what a client may send', () => {
  test.each([
    ['JSON that is none', '{"cluster": ', 'SerializationException', /the body is not JSON/],
    ['JSON that is no object', '[1]', 'SerializationException', /no object/],
    ['JSON nested without end', '['.repeat(100_000), 'SerializationException', /not JSON/],
    [
      'a text where a list belongs',
      { ...QUESTION, services: 'web' },
      'SerializationException',
      /^STRING_VALUE cannot be converted to List \(at services\)$/,
    ],
    [
      'a number where a text belongs',
      { ...QUESTION, cluster: 5 },
      'SerializationException',
      /^NUMBER_VALUE cannot be converted to String \(at cluster\)$/,
    ],
    [
      'a word that is none of its kind, in ECS’s own words',
      { ...QUESTION, include: ['ALL'] },
      'InvalidParameterException',
      /^include should be one of \[TAGS\]$/,
    ],
    ['nothing, of no cluster', '', 'ClusterNotFoundException', /^Cluster not found\.$/],
  ])('%s is refused as AWS refuses it', async (_, body, code, message) => {
    const aws = await sharedAws();
    const answer = await ask(aws, DESCRIBE, body);
    expect(answer.status).toBe(400);
    expect(answer.body.__type).toBe(code);
    expect(answer.body.message).toMatch(message);
    expect(answer.headers.get('x-amzn-errortype')).toBe(answer.body.__type);
    expect(answer.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await isAlive(aws)).toBe(true);
  });

  test.each([
    [
      'EventBridge',
      'AWSEvents.PutEvents',
      { Entries: [] },
      'ValidationException',
      "Value at 'entries' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      'SSM',
      'AmazonSSM.PutParameter',
      { Name: 'a', Value: 'b', Type: 'Text' },
      'ValidationException',
      "Value 'Text' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [String, StringList, SecureString]",
    ],
    [
      'ECR',
      'AmazonEC2ContainerRegistry_V20150921.DescribeImages',
      { repositoryName: 'UPPER' },
      'InvalidParameterException',
      "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '",
    ],
    [
      'SQS',
      'AmazonSQS.SendMessage',
      { QueueUrl: 'slipway-urgent' },
      'MissingParameter',
      'MessageBody',
    ],
    [
      'CloudWatch',
      'GraniteServiceVersion20100801.DescribeAlarms',
      { MaxRecords: 0 },
      'ValidationError',
      "1 validation error detected: Value '0' at 'maxRecords' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
  ])('%s answers in its own way', async (_, target, body, code, part) => {
    const aws = await sharedAws();
    const answer = await ask(aws, target, body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ __type: code, message: expect.stringContaining(part) });
  });

  test('a member that the model does not know is ignored, and the terminal says so', async () => {
    const aws = await sharedAws();
    const { status } = await ask(aws, DESCRIBE, { ...QUESTION, servces: ['web'] });
    expect(status).toBe(200);
    expect(warnings).toEqual([
      'ecs:DescribeServices has no member servces; it is ignored, as AWS ignores it',
    ]);
  });

  test('names of JavaScript’s own are names like any other', async () => {
    const aws = await sharedAws();
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const service = await ask(aws, DESCRIBE, { cluster: 'production', services: [name] });
      expect(service.body.failures).toMatchObject([{ reason: 'MISSING' }]);
      const cluster = await ask(aws, DESCRIBE, { cluster: name, services: ['web'] });
      expect(cluster.body.__type).toBe('ClusterNotFoundException');
      const task = { cluster: 'production', tasks: [name] };
      const tasks = await ask(aws, `${ECS}.DescribeTasks`, task);
      expect(tasks.body.failures).toMatchObject([{ reason: 'MISSING' }]);
      const arns = { serviceDeploymentArns: [name] };
      const rollouts = await ask(aws, `${ECS}.DescribeServiceDeployments`, arns);
      expect(rollouts.body.failures).toMatchObject([{ reason: 'MISSING' }]);
      const images = await ask(aws, 'AmazonEC2ContainerRegistry_V20150921.DescribeImages', {
        repositoryName: name,
      });
      expect(images.body.__type).toMatch(/^(RepositoryNotFound|InvalidParameter)Exception$/);
      const queue = await ask(aws, 'AmazonSQS.GetQueueUrl', { QueueName: name });
      expect(queue.body.__type).toBe('QueueDoesNotExist');
      const alarm = { AlarmName: name, StateValue: 'OK', StateReason: 'x' };
      const set = await ask(aws, 'GraniteServiceVersion20100801.SetAlarmState', alarm);
      expect(set.body.__type).toBe('ResourceNotFound');
      const made = await ask(aws, `${ECS}.CreateCluster`, { clusterName: name });
      expect(made.body.cluster).toMatchObject({ clusterName: name, status: 'ACTIVE' });
    }
    const body = `{"family":"x","__proto__":{"a":1},"containerDefinitions":[{"name":"a","image":"b","memory":4,"dockerLabels":{"__proto__":"c"}}]}`;
    const { body: registered } = await ask(aws, `${ECS}.RegisterTaskDefinition`, body);
    expect(JSON.stringify(registered.taskDefinition?.containerDefinitions?.[0]?.dockerLabels)).toBe(
      '{"__proto__":"c"}',
    );
    expect(({} as Record<string, unknown>).a).toBeUndefined();
    expect(warnings.filter((line) => line.startsWith('internal'))).toEqual([]);
  });

  test('a range of time without bounds is answered at once', async () => {
    const aws = await sharedAws();
    const answer = await ask(aws, 'GraniteServiceVersion20100801.GetMetricData', {
      StartTime: 0,
      EndTime: 9_000_000_000,
      MetricDataQueries: [
        {
          Id: 'm',
          MetricStat: { Metric: { Namespace: 'n', MetricName: 'm' }, Period: 60, Stat: 'Sum' },
        },
      ],
    });
    expect(answer.body.MetricDataResults).toMatchObject([{ Values: [] }]);
  });
});

describe('requests that mean nothing here', () => {
  test.each([
    ['an operation that nobody has', `${ECS}.Nonsense`, 'UnknownOperationException'],
    ['an operation that only AWS has', `${ECS}.CreateTaskSet`, 'UnsupportedOperation'],
    ['an operation with the name of a method', `${ECS}.constructor`, 'UnknownOperationException'],
    ['a service that is not there', 'Lightsail_20161128.GetInstances', 'UnknownOperationException'],
    ['a target without a dot', 'nonsense', 'UnknownOperationException'],
  ])('%s', async (_, target, code) => {
    const aws = await sharedAws();
    const { status, body } = await ask(aws, target, {});
    expect([status, body.__type]).toEqual([400, code]);
  });

  test('an operation that is not served says what is', async () => {
    const aws = await sharedAws();
    const { body } = await ask(aws, `${ECS}.CreateTaskSet`, {});
    expect(body.message).toMatch(
      /^AWS has ecs:CreateTaskSet, the local AWS has not; it has .*DescribeServices/,
    );
  });

  test('a signed request to a service of another kind', async () => {
    const aws = await sharedAws();
    const authorization =
      'AWS4-HMAC-SHA256 Credential=A/20261120/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=0';
    const response = await fetch(`${aws.url}/bucket`, { headers: { authorization } });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      __type: 'UnknownOperationException',
      message: expect.stringContaining('has no service "s3"'),
    });
  });

  test('odd credentials, or none, do not matter', async () => {
    const aws = await sharedAws();
    for (const authorization of [
      '',
      'Basic eDp5',
      'AWS4-HMAC-SHA256',
      'AWS4-HMAC-SHA256 Credential=/',
    ]) {
      const request = jsonRequest(DESCRIBE, QUESTION, { authorization });
      expect((await fetch(aws.url, request)).status).toBe(200);
    }
  });

  test('another content type is refused, with what was expected', async () => {
    const aws = await sharedAws();
    const request = jsonRequest(DESCRIBE, QUESTION, { 'content-type': 'text/plain' });
    const response = await fetch(aws.url, request);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      __type: 'UnknownOperationException',
      message: 'content-type is "text/plain", expected application/x-amz-json-1.0 or 1.1',
    });
  });

  test('a POST that says nothing of what it is', async () => {
    const aws = await sharedAws();
    const response = await fetch(aws.url, { method: 'POST', body: 'hello' });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('is no request to AWS');
  });

  test('what is no HTTP at all', async () => {
    const aws = await sharedAws();
    expect(await raw(aws, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw(aws, 'GET //[ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 4\d\d /,
    );
    expect(await isAlive(aws)).toBe(true);
  });
});

describe('sizes', () => {
  test('a body that is too large is refused before it was sent', async () => {
    const aws = await sharedAws();
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest(aws.url, {
        method: 'POST',
        headers: { 'x-amz-target': DESCRIBE, 'content-length': BODY_BYTES_MOST + 1 },
      });
      request.on('response', (response) => resolve(response.statusCode));
      request.on('error', reject);
      request.write('{');
    });
    expect(status).toBe(413);
    expect(await isAlive(aws)).toBe(true);
  });

  test('a small body that unpacks to a huge one is refused too', async () => {
    const aws = await sharedAws();
    const bomb = gzipSync(Buffer.alloc(BODY_BYTES_MOST + 1));
    expect(bomb.length).toBeLessThan(100_000);
    const request = { ...jsonRequest(DESCRIBE, ''), body: new Uint8Array(bomb) };
    const headers = { ...request.headers, 'content-encoding': 'gzip' };
    expect((await fetch(aws.url, { ...request, headers })).status).toBe(413);
  });

  test.each([
    ['gzip', 400],
    ['br', 415],
  ])('a body that is not %s as it says', async (encoding, status) => {
    const aws = await sharedAws();
    const headers = { 'content-encoding': encoding };
    const response = await fetch(aws.url, jsonRequest(DESCRIBE, QUESTION, headers));
    expect(response.status).toBe(status);
  });
});

describe('many, and those that leave', () => {
  test('two hundred at once each get their own answer', async () => {
    const aws = await sharedAws();
    const names = Array.from({ length: 200 }, (_, index) => `cluster-${index}`);
    const answers = await Promise.all(
      names.map(
        async (clusterName) => (await ask(aws, `${ECS}.CreateCluster`, { clusterName })).body,
      ),
    );
    expect(answers.map(({ cluster }) => cluster?.clusterName)).toEqual(names);
  });

  test('a client that hangs up in the middle of its request', async () => {
    const aws = await sharedAws();
    for (let count = 0; count < 20; count++) {
      await new Promise<void>((resolve) => {
        const socket = connect(Number(new URL(aws.url).port), '127.0.0.1', () => {
          socket.write(`POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: ${DESCRIBE}\r\n`);
          socket.write('Content-Length: 1000\r\n\r\n{"cluster"', () => socket.destroy());
        });
        socket.on('close', () => resolve());
      });
    }
    expect(await isAlive(aws)).toBe(true);
    expect(warnings).toEqual([]);
  });

  test('a client that hangs up before it is answered troubles nobody', async () => {
    const aws = await localAws();
    // The turn is taken, so the request waits until the client is gone.
    let release = () => {};
    const busy = aws.live.still(() => new Promise<void>((resolve) => (release = resolve)));
    const controller = new AbortController();
    const request = jsonRequest(`${ECS}.CreateCluster`, { clusterName: 'left' });
    const left = fetch(aws.url, { ...request, signal: controller.signal });
    const gone = expect(left).rejects.toThrow();
    // What needs no turn is answered meanwhile, and by then the first request has arrived.
    expect((await fetch(`${aws.url}/_slipway/timeline`)).status).toBe(200);
    controller.abort();
    await gone;
    release();
    await busy;
    expect(await isAlive(aws)).toBe(true);
    expect(warnings).toEqual([]);
  });

  test('stopping waits for the request under way, and lets the port go', async () => {
    const aws = await localAws();
    const asked = ask(aws, DESCRIBE, QUESTION);
    const [answer] = await Promise.all([asked, asked.then(() => aws.stop())]);
    expect(answer.status).toBe(200);
    await expect(fetch(aws.url)).rejects.toThrow();
    const again = await localAws({ port: Number(new URL(aws.url).port) });
    expect(await isAlive(again)).toBe(true);
  });

  test('a client that deletes a queue of ours stops no time', async () => {
    const aws = await localAws();
    const { status } = await ask(aws, 'AmazonSQS.DeleteQueue', { QueueUrl: 'slipway-releases' });
    expect(status).toBe(200);
    const from = aws.live.cloud.world.now;
    await aws.live.advance(300_000);
    expect(aws.live.cloud.world.now).toBe(from + 300_000);
    expect(warnings.filter((line) => line.startsWith('internal'))).toEqual([]);
  });

  test('a port that is taken is told as such', async () => {
    const aws = await localAws();
    const port = Number(new URL(aws.url).port);
    await expect(localAws({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
