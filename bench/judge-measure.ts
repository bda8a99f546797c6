/** `npm run judge:measure`: what the judge does, drawn from seeds. Each part is a table of docs/judge.md. */
import { readArguments, wholeNumber } from './arguments.ts';
import {
  type Cell,
  FAULTS,
  JUDGED_LINEAR,
  measureCell,
  measureShortest,
  minutesToAll,
  RATES,
  STRATEGIES,
} from './judge/exposure.ts';
import { countFalseRollbacks, together } from './judge/false-rollbacks.ts';
import { FAMILIES } from './judge/families.ts';
import { measureLook } from './judge/look.ts';
import { rowsThere, writeSection } from './judge/page.ts';
import {
  delayTable,
  exposureTable,
  FALSE_HEAD,
  falseRollbacksOf,
  falseRow,
  farFromReference,
  lookLine,
  shortestTable,
  waldTable,
} from './judge/tables.ts';
import { measureWald } from './judge/wald.ts';

const HELP = `npm run judge:measure -- [--only PART] [--family WORDS] [--releases N] [--runs N] [--seed N]
                         [--add] [--write]

  --only PART     false-rollbacks, exposure, shortest, wald or look; all of them unless told
  --family WORDS  of the false rollbacks only the families whose name has these words
  --releases N    healthy releases of each family, 100000 unless told
  --runs N        of each cell of the other tables, 1000 unless told
  --seed N        another course of chance, 1 unless told
  --add           to the releases that stand in docs/judge.md: give it another --seed
  --write         into docs/judge.md, between the markers; other families' rows stay`;

const values = readArguments(HELP, {
  only: { type: 'string' },
  family: { type: 'string', default: '' },
  releases: { type: 'string', default: '100000' },
  runs: { type: 'string', default: '1000' },
  seed: { type: 'string', default: '1' },
  add: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
});
const releases = wholeNumber(HELP, 'releases', values.releases, 1);
const runs = wholeNumber(HELP, 'runs', values.runs, 1);
const seed = wholeNumber(HELP, 'seed', values.seed, 0);

const PARTS: Readonly<Record<string, () => void>> = {
  look: () => told('look', lookLine(measureLook())),
  wald: () => told('wald', waldTable(measureWald(runs, seed))),
  exposure: measureExposure,
  shortest: measureShortestSteps,
  'false-rollbacks': measureFalseRollbacks,
};

const wanted = values.only === undefined ? Object.keys(PARTS) : [values.only];
for (const part of wanted) {
  const measure = PARTS[part];
  if (measure === undefined) {
    throw new Error(`--only is ${part}, expected one of ${Object.keys(PARTS).join(', ')}`);
  }
  measure();
}

function measureExposure(): void {
  const cells = STRATEGIES.flatMap((strategy) =>
    RATES.flatMap((rate) => FAULTS.map((fault) => measureCell(strategy, rate, fault, runs, seed))),
  );
  told('exposure', `${runs} runs a cell.\n\n${exposureTable(cells)}`);
  const { name = '' } = STRATEGIES[JUDGED_LINEAR] ?? {};
  const healthy = [5, 10].map(
    (percent) => `${minutesToAll(percent, runs, seed).toFixed(0)} minutes in steps of ${percent} %`,
  );
  told(
    'delay',
    `${delayTable(cells, name)}\n\nA release that nothing is wrong with has all the traffic after ${healthy.join(', ')} (median).`,
  );
  const far = farFromReference(cells);
  console.log(`\n${far.length} cells are further than 15 % from the reference:\n${far.join('\n')}`);
}

/** What middle steps at their shortest cost and spare. */
function measureShortestSteps(): void {
  const usual = STRATEGIES[JUDGED_LINEAR];
  if (usual === undefined) throw new Error('there is no judged LINEAR');
  const rows = RATES.flatMap((rate) =>
    FAULTS.map((fault): readonly [Cell, Cell] => [
      measureCell(usual, rate, fault, runs, seed),
      measureShortest(rate, fault, runs, seed),
    ]),
  );
  const minutes = (middle?: number) => minutesToAll(5, runs, seed, middle).toFixed(0);
  told(
    'shortest',
    `${runs} runs a cell. A release that nothing is wrong with has all the traffic after ${minutes(0)} minutes, with the usual steps after ${minutes()} (median).\n\n${shortestTable(rows)}`,
  );
}

function measureFalseRollbacks(): void {
  const rows = new Map(values.write || values.add ? rowsThere('false-rollbacks') : []);
  for (const family of FAMILIES.filter(({ name }) => name.includes(values.family))) {
    const counted = countFalseRollbacks(family, releases, seed);
    const there = values.add ? rows.get(family.name) : undefined;
    const all = there === undefined ? counted : together(falseRollbacksOf(there), counted);
    rows.set(family.name, falseRow(family.name, all));
    console.error(rows.get(family.name));
  }
  const inOrder = FAMILIES.flatMap(({ name }) => rows.get(name) ?? []);
  told('false-rollbacks', [FALSE_HEAD, ...inOrder].join('\n'));
}

function told(section: string, text: string): void {
  console.log(`\n${section}\n\n${text}`);
  if (values.write) writeSection(section, text);
}
