/**
 * `npm run simulate:sentences`: which decisions of the core no scene and no world has reached. Each place
 * of the core that decides with a sentence is counted, in memory, as it is loaded.
 */
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { placesOf, type SentencePlace } from './sentences.ts';

const HELP = `npm run simulate:sentences -- [--every N] [--offset N] [--seeds N] [--all]

  --every N   every N-th scene, 101 unless told
  --offset N  beginning with this one
  --seeds N   worlds after them, 30 unless told
  --all       prints the places that were reached, too`;

const { values } = parseArgs({
  options: {
    every: { type: 'string', default: '101' },
    offset: { type: 'string', default: '0' },
    seeds: { type: 'string', default: '30' },
    all: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const CORE = new URL('../../shared/core/', import.meta.url).href;
/** Of what decides for branches and builds, and of what only explains, no scene is about. */
const ELSEWHERE = /^(?:source|explain)\//;

const known = new Map<string, SentencePlace>();
const reached = new Map<string, string>();
Object.assign(globalThis, {
  slipwayReached: (id: string) => {
    if (!reached.has(id)) reached.set(id, where);
  },
});
let where = '';

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const path = url.startsWith(CORE) ? url.slice(CORE.length) : undefined;
    const { source } = loaded;
    if (path === undefined || ELSEWHERE.test(path) || source === undefined || source === null) {
      return loaded;
    }
    const text = typeof source === 'string' ? source : new TextDecoder().decode(source);
    const places = placesOf(path, text);
    let counted = text;
    for (const place of places.toReversed()) {
      known.set(place.id, place);
      const { at, callee, id } = place;
      const rest = counted.slice(at + callee.length);
      counted = `${counted.slice(0, at)}(slipwayReached('${id}'), ${callee})${rest}`;
    }
    return { ...loaded, source: counted };
  },
});

const { describeScene, play } = await import('./stages/play.ts');
const { sampleOf } = await import('./stages/sample.ts');
const { drawWorld, simulate } = await import('./simulate.ts');

const began = performance.now();
const scenes = sampleOf(Number(values.every)).slice(Number(values.offset));
for (const scene of scenes) {
  where = describeScene(scene);
  await play(scene);
}
for (let seed = 1; seed <= Number(values.seeds); seed++) {
  where = `seed ${seed}`;
  await simulate(drawWorld(seed));
}
if (values.all) {
  for (const [id, first] of reached) console.log(`${known.get(id)?.where}: ${first}`);
}
const missing = [...known.values()].filter(({ id }) => !reached.has(id));
for (const { where: place, text } of missing)
  console.log(`${fileURLToPath(CORE)}${place}: ${text}`);
const share = (100 * missing.length) / known.size;
const seconds = ((performance.now() - began) / 1000).toFixed(0);
console.log(
  `${known.size} places decide with a sentence; ${missing.length} were never reached (${share.toFixed(1)} %), ` +
    `in ${scenes.length} scenes and ${values.seeds} worlds; ${seconds} s`,
);
