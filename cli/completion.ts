/**
 * Shell completion, made from the tree of commands by `@bomb.sh/tab`: `completion` prints the script
 * for a shell, and that script calls `complete` at each press of the key.
 */
import type { Command } from 'commander';
import { type CommandDefinition, GROUPS } from './command.ts';
import type { ValuedOption } from './connect/completed-values.ts';
import { UsageError } from './output/command-error.ts';
import { EXIT, type ExitCode } from './output/exit.ts';
import { nearest } from './output/nearest.ts';
import { line } from './output/print.ts';

const NAME = 'slipway';
const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

export const completionCommand: CommandDefinition = {
  usage: 'completion <shell>',
  group: GROUPS.local,
  about: 'prints a script by which the shell completes commands, options and targets',
  more: "It completes the word slipway: who starts it by npx has that by alias slipway='npx slipway'. The package bash-completion loads the file by itself; without it, source it from ~/.bashrc.",
  arguments: { shell: SHELLS.join(', ') },
  examples: [
    'slipway completion bash > ~/.local/share/bash-completion/completions/slipway',
    'slipway completion zsh > ~/.zsh/completions/_slipway',
  ],
  run: async ([shell = ''], _, program) => await completion(shell, program),
};

/** Prints the script. Throws `UsageError` for a shell that it does not know. */
export async function completion(shell: string, program: Command): Promise<ExitCode> {
  const known = SHELLS.find((each) => each === shell);
  if (known === undefined) {
    throw new UsageError(`completion knows no shell "${shell}"${nearest(shell, SHELLS)}`);
  }
  const script = scriptOf(await makeTree(program), known);
  line(
    known === 'bash' ? `${WITHOUT_ITS_PACKAGE}\n${script.replaceAll(/^readonly /gm, '')}` : script,
  );
  return EXIT.done;
}

/** Where bash-completion is not loaded; its own, which knows of colons, replaces it where it is loaded later. */
const WITHOUT_ITS_PACKAGE = `# bash-completion has this; without it a word with a colon is completed from the colon on.
if ! declare -F _get_comp_words_by_ref > /dev/null; then
    _get_comp_words_by_ref() {
        words=("\${COMP_WORDS[@]}")
        cword=$COMP_CWORD
        cur=\${COMP_WORDS[COMP_CWORD]}
        prev=\${COMP_WORDS[COMP_CWORD - 1]}
    }
fi
`;

/** The library prints it; and a script that is read twice, as ~/.bashrc is, must not set what is readonly. */
function scriptOf(tree: Awaited<ReturnType<typeof makeTree>>, shell: (typeof SHELLS)[number]) {
  const printed: string[] = [];
  const { log } = console;
  console.log = (text: string) => printed.push(text);
  try {
    tree.setup(NAME, NAME, shell);
  } finally {
    console.log = log;
  }
  return printed.join('\n');
}

/** `words`: what stands after `slipway`, the last one as far as it was typed. */
export async function complete(
  words: readonly string[],
  program: Command,
  ask: typeof valuesFor = valuesFor,
): Promise<ExitCode> {
  const tree = await makeTree(program);
  const targets = await targetNames();
  for (const command of tree.commands.values()) {
    if (command.arguments.has('target')) {
      command.argument('target', (found) => {
        for (const name of targets) found(name, '');
      });
    }
  }
  tree.commands.get('completion')?.argument('shell', (found) => {
    for (const shell of SHELLS) found(shell, '');
  });
  const option = words.at(-2);
  if (option === '--to' || option === '--image') {
    const values = await ask(option, words.slice(0, -2));
    for (const command of tree.commands.values()) {
      if (!command.options.has(option.slice(2))) continue;
      command.option(option.slice(2), '', (found) => {
        for (const value of values) found(value, '');
      });
    }
  }
  tree.parse([...words]);
  return EXIT.done;
}

/** The clients are loaded for these two alone. */
async function valuesFor(option: ValuedOption, words: readonly string[]) {
  const { completedValues } = await import('./connect/completed-values.ts');
  return await completedValues(option, words);
}

async function makeTree(program: Command) {
  const { default: tab } = await import('@bomb.sh/tab/commander');
  // It adds commands of its own to the tree, of which nothing else is asked any more.
  const tree = tab(program, { completionCommandName: 'completion-script' });
  for (const command of [tree, ...tree.commands.values()]) {
    for (const { long, description } of program.options) {
      command.option(long?.slice(2) ?? '', description);
    }
  }
  tree.commands.delete('completion-script');
  return tree;
}

/** A config that is not right keeps nobody from pressing a key. */
async function targetNames(): Promise<readonly string[]> {
  const { loadPipeline } = await import('./connect/pipeline.ts');
  try {
    return Object.keys((await loadPipeline()).targets);
  } catch {
    return [];
  }
}
