/**
 * A process with every mutant of the core in it and the core's unit tests beside. It runs them once and
 * notes which test asks at which place; then, for each mutant that it is told, those alone, the quick
 * ones first, until one fails. Arguments: how many milliseconds a test may take to be asked, and those
 * numbers; or `--early N`: that one is on while modules load.
 */
import { readdirSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { mutantsOfCore } from './core-mutants.ts';
import { type MutantState, STATE } from './places.ts';

/** The core's own tests, and the histories that it must decide again. */
const TESTS = ['../core/', '../replays/'].map((room) =>
  fileURLToPath(new URL(room, import.meta.url)),
);
const SMALL = new URL('small-vitest.ts', import.meta.url).href;

const { files, mutants } = mutantsOfCore();
const texts = new Map(files.map(({ file, text }) => [pathToFileURL(file).href, text]));

registerHooks({
  resolve: (name, context, next) =>
    name === 'vitest' ? { url: SMALL, shortCircuit: true } : next(name, context),
  load: (url, context, next) => {
    const loaded = next(url, context);
    const source = texts.get(url);
    return source === undefined ? loaded : { ...loaded, source };
  },
});

const [longest = '', flag, ...rest] = process.argv.slice(2);
const early = flag === '--early' ? Number(rest[0]) : undefined;
const state: MutantState = { on: early, here: new Uint8Array(mutants.length) };
Object.assign(globalThis, { [STATE]: state });

const { cases } = await import('./small-vitest.ts');
let loads = true;
for (const file of TESTS.flatMap(testsIn)) {
  await import(pathToFileURL(file).href).catch((error: unknown) => {
    if (early === undefined) throw error;
    loads = false;
  });
}

function testsIn(room: string): readonly string[] {
  const names = readdirSync(room, { recursive: true, encoding: 'utf8' }).sort();
  return names.filter((name) => name.endsWith('.test.ts')).map((name) => room + name);
}

type Case = (typeof cases)[number];

/** Tests by the mutants whose places they come by, the quickest first. */
async function whoAsks(): Promise<readonly (readonly Case[])[]> {
  const reached = mutants.map((): { one: Case; took: number }[] => []);
  for (const one of cases) {
    state.here.fill(0);
    const began = performance.now();
    try {
      await one.run();
    } catch (error) {
      throw new Error(`without a mutant this fails: ${one.name}`, { cause: error });
    }
    const took = performance.now() - began;
    for (const [mutant, is] of state.here.entries())
      if (is === 1) reached[mutant]?.push({ one, took });
  }
  return reached.map((all) =>
    all
      .filter(({ took }) => took <= Number(longest))
      .sort((a, b) => a.took - b.took)
      .map(({ one }) => one),
  );
}

/** The name of the first test that fails; undefined: none does. */
async function firstFailure(some: readonly Case[]): Promise<string | undefined> {
  for (const one of some) {
    try {
      await one.run();
    } catch (error) {
      if (process.env.WHY) console.error(one.name, error);
      return one.name;
    }
  }
  return undefined;
}

function tell(mutant: number, failed: string | undefined, reachedBy: number): void {
  process.send?.({ mutant, failed, reachedBy });
}

if (early !== undefined) {
  tell(early, loads ? await firstFailure(cases) : 'it does not load', cases.length);
} else {
  const reached = await whoAsks();
  for (const mutant of [flag, ...rest].map(Number)) {
    const some = reached[mutant] ?? [];
    state.on = mutant;
    tell(mutant, await firstFailure(some), some.length);
  }
}
process.disconnect();
