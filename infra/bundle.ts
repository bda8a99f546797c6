/**
 * A function as Lambda gets it: one minified ES module, in which the config is data. The source map
 * lies beside the templates and not in the function, where it would only slow the start.
 */
import { builtinModules } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, buildSync, type Metafile } from 'esbuild';
import type { Pipeline } from '../shared/config/config.ts';
import type { FunctionName } from './names.ts';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
export const BUNDLE_FILE = 'index.mjs';
export const HANDLER = 'index.handler';

export interface Bundle {
  readonly code: string;
  readonly sourceMap: string;
  readonly metafile: Metafile;
}

/** Packages that are CommonJS ask for Node's own modules by `require`, which an ES module has not. */
const REQUIRE =
  "import{createRequire as slipwayRequire}from'node:module';const require=slipwayRequire(import.meta.url);";

/** The same for every bundle, those of the benchmark included. */
const BUNDLE_OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  mainFields: ['module', 'main'],
  sourcemap: 'external',
  // Our messages have no other characters; escapes would be longer.
  charset: 'utf8',
  legalComments: 'none',
  banner: { js: REQUIRE },
  metafile: true,
  write: false,
  logLevel: 'silent',
  external: builtinModules.flatMap((name) => [name, `node:${name}`]),
} as const satisfies BuildOptions;

/**
 * Bundles these functions with this config. In one go, since they have most of their files in common: each
 * gets what it would get alone, at less than half the work. Throws esbuild's error, which names file and line.
 */
export async function bundleFunctions<Name extends FunctionName>(
  names: readonly Name[],
  pipeline: Pipeline,
): Promise<ReadonlyMap<Name, Bundle>> {
  const { outputFiles, metafile } = await build({
    ...BUNDLE_OPTIONS,
    // Without an ending: TypeScript here, and JavaScript in the package.
    entryPoints: names.map((name) => ({ in: `./functions/${name}`, out: name })),
    // Nothing is written: a source map names its sources from here.
    outdir: ROOT,
    outExtension: { '.js': '.mjs' },
    plugins: [
      configAsData(pipeline),
      ...(asksForSignatures(pipeline) ? [] : [withoutSigstore]),
      ...(hasDefinitions(pipeline) ? [] : [withoutDefinitions]),
      ...(hasUpstream(pipeline) ? [] : [withoutUpstream]),
    ],
  });
  const bundleNamed = (name: string): Bundle => {
    const code = `${name}.mjs`;
    const files = outputFiles.filter(({ path }) => [code, `${code}.map`].includes(basename(path)));
    return bundleOf({ outputFiles: files, metafile: partOf(metafile, code) });
  };
  return new Map(names.map((name) => [name, bundleNamed(name)]));
}

/** One of them, by itself. */
export async function bundleFunction(name: FunctionName, pipeline: Pipeline): Promise<Bundle> {
  const bundle = (await bundleFunctions([name], pipeline)).get(name);
  if (bundle === undefined) throw new Error(`esbuild made nothing of ${name}`);
  return bundle;
}

/** What is told of one output alone: the files that are reached from its entry point. */
function partOf({ inputs, outputs }: Metafile, file: string): Metafile {
  const output = outputs[file];
  if (output?.entryPoint === undefined) throw new Error(`esbuild made no ${file}`);
  const reached = new Set([output.entryPoint]);
  for (const input of reached) {
    for (const { path } of inputs[input]?.imports ?? []) if (path in inputs) reached.add(path);
  }
  return {
    inputs: Object.fromEntries(Object.entries(inputs).filter(([input]) => reached.has(input))),
    outputs: { [file]: output },
  };
}

/** Bundles source text that imports from `node_modules`: what the benchmark compares with. */
export function bundleText(contents: string): Bundle {
  const stdin = { contents, resolveDir: ROOT, sourcefile: 'text.ts', loader: 'ts' } as const;
  return bundleOf(buildSync({ ...BUNDLE_OPTIONS, outfile: BUNDLE_FILE, stdin }));
}

type Bundling = Parameters<NonNullable<BuildOptions['plugins']>[number]['setup']>[0];

/** In place of the user's file stands what came of checking it: nothing is checked at a start. */
function configAsData(pipeline: Pipeline) {
  const filter = /pipeline\.config\.[jt]s$/;
  return {
    name: 'config-as-data',
    setup(bundling: Bundling) {
      bundling.onResolve({ filter }, () => ({ path: 'pipeline.config', namespace: 'data' }));
      bundling.onLoad({ filter: /.*/, namespace: 'data' }, () => ({
        contents: configModule(pipeline),
        loader: 'js',
      }));
    },
  };
}

function asksForSignatures({ targets }: Pipeline): boolean {
  return Object.values(targets).some(({ rules }) => rules.signature !== undefined);
}

/** Nobody would ever load it: half a megabyte less to start with. */
const withoutSigstore = {
  name: 'without-sigstore',
  setup(bundling: Bundling) {
    bundling.onLoad({ filter: /\/shared\/aws\/ecr\/sigstore\.[jt]s$/ }, () => ({
      contents: `throw new Error('No target of this pipeline asks for signatures.');`,
      loader: 'js',
    }));
  },
};

function hasDefinitions({ targets }: Pipeline): boolean {
  return Object.values(targets).some(({ rules }) => rules.definition !== undefined);
}

/** Octokit, in a function that otherwise knows nothing of GitHub. */
const withoutDefinitions = {
  name: 'without-definitions',
  setup(bundling: Bundling) {
    bundling.onLoad({ filter: /\/shared\/aws\/connect\/definitions\.[jt]s$/ }, () => ({
      contents: `throw new Error('No target of this pipeline has its task definition in git.');`,
      loader: 'js',
    }));
  },
};

function hasUpstream({ targets }: Pipeline): boolean {
  return Object.values(targets).some(({ rules }) =>
    rules.after?.targets.some(({ elsewhere }) => elsewhere !== undefined),
  );
}

/** STS, which nothing else of reconcile speaks to. */
const withoutUpstream = {
  name: 'without-upstream',
  setup(bundling: Bundling) {
    bundling.onLoad({ filter: /\/shared\/aws\/table\/records-elsewhere\.[jt]s$/ }, () => ({
      contents: `throw new Error('No target of this pipeline is after one of another pipeline.');`,
      loader: 'js',
    }));
  },
};

/** What only the infrastructure needs stays out of it. JSON.parse of a text is faster than the same as a literal, and keeps `__proto__` out. */
export function configModule({ infra: _, ...pipeline }: Pipeline): string {
  const text = JSON.stringify(JSON.stringify(pipeline));
  return `const pipeline = JSON.parse(${text});
export default { ...pipeline, targets: Object.assign(Object.create(null), pipeline.targets) };`;
}

function bundleOf(result: {
  readonly outputFiles?: readonly { readonly path: string; readonly text: string }[];
  readonly metafile?: Metafile;
}): Bundle {
  const text = (ending: string) =>
    result.outputFiles?.find(({ path }) => path.endsWith(ending))?.text ?? '';
  return {
    code: text('.mjs'),
    sourceMap: text('.map'),
    metafile: result.metafile ?? { inputs: {}, outputs: {} },
  };
}

/** `@aws-sdk/client-ecs`, and '' for our own files. */
export function packageOf(input: string): string {
  const [, path] = /^.*node_modules\/(.+)$/.exec(input) ?? [];
  const [scope = '', name = ''] = path?.split('/') ?? [];
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}

/** Bytes in the bundle by package, largest first. */
export function partsOf({ metafile }: Bundle): readonly (readonly [string, number])[] {
  const parts = new Map<string, number>();
  for (const output of Object.values(metafile.outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
      const name = packageOf(input);
      parts.set(name, (parts.get(name) ?? 0) + bytesInOutput);
    }
  }
  return [...parts].sort((a, b) => b[1] - a[1]);
}
