/** `npm start` as a user runs it: wall time, peak memory, and how much faster than life it is. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RUNS = 3;

export interface StartFigures {
  /** The median of a few runs. Below 15. */
  readonly wallSeconds: number;
  readonly peakMegabytes: number;
  readonly virtualSecondsPerWallSecond: number;
}

interface Run {
  readonly seconds: number;
  readonly megabytes: number;
  readonly virtualSeconds: number;
}

export async function measureStart(): Promise<StartFigures> {
  const runs: Run[] = [];
  for (let i = 0; i < RUNS; i++) runs.push(await runOnce());
  runs.sort((a, b) => a.seconds - b.seconds);
  const median = runs[Math.floor(RUNS / 2)] as Run;
  return {
    wallSeconds: Number(median.seconds.toFixed(2)),
    peakMegabytes: Math.round(Math.max(...runs.map(({ megabytes }) => megabytes))),
    virtualSecondsPerWallSecond: Math.round(median.virtualSeconds / median.seconds),
  };
}

/** The process tells its own peak when it ends. */
const TELLS_PEAK =
  'process.on("exit",()=>process.stderr.write("peak "+process.resourceUsage().maxRSS+"\\n"))';

function runOnce(): Promise<Run> {
  const began = performance.now();
  const args = ['--import', `data:text/javascript,${encodeURIComponent(TELLS_PEAK)}`];
  const child = spawn(process.execPath, [...args, 'cli/main.ts', 'start', '--json'], { cwd: ROOT });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on('close', (code) => {
      if (code !== 0) return reject(new Error(`npm start ended with ${code}: ${err}`));
      const summary = JSON.parse(out.trim().split('\n').at(-1) ?? '{}') as {
        virtualSeconds: number;
      };
      resolve({
        seconds: (performance.now() - began) / 1000,
        megabytes: Number(/peak (\d+)/.exec(err)?.[1] ?? 0) / 1024,
        virtualSeconds: summary.virtualSeconds,
      });
    });
  });
}
