/**
 * `npm run mutate:operators`: turns one operator of the core after the other into another one, and asks
 * the core's unit tests. What survives is listed; `survivors.ts` says why it may.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readArguments, wholeNumber } from '../../bench/arguments.ts';
import { type CoreMutant, mutantsOfCore } from './core-mutants.ts';

const HELP = `npm run mutate:operators -- [--every N] [--from N] [--file TEXT] [--only N,…]

  --every N    one of N mutants, 20 unless told; 1: all of them
  --from N     the first, 0 unless told: another sample
  --file TEXT  those of files whose path has this text
  --only N,…   these, by their numbers
  --quick      without tests that take long, as random walks do: some more survive, several times as fast`;

/** A test that takes longer than this waits for something that never comes: it has failed. */
const SECONDS_MAX = 60;
const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));

const values = readArguments(HELP, {
  every: { type: 'string', default: '20' },
  from: { type: 'string', default: '0' },
  file: { type: 'string', default: '' },
  only: { type: 'string' },
  quick: { type: 'boolean', default: false },
});

const every = wholeNumber(HELP, 'every', values.every, 1);
const from = wholeNumber(HELP, 'from', values.from, 0);
const LONGEST = values.quick ? '200' : 'Infinity';

const { mutants } = mutantsOfCore();
const only = values.only?.split(',').map(Number);
const chosen = mutants
  .map((mutant, number) => ({ ...mutant, number }))
  .filter(({ file }) => file.includes(values.file))
  .filter((_, at) => only !== undefined || at % every === from)
  .filter(({ number }) => only?.includes(number) ?? true);

/** By the number of the mutant, the test that failed. */
const killed = new Map<number, string>();

/** With how many tests come by its place. */
function tellSurvivor({ mutant, reachedBy }: Answer): void {
  const { file, line, from, to } = mutants[mutant] as CoreMutant;
  const short = (text: string) => text.replace(/\s+/g, ' ').slice(0, 90);
  console.log(
    `${mutant}  shared/core/${file}:${line}  (${reachedBy})  ${short(from)}  =>  ${short(to)}`,
  );
}

/** One process for as many as it gets through; what makes it hang has been noticed. */
async function ask(numbers: readonly number[], early: boolean): Promise<void> {
  let left = numbers;
  while (left.length > 0) {
    const [now = 0] = left;
    const args = [LONGEST, ...(early ? ['--early', `${now}`] : left.map(String))];
    const done = await answersOf(args, (answer) => {
      if (answer.failed === undefined) tellSurvivor(answer);
      else killed.set(answer.mutant, answer.failed);
    });
    if (!early && done === 'hangs') {
      const at = left.indexOf(lastAnswer ?? -1) + 1;
      const stuck = left[at];
      if (stuck !== undefined) killed.set(stuck, 'it never ends');
      left = left.slice(at + 1);
    } else left = early ? left.slice(1) : [];
  }
}

let lastAnswer: number | undefined;

interface Answer {
  readonly mutant: number;
  readonly failed?: string;
  readonly reachedBy: number;
}

function answersOf(
  args: readonly string[],
  heard: (answer: Answer) => void,
): Promise<'done' | 'hangs'> {
  return new Promise((resolve, reject) => {
    lastAnswer = undefined;
    const child = fork(CHILD, [...args], { execArgv: [] });
    const hangs = () => {
      child.removeAllListeners('exit');
      child.kill('SIGKILL');
      resolve('hangs');
    };
    let timer = setTimeout(hangs, 2 * SECONDS_MAX * 1000);
    child.on('message', (answer: Answer) => {
      clearTimeout(timer);
      timer = setTimeout(hangs, SECONDS_MAX * 1000);
      lastAnswer = answer.mutant;
      heard(answer);
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      if (code === 0) resolve('done');
      else reject(new Error(`the process of ${args[0]} ended with ${code}`));
    });
  });
}

const numbersOf = (early: boolean) =>
  chosen.filter((one) => one.early === early).map(({ number }) => number);
const began = performance.now();
await ask(numbersOf(false), false);
for (const number of numbersOf(true)) await ask([number], true);
const share = ((100 * killed.size) / Math.max(1, chosen.length)).toFixed(1);
const seconds = ((performance.now() - began) / 1000).toFixed(0);
console.log(
  `${chosen.length} of ${mutants.length} operator mutants, ${killed.size} killed (${share} %), ` +
    `${chosen.length - killed.size} survive; ${seconds} s`,
);
