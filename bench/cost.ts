/** What a month costs in dollars, from the synthesized template and the calls that were counted. */
import { writeFileSync } from 'node:fs';
import pipeline from '../pipeline.config.ts';
import { readArguments } from './arguments.ts';
import { countStack } from './cost/counted.ts';
import { measure } from './cost/measure.ts';
import { costPage } from './cost/page.ts';

const PAGE = new URL('../docs/cost.md', import.meta.url);
const HELP = `npm run cost -- [--write | --measure]

  prints docs/cost.md
  --write    puts it there
  --measure  counts the calls anew, for bench/cost/measured.ts`;

const values = readArguments(HELP, {
  write: { type: 'boolean', default: false },
  measure: { type: 'boolean', default: false },
});

if (values.measure) console.log(await measure());
else {
  const plain = countStack({ ...pipeline, sources: {} });
  const page = costPage({ plain, building: countStack(pipeline) });
  if (values.write) writeFileSync(PAGE, page);
  else console.log(page);
}
