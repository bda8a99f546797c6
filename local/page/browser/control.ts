/** What the page asks the local AWS to do. Rejects with the reason in the server's words. */
import type { AdvanceRequest, Refused, SpeedRequest } from '../../server/page-state.ts';

export function changeSpeed(speed: number): Promise<void> {
  return post('speed', { speed } satisfies SpeedRequest);
}

export function advanceBy(seconds: number): Promise<void> {
  return post('advance', { seconds } satisfies AdvanceRequest);
}

async function post(name: string, body: object): Promise<void> {
  const response = await fetch(`/_slipway/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (response.ok) return;
  const refused = (await response.json().catch(() => ({}))) as Partial<Refused>;
  throw new Error(refused.error ?? `the local AWS answered ${response.status}`);
}
