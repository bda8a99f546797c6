/**
 * `npm run strategies:measure`: what a bad release costs by each strategy, with Slipway and with ECS alone.
 * Time and chance are virtual, so the counts are the same each time.
 *
 *   -- --write    into docs/strategies.md, between the markers
 */
import { parseArgs } from 'node:util';
import { writeSection } from './judge/page.ts';
import { FAULTS, WAYS, type Way } from './strategies/cases.ts';
import { measureHook } from './strategies/hook.ts';
import { playRelease } from './strategies/play.ts';
import { type Measured, tables } from './strategies/tables.ts';

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });

const measured: Measured[] = [];
for (const [fault, behaviour] of Object.entries(FAULTS)) {
  for (const way of Object.keys(WAYS) as Way[]) {
    const pair = await playRelease(way, behaviour);
    measured.push({ fault, way, ...pair });
    if (!values.write) console.error(fault, way, JSON.stringify(pair));
  }
}
const text = tables(measured, await measureHook());
if (values.write) writeSection('strategies', text, 'strategies.md');
else console.log(text);
