/** `npm run bench`: the figures that we hold ourselves to, measured in one run; `--json` prints one object. */
import { parseArgs } from 'node:util';
import { measureBundles } from './bundles.ts';
import { countCalls } from './calls.ts';
import { measureCore } from './core.ts';
import { measureStart } from './start.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

const calls = await countCalls();
const core = await measureCore();
const start = await measureStart();
const bundles = await measureBundles();

if (values.json) {
  console.log(JSON.stringify({ calls, core, start, bundles }));
} else {
  const counted = (made: readonly string[]) => `${made.length}  (${made.join(', ')})`;
  const rows: readonly (readonly [string, string])[] = [
    ['ECS calls, push to UpdateService (at most 4)', counted(calls.pushToUpdateService)],
    ['ECS calls, alarm to stop in flight (at most 3)', counted(calls.alarmToStopInFlight)],
    [
      'ECS calls, alarm to rollback in the bake (at most 3)',
      counted(calls.alarmToUpdateServiceInBake),
    ],
    ['decisions a second, pure core', `${core.decisionsPerSecond}`],
    ['npm start, wall seconds (below 15)', `${start.wallSeconds}`],
    ['npm start, peak MB', `${start.peakMegabytes}`],
    ['npm start, virtual seconds a wall second', `${start.virtualSecondsPerWallSecond}`],
    ...Object.entries(bundles.functions).map(([name, figures]): readonly [string, string] => {
      const { bytes, cpuMs, ratio, ratioMax } = figures;
      const limit = ratioMax === undefined ? '' : `, at most ${ratioMax}`;
      return [
        `import of ${name}, over its SDK clients only${limit}`,
        `${ratio}  (${cpuMs} ms of CPU, ${bytes} bytes)`,
      ];
    }),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, value] of rows) console.log(`${name.padEnd(width)}  ${value}`);
}
