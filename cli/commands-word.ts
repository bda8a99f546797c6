/** The commands by which a person says something: sent through the queue, with who and why. */
import { Option } from 'commander';
import { imageOption } from './commands-look.ts';
import type { AddCommand } from './program.ts';
import { connected } from './speaking/connected.ts';
import { commonOptions, option } from './speaking/options.ts';
import { wordOptions } from './speaking/word-options.ts';

const GROUP = 'Say (asks first on a terminal; --yes elsewhere):';
const TARGET = 'its name in the config, or ecs/<cluster>/<service>';

const said = () => [
  new Option(
    '--because <words>',
    'why, in a sentence: it is recorded with who',
  ).makeOptionMandatory(),
  option('--wait <seconds>', 'how long to wait until it was heard', '30'),
  new Option('--no-wait', 'send it, and do not wait'),
];
const yes = () => new Option('--yes', 'do not ask first');
const all = () => new Option('--all', 'the whole account: its one stop switch');

export function addWordCommands(add: AddCommand): void {
  add({
    usage: 'deploy <target>',
    group: GROUP,
    about: 'deploys exactly these images, whatever their order',
    more: 'Bound by the same safety as a push: it waits its turn, is watched, and returns if it fails.',
    words: { target: TARGET },
    options: [imageOption(), ...said(), yes()],
    examples: ['slipway deploy web --image shop/web:main-8f3c2a1 --because "the fix for #812"'],
    run: async ([target = ''], given) => {
      const options = wordOptions(commonOptions(given), given);
      const { deploy } = await import('./deploy.ts');
      return await deploy(await connected(options), target, given.image as string[], options);
    },
  });
  add({
    usage: 'rollback <target>',
    group: GROUP,
    about: 'goes back to the last proven release; what it leaves is quarantined',
    words: { target: TARGET },
    options: [
      new Option('--to <release>', 'another proven one: its number, revision, tag or digest'),
      ...said(),
      yes(),
    ],
    examples: ['slipway rollback web --because "checkout is slow since noon"'],
    run: async ([target = ''], given) => {
      const to = typeof given.to === 'string' ? { to: given.to } : {};
      const options = { ...wordOptions(commonOptions(given), given), ...to };
      const { rollback } = await import('./rollback.ts');
      return await rollback(await connected(options), target, options);
    },
  });
  add({
    usage: 'unquarantine <target> <digest>',
    group: GROUP,
    about: 'lets a condemned image be deployed again; starts nothing by itself',
    words: { target: TARGET, digest: 'sha256:…, or its first 8 digits or more' },
    options: [...said(), yes()],
    examples: ['slipway unquarantine web sha256:7f5b2640fe6f --because "the database was it"'],
    run: async ([target = '', digest = ''], given) => {
      const options = wordOptions(commonOptions(given), given);
      const { unquarantine } = await import('./unquarantine.ts');
      return await unquarantine(await connected(options), target, digest, options);
    },
  });
  for (const command of ['hold', 'resume'] as const) {
    add({
      usage: `${command} [target]`,
      group: GROUP,
      about:
        command === 'hold'
          ? 'starts nothing new; rollbacks still go through'
          : 'ends a hold: what waits may start',
      more: 'With --all it is written at once and not sent, since it must work when no queue moves; only then it asks first.',
      words: { target: TARGET },
      options: [all(), ...said(), yes()],
      examples: [
        `slipway ${command} web --because "black friday"`,
        `slipway ${command} --all --because "black friday"`,
      ],
      run: async ([target], given) => {
        const options = { ...wordOptions(commonOptions(given), given), all: given.all === true };
        const { holdOrResume } = await import('./hold.ts');
        return await holdOrResume(await connected(options), command, target, options);
      },
    });
  }
}
