/**
 * `npm run strategies:measure`: what a bad release costs by each strategy, with Slipway and with ECS alone.
 * Time and chance are virtual, so the counts are the same each time.
 */
import { readArguments, wholeNumber } from './arguments.ts';
import { writeSection } from './judge/page.ts';
import { FAULTS, WAYS, type Way } from './strategies/cases.ts';
import { measureHook } from './strategies/hook.ts';
import { MOMENTS, meanOf, playRelease } from './strategies/play.ts';
import { type Measured, tables } from './strategies/tables.ts';

const HELP = `npm run strategies:measure -- [--write] [--moments N]

  --write      into docs/strategies.md, between the markers
  --moments N  of the push in its minute, 1 to ${MOMENTS.length}; ${MOMENTS.length} unless told`;

const values = readArguments(HELP, {
  write: { type: 'boolean', default: false },
  moments: { type: 'string', default: String(MOMENTS.length) },
});
const moments = MOMENTS.slice(0, wholeNumber(HELP, 'moments', values.moments, 1));

const measured: Measured[] = [];
for (const [fault, behaviour] of Object.entries(FAULTS)) {
  for (const way of Object.keys(WAYS) as Way[]) {
    const pair = meanOf(await playRelease(way, behaviour, moments));
    measured.push({ fault, way, ...pair });
    if (!values.write) console.error(fault, way, JSON.stringify(pair));
  }
}
const text = tables(measured, await measureHook(), moments.length);
if (values.write) writeSection('strategies', text, 'strategies.md');
else console.log(text);
