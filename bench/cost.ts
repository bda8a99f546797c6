/**
 * What a month costs in dollars, from the synthesized template and the calls that were counted.
 *
 *   npm run cost                 prints docs/cost.md
 *   npm run cost -- --write      puts it there
 *   npm run cost -- --measure    counts the calls anew, for bench/cost/measured.ts
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import pipeline from '../pipeline.config.ts';
import { countStack } from './cost/counted.ts';
import { measure } from './cost/measure.ts';
import { costPage } from './cost/page.ts';

const PAGE = new URL('../docs/cost.md', import.meta.url);
const { values } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    measure: { type: 'boolean', default: false },
  },
});

if (values.measure) console.log(await measure());
else {
  const plain = countStack({ ...pipeline, sources: {} });
  const page = costPage({ plain, building: countStack(pipeline) });
  if (values.write) writeFileSync(PAGE, page);
  else console.log(page);
}
