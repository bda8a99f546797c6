/** What the page asks the local AWS to do. Rejects with the reason in the server's words. */
import type {
  AdvanceRequest,
  PushRequest,
  Refused,
  SpeedRequest,
  StepRequest,
} from '../../server/page-state.ts';

export function changeSpeed(speed: number): Promise<void> {
  return post('speed', { speed } satisfies SpeedRequest);
}

export function advanceBy(seconds: number): Promise<void> {
  return post('advance', { seconds } satisfies AdvanceRequest);
}

export interface SaidWord {
  readonly target: string;
  /** What it is said to: the page's own, so that nobody says yes to what came meanwhile. */
  readonly of: string;
  readonly word: 'approve' | 'reject';
  readonly by: string;
  readonly because: string;
}

/** The word lies in Slipway's queue then: it is heard when virtual time goes on, and may be refused. */
export function sendCommand({ target, of, word, by, because }: SaidWord): Promise<void> {
  const operator = { target, by, because, ask: { do: word, of } };
  return post('step', { operator } satisfies StepRequest);
}

/** An image lands in ECR, and behaves so. */
export function pushTo(
  repository: string,
  tag: string,
  behaviour: NonNullable<PushRequest['behaviour']>,
): Promise<void> {
  return post('push', { repository, tag, behaviour } satisfies PushRequest);
}

/** A person's word, which lies in Slipway's queue then. */
export function sayTo(
  target: string,
  word: 'hold' | 'resume' | 'rollback',
  by: string,
  because: string,
): Promise<void> {
  const operator = { target, by, because, ask: { do: word } };
  return post('step', { operator } satisfies StepRequest);
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
