/** The command `local-cloud`, as a process of its own, asked by the real SDK; and how it refuses. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { run } from '../../server/main.ts';

const COMMAND = fileURLToPath(new URL('../../local-cloud.js', import.meta.url));
let child: ChildProcess | undefined;

afterEach(() => {
  child?.kill('SIGKILL');
  child = undefined;
});

function start(...args: readonly string[]) {
  const process_ = spawn(process.execPath, [COMMAND, ...args]);
  child = process_;
  const said = { out: '', error: '' };
  process_.stdout.on('data', (text) => {
    said.out += text;
  });
  process_.stderr.on('data', (text) => {
    said.error += text;
  });
  const ended = once(process_, 'close').then(([code]) => code as number);
  return { process: process_, said, ended };
}

async function until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('the command', () => {
  test('serves a cluster whose service comes to run, and ends by a signal', async () => {
    const { process: served, said, ended } = start('--port', '0', '--speed', '600');
    const endpoint = await until(() => /http:\/\/localhost:\d+/.exec(said.out)?.[0]);
    const ecs = new ECSClient({
      endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    await ecs.send(new CreateClusterCommand({ clusterName: 'main' }));
    const { taskDefinition } = await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'web',
        containerDefinitions: [{ name: 'web', image: 'public.ecr.aws/nginx/nginx:1', memory: 128 }],
      }),
    );
    expect(taskDefinition?.revision).toBe(1);
    await ecs.send(
      new CreateServiceCommand({
        cluster: 'main',
        serviceName: 'web',
        taskDefinition: 'web',
        desiredCount: 2,
      }),
    );
    const running = await until(async () => {
      const { services } = await ecs.send(
        new DescribeServicesCommand({ cluster: 'main', services: ['web'] }),
      );
      return services?.[0]?.runningCount === 2 ? services[0] : undefined;
    });
    expect(running.deployments?.[0]).toMatchObject({ status: 'PRIMARY', desiredCount: 2 });
    ecs.destroy();
    served.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(said.error).toBe('');
  });

  test('--help says what there is', async () => {
    const { said, ended } = start('--help');
    expect(await ended).toBe(0);
    expect(said.out).toMatch(/--port[\s\S]*--host[\s\S]*--speed[\s\S]*--region[\s\S]*--seed/);
  });

  test.each([
    ['--port', 'x', '--port is "x", expected a number from 0 to 65535'],
    ['--speed', '-1', "Option '--speed' argument is ambiguous; see local-cloud --help"],
    ['--region', 'mars', '--region is "mars", expected one like eu-west-1'],
    ['--read-lag', '61', '--read-lag is "61", expected a number from 0 to 60'],
    ['--seed', '1.5', '--seed is "1.5", expected a number from 0 to 999999999'],
    ['--colour', 'red', "Unknown option '--colour'; see local-cloud --help"],
    [
      '--host',
      '203.0.113.1',
      'this machine has no address "203.0.113.1"; expected 127.0.0.1 or 0.0.0.0',
    ],
  ])('%s %s ends with 2 and one line', async (option, value, line) => {
    // In this process: that the exit code is what it ends with is seen below.
    const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const error = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const code = await run([option, value]);
    const [said, errors] = [out.mock.calls, error.mock.calls];
    out.mockRestore();
    error.mockRestore();
    expect([code, said, errors]).toEqual([2, [], [[`local-cloud: ${line}\n`]]]);
  });

  test('a port that is taken is said so', async () => {
    const first = start('--port', '0');
    const port = await until(() => /http:\/\/localhost:(\d+)/.exec(first.said.out)?.[1]);
    const { said, ended } = start('--port', port);
    expect(await ended).toBe(2);
    expect(said.error).toBe(
      `local-cloud: port ${port} is taken: give another one, or --port 0 for any\n`,
    );
    first.process.kill('SIGTERM');
    expect(await first.ended).toBe(0);
  });
});
