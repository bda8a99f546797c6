/** The commands that need no account: stories, single events, the local AWS. */
import { Option } from 'commander';
import type { AddCommand } from './program.ts';
import { commonOptions, option } from './speaking/options.ts';
import { SHELLS } from './speaking/shells.ts';

const GROUP = 'Try it locally:';

export function addLocalCommands(add: AddCommand): void {
  add({
    usage: 'start',
    group: GROUP,
    about: 'plays a scenario on the local AWS and tells its story',
    more: 'With the functions and the config of this directory; it ends with a comparison with ECS alone. Exit code 1: it did not end as the scenario expects.',
    options: [
      new Option(
        '--scenario <file>',
        'another one; local/scenarios/README.md tells what it may say',
      ),
      option('--seed <n>', 'another course of chance; the same seed gives the same story', '1'),
    ],
    examples: ['slipway start --scenario local/scenarios/git-older-build-finishes-later.json'],
    run: async (_, given) => {
      const { start } = await import('./start.ts');
      const scenario = typeof given.scenario === 'string' ? { scenario: given.scenario } : {};
      return await start({ ...commonOptions(given), ...scenario, seed: String(given.seed) });
    },
  });
  add({
    usage: 'invoke <function> <file>',
    group: GROUP,
    about: 'runs one function on an event, on the local AWS or with --aws in the account',
    more: 'Without --aws and --local it runs in a local AWS of its own, in which the services of the config are adopted and the images that the event names are in the registry. Prints the result, the decisions and the calls to AWS. Exit code 1: the function threw, as for an event that must reach the dead-letter queue.',
    words: {
      function: 'image-pushed, reconcile, tick, …',
      file: 'an event as JSON; samples are in events/',
    },
    options: [
      new Option(
        '--aws',
        'in the account of the config, with your rights: what it decides is done',
      ),
      new Option('--yes', 'do not ask first'),
    ],
    examples: ['slipway invoke image-pushed events/ecr-image-pushed.json'],
    run: async ([name = '', file = ''], given) => {
      const { invoke } = await import('./invoke.ts');
      const { aws, yes } = given;
      return await invoke(name, file, {
        ...commonOptions(given),
        aws: aws === true,
        yes: yes === true,
      });
    },
  });
  add({
    usage: 'replay <file>',
    group: GROUP,
    about: "decides a target's history again, to step through an incident",
    more: 'Prints each decision, and where this code decides otherwise than the code of that day. Exit code 1: one is not the same.',
    words: {
      file: '{ "key": "ecs/<cluster>/<service>", "history": [entries, the oldest first] }, as `npm run simulate -- --histories DIR` writes it',
    },
    examples: ['slipway replay test/replays/worker-answers-lost.json'],
    run: async ([file = ''], given) => {
      const { replay } = await import('./replay.ts');
      return await replay(file, commonOptions(given));
    },
  });
  add({
    usage: 'local',
    group: GROUP,
    about: 'serves the local AWS over HTTP, with our functions in it, until Ctrl-C',
    more: 'The services of the config run in it, and any client with AWS_ENDPOINT_URL set to it can look and act. A page at / shows it live. Credentials and signatures are not looked at: whoever reaches the port may do everything.',
    options: [
      option('--port <n>', 'where it listens; 0: any free port', '4566'),
      option('--host <address>', 'who may come; 0.0.0.0: everybody', '127.0.0.1'),
      option('--speed <n>', 'virtual seconds a second, 0 to 3600; 0: time stands still', '1'),
      option('--seed <n>', 'another course of chance', '1'),
      new Option('--state <file>', 'goes on from this file if it is there, and is saved to it'),
      new Option('--quiet', 'tells the story only, not what clients ask'),
    ],
    examples: ['slipway local --speed 10 --state .slipway/local.json'],
    run: async (_, given) => {
      const { loadPipeline } = await import('./speaking/pipeline.ts');
      const { localOptions, runLocal } = await import('./local.ts');
      const common = commonOptions(given);
      return await runLocal(localOptions(await loadPipeline(common.config), common, given));
    },
  });
  add({
    usage: 'push <image>',
    group: GROUP,
    about: 'puts an image into the ECR of a running `slipway local`, as a build would',
    more: 'The options say how it behaves once it runs; without them it behaves well.',
    words: { image: '<repository>:<tag>' },
    options: [
      new Option('--error-rate <share>', 'answers this share of requests with 5xx, 0 to 1'),
      new Option('--latency-ms <n>', 'mean response time'),
      new Option('--start-seconds <n>', "from PENDING's end to RUNNING"),
      new Option('--exit-code-on-start <n>', 'exits with this code right after it started'),
      new Option('--crash-after <seconds>', 'exits with code 1 this long after RUNNING'),
      new Option('--oom-after <seconds>', 'is killed for memory this long after RUNNING'),
      new Option('--faulty-after <seconds>', 'its errors and latency begin then, after RUNNING'),
      new Option('--fails-health-check', 'never passes its health check'),
      new Option('--unpullable', 'cannot be pulled'),
      // What --local says as well.
      new Option('--endpoint <url>', 'where it listens').hideHelp(),
    ],
    examples: ['slipway push shop/web:main-2 --error-rate 0.25'],
    run: async ([image = ''], given) => {
      const { pushOptions, runPush } = await import('./push.ts');
      return await runPush(pushOptions(image, commonOptions(given), given));
    },
  });
  add({
    usage: 'completion <shell>',
    group: GROUP,
    about: 'prints a script by which the shell completes commands, options and targets',
    words: { shell: SHELLS.join(', ') },
    examples: [
      'slipway completion bash >> ~/.bashrc',
      'slipway completion zsh > ~/.zsh/completions/_slipway',
    ],
    run: async ([shell = '']) => {
      const { completion } = await import('./completion.ts');
      return completion(shell);
    },
  });
}
