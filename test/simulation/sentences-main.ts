/**
 * `npm run simulate:sentences`: which decisions of the core no scene and no world has reached. Each place
 * of the core that decides with a sentence is counted, in memory, as it is loaded.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { readArguments, wholeNumber } from '../../bench/arguments.ts';
import { fewest } from './reaching.ts';
import { placesOf, type SentencePlace } from './sentences.ts';
import { whyUnreachable } from './unreachable.ts';

const HELP = `npm run simulate:sentences -- [--search] [--every N] [--offset N] [--seeds N] [--from N] [--write] [--all]
                              [--play NAME]...

  plays what is known to reach them (reaching.json), and says which places were not reached
  --search    looks further: every course, a sample of all scenes, and worlds
  --every N   every N-th scene, 101 unless told
  --offset N  beginning with this one
  --seeds N   worlds after them, 30 unless told
  --from N    beginning with this one
  --write     puts the fewest that reach as much into reaching.json
  --play NAME only this scene or "seed N", with --all for what it reaches; more than one may be named;
              with --write beside what is known
  --all       prints the places that were reached, too`;

const values = readArguments(HELP, {
  search: { type: 'boolean', default: false },
  every: { type: 'string', default: '101' },
  offset: { type: 'string', default: '0' },
  seeds: { type: 'string', default: '30' },
  from: { type: 'string', default: '1' },
  write: { type: 'boolean', default: false },
  all: { type: 'boolean', default: false },
  play: { type: 'string', multiple: true },
});

/** Decided sentences that no scene and no world reaches stay below this share, in percent. */
const UNREACHED_MAX = 5;
const FILE = new URL('reaching.json', import.meta.url);
const CORE = new URL('../../shared/core/', import.meta.url).href;
/** What only explains decides nothing. */
const ELSEWHERE = /^explain\//;

const known = new Map<string, SentencePlace>();
const played = new Map<string, Set<string>>();
let here = new Set<string>();
Object.assign(globalThis, { slipwayReached: (id: string) => here.add(id) });

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
const { parseScene } = await import('./stages/parse-scene.ts');
const { courseScenes } = await import('./stages/courses.ts');
const { sampleOf } = await import('./stages/sample.ts');
const { drawWorld, simulate } = await import('./simulate.ts');

function searched(): readonly string[] {
  const scenes = [
    ...courseScenes(),
    ...sampleOf(wholeNumber(HELP, 'every', values.every, 1)).slice(
      wholeNumber(HELP, 'offset', values.offset, 0),
    ),
  ].map(describeScene);
  const first = wholeNumber(HELP, 'from', values.from, 0);
  const count = wholeNumber(HELP, 'seeds', values.seeds, 0);
  const seeds = Array.from({ length: count }, (_, i) => `seed ${first + i}`);
  return [...scenes, ...seeds];
}

const began = performance.now();
const before = JSON.parse(readFileSync(FILE, 'utf8')) as readonly string[];
const wanted = [
  ...(values.play === undefined || values.write ? before : []),
  ...(values.play ?? (values.search ? searched() : [])),
];
for (const name of new Set(wanted)) {
  here = new Set();
  played.set(name, here);
  const seed = /^seed (\d+)$/.exec(name)?.[1];
  if (seed === undefined) await play(parseScene(name));
  else await simulate(drawWorld(Number(seed)));
}
if (values.write) writeFileSync(FILE, `${JSON.stringify(fewest(played), null, 2)}\n`);

const reached = new Map<string, string>();
for (const [name, places] of played) {
  for (const place of places) if (!reached.has(place)) reached.set(place, name);
}
if (values.all) {
  for (const [id, first] of reached) console.log(`${known.get(id)?.where}: ${first}`);
}
const missing = [...known.values()].filter(({ id }) => !reached.has(id));
for (const place of missing) {
  const why = whyUnreachable(place);
  const reason = why === undefined ? '' : `\n    by no whole world: ${why}`;
  console.log(`${fileURLToPath(CORE)}${place.where}: ${place.text}${reason}`);
}
const unexplained = missing.filter((place) => whyUnreachable(place) === undefined);
const share = (100 * missing.length) / known.size;
const seconds = ((performance.now() - began) / 1000).toFixed(0);
console.log(
  `${known.size} places decide with a sentence; ${missing.length} were never reached (${share.toFixed(1)} %), ` +
    `${unexplained.length} of them without a reason, in ${played.size} scenes and worlds; ${seconds} s`,
);
process.exitCode = share < UNREACHED_MAX ? 0 : 1;
