/**
 * What is in a bundle, as CycloneDX 1.6: every package that esbuild took something from. It has neither a
 * time nor a number of its own, so the same input gives the same bytes.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BUNDLE_FILE, type Bundle, ROOT } from './bundle.ts';

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/** The text of the file, and the packages in it, by name. */
export function sbomOf(name: string, { code, metafile }: Bundle): string {
  const { version } = packageAt(ROOT);
  const component = { type: 'application', name, version };
  const bom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: { ...component, hashes: [{ alg: 'SHA-256', content: sha256(code) }] },
    },
    components: packagesIn(Object.keys(metafile.inputs)).map((each) => ({
      type: 'library',
      name: each.name,
      version: each.version,
      purl: `pkg:npm/${each.name.replace('@', '%40')}@${each.version}`,
      ...(each.license === undefined ? {} : { licenses: [{ expression: each.license }] }),
    })),
  };
  return `${JSON.stringify(bom, undefined, 2)}\n`;
}

/** Of the file that Lambda runs, in hex. */
export function sha256(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}

/** One line: `<sha256>  slipway-reconcile/index.mjs`, as sha256sum prints it. */
export function digestLine(name: string, { code }: Bundle): string {
  return `${sha256(code)}  ${name}/${BUNDLE_FILE}`;
}

/** Of files as esbuild names them, from `ROOT`: in the package that is below a node_modules itself. */
function packagesIn(files: readonly string[]): readonly Package[] {
  const others = files.filter((file) => /(?:^|\/)node_modules\/|^\.\.\//.test(file));
  const folders = new Set(others.flatMap((file) => PACKAGE.exec(resolve(ROOT, file))?.[0] ?? []));
  return [...folders]
    .map(packageAt)
    .toSorted((a, b) => `${a.name}@${a.version}`.localeCompare(`${b.name}@${b.version}`, 'en'));
}

/** The innermost, since a package may bring another one along. */
const PACKAGE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

function packageAt(folder: string): Package {
  const text = readFileSync(join(folder, 'package.json'), 'utf8');
  const { name, version, license } = JSON.parse(text) as Package;
  return { name, version, ...(typeof license === 'string' ? { license } : {}) };
}
