/** The AWS SDK for JavaScript with its defaults, told where to go by the environment alone. */
import { fileURLToPath } from 'node:url';
import { environmentFor, run, type Tried } from './tried.ts';

const SCRIPT = fileURLToPath(new URL('./javascript-client.ts', import.meta.url));

export async function tryJavaScript(url: string, region: string): Promise<readonly Tried[]> {
  const ran = await run(process.execPath, [SCRIPT], environmentFor(url, region));
  const lines = ran?.stdout.trim().split('\n').filter(Boolean) ?? [];
  const tried = lines.map((line) => JSON.parse(line) as Tried);
  if (ran?.code === 0) return tried;
  return [...tried, { what: 'the script', outcome: 'failed', detail: ran?.stderr ?? '' }];
}
