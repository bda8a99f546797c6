/** `config check` refuses what `infra synth` would refuse, and not only what is no config. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { configCheck } from '../../cli/config-check.ts';
import { EXIT } from '../../cli/output/exit.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-config-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(mode: 'watch' | 'act', infra: object): string {
  const path = join(folder, 'config.json');
  const web = {
    type: 'ecs-service',
    cluster: 'shop',
    service: 'web',
    containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
    alarms: { noAlarmsBecause: 'a test' },
    mode,
  };
  const config = { account: '123456789012', region: 'eu-central-1', targets: { web }, infra };
  writeFileSync(path, JSON.stringify(config));
  return path;
}

async function check(path: string): Promise<{ code: number; stdout: string }> {
  let stdout = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    stdout += String(chunk);
    return true;
  });
  try {
    const code = await configCheck(path, { json: false, debug: false });
    return { code, stdout };
  } finally {
    write.mockRestore();
  }
}

test('a target that acts needs the rights to its task definition', async () => {
  const { code, stdout } = await check(file('act', {}));
  expect(code).toBe(EXIT.no);
  expect(stdout).toContain('infra.taskDefinitions.web: is missing, expected { family: ');
});

test('one that watches needs none', async () => {
  expect((await check(file('watch', {}))).code).toBe(EXIT.done);
});
