/** What the fuzzing found, each once more by itself. */
import type { SQSBatchResponse } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { createHandler } from '../../functions/reconcile.ts';
import { scenarioOf } from '../../local/stories/scenario.ts';
import { parseScenario } from '../../local/stories/scenario-format.ts';
import { parsePipeline } from '../../shared/config/config.ts';
import { breachEndsAt } from '../../shared/core/model/breach/breach.ts';
import type { ImageDigest } from '../../shared/core/model/image.ts';
import { renderRevision } from '../../shared/core/release/task-definition.ts';
import { parseEnvelope } from '../../shared/edge/envelope.ts';
import { bodyOf, type Envelope } from '../../shared/edge/message.ts';
import { parseAwsEvent } from '../../shared/edge/parse-aws-event.ts';
import type { Ports } from '../../shared/ports.ts';
import { listeningLog } from '../aws/wire.ts';
import { home } from '../edge/expected.ts';
import { contextWith, keepingQueues, pipeline } from '../functions/sent.ts';
import { pipelines } from './more-samples.ts';
import { samples } from './samples.ts';

const many = Array.from({ length: 500_000 }, () => 1);
const digest = `sha256:${'a'.repeat(64)}` as ImageDigest;
const image = { registry: pipeline.registry, repository: 'shop/web', digest, tags: ['main-1'] };
const cause = { id: 'e-1', source: 'slipway.operator', detailType: 'word of a person' };
const hint: Envelope = {
  target: 'ecs/production/web',
  message: { type: 'Hinted', cause: 'tick' },
  cause,
};

function sample(name: string): Record<string, unknown> {
  return samples.find((each) => each.name === name)?.value as Record<string, unknown>;
}

function errorOf(work: () => unknown): { name: string; message: string } {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was wrong');
}

function asked(command: object): string {
  const word = { type: 'CommandReceived', by: 'ada', because: 'it is slow', command };
  return JSON.stringify({ target: hint.target, message: word, cause });
}

function config(change: (web: Record<string, unknown>) => object): unknown {
  const input = structuredClone(pipelines[1]?.value) as { targets: { web: object } };
  return { ...input, targets: { ...input.targets, ...change({ ...input.targets.web }) } };
}

describe('a list of half a million wrong entries is refused at once, and not each of them', () => {
  const tags = { ...image, tags: many };
  test.each([
    [
      'resources',
      () => parseAwsEvent({ ...sample('ecr-image-pushed.json'), resources: many }, home),
    ],
    ['tags', () => parseEnvelope(asked({ do: 'deploy', images: { app: tags } }))],
    ['globs', () => parsePipeline(config((web) => ({ web: { ...web, alarms: many } })))],
    ['steps', () => parseScenario({ steps: many, until: '1m' })],
    [
      'tags of a scenario',
      () =>
        parseScenario({ steps: [], until: '1m', expect: { targets: { web: { proven: many } } } }),
    ],
  ])('%s', (_, read) => {
    const began = performance.now();
    expect(errorOf(read).message).toContain('a list of 500000, expected at most 5000 entries');
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

test('a time that the envelope cannot carry is refused before it is sent', () => {
  const event = { ...sample('ecr-image-pushed.json'), time: '9999-12-31T23:59:59-23:59' };
  expect(errorOf(() => parseAwsEvent(event, home)).message).toContain(
    'expected an ISO 8601 time from 1970 to 9999',
  );
});

test.each([
  { period: 1e300, evaluatedDatapoints: [{ timestamp: '2026-11-20T10:02:00Z' }] },
  { period: 0.0001, evaluatedDatapoints: [{ timestamp: '2026-11-20T10:02:00Z' }] },
  { period: 60, evaluatedDatapoints: [{ timestamp: '0000-01-01T00:00:00Z' }] },
  { period: 60, evaluatedDatapoints: [{ timestamp: '9999-12-31T23:59:59Z' }] },
])('a breach ends at a time, or nobody knows when: %j', (data) => {
  expect(breachEndsAt(undefined, data)).toBeUndefined();
});

test('a body has only characters that SQS takes, and says the same', () => {
  const envelope = { ...hint, cause: { ...cause, id: 'a\uffff\ufffe\ud800\u0000z' } };
  expect(bodyOf(envelope)).not.toMatch(/[^ -~]/);
  const heard = { ...cause, id: 'a\uffff\ufffe\ud800 z' };
  expect(parseEnvelope(bodyOf(envelope))).toEqual({ ...envelope, cause: heard });
});

test('keys that a sender chose are cut and quoted in an error', () => {
  const images = { [`a\u001b[31m${'x'.repeat(100_000)}`]: image };
  const { message } = errorOf(() => parseEnvelope(asked({ do: 'deploy', images })));
  expect(message.length).toBeLessThan(500);
  expect(message).toContain('message.command.images."a\\u001b[31mxxx');
});

test('names of two targets on one service are cut in the error', () => {
  const cluster = 'x'.repeat(100_000);
  const input = config((web) => ({ web: { ...web, cluster }, other: { ...web, cluster } }));
  expect(errorOf(() => parsePipeline(input)).message.length).toBeLessThan(2_000);
});

test('of very many mistakes the first hundred are told', () => {
  const keys = Object.fromEntries(many.slice(0, 50_000).map((_, i) => [`key${i}`, 1]));
  // Of this thread: a busy machine is not our doing.
  const began = process.threadCpuUsage();
  const { message } = errorOf(() => parsePipeline({ ...(pipelines[0]?.value as object), ...keys }));
  expect(message.split('\n')).toHaveLength(101);
  expect(message).toContain('has more than 100 mistakes; nothing runs until they are mended:');
  expect(process.threadCpuUsage(began).user).toBeLessThan(500_000);
});

test('a record of the batch without a body fails alone; an endless id is no id', async () => {
  const { queues } = keepingQueues();
  const ports = () => ({ records: { load: async () => undefined } }) as unknown as Ports;
  const handler = createHandler(() => ({ pipeline, queues, ports, log: listeningLog() }));
  const run = (Records: readonly object[]) =>
    handler({ Records }, contextWith(20_000)) as Promise<SQSBatchResponse>;
  const good = { messageId: 'm1', body: bodyOf({ ...hint, target: 'ecs/production/gone' }) };
  expect(await run([good, { messageId: 'm2' }, { messageId: 'm3', body: {} }])).toEqual({
    batchItemFailures: [{ itemIdentifier: 'm2' }, { itemIdentifier: 'm3' }],
  });
  await expect(run([{ ...good, messageId: 'm'.repeat(101) }])).rejects.toMatchObject({
    name: 'UnreadableEvent',
  });
});

test('a tag of a task definition that is no tag is left out', () => {
  const definition = { containerDefinitions: [{ name: 'app', image: 'old' }] };
  const tags = [null, { key: 'team', value: 'shop' }] as never;
  expect(renderRevision(definition, tags, { app: image }, {})).toMatchObject({
    input: { tags: [{ key: 'team', value: 'shop' }] },
  });
});

describe('a scenario', () => {
  const steps = (step: object) => parseScenario({ steps: [{ at: '1m', ...step }], until: '2m' });
  const target = 'web';

  test.each([
    [{ operator: { target, ask: { do: 'hold' }, by: '' } }, 'operator.by: is ""'],
    [{ operator: { target, ask: { do: 'deploy', images: {} } } }, 'operator.ask.images: is an obj'],
    [{ operator: { target, ask: { do: 'rollback', to: 'x'.repeat(301) } } }, 'operator.ask.to: is'],
    [JSON.parse('{"updateService":{"target":"web","images":{"__proto__":"a"}}}'), 'no key __proto'],
  ])('says nothing that the queue refuses: %j', (step, reason) => {
    expect(errorOf(() => steps(step)).message).toContain(reason);
  });

  const base = parsePipeline(pipelines[0]?.value);
  const played = (input: object) =>
    errorOf(() => scenarioOf(JSON.stringify({ steps: [], until: '1m', ...input }), base)).message;

  test('has its own words in its errors, whatever signs are in them', () => {
    expect(played({ targets: { web: { config: { '$&': 1 } } } })).toContain(
      'targets.web.config."$&": is the number 1, but there is no such setting',
    );
    expect(played({ targets: { 'a.b': { config: { x: 1 } } } })).toContain(
      'targets."a.b": is "a.b", expected a target name',
    );
  });

  test('lists the names that it knows, cut', () => {
    const alarms = ['x'.repeat(255)];
    const message = played({
      targets: { web: { config: { alarms }, alarms: { nobody: {} } } },
    });
    expect(message.length).toBeLessThan(400);
  });
});
