/** `slipway invoke`: one function on the samples in events/, and what it says to nonsense. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { slipway } from './run.ts';
import { slipwayHere } from './run-here.ts';

async function invoked(name: string, sample: string) {
  const { code, stdout, stderr } = await slipwayHere('invoke', name, `events/${sample}`, '--json');
  expect(stderr).toBe('');
  return { code, ...JSON.parse(stdout) };
}

function eventFile(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'slipway-')), 'event.json');
  writeFileSync(file, text);
  return file;
}

describe('an event in a file', () => {
  test('may begin with a byte order mark', async () => {
    const sample = readFileSync('events/scheduler-tick.json', 'utf8');
    const { code, stderr } = await slipwayHere('invoke', 'tick', eventFile(`\uFEFF${sample}`));
    expect([code, stderr]).toEqual([0, '']);
  });

  test('that is nested too deep to be copied is refused', async () => {
    const file = eventFile('['.repeat(100_000) + ']'.repeat(100_000));
    const { code, stderr } = await slipwayHere('invoke', 'image-pushed', file);
    expect([code, stderr]).toEqual([2, `slipway: ${file} is nested more than 1000 deep\n`]);
  });
});

describe('slipway invoke', () => {
  test('shows names and images of a task definition, and its values when asked', async () => {
    const args = ['invoke', 'reconcile', 'events/sqs-batch-reconcile.json', '--json'] as const;
    const [hidden, shown] = await Promise.all([
      slipwayHere(...args),
      slipwayHere(...args, '--show-values'),
    ]);
    const containerOf = ({ stdout }: { readonly stdout: string }) =>
      JSON.parse(stdout).calls.find(
        ({ operation }: { operation: string }) => operation === 'RegisterTaskDefinition',
      ).input.containerDefinitions[0];
    const { name, image, environment } = containerOf(hidden);
    expect([name, image]).toEqual(['app', expect.stringContaining('shop/web@sha256:')]);
    expect(environment).toEqual([{ name: 'STAGE', value: '(hidden: --show-values)' }]);
    expect(containerOf(shown).environment).toEqual([{ name: 'STAGE', value: 'production' }]);
  });

  test('image-pushed sends one message to the queue of releases', async () => {
    const { code, result, decisions, calls } = await invoked(
      'image-pushed',
      'ecr-image-pushed.json',
    );
    expect(code).toBe(0);
    expect(result).toEqual({ message: 'ImagePushed', targets: ['web'] });
    expect(decisions).toEqual([]);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({
      service: 'sqs',
      operation: 'SendMessageBatch',
      outcome: 'ok',
    });
    expect(calls[0].input.QueueUrl).toMatch(/slipway-releases$/);
  });

  test('reconcile deploys the image of its batch, and only the poison message fails', async () => {
    const { code, result, decisions, calls } = await invoked(
      'reconcile',
      'sqs-batch-reconcile.json',
    );
    expect(code).toBe(0);
    expect(result.batchItemFailures).toEqual([
      { itemIdentifier: '059f36b4-87a3-44ab-83d2-661970000002' },
    ]);
    const actions = decisions.map(({ action }: { action?: string }) => action).filter(Boolean);
    expect(actions).toEqual(['RegisterRevision', 'StartRollout']);
    const ecs = calls
      .filter(({ service }: { service: string }) => service === 'ecs')
      .map(({ operation }: { operation: string }) => operation);
    // Looks after the update are not what it costs to deploy.
    expect(ecs.slice(0, 4)).toEqual([
      'DescribeServices',
      'DescribeTaskDefinition',
      'RegisterTaskDefinition',
      'UpdateService',
    ]);
  });

  test.each([
    ['alarm-changed', 'alarm-web-5xx.json'],
    ['alarm-changed', 'alarm-web-5xx-action.json'],
    ['alarm-changed', 'alarm-web-5xx-sns.json'],
  ])('%s hears %s', async (name, sample) => {
    const { result, calls } = await invoked(name, sample);
    expect(result).toEqual({ message: 'AlarmChanged', targets: ['web'] });
    expect(calls[0].input.QueueUrl).toMatch(/slipway-urgent$/);
  });

  test('tick has nothing to do in a world at rest', async () => {
    const { result } = await invoked('tick', 'scheduler-tick.json');
    expect(result).toEqual({ due: 0, services: 0, images: 0, heads: 0 });
  });

  test('what is not ours is ignored, with the reason', async () => {
    const { code, result } = await invoked(
      'image-pushed',
      'ecr-image-pushed-other-repository.json',
    );
    expect(code).toBe(0);
    expect(result.ignored).toMatch(/no target uses the repository/);
  });

  test('for people, it prints result, decisions and calls', async () => {
    const { code, stdout } = await slipway(
      'invoke',
      'reconcile',
      'events/sqs-batch-reconcile.json',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^result .*\ndecisions\n {2}web ImagePushed → idle: .*/);
    expect(stdout).toMatch(/\n {2}ecs:UpdateService \{"cluster":"production"/);
  });

  test('what a function throws is exit code 1, and told', async () => {
    const { code, stdout } = await slipwayHere(
      'invoke',
      'reconcile',
      'events/scheduler-tick.json',
      '--json',
    );
    expect(code).toBe(1);
    expect(JSON.parse(stdout).error.name).toBe('UnreadableEvent');
  });

  test.each([
    [
      'no such function',
      ['imgpushed', 'x.json'],
      'there is no function "imgpushed"; did you mean image-pushed?',
    ],
    ['no such file', ['reconcile', 'nowhere.json'], 'nowhere.json does not exist'],
    ['no JSON', ['reconcile', 'events/README.md'], 'events/README.md is not JSON: '],
    ['a directory', ['reconcile', 'events'], 'events cannot be read (EISDIR)'],
    ['too little', ['reconcile'], 'invoke needs a function and a file'],
    ['too much', ['reconcile', 'a.json', 'b.json'], '"b.json" is one word too many'],
  ])('%s is exit code 2 and one line', async (_, args, message) => {
    const { code, stdout, stderr } = await slipwayHere('invoke', ...args);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect([code, stdout]).toEqual([2, '']);
  });
});
