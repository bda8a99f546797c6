/** `slipway init` before a local AWS: what it writes is right, watches, and is never written over. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientSettings } from '@slipway/local-cloud/wire/client-settings.ts';
import { createTransport } from '@slipway/local-cloud/wire/transport.ts';
import { expect, test } from 'vitest';
import { configCheck } from '../../../cli/config-check.ts';
import { loadPipeline } from '../../../cli/connect/pipeline.ts';
import { init } from '../../../cli/init.ts';
import { EXIT } from '../../../cli/output/exit.ts';
import { connectSurveyor } from '../../../shared/aws/connect/surveyor.ts';
import { SILENT } from '../../simulation/as-port.ts';
import { COMMON, printed, standing } from '../world.ts';

test('what is found becomes a config that passes its check and names what the account has', async () => {
  const { cloud, push, pass } = await standing();
  // Deployed by digest: its tags are those of ECR.
  push('main-8f3c2a1');
  await pass(20);
  const { world, dynamo } = cloud;
  const transport = createTransport({ world, dynamo });
  const calls: string[] = [];
  const surveyor = connectSurveyor(clientSettings({ world, transport }), {
    log: SILENT,
    now: () => world.now,
    onCall: ({ operation }) => calls.push(operation),
  });
  const out = join(mkdtempSync(join(tmpdir(), 'slipway-init-')), 'pipeline.config.ts');
  const local = 'http://localhost:4777';
  const options = { json: false, services: [], all: true, yes: true, out, local };
  const { code, stdout } = await printed(() => init(surveyor, world.region, options));
  expect(code).toBe(EXIT.done);
  expect(stdout).toContain(`slipway config check --config ${out}`);
  // The same AWS is looked at next, and no account.
  expect(stdout).toContain(`slipway doctor --local ${local} --config ${out}`);
  expect(calls.filter((one) => !/^(List|Describe|Get)/.test(one))).toEqual([]);

  const checked = await printed(() => configCheck(out, COMMON));
  expect(checked.code).toBe(EXIT.done);
  const { targets } = await loadPipeline({ config: out });
  expect(targets.web).toMatchObject({
    key: 'ecs/production/web',
    rules: {
      mode: 'watch',
      alarms: ['web-5xx'],
      containers: { app: { repository: 'shop/web' } },
    },
  });
  expect(targets.worker?.rules.alarms).toEqual([]);
  const text = readFileSync(out, 'utf8');
  expect(text).toContain('// Tags: a guess from "main-8f3c2a1".');
  expect(text).toContain(`web: { family: 'web', roles: ['ecsTaskExecutionRole'] }`);

  await expect(init(surveyor, world.region, options)).rejects.toThrow('cannot be written (EEXIST)');
  expect(readFileSync(out, 'utf8')).toBe(text);

  // A file beside chooses in place of --all, and is named to whoever reads.
  const is = (cluster: string, service: string) => `${cluster}/${service}` === 'production/web';
  const beside = [{ file: 'ecspresso.yml', words: 'production/web', is }];
  const other = { ...options, all: false, beside, out: out.replace('pipeline', 'other') };
  const told = await printed(() => init(surveyor, world.region, other));
  expect(told.stdout).toContain('chosen by ecspresso.yml');
  const { targets: only } = await loadPipeline({ config: other.out });
  expect(Object.keys(only)).toEqual(['web']);
  expect(readFileSync(other.out, 'utf8')).toContain(
    '// Chosen by ecspresso.yml, which names it.\n    web: ecsService({',
  );
});
