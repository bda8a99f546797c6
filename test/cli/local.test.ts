import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { slipway } from './run.ts';
import { slipwayHere } from './run-here.ts';

const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

const childNode = new URL('../../packages/local-cloud/child-node.js', import.meta.url).href;

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** `slipway local` until it listens; its lines go on coming. */
function local(...args: readonly string[]) {
  return served([main], args);
}

async function served(program: readonly string[], args: readonly string[]) {
  const child = spawn(process.execPath, [...program, 'local', '--port', '0', '--json', ...args]);
  children.push(child);
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += String(data);
  });
  let stdout = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (data) => {
      stdout += String(data);
      const found = /\{"type":"listening","url":"([^"]+)"\}/.exec(stdout)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${stderr}`)));
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { url, child, ended, output: () => ({ stdout, stderr }) };
}

describe('slipway local', () => {
  test('serves until a signal comes, and saves its state', async () => {
    const state = join(mkdtempSync(join(tmpdir(), 'slipway-local-')), 'state.json');
    const { url, child, ended, output } = await local('--speed', '0', '--state', state);
    const pushed = await slipway(
      'push',
      'shop/web:main-2',
      '--error-rate',
      '0.25',
      '--endpoint',
      url,
    );
    expect(pushed).toMatchObject({ code: 0, stderr: '' });
    expect(pushed.stdout).toMatch(
      /^shop\/web:main-2 is pushed \(sha256:[0-9a-f]{12}\), for web\n$/,
    );
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(output().stderr).toBe('');
    expect(output().stdout).toContain(
      '"text":"shop/web:main-2 is pushed, which answers 25 % with errors"',
    );
    expect(JSON.parse(readFileSync(state, 'utf8'))).toMatchObject({
      slipwayLocalState: 1,
      seed: 1,
    });

    const again = await local('--speed', '0', '--state', state);
    const timeline = await (await fetch(`${again.url}/_slipway/timeline`)).text();
    expect(timeline).toContain('main-2 is pushed');
    again.child.kill('SIGTERM');
    expect(await again.ended).toBe(0);
  });

  test('a second one on its state file is refused, by process', async () => {
    const state = join(mkdtempSync(join(tmpdir(), 'slipway-local-')), 'state.json');
    const { child, ended } = await local('--speed', '0', '--state', state);
    const { code, stderr } = await slipwayHere('local', '--port', '0', '--state', state);
    expect([code, stderr]).toEqual([
      2,
      `slipway: ${state} is in use by another \`slipway local\`, process ${child.pid}; nothing was started: stop that one, or name another file; if no such process runs, delete ${state}.lock\n`,
    ]);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(existsSync(`${state}.lock`)).toBe(false);
  });

  test('under the Node that it brings along, a signal reaches it, and its state is saved', async () => {
    const state = join(mkdtempSync(join(tmpdir(), 'slipway-local-')), 'state.json');
    const above = [
      `import { runUnder } from ${JSON.stringify(childNode)};`,
      'runUnder(process.execPath, process.argv.slice(1), "slipway");',
    ];
    const { child, ended } = await served(
      ['--input-type=module', '-e', above.join(''), '--', main],
      ['--speed', '0', '--state', state],
    );
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(existsSync(state)).toBe(true);
  });

  test('a port that is taken is told, with the next step', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const { code, stderr } = await slipwayHere('local', '--port', String(port));
    other.close();
    expect(code).toBe(2);
    expect(stderr).toBe(
      `slipway: port ${port} is taken, by another \`slipway local\` perhaps: stop that, or give another one: slipway local --port ${port + 1}\n`,
    );
  });

  test('a state file that is broken is told, and left alone', async () => {
    const state = join(mkdtempSync(join(tmpdir(), 'slipway-local-')), 'state.json');
    writeFileSync(state, 'nonsense');
    const { code, stderr } = await slipwayHere('local', '--port', '0', '--state', state);
    expect(code).toBe(2);
    expect(stderr).toBe(
      `slipway: ${state} is not JSON; nothing was started: move it away to begin anew, or name another file\n`,
    );
    expect(readFileSync(state, 'utf8')).toBe('nonsense');
  });

  test.each([
    [['--port', '70000'], '--port is "70000", expected a number from 0 to 65535'],
    [['--speed', '-1'], /--speed/],
    [['--speed', 'fast'], '--speed is "fast", expected a number from 0 to 3600'],
    [['--read-lag', '61'], '--read-lag is "61", expected a number from 0 to 60'],
    [['--seed', 'x'], '--seed is "x", expected a number from 0 to 999999999'],
    [['now'], '"now" is one word too many; a file needs --state'],
  ])('%j is exit code 2 and told', async (args, message) => {
    const { code, stderr } = await slipwayHere('local', ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(typeof message === 'string' ? `slipway: ${message}\n` : message);
  });
});

describe('slipway push', () => {
  test('nobody listening is exit code 5, with the next step', async () => {
    const { code, stderr } = await slipway(
      'push',
      'shop/web:a',
      '--endpoint',
      'http://localhost:1',
    );
    expect([code, stderr]).toEqual([
      5,
      'slipway: nothing listens at http://localhost:1; start it with `slipway local`\n',
    ]);
  });

  test.each([
    [[], 'push needs an image: slipway push <image>'],
    [['shop/web'], '"shop/web" is no image, expected <repository>:<tag>, like shop/web:main-2'],
    [['shop/web:a', '--latency-ms', 'slow'], '--latency-ms is "slow", expected a number'],
    [
      ['shop/web:a', '--endpoint', 'there'],
      '--endpoint is "there", expected a URL like http://localhost:4566',
    ],
    [['shop/web:a', 'b'], '"b" is one word too many'],
  ])('%j is exit code 2 and told', async (args, message) => {
    const { code, stderr } = await slipwayHere('push', ...args);
    expect([code, stderr]).toEqual([2, `slipway: ${message}\n`]);
  });

  test('what the local AWS finds wrong is told in the words of the options', async () => {
    const { url } = await local('--speed', '0');
    const push = (...args: readonly string[]) => slipwayHere('push', ...args, '--endpoint', url);
    expect(await push('shop/web:a', '--error-rate', '4')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'slipway: --error-rate: is the number 4, expected a share from 0 to 1\n',
    });
    expect(await push('shop/web:no good')).toMatchObject({
      code: 2,
      stderr: 'slipway: the tag: is "no good", expected an image tag\n',
    });
    const elsewhere = await push('shop/elsewhere:a', '--json');
    expect(JSON.parse(elsewhere.stdout)).toMatchObject({
      repository: 'shop/elsewhere',
      targets: [],
    });
  });
});
