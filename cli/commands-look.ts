/** The commands that look and change nothing. */
import { Option } from 'commander';
import type { AddCommand, Given } from './program.ts';
import { connected } from './speaking/connected.ts';
import { commonOptions, option, secondsIn } from './speaking/options.ts';
import { UsageError } from './speaking/usage.ts';

const GROUP = 'Look (nothing is changed):';
const TARGET = 'its name in the config, or ecs/<cluster>/<service>';
const LIMIT_MAX = 1_000;
const EVERY_SECONDS_MAX = 3_600;

/** Several times, or several containers. */
export function imageOption(): Option {
  return new Option(
    '--image <reference>',
    '<repository>:<tag> or <repository>@<digest>; again for another container',
  )
    .argParser((reference: string, before: readonly string[] = []) => [...before, reference])
    .makeOptionMandatory();
}

export function addLookCommands(add: AddCommand): void {
  add({
    usage: 'status [target]',
    group: GROUP,
    about: 'where each target stands, and whether it could roll back now',
    words: { target: `${TARGET}; all of them unless named` },
    options: [
      new Option('--watch', 'again and again, until Ctrl-C'),
      option('--every <seconds>', 'between two rounds of --watch', '5'),
    ],
    examples: ['slipway status', 'slipway status web --watch --local'],
    run: async ([target], given) => {
      const everyMs = secondsIn('--every', String(given.every), EVERY_SECONDS_MAX) * 1000;
      const options = { ...commonOptions(given), watch: given.watch === true, everyMs };
      const { status } = await import('./status.ts');
      return await status(await connected(options), target, options);
    },
  });
  add({
    usage: 'history <target>',
    group: GROUP,
    about: 'every release: its state, why, and who asked for it',
    words: { target: TARGET },
    options: [
      new Option('--decisions', 'each decision instead, oldest first'),
      option('--limit <n>', 'how many, the newest ones', '20'),
    ],
    examples: ['slipway history web', 'slipway history web --decisions --limit 100'],
    run: async ([target = ''], given) => {
      const options = {
        ...commonOptions(given),
        decisions: given.decisions === true,
        limit: limitIn(given),
      };
      const { history } = await import('./history.ts');
      return await history(await connected(options), target, options);
    },
  });
  add({
    usage: 'explain <target>',
    group: GROUP,
    about: 'what it does next and why: each rule, tried on a look just now',
    more: 'The record, the rules with yes or no, the next call to AWS, and when it looks again. It looks for itself, with your rights, and saves nothing.',
    words: { target: TARGET },
    examples: ['slipway explain web'],
    run: async ([target = ''], given) => {
      const options = commonOptions(given);
      const { explain } = await import('./explain.ts');
      return await explain(await connected(options), target, options);
    },
  });
  add({
    usage: 'plan <target>',
    group: GROUP,
    about: 'what a deploy of an image would do',
    more: 'The difference in the task definition, the calls that would be made, and where a failure would return to. Exit code 1: it would not start now.',
    words: { target: TARGET },
    options: [imageOption()],
    examples: ['slipway plan web --image shop/web:main-8f3c2a1'],
    run: async ([target = ''], given) => {
      const options = commonOptions(given);
      const { plan } = await import('./plan.ts');
      return await plan(await connected(options), target, given.image as string[], options);
    },
  });
  add({
    usage: 'config check [file]',
    group: GROUP,
    about: 'is the config right? Needs no account and no network',
    more: 'Exit code 1: it has mistakes; each is told with its path, the value, and what was expected.',
    words: { file: 'pipeline.config.ts unless named; .ts, .js or .json' },
    examples: ['slipway config check', 'slipway config check staging.config.ts'],
    run: async ([file], given) => {
      const { configCheck } = await import('./config-check.ts');
      return await configCheck(file, commonOptions(given));
    },
  });
}

function limitIn({ limit }: Given): number {
  const number = Number(limit);
  if (/^\d+$/.test(String(limit)) && number >= 1 && number <= LIMIT_MAX) return number;
  throw new UsageError(`--limit is "${limit}", expected a whole number from 1 to ${LIMIT_MAX}`);
}
