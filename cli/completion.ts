/**
 * Shell completion, made from the tree of commands by `@bomb.sh/tab`: `completion` prints the script
 * for a shell, and that script calls `complete` at each press of the key.
 */
import tab from '@bomb.sh/tab/commander';
import { makeProgram } from './program.ts';
import { EXIT, type ExitCode } from './speaking/exit.ts';
import { loadPipeline } from './speaking/pipeline.ts';
import { SHELLS } from './speaking/shells.ts';
import { nearest, UsageError } from './speaking/usage.ts';

const NAME = 'slipway';

export function completion(shell: string): ExitCode {
  const known = SHELLS.find((each) => each === shell);
  if (known === undefined) {
    throw new UsageError(`completion knows no shell "${shell}"${nearest(shell, SHELLS)}`);
  }
  makeTree().setup(NAME, NAME, known);
  return EXIT.done;
}

/** `words`: what stands after `slipway`, the last one as far as it was typed. */
export async function complete(words: readonly string[]): Promise<ExitCode> {
  const tree = makeTree();
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
  tree.parse([...words]);
  return EXIT.done;
}

function makeTree() {
  const program = makeProgram(() => undefined);
  // It adds commands of its own to the tree, which is thrown away afterwards.
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
  try {
    return Object.keys((await loadPipeline()).targets);
  } catch {
    return [];
  }
}
