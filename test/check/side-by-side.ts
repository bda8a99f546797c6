/** Programs side by side, in lanes: each lane starts its next one when one has ended, however it ended. */
import { spawn } from 'node:child_process';

export interface Ended {
  readonly command: string;
  /** Null: a signal ended it. */
  readonly code: number | null;
  /** Both its outputs, as they came. */
  readonly said: string;
}

/** Those that failed. `onEnd` hears of each at once, so that the output of two never mixes. */
export async function sideBySide(
  lanes: readonly (readonly string[])[],
  onEnd: (ended: Ended) => void,
): Promise<readonly Ended[]> {
  const failed: Ended[] = [];
  const oneAfterTheOther = async (lane: readonly string[]) => {
    for (const command of lane) {
      const ended = await end(command);
      onEnd(ended);
      if (ended.code !== 0) failed.push(ended);
    }
  };
  await Promise.all(lanes.map(oneAfterTheOther));
  return failed;
}

function end(command: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const output of [child.stdout, child.stderr]) {
      output.on('data', (data) => {
        said += String(data);
      });
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ command, code, said }));
  });
}
