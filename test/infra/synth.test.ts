/** `npm run synth`: offline, quick, the same bytes each time; a mistake ends it before anything is made. */
import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { ROOT } from '../../infra/bundle.ts';
import { functionsOf } from '../../infra/names.ts';
import { sha256 } from '../../infra/sbom.ts';
import example from '../../pipeline.config.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'slipway-synth-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Without credentials, without a proxy, and with a home that has no AWS config. */
const environment = { PATH: process.env.PATH ?? '', HOME: folder, TMPDIR: tmpdir() };

async function synth(cwd: string, outdir: string, more: NodeJS.ProcessEnv = {}): Promise<void> {
  await run(process.execPath, ['infra/app.ts'], {
    cwd,
    env: { ...environment, CDK_OUTDIR: outdir, AWS_EC2_METADATA_DISABLED: 'true', ...more },
  });
}

/** Every file below, with its text. */
function contents(outdir: string): ReadonlyMap<string, string> {
  const files = readdirSync(outdir, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    files
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((file) => [file.slice(outdir.length), readFileSync(file, 'utf8')] as const)
      .sort(([a], [b]) => a.localeCompare(b)),
  );
}

test('twice gives the same bytes, whether CDK holds them against the rules of CloudFormation or not', async () => {
  await synth(ROOT, join(folder, 'a'));
  // Those rules take most of the time, and were held just now.
  await synth(ROOT, join(folder, 'b'), { CDK_VALIDATION: 'false' });
  const [a, b] = [contents(join(folder, 'a')), contents(join(folder, 'b'))];
  expect([...b.keys()]).toEqual([...a.keys()]);
  for (const [file, text] of a) expect(b.get(file) === text, file).toBe(true);
  const bundles = [...a.keys()].filter((file) => file.endsWith('index.mjs'));
  expect(bundles).toHaveLength(functionsOf(example).length);
}, 180_000);

test('each bundle has a list of what is in it, and the digest that was printed', () => {
  const outdir = join(folder, 'a');
  const files = functionsOf(example).map((name) => `${name}.cdx.json`);
  expect(readdirSync(join(outdir, 'sbom')).sort()).toEqual([...files].sort());
  const text = readFileSync(join(outdir, 'sbom', 'reconcile.cdx.json'), 'utf8');
  const bom = JSON.parse(text) as {
    readonly metadata: { readonly component: { readonly hashes: readonly [{ content: string }] } };
    readonly components: readonly { readonly purl: string }[];
  };
  const [{ content }] = bom.metadata.component.hashes;
  const bundles = [...contents(outdir)].filter(([file]) => file.endsWith('index.mjs'));
  expect(bundles.map(([, code]) => sha256(code))).toContain(content);
  expect(bom.components.map(({ purl }) => purl)).toContainEqual(
    expect.stringMatching(/^pkg:npm\/%40aws-sdk\/client-ecs@\d/),
  );
  expect(bom.components.length).toBeGreaterThan(20);
});

test('the template asks nothing of an account: no lookups, no custom resources', () => {
  const manifest = readFileSync(join(folder, 'a', 'manifest.json'), 'utf8');
  expect(manifest).not.toContain('"missing"');
  const template = readFileSync(join(folder, 'a', 'Slipway.template.json'), 'utf8');
  expect(template).not.toContain('Custom::');
  expect(template).not.toContain(ROOT);
});

describe('a config that is wrong', () => {
  test('ends with the message that it has locally, and nothing is written', async () => {
    const copy = join(folder, 'copy');
    for (const room of ['infra', 'shared', 'functions', 'package.json', 'tsconfig.json']) {
      cpSync(join(ROOT, room), join(copy, room), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    const config = readFileSync(join(ROOT, 'pipeline.config.ts'), 'utf8');
    writeFileSync(
      join(copy, 'pipeline.config.ts'),
      config.replace('bakeMinutes: 10', 'bakeMinutes: 0'),
    );

    const outdir = join(folder, 'none');
    const failed = await synth(copy, outdir).catch(
      (error: { code: number; stderr: string }) => error,
    );
    expect(failed).toMatchObject({
      code: 2,
      stderr:
        'slipway: the pipeline config has 1 mistake; nothing runs until it is mended:\n' +
        '  targets.web.bakeMinutes: is the number 0, expected a whole number of minutes from 1 to 1440\n',
    });
    expect(() => readdirSync(outdir)).toThrow('ENOENT');
  });
});
