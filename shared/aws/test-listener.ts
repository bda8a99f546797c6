/**
 * The port `TestListener`: requests of our own to the test listener of a load balancer, at most for so long
 * as is given. Headers may be what the listener's rule wants to see: they stand in no answer and in no log.
 */
import type { OwnRequests } from '../core/model/rules.ts';
import type { Log } from '../ports.ts';
import type { OwnAnswers, TestListener } from '../traffic-ports.ts';

/** At once, so that a task that is slow is asked by few. */
const WORKERS = 10;
/** A request that takes longer is not answered. */
const REQUEST_MS = 2_000;
/** What a load balancer answers by itself, it signs so. (observed in public answers, not documented) */
const BALANCER = /^awselb\//;
/** Of a target that did not answer, or not well: it is the release's. (docs, load-balancer-troubleshooting) */
const OF_TARGETS: ReadonlySet<number> = new Set([502, 504]);

type Ending = 'good' | 'failed' | 'elsewhere' | 'unanswered';

interface Ended {
  readonly ending: Ending;
  /** `GET /health: 500`, or why nothing answered. */
  readonly what: string;
}

export function createTestListener(
  fetcher: typeof fetch,
  now: () => number,
  log: Log,
): TestListener {
  return {
    send: async (requests, forMs) => {
      const until = now() + forMs;
      const endings: Ended[] = [];
      let begun = 0;
      const work = async () => {
        while (begun < requests.count && now() < until) {
          const path = requests.paths[begun % requests.paths.length];
          begun++;
          if (path !== undefined) endings.push(await sendOne(fetcher, requests, path));
        }
      };
      await Promise.all(Array.from({ length: WORKERS }, work));
      const answers = countedOf(endings);
      log.info('sent requests of our own to the test listener', { ...answers });
      return answers;
    },
  };
}

async function sendOne(
  fetcher: typeof fetch,
  { url, headers }: OwnRequests,
  { path, status }: OwnRequests['paths'][number],
): Promise<Ended> {
  try {
    const sent = new Headers({ 'user-agent': 'slipway' });
    // By name, whatever its case: two of one name would be sent as one with both values.
    for (const [name, value] of Object.entries(headers)) sent.set(name, value);
    const answer = await fetcher(new URL(path, url), {
      headers: sent,
      redirect: 'manual',
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    // Nobody reads it; a body that is left would keep its connection.
    await answer.body?.cancel();
    return { ending: endingOf(answer, status), what: `GET ${path}: ${answer.status}` };
  } catch (error) {
    return { ending: 'unanswered', what: `GET ${path}: ${whyOf(error)}` };
  }
}

function endingOf({ status, headers }: Response, wanted: number | undefined): Ending {
  const isBalancers = BALANCER.test(headers.get('server') ?? '');
  if (isBalancers && !OF_TARGETS.has(status)) return 'elsewhere';
  if (wanted !== undefined) return status === wanted ? 'good' : 'failed';
  return status < 500 ? 'good' : 'failed';
}

/** A code where there is one, like ENOTFOUND: a message may quote what was sent. */
function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  const { cause, name } = error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (typeof code === 'string') return code;
  return name === 'TimeoutError' ? `no answer within ${REQUEST_MS / 1_000} s` : 'no answer';
}

function countedOf(endings: readonly Ended[]): OwnAnswers {
  const of = (wanted: Ending) => endings.filter(({ ending }) => ending === wanted);
  const [worst] = [...of('failed'), ...of('unanswered'), ...of('elsewhere')];
  return {
    good: of('good').length,
    failed: of('failed').length,
    elsewhere: of('elsewhere').length,
    unanswered: of('unanswered').length,
    ...(worst && { example: worst.what }),
  };
}
