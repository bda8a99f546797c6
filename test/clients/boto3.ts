/** boto3, with the waiters of ECS, where a Python has it. */
import { fileURLToPath } from 'node:url';
import { environmentFor, run, type Tried } from './tried.ts';

const SCRIPT = fileURLToPath(new URL('./boto3_client.py', import.meta.url));

export async function tryBoto3(url: string, region: string): Promise<readonly Tried[]> {
  const found = await run('python3', ['-c', 'import boto3; print(boto3.__version__)']);
  if (found === undefined || found.code !== 0) {
    const why = found === undefined ? 'there is no python3' : 'this Python has no boto3';
    return [{ what: 'boto3', outcome: 'skipped', detail: why }];
  }
  const ran = await run('python3', [SCRIPT], environmentFor(url, region));
  const lines = ran?.stdout.trim().split('\n').filter(Boolean) ?? [];
  const tried = lines.map((line) => JSON.parse(line) as Tried);
  if (ran?.code === 0) return tried;
  return [...tried, { what: 'the script', outcome: 'failed', detail: ran?.stderr ?? 'no Python' }];
}
