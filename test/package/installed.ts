/**
 * The package as it is published, in a folder that has nothing else of ours: `npm pack`, and what is in the
 * tarball below node_modules. Of other packages only those are there that it names itself, linked from this
 * checkout, since an install needs the registry (`npm run test:package` does one): so a file that is not
 * packed, or a package that is not named, is not found.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What `npm init` writes: Node reads such a folder's files as CommonJS. */
export const PROJECT = { name: 'shop', version: '1.0.0', type: 'commonjs' };

export interface Folder {
  readonly path: string;
  write(file: string, text: string): void;
  remove(): void;
}

export function emptyFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'slipway-package-'));
  const write = (file: string, text: string) => writeFileSync(join(path, file), text);
  write('package.json', JSON.stringify(PROJECT));
  return { path, write, remove: () => rmSync(path, { recursive: true }) };
}

/** The tarball, made in that folder. */
export function packInto(folder: string): string {
  const said = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  // What prepack prints stands before it.
  const [{ filename }] = JSON.parse(said.slice(said.search(/^\[/m))) as [{ filename: string }];
  return join(folder, filename);
}

export function installLinked(folder: string, tarball: string): void {
  const modules = join(folder, 'node_modules');
  const home = join(modules, 'slipway');
  mkdirSync(home, { recursive: true });
  execFileSync('tar', ['xzf', tarball, '-C', home, '--strip-components', '1']);
  const named = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
    readonly peerDependencies: Readonly<Record<string, string>>;
  };
  for (const name of Object.keys({ ...named.dependencies, ...named.peerDependencies })) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name), 'junction');
  }
}

/** A file of the user's that is compiled: what is right compiles, and what is wrong does not. */
export const TYPED = `import { definePipeline, judged, type PipelineInput } from 'slipway';
const input: PipelineInput = { account: '123456789012', region: 'eu-central-1', targets: {} };
definePipeline(input);
const strategy: { readonly kind: string } = judged();
// @ts-expect-error: a region is a text.
definePipeline({ ...input, region: 7 });
export { strategy };
`;

/** Waits until what was printed so far matches. */
export function readUntil(
  stream: NodeJS.ReadableStream,
): (wanted: RegExp) => Promise<RegExpExecArray> {
  let all = '';
  let isOver = false;
  let told: () => void = () => undefined;
  stream.on('data', (more) => {
    all += String(more);
    told();
  });
  stream.on('end', () => {
    isOver = true;
    told();
  });
  return (wanted) =>
    new Promise((found, failed) => {
      told = () => {
        const match = wanted.exec(all);
        if (match !== null) found(match);
        else if (isOver) failed(new Error(`It ended, and said:\n${all}`));
      };
      told();
    });
}
