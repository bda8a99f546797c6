/**
 * The user's module with the config, loaded as it is: TypeScript whose types Node strips, in a folder that
 * has nothing of ours, and perhaps a package.json that says `"type": "commonjs"`, as `npm init` writes it.
 */
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

/** TypeScript in a checkout, JavaScript in the package. */
const ENDING = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
const SLIPWAY = new URL(`../../../packages/slipway/door${ENDING}`, import.meta.url).href;

/** Its default export. Throws what the module throws, and Node's errors of syntax. */
export async function importConfig(path: string): Promise<unknown> {
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      // The command that runs checks the config, whether its package is installed beside the file or not.
      if (specifier === 'slipway') return { url: SLIPWAY, shortCircuit: true };
      return next(specifier, context);
    },
    load(url, context, next) {
      // Null: package.json says nothing, as `npm install` writes it, and Node would warn at each command.
      const isOpen = context.format === 'commonjs-typescript' || context.format === null;
      const isModule = isOpen && url.endsWith('.ts');
      return next(url, isModule ? { ...context, format: 'module-typescript' } : context);
    },
  });
  try {
    return ((await import(pathToFileURL(path).href)) as { default?: unknown }).default;
  } finally {
    hooks.deregister();
  }
}

/** What `import … from 'slipway'` may name. */
export async function exportedNames(): Promise<readonly string[]> {
  return Object.keys((await import(SLIPWAY)) as object);
}
